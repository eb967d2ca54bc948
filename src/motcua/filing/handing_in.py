"""Handing a draft in: read whole, lodged through the law, and bound to its dossier, all in one transaction.

Sent ten times, from two tabs, after a lost answer or a kill anywhere, it is one dossier: the draft's row is
locked, and its number is the key of the lodging. What comes after acceptance is the dossier's own.
"""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import clock, store
from motcua.dossiers.handle import Done, lodge
from motcua.files import uploads
from motcua.filing.models import Draft, HandedIn
from motcua.filing.reading import Delivery, Read, read_draft
from motcua.law import commands as c
from motcua.law.actor import Actor
from motcua.law.canonical import canonical
from motcua.law.dossier import Applicant, Dossier
from motcua.law.names import search_key
from motcua.law.procedure import Procedure
from motcua.law.refusal import Refusal
from motcua.law.working_time import city_day
from motcua.organisation.models import Account

ALIKE_WITHIN = timedelta(days=30)
# What tells two applications of one kind apart: names, days and places; not numbers of copies or choices.
TELLING = ("text", "person", "date", "address")


class Twin(msgspec.Struct, frozen=True):
    """An earlier application that says the same."""

    dossier: int
    at: Any


def submit(key: uuid.UUID, account: Account, actor: Actor, submitter: Applicant) -> Done | Refusal | Read | None:
    """Hands the draft in. What is wrong with it comes back as read; None when the account has no such draft.

    `submitter` is whoever is signed in. A draft that became a dossier gives the same dossier again.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(pk=key, account=account).first()
        if draft is None:
            return None
        if draft.dossier is not None:
            return _again(draft.dossier)
        procedure = versions.procedure_version(draft.version)
        read = read_draft(draft, procedure, city_day(clock.now()))
        if read.faults or read.applicant is None:
            return read
        done = lodge(draft.version, _lodging(draft, read, submitter), actor, f"draft/{draft.uuid.hex}")
        if isinstance(done, Refusal):
            return done
        _bind(draft, procedure, read, done)
        return done


def _again(dossier_id: int) -> Done:
    stored = store.read(dossier_id)
    if stored is None:
        raise LookupError(f"dossier {dossier_id} is gone")
    return Done(dossier_id, stored[0].seq, stored[0], (), repeated=True)


def _lodging(draft: Draft, read: Read, submitter: Applicant) -> c.Lodge:
    if read.applicant is None:
        raise ValueError("a draft without an applicant")
    for_another = draft.principal.get("kind", "self") != "self"
    asked = set(read.form)
    return c.Lodge(
        case=draft.case,
        channel="online",
        agency=draft.agency,
        applicant=read.applicant,
        submitter=submitter if for_another else None,
        form=read.form,
        papers=read.papers,
        sources={name: said for name, said in draft.sources.items() if name in asked or name.startswith("applicant.")},
        note=delivery_words(read.delivery),
    )


def delivery_words(delivery: Delivery) -> str:
    """How the result is to be received, in words for whoever works on the dossier."""
    if delivery.way == "post":
        to = ", ".join(filter(None, (delivery.name, delivery.phone, delivery.address.text)))
        return _("Nhận kết quả qua bưu điện: %(to)s") % {"to": to}
    return {
        "person": _("Nhận kết quả tại quầy"),
        "electronic": _("Nhận kết quả điện tử trong tài khoản"),
    }.get(delivery.way, "")


def _bind(draft: Draft, procedure: Procedure, read: Read, done: Done) -> None:
    """The draft is that dossier from now on, and what it is like is noted for those that come after."""
    now = clock.now()
    draft.dossier, draft.submitted_at, draft.updated_at = done.dossier_id, now, now
    draft.save(update_fields=["dossier", "submitted_at", "updated_at"])
    alike = likeness(procedure, draft.case, read)
    earlier = _earlier(alike, done.dossier_id)
    # What the applicant confirmed is what the clerk will see, for good.
    uploads.keep(digest for paper in read.papers if not paper.source for digest in paper.files)
    HandedIn.objects.create(
        dossier=done.dossier_id,
        account=draft.account_id,
        procedure=procedure.code,
        likeness=alike,
        twin=earlier.dossier if earlier else 0,
        at=now,
        delivery=msgspec.to_builtins(read.delivery),
    )


def likeness(procedure: Procedure, case: str, read: Read) -> str:
    """The same text for applications that say the same: procedure, case, applicant, and who and where and when."""
    applicant = read.applicant
    who = (applicant.number or search_key(applicant.name)) if applicant else ""
    told = {
        field.id: _plain(read.form[field.id])
        for field in procedure.fields()
        if field.type in TELLING and field.required and field.id in read.form
    }
    return hashlib.sha256(canonical([procedure.code, case, who, told])).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        # A relation or a commune left out makes no other person or place.
        return {name: search_key(str(part)) for name, part in value.items() if name in ("name", "number", "text")}
    return search_key(str(value))


def _earlier(alike: str, but: int = 0) -> Twin | None:
    since = clock.now() - ALIKE_WITHIN
    row = HandedIn.objects.filter(likeness=alike, at__gte=since).exclude(dossier=but).order_by("-at").first()
    return Twin(row.dossier, row.at) if row is not None else None


def twin_of_draft(draft: Draft, procedure: Procedure, read: Read) -> Twin | None:
    """An equal application handed in within the last 30 days, before this one is; None when there is none."""
    return _earlier(likeness(procedure, draft.case, read)) if read.applicant is not None else None


def twin_of(dossier_id: int) -> Dossier | None:
    """The earlier dossier that says the same as this one, for the clerk to see; None when there is none."""
    row = HandedIn.objects.filter(dossier=dossier_id).only("twin").first()
    stored = store.read(row.twin) if row is not None and row.twin else None
    return stored[0] if stored is not None else None


def delivery_of(dossier_id: int) -> Delivery:
    """How the applicant asked to receive the result; an empty wish for what was not handed in online."""
    row = HandedIn.objects.filter(dossier=dossier_id).only("delivery").first()
    return msgspec.convert(row.delivery, Delivery) if row is not None else Delivery()
