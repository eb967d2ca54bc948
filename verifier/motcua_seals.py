"""The seals of a motcua city, written a second time on purpose; part of `verify_motcua.py` beside it.

A verifier that shares its code with what it verifies proves little, so nothing of motcua is imported. The layout
is documented in `law/seal.py` and `law/merkle.py` of motcua; what a broken chain is named by is the same there.
"""

import struct
import unicodedata
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from itertools import accumulate, islice
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None  # type: ignore[assignment, misc]

CAN_CHECK_SIGNATURES = Ed25519PublicKey is not None
ZERO = bytes(32)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017
UNFIT = (KeyError, TypeError, ValueError, AttributeError, OverflowError, struct.error)
LONGEST_SEARCH = 500
MOST_GAPS = 1000
Found = set[tuple[int, int, str]]


def micros(text: str) -> int:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return (at - EPOCH) // timedelta(microseconds=1)


def sized(text: str, size: str) -> bytes:
    raw = unicodedata.normalize("NFC", text).encode() if size == ">H" else text.encode()
    return struct.pack(size, len(raw)) + raw


def hash32(text: str) -> bytes:
    raw = bytes.fromhex(text)
    if len(raw) != 32:
        raise ValueError("a hash has 32 bytes")
    return raw


def content_of(event: dict[str, Any]) -> bytes:
    return sha256(
        b"motcua-content-1\0"
        + struct.pack(">qI", micros(event["at"]), event["agency"])
        + sized(event["type"], ">H")
        + sized(event["actor"], ">H")
        + sized(event.get("key", ""), ">H")
        + sized(event["payload"], ">I")
    ).digest()


def linked(prev: bytes, dossier: int, seq: int, content: bytes) -> bytes:
    return sha256(b"motcua-event-1\0" + prev + struct.pack(">QI", dossier, seq) + content).digest()


