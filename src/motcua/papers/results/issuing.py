"""From a numbered result to one signed file in the journal, in the register and in its owner's account.

Exactly one for each number, wherever a process is killed: a file is first kept under the fence of its work, then
recorded in the journal under a key of its own, then entered where it is looked for. What was kept is not made
again; what was recorded is not recorded again. No connection is held while keys or other machines are waited for.
"""

import logging
from datetime import datetime, timedelta

import msgspec
from django.db import connection, transaction

from motcua.dossiers import store as dossiers
from motcua.dossiers.handle import handle
from motcua.files import store as files
from motcua.jobs import leasing
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from motcua.law.dossier import Dossier, Issued
from motcua.law.refusal import Refusal
from motcua.organisation.models import Account
from motcua.papers import forms
from motcua.papers.from_dossier import NothingToPrintError
from motcua.papers.results import layout, pades, reuse
from motcua.papers.results.examine import examine
from motcua.papers.results.keys import KeyRing, NoKeyError
from motcua.papers.results.ring import city_ring, signing_since
from motcua.papers.results.tables import IssuedResult, KeyUse, ResultWork
from motcua.papers.sealing import file_name
from motcua.papers.spoken import in_city
from motcua.papers.typeset import MEDIA_TYPE, render_block, render_with_places

log = logging.getLogger("motcua.signing")

BATCH = 4
LEASE = timedelta(minutes=5)
A4_HEIGHT = 841.89
ROOM = "signature-room"
# Somebody else may act on the dossier between our look and our record.
LOOKS = 5


class Made(msgspec.Struct, frozen=True):
    """A signed file, checked, and what is to be said about it."""

    pdf: bytes
    certificate: str
    signer: str
    signed_at: datetime


class SupersededError(Exception):
    """The number this work is about no longer stands; another one has work of its own."""


def issue_due() -> int:
    """Takes what is due and issues it; returns how many were taken (the errand of the worker)."""
    rows = leasing.claim(ResultWork, BATCH, LEASE)
    for row in rows:
        issue(row)
    return len(rows)


def issue(row: ResultWork) -> None:
    """Brings one piece of claimed work to its end, or puts it off with the reason."""
    try:
        if not row.digest and not _keep(row, make(row)):
            log.warning("result of %s: the lease was lost, somebody else goes on", row.dossier_id)
            return
        record(row)
    except (SupersededError, NothingToPrintError) as error:
        leasing.give_up(row, f"superseded: {error}")
    except (NoKeyError, pades.NotSignedError, files.NotStoredError) as error:
        log.warning("result of %s not issued yet: %s", row.dossier_id, error)
        leasing.try_again(row, str(error))


def make(row: ResultWork) -> Made:
    """Sets, signs and checks the file. Raises what `issue` answers."""
    story = layout.ResultStory(row.dossier_id, 0)
    if story.act.seq != row.seq:
        raise SupersededError(f"numbered again at {story.act.seq}")
    since = signing_since()
    if since is None or story.act.at < since:
        raise SupersededError("numbered before signing began")
    form = layout.numbered_result(story, row.token)
    agency, name, _number = layout.agency_of(story)
    account = Account.objects.filter(pk=_account_in(story.signed.actor)).values_list("username", flat=True).first()
    use = KeyUse.objects.create(agency=agency, dossier_id=row.dossier_id, purpose="result", outcome="opened")
    _let_go()
    try:
        made = signed_form(form, city_ring(), agency, name, account or "")
    except Exception as error:
        _let_go()
        KeyUse.objects.filter(pk=use.pk).update(outcome=f"{type(error).__name__}: {error}"[:300])
        raise
    KeyUse.objects.filter(pk=use.pk).update(outcome="signed", certificate=made.certificate)
    return made


def signed_form(form: forms.Result, ring: KeyRing, agency: str, name: str, official: str) -> Made:
    """The form set, signed with the agency's (or its official's) key, and checked. Touches no database.

    Raises NoKeyError, NotSignedError.
    """
    pdf, places = render_with_places(form, ROOM)
    if len(places) != 1:
        raise pades.NotSignedError("the layout has no room for a signature")
    room = places[0]
    place = pades.Place(
        page=int(room["page"]) - 1,
        left=room["x"],
        bottom=A4_HEIGHT - room["y"] - room["height"],
        right=room["x"] + room["width"],
        top=A4_HEIGHT - room["y"],
    )
    moment = pades.moment_of_signing()
    local = in_city(moment)
    lines = (
        ("Người ký", form.signature.name),
        ("Cơ quan", name),
        ("Thời gian ký", f"{local:%d/%m/%Y %H:%M:%S} +07:00"),
    )
    block = render_block(room["width"], room["height"], "Đã ký số", lines)
    with ring.opened(agency, name, official) as ready:
        signed = pades.sign(pdf, ready, ring, ring.timestamper(), block, place, name)
        certificate, signer = ready.fingerprint, ready.name
    return Made(signed, certificate, signer, _checked(signed, certificate, ring))


