"""The seal of the journal: one hash per event, one chain per dossier, and the naming of whatever breaks it.

An event's hash covers what happened, who did it and when, and the hash before it, so nothing can be changed,
taken out or put in without breaking a link. What a chain alone cannot show (a tail cut off together with its
head, a dossier that vanished) is left to the signed checkpoints of `merkle`.

Layout, version 1. All integers are big-endian; `‖` joins; a text is its NFC form in UTF-8, after its length.

    content = SHA-256( "motcua-content-1" 00 ‖ at: i64, microseconds since 1970-01-01T00:00Z ‖ agency: u32
                       ‖ u16 length ‖ type ‖ u16 length ‖ actor ‖ u16 length ‖ key ‖ u32 length ‖ payload )
    event   = SHA-256( "motcua-event-1" 00 ‖ prev: 32 bytes ‖ dossier: u64 ‖ seq: u32 ‖ content: 32 bytes )

`prev` of a dossier's first event (seq 1) is 32 zero bytes. `payload` is the canonical text exactly as the
journal keeps it. The two levels let a proof show that one event leads to another by the `content` hashes in
between, without showing the events themselves. `verifier/verify_motcua.py` repeats this layout on its own.
"""

import struct
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import accumulate, groupby, islice
from operator import attrgetter
from typing import Literal, NamedTuple

from motcua.law.canonical import canonical, instant_text
from motcua.law.texts import Text

__all__ = [
    "GENESIS",
    "WHAT",
    "Break",
    "Head",
    "SealedEvent",
    "canonical",
    "content_hash",
    "event_hash",
    "export_event",
    "link",
    "verify_chain",
]

GENESIS = bytes(32)

_CONTENT = b"motcua-content-1\0"
_EVENT = b"motcua-event-1\0"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CONTENT_HEAD = struct.Struct(">17sqIH")
_EVENT_HEAD = struct.Struct(">15s32sQI")
_LENGTH_16 = struct.Struct(">H")
_LENGTH_32 = struct.Struct(">I")

# Above this many events in one broken dossier every place is no longer tried for every event.
_LONGEST_SEARCH = 500
_MOST_GAPS = 1000

What = Literal["altered", "missing", "reordered", "inserted", "tail_cut", "rewritten", "dossier_missing"]

WHAT: dict[What, Text] = {
    "altered": Text("nội dung hoặc dấu niêm của sự kiện đã bị sửa", "the event's content or seal was altered"),
    "missing": Text("sự kiện đã bị xóa khỏi giữa nhật ký", "an event was taken out of the middle"),
    "reordered": Text("sự kiện không còn ở đúng thứ tự", "the event no longer stands in its order"),
    "inserted": Text("sự kiện được chèn thêm vào nhật ký", "an event was put in that was never recorded"),
    "tail_cut": Text("phần cuối nhật ký đã bị cắt", "the end of the journal was cut off"),
    "rewritten": Text(
        "nhật ký liền mạch nhưng khác với bản đã niêm phong",
        "the chain holds but is not the one that was sealed",
    ),
    "dossier_missing": Text("toàn bộ nhật ký của hồ sơ đã mất", "the whole journal of the dossier is gone"),
}


class SealedEvent(NamedTuple):
    """One row of the journal as `verify_chain` reads it.

    `prev` may be absent where the journal does not repeat it: then an event whose hash was replaced along with
    its content is named by the event after it, which no longer follows.
    """

    dossier_id: int
    seq: int
    at: datetime
    type: str
    actor: str
    agency: int
    payload: bytes
    hash: bytes
    prev: bytes | None = None
    key: str = ""


class Head(NamedTuple):
    """How far a dossier's journal is known to reach.

    `final` says that it reaches no further (the dossier's own row); a checkpointed head is not final.
    """

    dossier_id: int
    seq: int
    hash: bytes
    final: bool = True


class Break(NamedTuple):
    """One thing wrong with a journal: where, and what (a key of `WHAT`)."""

    dossier: int
    seq: int
    what: What


def event_hash(
    prev: bytes,
    dossier_id: int,
    seq: int,
    at: datetime,
    type: str,
    actor: str,
    agency: int,
    payload: bytes,
    key: str = "",
) -> bytes:
    """The 32-byte hash that seals one event onto the one before it.

    `at` must carry a zone. `payload` is sealed byte for byte. `key` is the idempotency key of the command.
    Raises ValueError when a part does not fit the layout.
    """
    return link(prev, dossier_id, seq, content_hash(at, type, actor, agency, payload, key))


