"""What a page of an application sends, in the shape the draft keeps: raw answers, never checked here.

What the register knows is not read from pages at all: `filing.drafts` keeps it as the register gave it.
"""

from datetime import date
from typing import Any

from django.http import HttpRequest

from motcua.filing import drafts
from motcua.filing.models import Draft
from motcua.filing.owing import counts_needed, fees_of
from motcua.filing.questions import raw_answers, row_added, row_removed
from motcua.filing.reading import Read
from motcua.filing.steps import Step, asked_fields
from motcua.law.forms import MOST_ROWS
from motcua.law.procedure import Field, Procedure
from motcua.portal.filing.attaching import attached
from motcua.portal.filing.papers_page import documents_of

ABOUT_PARTS = ("name", "number", "birth", "phone", "email", "address", "commune")
DELIVERY_PARTS = ("way", "name", "phone", "address", "commune")
LONGEST = 20_000

Errors = dict[str, list[str]]


def sent(
    request: HttpRequest, draft: Draft, procedure: Procedure, step: Step, read: Read, day: date
) -> tuple[dict[str, Any], Errors]:
    """What the page says for its step, and which files could not be taken."""
    errors: Errors = {}
    match step.kind:
        case "group":
            return _group(request, draft, procedure, step, read, day, errors), errors
        case "about":
            return {part: _said(request, part) for part in ABOUT_PARTS}, errors
        case "papers":
            return _papers(request, draft, procedure, read, errors), errors
        case "money":
            return _money(request, draft, procedure, errors), errors
        case "delivery":
            return {part: _said(request, part) for part in DELIVERY_PARTS}, errors
    return {}, errors


def _said(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()[:LONGEST]


def _group(
    request: HttpRequest, draft: Draft, procedure: Procedure, step: Step, read: Read, day: date, errors: Errors
) -> dict[str, Any]:
    """The answers of the questions that stood on the page; those that did not keep what they had."""
    before = drafts.content(draft, step.key)
    fields = asked_fields(procedure.form[step.group], draft.case, read.form)
    answers = before | raw_answers([field for field in fields if field.type != "file"], request.POST, day)
    for field in fields:
        if field.type == "file":
            answers[field.id] = attached(request, draft, f"form-{field.id}", errors)
    return _rows_changed(request.POST.get("do", ""), fields, answers)


def _rows_changed(pressed: str, fields: tuple[Field, ...], answers: dict[str, Any]) -> dict[str, Any]:
    """With a row more or a row less, when that was pressed."""
    what, _colon, rest = pressed.partition(":")
    name, _colon, at = rest.partition(":")
    field = next((each for each in fields if each.id == name and each.type == "table"), None)
    if field is None or what not in ("add", "remove"):
        return answers
    rows = answers.get(name)
    return answers | {name: row_added(field, rows) if what == "add" else row_removed(rows, at)}


def _papers(request: HttpRequest, draft: Draft, procedure: Procedure, read: Read, errors: Errors) -> dict[str, Any]:
    found: dict[str, Any] = dict(draft.papers)
    for paper in procedure.papers:
        if not paper.is_asked(draft.case, read.form) or paper.online == "form":
            continue
        saved = draft.papers.get(paper.id) or {}
        name = f"paper-{paper.id}"
        files = attached(request, draft, name, errors)
        how, _colon, digest = _said(request, f"how-{paper.id}").partition(":")
        if len(files) > len(saved.get("files") or ()):
            # Whoever sends a file means to send it, whatever the page said before.
            how = "scan"
        found[paper.id] = {"how": how if how in ("known", "issued", "scan", "bring") else "", "files": files}
        if how == "issued":
            # Only what was issued to the person themselves can be handed in as theirs.
            mine = {str(each.digest) for each in documents_of(draft)}
            found[paper.id] |= {"digest": digest} if digest in mine else {"how": ""}
    return found


def _money(request: HttpRequest, draft: Draft, procedure: Procedure, errors: Errors) -> dict[str, Any]:
    before = draft.money.get("claims") or {}
    claims = {}
    for fee in fees_of(procedure, draft.case):
        for each in fee.exemptions:
            name = f"{fee.id}.{each.id}"
            files = attached(request, draft, f"proof-{name}", errors)
            if request.POST.get(f"claim-{name}") or len(files) > len((before.get(name) or {}).get("files") or ()):
                claims[name] = {"files": files}
    counts = {name: _said(request, name)[:6] for name in counts_needed(procedure, draft.case)}
    return {"claims": claims, "counts": counts}


def plain_answers(fields: tuple[Field, ...], given: Any) -> dict[str, Any]:
    """Answers from a machine in the shape pages send them; what has another shape is left out. Files never."""
    if not isinstance(given, dict):
        return {}
    found: dict[str, Any] = {}
    for field in fields:
        value = given.get(field.id)
        if value is None or field.computed or field.type == "file":
            continue
        if field.type == "table":
            rows = value[:MOST_ROWS] if isinstance(value, list) else []
            found[field.id] = [plain_answers(field.columns, row) for row in rows if isinstance(row, dict)]
        elif field.type in ("person", "address"):
            if isinstance(value, dict):
                found[field.id] = {
                    str(part)[:40]: str(said)[:LONGEST] for part, said in list(value.items())[:10]
                    if isinstance(said, str | int)
                }  # fmt: skip
        elif isinstance(value, str | int):
            found[field.id] = str(value)[:LONGEST]
    return found
