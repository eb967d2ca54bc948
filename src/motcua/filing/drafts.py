"""Drafts: begun, saved step by step, carried over to a new version, removed after 90 days with a warning before.

A step is saved against the revision its page was made from. When another page changed the same step meanwhile
nothing is overwritten: the caller is given what stands there now. Handing in is left to `handing_in`.
"""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction

from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.files import uploads
from motcua.filing.models import Draft, DraftWarning
from motcua.filing.prefill import Filled, keep_known
from motcua.filing.steps import ABOUT, DELIVERY, MONEY, PAPERS, group_key
from motcua.law.procedure import Procedure
from motcua.law.working_time import city_day
from motcua.organisation.models import Account

KEPT = timedelta(days=90)
WARNED = timedelta(days=7)
MOST_OPEN = 50
COLUMNS = {ABOUT: "about", PAPERS: "papers", MONEY: "money", DELIVERY: "delivery"}


class Conflict(msgspec.Struct, frozen=True):
    """The step was changed from another page since `seen`; `now` is what stands there, `at` since when."""

    step: str
    seen: int
    now: dict[str, Any]
    at: datetime


class TooManyDraftsError(Exception):
    """One account keeps at most MOST_OPEN drafts."""


class Beginning(msgspec.Struct, frozen=True):
    """What a draft begins with: for whom, which version and case, and which agency is to receive it."""

    principal: dict[str, Any]
    version: int
    case: str
    agency: int


def begin(account: Account, key: uuid.UUID, start: Beginning, filled: Filled, contact: Mapping[str, str]) -> Draft:
    """A new draft, or the one begun before under the same key. Raises TooManyDraftsError."""
    # A key sent by somebody else leads to a draft of their own, never to this one.
    key = uuid.uuid5(key, str(account.pk))
    existing = Draft.objects.filter(pk=key, account=account).first()
    if existing is not None:
        return existing
    if Draft.objects.filter(account=account, dossier=None).count() >= MOST_OPEN:
        raise TooManyDraftsError
    now = clock.now()
    about = {name: value for name, value in contact.items() if value} | filled.about
    draft, _made = Draft.objects.get_or_create(
        uuid=key,
        account=account,
        defaults={
            "principal": start.principal,
            "procedure": versions.procedure_version(start.version).code,
            "version": start.version,
            "case": start.case,
            "agency": start.agency,
            "answers": filled.answers,
            "about": about,
            "sources": filled.sources,
            "begun_at": now,
            "updated_at": now,
            "known_at": now if filled.sources else None,
            "goes_at": now + KEPT,
        },
    )
    return draft


def open_drafts(account: Account) -> list[Draft]:
    """What the account has begun and not handed in, the latest first."""
    found = Draft.objects.filter(account=account, dossier=None, goes_at__gt=clock.now()).select_related("warning")
    return list(found.order_by("-updated_at")[:MOST_OPEN])


def find(key: uuid.UUID, account: Account) -> Draft | None:
    """The account's own draft; somebody else's does not exist for it."""
    return Draft.objects.filter(pk=key, account=account).first()


def content(draft: Draft, step: str) -> dict[str, Any]:
    """What is saved for one step."""
    if step in COLUMNS:
        return dict(getattr(draft, COLUMNS[step]))
    fields = _fields(versions.procedure_version(draft.version), step)
    return {name: value for name, value in draft.answers.items() if name in fields}


def _fields(procedure: Procedure, step: str) -> set[str]:
    for number, group in enumerate(procedure.form):
        if group_key(number) == step:
            return {field.id for field in group.fields}
    return set()


@transaction.atomic
def save(key: uuid.UUID, account: Account, step: str, sent: Mapping[str, Any], seen: int) -> Draft | Conflict | None:
    """Saves one step as `sent`, made from revision `seen`; None when there is no such open draft.

    Answers that the register gave stay as it gave them, whatever is sent. Saving what already stands there
    changes nothing and is no conflict.
    """
    draft = Draft.objects.select_for_update().filter(pk=key, account=account, dossier=None).first()
    if draft is None:
        return None
    before = content(draft, step)
    wanted = keep_known(before, sent, locked(draft, step))
    if wanted == before and step in draft.revisions:
        return draft
    if draft.revisions.get(step, 0) > seen:
        return Conflict(step, seen, before, draft.updated_at)
    _write(draft, step, wanted)
    return draft


def locked(draft: Draft, step: str) -> dict[str, str]:
    """The names within a step whose value is the register's, with its source."""
    if step == ABOUT:
        known = {
            name.removeprefix("applicant."): said
            for name, said in draft.sources.items()
            if name.startswith("applicant.")
        }
        return known | ({"commune": known["address"]} if "address" in known else {})
    return {name: said for name, said in draft.sources.items() if "." not in name}


def _write(draft: Draft, step: str, wanted: dict[str, Any]) -> None:
    if step in COLUMNS:
        setattr(draft, COLUMNS[step], wanted)
    else:
        fields = _fields(versions.procedure_version(draft.version), step)
        kept = {name: value for name, value in draft.answers.items() if name not in fields}
        draft.answers = kept | {name: value for name, value in wanted.items() if name in fields}
    _touch(draft, step)