def _checked(pdf: bytes, certificate: str, ring: KeyRing) -> datetime:
    """When it was signed, by the time-stamp. Raises NotSignedError for a file that must not be let out."""
    found = examine(pdf, ring.roots())
    ours = [each for each in found.signatures if each.fingerprint == certificate]
    if not found.readable or not found.is_archival or found.is_active or len(found.signatures) != 1 or not ours:
        raise pades.NotSignedError(f"the file made is not as it must be: {found.problem or found}")
    if not ours[0].holds or ours[0].stamped_at is None:
        raise pades.NotSignedError(f"the signature made does not hold: {ours[0].problem or ours[0]}")
    return ours[0].stamped_at


def _keep(row: ResultWork, made: Made) -> bool:
    """Stores the file and binds the work to it; False when the lease was lost, and with it the right to do so."""
    kept = files.put(made.pdf, name=f"ket-qua-{row.dossier_id}.pdf", media=MEDIA_TYPE)
    values = {
        "digest": kept.digest,
        "certificate": made.certificate,
        "signer": made.signer,
        "signed_at": made.signed_at,
    }
    mine = ResultWork.objects.filter(pk=row.pk, fence=row.fence, leased_until__isnull=False, digest="")
    if not mine.update(**values):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True


def record(row: ResultWork) -> None:
    """Records the kept file in the journal, then where it is looked for; each step may have been done before."""
    state, issued = _in_journal(row)
    _enter(row, state, issued)
    leasing.finish(row)


def _in_journal(row: ResultWork) -> tuple[Dossier, Issued]:
    for _look in range(LOOKS):
        stored = dossiers.read(row.dossier_id)
        if stored is None:
            raise SupersededError("the dossier is gone")
        state = stored[0]
        found = next((each for each in state.issued if each.file == row.digest), None)
        if found is not None:
            return state, found
        story = layout.ResultStory(row.dossier_id)
        if story.act.seq != row.seq or row.signed_at is None:
            raise SupersededError(f"numbered again at {story.act.seq}")
        command = c.IssueResult(
            file=row.digest,
            name=layout.result_name(story),
            media=MEDIA_TYPE,
            certificate=row.certificate,
            signed_at=row.signed_at,
            replaces=state.issued[-1].file if state.issued else "",
        )
        answer = handle(row.dossier_id, command, SYSTEM, f"issue/{row.seq}", seen=state.seq)
        if isinstance(answer, Refusal) and answer.code != "changed_meanwhile":
            raise SupersededError(answer.code)
    raise pades.NotSignedError("the dossier is being worked on; trying again")


def _enter(row: ResultWork, state: Dossier, issued: Issued) -> None:
    story = layout.ResultStory(row.dossier_id, row.seq)
    form = layout.numbered_result(story, row.token)
    _code, _name, agency = layout.agency_of(story)
    result = next((each for each in story.procedure.results if state.draft and each.id == state.draft.result), None)
    values = {
        "token": row.token,
        "digest": row.digest,
        "name": issued.name,
        "number": issued.number,
        "code": state.code,
        "procedure": state.procedure,
        "result": result.id if result else "refusal",
        "agency": agency,
        "signer": row.signer,
        "certificate": row.certificate,
        "signed_at": issued.signed_at,
        "owner_name": state.applicant.name,
        "owner_number": state.applicant.number,
        "account": state.applicant.account,
        "filer": state.submitter.account if state.submitter else 0,
        "to_hand": _may_hand(state, in_person=bool(result and result.collected_in_person)),
        "is_demo": form.is_demo,
    }
    with transaction.atomic():
        made, _new = IssuedResult.objects.get_or_create(dossier_id=row.dossier_id, seq=row.seq, defaults=values)
        earlier = IssuedResult.objects.filter(dossier_id=row.dossier_id, seq__lt=row.seq, replaced_by="")
        earlier.update(replaced_by=made.token, to_hand=False)
        reuse.keep(made, file_name(form), issued.replaces, is_refusal=state.outcome == "refused")


def _may_hand(state: Dossier, *, in_person: bool) -> bool:
    """True for a result that may be handed over in its owner's account alone."""
    accounts = state.applicant.account or (state.submitter.account if state.submitter else 0)
    return state.channel == "online" and bool(accounts) and not in_person


def _account_in(mark: str) -> int:
    number = mark.split(" ", 1)[0]
    return int(number) if number.isdecimal() else 0


def _let_go() -> None:
    """Gives the connection back before something slow; within somebody's transaction it stays theirs."""
    if not connection.in_atomic_block:
        connection.close()
