"""Reads the forms of campaigns from a content pack (`campaigns/*.yaml`) and stores what the pack says otherwise.

`check` and `load` are what `motcua content` asks of every room that keeps something in a pack.
"""

from collections.abc import Callable
from pathlib import Path

from motcua.campaigns.forms import keep
from motcua.campaigns.models import FormVersion
from motcua.law.campaign import Form, check_form
from motcua.law.canonical import canonical
from motcua.organisation.content_files import Problem, line_of, read_yaml

FOLDER = "campaigns"


def read_forms(pack_dir: Path) -> tuple[list[Form], list[Problem]]:
    """The pack's forms, and what is wrong with them. A pack without the folder has none."""
    forms: list[Form] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for path in sorted((pack_dir / FOLDER).glob("*.yaml")):
        form, found = read_yaml(path, Form)
        problems += found
        if form is None:
            continue
        faults = [(each.path.removeprefix("$."), each.reason.en) for each in check_form(form)]
        if form.code in seen:
            faults.append(("code", f"the form “{form.code}” is stated twice"))
        seen.add(form.code)
        problems += [Problem(str(path), line_of(path, where), reason) for where, reason in faults]
        forms.append(form)
    return ([] if problems else forms), problems


def check(pack_dir: Path) -> list[Problem]:
    """What is wrong with the pack's forms. Needs no database."""
    return read_forms(pack_dir)[1]


def load(pack_dir: Path, say: Callable[[str], None]) -> None:
    """Stores the forms that the pack states otherwise than it did before; within the caller's transaction.

    A form that the control office has changed since stays as the office left it, until the pack changes too.
    """
    forms, _ = read_forms(pack_dir)
    changed = 0
    for form in forms:
        before = FormVersion.objects.filter(code=form.code, origin="pack").order_by("-number").first()
        if before is None or before.content != canonical(form).decode():
            keep(form, "pack")
            changed += 1
    if forms:
        say(f"campaign forms: {changed} new versions, {len(forms) - changed} as before")