def bundle_of(draft: Draft) -> str:
    """Under what the room of files keeps this draft's uploads."""
    return draft.uuid.hex


def _touch(draft: Draft, step: str) -> None:
    now = clock.now()
    draft.revision += 1
    draft.revisions = draft.revisions | {step: draft.revision}
    draft.step, draft.updated_at, draft.goes_at = step, now, now + KEPT
    draft.save()
    uploads.prolong(draft.account_id, bundle_of(draft))
    DraftWarning.objects.filter(draft=draft, goes_at__lt=draft.goes_at).delete()


@transaction.atomic
def free(key: uuid.UUID, account: Account, field: str, step: str) -> Draft | None:
    """Lets the person answer a question of the form that the register had answered; its source goes with it."""
    draft = Draft.objects.select_for_update().filter(pk=key, account=account, dossier=None).first()
    if draft is None or field not in draft.sources or "." in field:
        return draft
    draft.sources = {name: said for name, said in draft.sources.items() if name != field}
    draft.answers = {name: value for name, value in draft.answers.items() if name != field}
    _touch(draft, step)
    return draft


@transaction.atomic
def fill_again(key: uuid.UUID, account: Account, filled: Filled) -> Draft | None:
    """Takes what the register says now, for the answers that are still the register's and those not yet given."""
    draft = Draft.objects.select_for_update().filter(pk=key, account=account, dossier=None).first()
    if draft is None:
        return None
    answers = {name: value for name, value in draft.answers.items() if name not in draft.sources}
    sources = {}
    for name, value in filled.answers.items():
        if name in draft.sources or name not in answers:
            answers[name], sources[name] = value, filled.sources[name]
    sources |= {name: said for name, said in filled.sources.items() if "." in name}
    # What the register no longer knows stays as an answer of the person's own, without a source.
    draft.answers = {name: value for name, value in draft.answers.items() if name in draft.sources} | answers
    draft.about = draft.about | filled.about
    draft.sources, draft.known_at = sources, clock.now()
    draft.save(update_fields=["answers", "about", "sources", "known_at"])
    return draft


def newer_version(draft: Draft) -> int | None:
    """The version that took effect since the draft was begun, or None when it still holds."""
    try:
        present, _law = versions.current_version(draft.procedure, city_day(clock.now()))
    except versions.UnknownProcedureError:
        return None
    return present if present != draft.version else None


@transaction.atomic
def carry_over(key: uuid.UUID, account: Account, version: int) -> Draft | None:
    """Moves a draft to another version of its procedure, with every answer that is still asked in the same way."""
    draft = Draft.objects.select_for_update().filter(pk=key, account=account, dossier=None).first()
    if draft is None or draft.version == version:
        return draft
    before, after = versions.procedure_version(draft.version), versions.procedure_version(version)
    types = {field.id: field.type for field in before.fields()}
    same = {field.id for field in after.fields() if types.get(field.id) == field.type}
    papers = {paper.id for paper in after.papers}
    draft.answers = {name: value for name, value in draft.answers.items() if name in same}
    draft.sources = {name: said for name, said in draft.sources.items() if "." in name or name in same}
    draft.papers = {name: given for name, given in draft.papers.items() if name in papers}
    if draft.case not in {case.id for case in after.cases}:
        draft.case = after.cases[0].id
    draft.version = version
    draft.revisions = {}
    _touch(draft, "")
    return draft


def discard(key: uuid.UUID, account: Account) -> bool:
    """Removes an open draft at its owner's wish."""
    gone, _by_table = Draft.objects.filter(pk=key, account=account, dossier=None).delete()
    return bool(gone)


def run_due() -> None:
    """Warns of drafts that will go within a week, and removes those whose time has come."""
    warn_of_going()
    remove_old()


def warn_of_going() -> int:
    """Writes one warning for each draft that will be removed within a week; returns how many are new."""
    now = clock.now()
    soon = Draft.objects.filter(dossier=None, goes_at__lte=now + WARNED, goes_at__gt=now, warning=None)
    made = [DraftWarning(draft=draft, at=now, goes_at=draft.goes_at) for draft in _pages(soon)]
    DraftWarning.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def remove_old() -> int:
    """Removes open drafts past their time; only those whose owner was warned at least a week before."""
    now = clock.now()
    old = Draft.objects.filter(dossier=None, goes_at__lte=now)
    unwarned = [
        DraftWarning(draft=draft, at=now, goes_at=now + WARNED) for draft in _pages(old.filter(warning=None))
    ]  # fmt: skip
    for warning in unwarned:
        Draft.objects.filter(pk=warning.draft_id, dossier=None).update(goes_at=warning.goes_at)
    DraftWarning.objects.bulk_create(unwarned, ignore_conflicts=True)
    _all, by_table = old.filter(warning__isnull=False).delete()
    return by_table.get(Draft._meta.label, 0)


def _pages(found: Any) -> Iterator[Draft]:
    yield from found.only("uuid", "goes_at")[:1000]