def content_hash(at: datetime, type: str, actor: str, agency: int, payload: bytes, key: str = "") -> bytes:
    """The 32-byte hash of what happened, apart from its place in the chain. Raises as `event_hash`."""
    if at.tzinfo is None:
        raise ValueError("an event's time needs a zone")
    kind, who, once = _text(type), _text(actor), _text(key)
    try:
        return sha256(
            _CONTENT_HEAD.pack(_CONTENT, (at - _EPOCH) // _MICROSECOND, agency, len(kind))
            + kind
            + _LENGTH_16.pack(len(who))
            + who
            + _LENGTH_16.pack(len(once))
            + once
            + _LENGTH_32.pack(len(payload))
            + payload
        ).digest()
    except struct.error as error:
        raise ValueError(f"the event does not fit the sealed layout: {error}") from error


def link(prev: bytes, dossier_id: int, seq: int, content: bytes) -> bytes:
    """The event's hash, from its place in the chain and the hash of its content."""
    if len(prev) != 32 or len(content) != 32:
        raise ValueError("hashes are 32 bytes")
    try:
        return sha256(_EVENT_HEAD.pack(_EVENT, prev, dossier_id, seq) + content).digest()
    except struct.error as error:
        raise ValueError(f"the event does not fit the sealed layout: {error}") from error


def export_event(event: SealedEvent) -> dict[str, object]:
    """The event as one line of an exported journal, which the standalone verifier reads."""
    line: dict[str, object] = {
        "dossier": event.dossier_id,
        "seq": event.seq,
        "at": instant_text(event.at),
        "type": event.type,
        "actor": event.actor,
        "agency": event.agency,
        "key": event.key,
        "payload": event.payload.decode(),
        "hash": event.hash.hex(),
    }
    if event.prev is not None:
        line["prev"] = event.prev.hex()
    return line


def verify_chain(rows: Iterable[SealedEvent], heads: Iterable[Head] = ()) -> Iterator[Break]:
    """Everything wrong with the journal, in the order of the dossiers, in one pass and constant memory.

    `rows` come ordered by dossier and seq, `heads` by dossier; a dossier may have several heads (that of its
    own row and the last checkpointed one). Raises ValueError when a dossier comes back after another.
    """
    wanted = groupby(heads, key=attrgetter("dossier_id"))
    waiting = next(wanted, None)
    last = -1
    for dossier, group in groupby(rows, key=attrgetter("dossier_id")):
        if dossier <= last:
            raise ValueError(f"the journal is not ordered by dossier: {dossier} after {last}")
        last = dossier
        while waiting is not None and waiting[0] < dossier:
            yield Break(waiting[0], 0, "dossier_missing")
            waiting = next(wanted, None)
        known: list[Head] = []
        if waiting is not None and waiting[0] == dossier:
            known = list(waiting[1])
            waiting = next(wanted, None)
        yield from _dossier_breaks(list(group), known)
    while waiting is not None:
        yield Break(waiting[0], 0, "dossier_missing")
        waiting = next(wanted, None)


def _text(text: str) -> bytes:
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).encode()


def _dossier_breaks(events: list[SealedEvent], heads: list[Head]) -> Iterator[Break]:
    dossier = events[0].dossier_id
    failed = _first_failure(events)
    found: set[Break] = set()
    if failed is not None:
        found = _named(events, {head.hash: head.seq for head in heads}) or {Break(dossier, failed, "altered")}
    reach = events[-1].seq
    hashes = {event.seq: event.hash for event in events}
    for head in heads:
        if reach < head.seq:
            found.add(Break(dossier, reach + 1, "tail_cut"))
        elif failed is None and hashes.get(head.seq) != head.hash:
            found.add(Break(dossier, head.seq, "rewritten"))
        elif head.final and reach > head.seq and not any(each.what == "inserted" for each in found):
            found.add(Break(dossier, head.seq + 1, "inserted"))
    yield from sorted(found)


def _first_failure(events: list[SealedEvent]) -> int | None:
    prev = GENESIS
    for expected, event in enumerate(events, 1):
        if event.seq != expected or event.prev not in (None, prev):
            return event.seq
        content = _content(event)
        if content is None or link(prev, event.dossier_id, expected, content) != event.hash:
            return event.seq
        prev = event.hash
    return None


def _content(event: SealedEvent) -> bytes | None:
    # A row somebody wrote by hand may not even fit the layout: it then seals nothing.
    if len(event.hash) != 32:
        return None
    try:
        return content_hash(event.at, event.type, event.actor, event.agency, event.payload, event.key)
    except ValueError:
        return None


