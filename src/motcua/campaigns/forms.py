"""Keeps the versions of forms: a changed form is a new version, and one that a campaign opened with never changes.

Whether a form makes sense is said by the law (`campaign.check_form`); reading them from a pack is `form_pack`'s.
"""

from collections.abc import Sequence
from functools import lru_cache

import msgspec
from django.db import transaction

from motcua.campaigns.models import FormVersion
from motcua.law.campaign import Form, check_form
from motcua.law.canonical import canonical
from motcua.law.faults import Fault


@lru_cache(maxsize=128)
def _decoded(content: str) -> Form:
    return msgspec.json.decode(content, type=Form)


def form_of(version: FormVersion) -> Form:
    """The form a version states."""
    return _decoded(version.content)


def newest() -> list[FormVersion]:
    """The newest version of every form, by code."""
    return list(FormVersion.objects.order_by("code", "-number").distinct("code"))


def newest_of(code: str) -> FormVersion | None:
    """The newest version of one form."""
    return FormVersion.objects.filter(code=code).order_by("-number").first()


def keep(form: Form, origin: str, by: str = "") -> tuple[FormVersion | None, Sequence[Fault]]:
    """Stores a form: over the newest version while nobody opened a campaign with it, otherwise as a new one.

    With faults nothing is written. The same content again changes nothing.
    """
    faults = list(check_form(form))
    if faults:
        return None, faults
    content = canonical(form).decode()
    with transaction.atomic():
        # One at a time for each form: two authors never make one number twice.
        last = FormVersion.objects.select_for_update().filter(code=form.code).order_by("-number").first()
        if last is not None and last.content == content:
            return last, ()
        if last is not None and not last.opened and last.origin == origin:
            last.content, last.by = content, by
            last.save(update_fields=["content", "by"])
            return last, ()
        number = last.number + 1 if last else 1
        return FormVersion.objects.create(code=form.code, number=number, content=content, origin=origin, by=by), ()