def leaf_of(dossier: int, seq: int, head: str) -> bytes:
    return sha256(b"\0motcua-leaf-1\0" + struct.pack(">QI", dossier, seq) + hash32(head)).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def root_of(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_of(root_of(leaves[:split]), root_of(leaves[split:]))


def root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that the path leads to, from the tree's own shape. Raises ValueError when the path does not fit it."""
    if not 0 <= index < size or bool(path) != (size > 1):
        raise ValueError("the path does not fit the tree")
    if size == 1:
        return leaf
    split = 1 << ((size - 1).bit_length() - 1)
    *below, beside = path
    if index < split:
        return node_of(root_by_path(leaf, index, split, below), beside)
    return node_of(beside, root_by_path(leaf, index - split, size - split, below))


def checkpoint_bytes(stated: dict[str, Any]) -> bytes:
    return (
        b"motcua-checkpoint-1\0"
        + struct.pack(">Qq", stated["checkpoint"], micros(stated["at"]))
        + hash32(stated["prev"])
        + hash32(stated["batch_root"])
        + struct.pack(">IQQ", stated["batch_size"], stated["total_dossiers"], stated["total_events"])
    )


def checkpoint_hash(stated: dict[str, Any]) -> bytes | None:
    try:
        return sha256(checkpoint_bytes(stated)).digest()
    except UNFIT:
        return None


def is_signed(stated: dict[str, Any], key: bytes) -> bool:
    if Ed25519PublicKey is None:
        return True
    try:
        signature = bytes.fromhex(stated["signature"])
        Ed25519PublicKey.from_public_bytes(key).verify(signature, checkpoint_bytes(stated))
    except (InvalidSignature, *UNFIT):
        return False
    return True


class Row:
    """One event of the export; `content` is None when it could never have been sealed."""

    def __init__(self, line: dict[str, Any]) -> None:
        self.dossier, self.seq = line["dossier"], line["seq"]
        if type(self.dossier) is not int or type(self.seq) is not int:
            raise ValueError("dossier and seq are numbers")
        self.place = 0
        try:
            self.hash = bytes.fromhex(line["hash"])
            self.prev = bytes.fromhex(line["prev"]) if line.get("prev") is not None else None
            self.content = content_of(line) if len(self.hash) == 32 else None
        except UNFIT:
            self.hash, self.prev, self.content = b"", None, None

    def fits(self, prev: bytes | None, place: int) -> bool:
        """True when the row's hash is the one it has at `place` after `prev`."""
        if self.content is None or prev is None or len(prev) != 32 or not 0 < place < 2**32:
            return False
        return 0 <= self.dossier < 2**64 and linked(prev, self.dossier, place, self.content) == self.hash


def chain_breaks(rows: list[Row], heads: list[tuple[int, bytes]]) -> Found:
    """What is wrong with one dossier's journal, given the heads (seq, hash) it must reach."""
    dossier, prev, broken = rows[0].dossier, ZERO, None
    for expected, row in enumerate(rows, 1):
        if row.seq != expected or row.prev not in (None, prev) or not row.fits(prev, expected):
            broken = row.seq
            break
        prev = row.hash
    found: Found = set()
    if broken is not None:
        found = name_breaks(rows, {head: seq for seq, head in heads}) or {(dossier, broken, "altered")}
    hashes = {row.seq: row.hash for row in rows}
    for seq, head in heads:
        if rows[-1].seq < seq:
            found.add((dossier, rows[-1].seq + 1, "tail_cut"))
        elif broken is None and hashes.get(seq) != head:
            found.add((dossier, seq, "rewritten"))
    return found


def find_places(rows: list[Row], heads: dict[bytes, int]) -> None:
    """Gives every row the place in the chain under which it really was sealed, 0 when there is none."""
    small = len(rows) <= LONGEST_SEARCH
    frontiers = [(ZERO, 1)] + [(row.hash, row.seq + 1) for row in rows]
    by_seq: dict[int, list[Row]] = {}
    for row in rows:
        by_seq.setdefault(row.seq, []).append(row)
    for prev, place in frontiers:
        for row in rows if small else by_seq.get(place, []):
            if not row.place and row.fits(prev, place):
                row.place = place
                if place != row.seq:
                    frontiers.append((row.hash, place + 1))
    tried = range(1, 2 * len(rows) + 2 if small else 1)
    for at, row in enumerate(rows):
        if row.place:
            continue
        before = rows[at - 1] if at else None
        for place in (row.seq, *tried):
            if row.fits(row.prev, place):
                row.place = place
                break
            if before is not None and row.fits(before.hash, place):
                row.place = place
                if not before.place and before.seq != place - 1:
                    before.place = place - 1
                break
        if not row.place and heads.get(row.hash, row.seq) != row.seq:
            row.place = heads[row.hash]
    for row in rows:
        known = row.seq <= 1 or row.seq - 1 in by_seq or row.prev is not None
        if not row.place and not known and row.content is not None:
            row.place = row.seq


def choose_genuine(rows: list[Row], heads: dict[bytes, int]) -> dict[int, Row]:
    """One row per place: a known head, or the one the chain goes on from, or the one that stands there."""
    claims: dict[int, list[Row]] = {}
    for row in rows:
        if row.place:
            claims.setdefault(row.place, []).append(row)

    def standing(row: Row) -> tuple[bool, bool, bool]:
        goes_on = any(after.fits(row.hash, row.place + 1) for after in claims.get(row.place + 1, ()))
        return row.hash in heads, goes_on, row.seq == row.place

    return {place: max(claims[place], key=standing) for place in sorted(claims)}


def name_breaks(rows: list[Row], heads: dict[bytes, int]) -> Found:
    find_places(rows, heads)
    genuine = choose_genuine(rows, heads)
    dossier, covered, found = rows[0].dossier, set(genuine), set()
    standing = [row for row in rows if genuine.get(row.place) is row]
    for row in rows:
        if genuine.get(row.place) is not row:
            foreign = row.place or row.seq in covered or row.seq < 1
            found.add((dossier, row.seq, "inserted" if foreign else "altered"))
            covered.add(row.seq)
    gaps = (place for place in range(1, max(covered, default=0)) if place not in covered)
    found |= {(dossier, place, "missing") for place in islice(gaps, MOST_GAPS)}
    places = [row.place for row in standing]
    highest, lowest = list(accumulate(places, max)), list(accumulate(places[::-1], min))[::-1]
    for row, before, after in zip(standing, highest, lowest, strict=True):
        if before > row.place or after < row.place:
            found.add((dossier, row.seq, "reordered"))
    for place, row in genuine.items():
        prev = ZERO if place == 1 else genuine[place - 1].hash if place - 1 in genuine else None
        if row.prev is not None and prev is not None and row.prev != prev:
            own = place == 1 or not row.fits(row.prev, place)
            found.add((dossier, row.seq if own else genuine[place - 1].seq, "altered"))
    return found