class _Rows:
    """A broken dossier's rows and the places in the chain under which they really were sealed."""

    def __init__(self, events: list[SealedEvent], heads: dict[bytes, int]) -> None:
        self.events = events
        self.heads = heads
        self.contents = [_content(event) for event in events]
        self.places: dict[int, int] = {}
        self._follow_the_chain()
        self._follow_what_moved_along()
        self._take_what_cannot_be_checked()

    def is_sealed(self, row: int, prev: bytes | None, place: int) -> bool:
        """True when the row's hash is the one it has at `place` after `prev`."""
        content = self.contents[row]
        if content is None or prev is None or len(prev) != 32 or not 0 < place < 2**32:
            return False
        return link(prev, self.events[row].dossier_id, place, content) == self.events[row].hash

    def _follow_the_chain(self) -> None:
        at_seq: dict[int, list[int]] = {}
        for row, event in enumerate(self.events):
            at_seq.setdefault(event.seq, []).append(row)
        frontiers = [(GENESIS, 1)] + [(event.hash, event.seq + 1) for event in self.events]
        unplaced = dict.fromkeys(range(len(self.events)))
        for prev, place in frontiers:
            rows = list(unplaced) if len(self.events) <= _LONGEST_SEARCH else at_seq.get(place, [])
            for row in (row for row in rows if row in unplaced and self.is_sealed(row, prev, place)):
                self.places[row] = place
                del unplaced[row]
                if place != self.events[row].seq:
                    frontiers.append((self.events[row].hash, place + 1))

    def _follow_what_moved_along(self) -> None:
        # Rows renumbered over a gap: the link to the missing event is unknown, those after it are not.
        tried = range(1, 2 * len(self.events) + 2 if len(self.events) <= _LONGEST_SEARCH else 1)
        for row, own in enumerate(self.events):
            if row in self.places:
                continue
            before = self.events[row - 1].hash if row else None
            for place in (own.seq, *tried):
                if self.is_sealed(row, own.prev, place):
                    self.places[row] = place
                elif self.is_sealed(row, before, place):
                    self.places[row] = place
                    if row - 1 not in self.places and self.events[row - 1].seq != place - 1:
                        self.places[row - 1] = place - 1
                else:
                    continue
                break
            if self.heads.get(own.hash, own.seq) != own.seq:
                self.places.setdefault(row, self.heads[own.hash])

    def _take_what_cannot_be_checked(self) -> None:
        # After a missing event, and without a stored `prev`, nothing speaks against the row.
        seqs = {event.seq for event in self.events}
        for row, own in enumerate(self.events):
            if own.prev is None and own.seq > 1 and own.seq - 1 not in seqs and self.contents[row] is not None:
                self.places.setdefault(row, own.seq)

    def genuine(self) -> dict[int, int]:
        """Place to row; of two rows that claim one place, a known head or the one the chain goes on from."""
        claims: dict[int, list[int]] = {}
        for row, place in self.places.items():
            claims.setdefault(place, []).append(row)

        def standing(row: int) -> tuple[bool, bool, bool]:
            sealed, place = self.events[row].hash, self.places[row]
            goes_on = any(self.is_sealed(after, sealed, place + 1) for after in claims.get(place + 1, ()))
            return sealed in self.heads, goes_on, self.events[row].seq == place

        return {place: max(rows, key=standing) for place, rows in sorted(claims.items())}


def _named(events: list[SealedEvent], heads: dict[bytes, int]) -> set[Break]:
    rows = _Rows(events, heads)
    genuine = rows.genuine()
    standing = set(genuine.values())
    dossier = events[0].dossier_id
    found: set[Break] = set()
    covered = set(genuine)
    for row, event in enumerate(events):
        if row in standing:
            continue
        foreign = row in rows.places or event.seq in covered or event.seq < 1
        found.add(Break(dossier, event.seq, "inserted" if foreign else "altered"))
        covered.add(event.seq)
    end = max(covered, default=0)
    gaps = (place for place in range(1, end) if place not in covered)
    found.update(Break(dossier, place, "missing") for place in islice(gaps, _MOST_GAPS))
    order = [(events[row].seq, place) for row, place in ((row, rows.places[row]) for row in sorted(standing))]
    highest = list(accumulate((place for _, place in order), max))
    lowest = list(accumulate((place for _, place in reversed(order)), min))[::-1]
    for (seq, place), before, after in zip(order, highest, lowest, strict=True):
        if before > place or after < place:
            found.add(Break(dossier, seq, "reordered"))
    return found | _replaced(rows, genuine)


def _replaced(rows: _Rows, genuine: dict[int, int]) -> set[Break]:
    found: set[Break] = set()
    before: dict[int, bytes] = {place + 1: rows.events[row].hash for place, row in genuine.items()}
    before[1] = GENESIS
    for place, row in genuine.items():
        event = rows.events[row]
        if event.prev is None or place not in before or event.prev == before[place]:
            continue
        ours = not rows.is_sealed(row, event.prev, place)
        altered = event if ours or place == 1 else rows.events[genuine[place - 1]]
        found.add(Break(event.dossier_id, altered.seq, "altered"))
    return found
