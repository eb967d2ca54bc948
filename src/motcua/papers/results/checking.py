"""What the city can say about a result: by its code, or by the file itself.

A file is genuine when its bytes are those that were let out; its signatures are examined besides, in a process of
its own. What is public and what is masked is left to the faces.
"""

import hashlib
import logging
from typing import Literal

import msgspec

from motcua.dossiers import checkpoints, store
from motcua.dossiers.journal import sealed_events
from motcua.files import store as files
from motcua.law.merkle import Checkpoint
from motcua.law.proof import Proof, make_proof
from motcua.law.seal import GENESIS, SealedEvent
from motcua.papers.results import codes
from motcua.papers.results.bounded import examine_stranger
from motcua.papers.results.examine import Finding
from motcua.papers.results.keys import NoKeyError
from motcua.papers.results.ring import city_ring
from motcua.papers.results.tables import IssuedResult

log = logging.getLogger("motcua.signing")

Kind = Literal[
    "genuine",  # the file's bytes are those that were let out
    "on_record",  # the code stands for a result; no file was looked at
    "altered",  # the file says it is a result of ours, and is not the file that was let out
    "other_file",  # the file is a genuine result, and not the one of the code it was compared with
    "elsewhere",  # signed by somebody we do not know, nothing to do with us
    "unknown",  # nothing of ours
    "unreadable",  # no PDF that could be read
    "damaged",  # on record, and our own record of it no longer fits together
]


class Verdict(msgspec.Struct, frozen=True):
    """What is known. `issued` is the result it is about, `successor` what replaced it, `sealed` the checkpoint under
    which its issue lies in the journal.
    """

    kind: Kind
    issued: IssuedResult | None = None
    successor: IssuedResult | None = None
    finding: Finding | None = None
    sealed: Checkpoint | None = None


def by_code(typed: str) -> Verdict:
    """What stands on record under a code as somebody typed it."""
    code = codes.parse(typed)
    issued = IssuedResult.objects.filter(token=code).first() if code else None
    return _about("on_record", issued) if issued else Verdict("unknown")


def by_file(pdf: bytes, typed: str = "") -> Verdict:
    """What the file is; compared with the result of a code when one is given. Raises bounded.BusyError."""
    digest = hashlib.sha256(pdf).hexdigest()
    asked = by_code(typed).issued if typed else None
    issued = IssuedResult.objects.filter(digest=digest).first()
    finding = _examined(pdf)
    if issued is not None:
        if asked is not None and asked.token != issued.token:
            return _about("other_file", issued, finding)
        return _about("genuine", issued, finding)
    claimed = asked
    if claimed is None and finding.token:
        claimed = IssuedResult.objects.filter(token=codes.parse(finding.token) or "-").first()
    if claimed is not None:
        return _about("altered", claimed, finding)
    if not finding.readable:
        return Verdict("unreadable", finding=finding)
    return Verdict("elsewhere" if finding.signatures else "unknown", finding=finding)


def _examined(pdf: bytes) -> Finding:
    ring = city_ring()
    try:
        roots = ring.roots()
    except NoKeyError:
        roots = []
    return examine_stranger(pdf, roots, [ring.demo.crl()] if ring.demo.exists else [])


def _about(kind: Kind, issued: IssuedResult, finding: Finding | None = None) -> Verdict:
    place = _place_in_journal(issued)
    if place is None or not files.is_whole(issued.digest):
        log.error("result of %s: row, journal and file do not agree", issued.dossier_id)
        return Verdict("damaged", issued, None, finding)
    successor = IssuedResult.objects.filter(token=issued.replaced_by).first() if issued.replaced_by else None
    return Verdict(kind, issued, successor, finding, checkpoints.covering(issued.dossier_id, place))


def _place_in_journal(issued: IssuedResult) -> int | None:
    """The seq of the event that records this very file, None when the journal does not know it."""
    found = _issue_events(issued.dossier_id, issued.digest)
    return found[-1].seq if found else None


def _issue_events(dossier_id: int, digest: str) -> list[SealedEvent]:
    return [
        event for event in sealed_events(dossier_id)
        if event.type == "result_issued" and f'"{digest}"'.encode() in event.payload
    ]  # fmt: skip


def proof_of(issued: IssuedResult) -> Proof | None:
    """The proof that this file's issue lies under a signed checkpoint; None while that is yet to be sealed.

    The event itself is disclosed: it says number, name, digest and certificate of the file, nothing of the dossier.
    """
    events = sealed_events(issued.dossier_id)
    place = next((at for at, event in enumerate(events) if event.type == "result_issued"
                  and f'"{issued.digest}"'.encode() in event.payload), None)  # fmt: skip
    if place is None:
        return None
    covering = checkpoints.covering(issued.dossier_id, events[place].seq)
    if covering is None:
        return None
    leaves = checkpoints.leaves_of(covering.number)
    head = next(leaf.seq for leaf in leaves if leaf.dossier_id == issued.dossier_id)
    before = events[place - 1].hash if place else GENESIS
    return make_proof(issued.code, before, events[place:head], leaves, covering, disclosed=True)


def is_open_to_owner(issued: IssuedResult) -> bool:
    """True once the owner may read the file: announced as ready, or handed over, and nothing owed."""
    found = store.read(issued.dossier_id)
    if found is None:
        return False
    state = found[0]
    settled = not state.owed or state.outcome == "refused"
    return bool(issued.replaced_by) or (settled and (state.phase in ("ready", "ended") or bool(state.corrections)))
