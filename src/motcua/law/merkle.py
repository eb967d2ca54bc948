"""Checkpoints over the whole journal: one tree a minute, chained and signed, so that nothing old can change.

Each checkpoint takes the heads that changed since the one before as the leaves of a Merkle tree (RFC 6962:
leaf prefix 00, node prefix 01, leaves by dossier id) and is chained to that one and signed with Ed25519. So
it is as large as one minute's work, however many million dossiers the city has; a dossier's newest leaf says
how far its journal must reach. Keys and signing are left to `dossiers`, a receipt's proof to `proof`.

Layout, version 1. All integers are big-endian; the signature is over these bytes and the checkpoint's hash is
their SHA-256.

    leaf       = "motcua-leaf-1" 00 ‖ dossier: u64 ‖ seq: u32 ‖ head: 32 bytes
    checkpoint = "motcua-checkpoint-1" 00 ‖ number: u64 ‖ at: i64, microseconds since 1970-01-01T00:00Z
                 ‖ prev: 32 bytes, zero for number 1 ‖ batch root: 32 bytes ‖ batch size: u32
                 ‖ dossiers: u64 ‖ events: u64, both over the whole journal

Somebody who rules the database (SQL superuser) but has not the signing key

- cannot change, remove, insert or reorder an event at or below a checkpointed head, cut off a tail below it,
  or make a whole dossier vanish: chain, leaf, batch root and signature would have to agree anew;
- cannot drop or change a checkpoint or a leaf in the middle: the next one's `prev`, the root or the signature
  no longer holds (the trusted public keys must therefore be kept outside the database);
- can set everything back to an earlier checkpoint by deleting all later ones with their events. Only somebody
  who kept a later one notices: a receipt's proof, the published list, a copy elsewhere. Give them as `kept`;
- can rewrite what happened since the last checkpoint (a minute's work), or append events in an official's
  name, which the next checkpoint seals: a seal proves that a record has not changed since, not that it was
  true. Sign-in, grants and the officials' own signatures answer for that;
- can stop the checkpoints: their times then show the gap.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Literal, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from motcua.law.canonical import instant_text
from motcua.law.seal import GENESIS
from motcua.law.texts import Text

EMPTY_ROOT = sha256(b"").digest()

_LEAF = b"motcua-leaf-1\0"
_CHECKPOINT = b"motcua-checkpoint-1\0"
_LEAF_LAYOUT = struct.Struct(">14sQI32s")
_CHECKPOINT_LAYOUT = struct.Struct(">20sQq32s32sIQQ")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

CheckpointFault = Literal[
    "checkpoint_missing",
    "checkpoint_altered",
    "checkpoint_unsigned",
    "checkpoint_other_key",
    "batch_altered",
    "batch_rolled_back",
    "totals_wrong",
    "checkpoints_cut",
    "checkpoint_replaced",
]

CHECKPOINT_WHAT: dict[CheckpointFault, Text] = {
    "checkpoint_missing": Text("thiếu điểm niêm phong", "a checkpoint is missing"),
    "checkpoint_altered": Text(
        "điểm niêm phong không nối với điểm trước", "the checkpoint does not follow from the one before"
    ),
    "checkpoint_unsigned": Text("chữ ký của điểm niêm phong không đúng", "the checkpoint's signature is wrong"),
    "checkpoint_other_key": Text("điểm niêm phong ký bằng khóa lạ", "the checkpoint is signed with an unknown key"),
    "batch_altered": Text("danh sách hồ sơ của điểm niêm phong đã bị sửa", "the checkpoint's leaves were altered"),
    "batch_rolled_back": Text(
        "hồ sơ được niêm phong lại với ít sự kiện hơn trước", "a dossier was sealed again with fewer events"
    ),
    "totals_wrong": Text("tổng số của điểm niêm phong không khớp", "the checkpoint's totals do not add up"),
    "checkpoints_cut": Text(
        "các điểm niêm phong cuối đã bị xóa", "the last checkpoints were removed: everything was set back"
    ),
    "checkpoint_replaced": Text(
        "điểm niêm phong khác với bản đã công bố", "the checkpoint is not the one that was published"
    ),
}


class Leaf(NamedTuple):
    """A dossier's head at a checkpoint."""

    dossier_id: int
    seq: int
    head: bytes


class Checkpoint(NamedTuple):
    """What one checkpoint states; `signature` is over `checkpoint_bytes`, `key_id` names the public key."""

    number: int
    at: datetime
    prev: bytes
    batch_root: bytes
    batch_size: int
    total_dossiers: int
    total_events: int
    signature: bytes = b""
    key_id: str = ""


class CheckpointBreak(NamedTuple):
    """One thing wrong with the checkpoints: which, and what (a key of `CHECKPOINT_WHAT`)."""

    number: int
    what: CheckpointFault


def leaf_hash(leaf: Leaf) -> bytes:
    """The hash of a leaf of the tree. Raises ValueError when a part does not fit the layout."""
    if len(leaf.head) != 32:
        raise ValueError("a head is a hash of 32 bytes")
    try:
        return sha256(b"\0" + _LEAF_LAYOUT.pack(_LEAF, leaf.dossier_id, leaf.seq, leaf.head)).digest()
    except struct.error as error:
        raise ValueError(f"the leaf does not fit the layout: {error}") from error


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node of the tree."""
    return sha256(b"\1" + left + right).digest()


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes in their order; SHA-256 of nothing when there are none."""
    level = list(hashes)
    while len(level) > 1:
        level = _level_above(level)
    return level[0] if level else EMPTY_ROOT


def batch_root(leaves: Sequence[Leaf]) -> bytes:
    """The root over a checkpoint's leaves. ValueError unless dossiers come once and in rising order."""
    if any(one.dossier_id >= two.dossier_id for one, two in pairwise(leaves)):
        raise ValueError("leaves must come by rising dossier id, each once")
    return tree_root([leaf_hash(leaf) for leaf in leaves])


def inclusion_proof(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes beside the way from leaf `index` up to the root. Raises IndexError outside the tree."""
    if not 0 <= index < len(hashes):
        raise IndexError(f"no leaf {index} among {len(hashes)}")
    level, path = list(hashes), []
    while len(level) > 1:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        level, index = _level_above(level), index >> 1
    return path


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """True when `path` leads from leaf hash `leaf` at `index` of `size` to `root` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, place, last = leaf, index, size - 1
    for beside in path:
        if last == 0 or len(beside) != 32:
            return False
        if place & 1 or place == last:
            here = node_hash(beside, here)
            while not place & 1:
                place, last = place >> 1, last >> 1
        else:
            here = node_hash(here, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and here == root


def checkpoint_bytes(checkpoint: Checkpoint) -> bytes:
    """The bytes that are signed. Raises ValueError when a part does not fit the layout."""
    if checkpoint.at.tzinfo is None or len(checkpoint.prev) != 32 or len(checkpoint.batch_root) != 32:
        raise ValueError("a checkpoint needs a time with a zone and hashes of 32 bytes")
    try:
        return _CHECKPOINT_LAYOUT.pack(
            _CHECKPOINT,
            checkpoint.number,
            (checkpoint.at - _EPOCH) // _MICROSECOND,
            checkpoint.prev,
            checkpoint.batch_root,
            checkpoint.batch_size,
            checkpoint.total_dossiers,
            checkpoint.total_events,
        )
    except struct.error as error:
        raise ValueError(f"the checkpoint does not fit the layout: {error}") from error


def checkpoint_hash(checkpoint: Checkpoint) -> bytes:
    """The hash by which the next checkpoint names this one."""
    return sha256(checkpoint_bytes(checkpoint)).digest()


def next_checkpoint(
    before: Checkpoint | None, at: datetime, leaves: Sequence[Leaf], *, new_dossiers: int, new_events: int
) -> Checkpoint:
    """The checkpoint after `before` over the heads that changed, still unsigned.

    `new_dossiers` and `new_events` are what the journal gained since. Raises ValueError as `batch_root`.
    """
    return Checkpoint(
        number=1 if before is None else before.number + 1,
        at=at,
        prev=GENESIS if before is None else checkpoint_hash(before),
        batch_root=batch_root(leaves),
        batch_size=len(leaves),
        total_dossiers=new_dossiers + (0 if before is None else before.total_dossiers),
        total_events=new_events + (0 if before is None else before.total_events),
    )


def key_id(public_key: bytes) -> str:
    """The short name of a raw Ed25519 public key: the first 16 hex digits of its SHA-256."""
    return sha256(public_key).hexdigest()[:16]


def verify_signature(public_key: bytes, checkpoint: Checkpoint) -> bool:
    """True when the checkpoint's signature was made by the owner of the raw 32-byte public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(checkpoint.signature, checkpoint_bytes(checkpoint))
    except (InvalidSignature, ValueError):
        return False
    return True


def export_checkpoint(checkpoint: Checkpoint, leaves: Iterable[Leaf] | None = None) -> dict[str, object]:
    """The checkpoint as one line of the published list; with its leaves, of an exported journal."""
    line: dict[str, object] = {
        "checkpoint": checkpoint.number,
        "at": instant_text(checkpoint.at),
        "prev": checkpoint.prev.hex(),
        "batch_root": checkpoint.batch_root.hex(),
        "batch_size": checkpoint.batch_size,
        "total_dossiers": checkpoint.total_dossiers,
        "total_events": checkpoint.total_events,
        "signature": checkpoint.signature.hex(),
        "key_id": checkpoint.key_id,
    }
    if leaves is not None:
        line["leaves"] = [[leaf.dossier_id, leaf.seq, leaf.head.hex()] for leaf in leaves]
    return line


def verify_checkpoints(
    checkpoints: Iterable[tuple[Checkpoint, Sequence[Leaf]]],
    public_keys: Mapping[str, bytes],
    kept: Mapping[int, bytes] | None = None,
    newest: MutableMapping[int, int] | None = None,
) -> Iterator[CheckpointBreak]:
    """Everything wrong with the checkpoints, given in the order of their numbers with their leaves.

    `public_keys` are all trusted raw keys by `key_id`; `kept` are hashes by number known from outside the
    database (receipts, the published list). `newest`, when given, receives each dossier's newest sealed seq
    and lets the totals be checked; it needs room for one number per dossier of the city.
    """
    before: Checkpoint | None = None
    hash_before: bytes | None = GENESIS
    trusted = kept or {}
    # After a gap or a broken batch the sums are unknown, and what broke them has been named.
    adds_up = True
    for checkpoint, leaves in checkpoints:
        number = checkpoint.number
        ours = _hash_or_none(checkpoint)
        expected = 1 if before is None else before.number + 1
        if number > expected:
            yield CheckpointBreak(expected, "checkpoint_missing")
        elif number < expected or ours is None or checkpoint.prev != hash_before:
            yield CheckpointBreak(number, "checkpoint_altered")
        if checkpoint.key_id not in public_keys:
            yield CheckpointBreak(number, "checkpoint_other_key")
        elif not verify_signature(public_keys[checkpoint.key_id], checkpoint):
            yield CheckpointBreak(number, "checkpoint_unsigned")
        if not _is_batch(checkpoint, leaves):
            yield CheckpointBreak(number, "batch_altered")
            adds_up = False
        elif newest is not None:
            adds_up = adds_up and number == expected
            yield from _batch_breaks(checkpoint, before, leaves, newest, adds_up)
        if number in trusted and trusted[number] != ours:
            yield CheckpointBreak(number, "checkpoint_replaced")
        before, hash_before = checkpoint, ours
    reached = 0 if before is None else before.number
    if max(trusted, default=0) > reached:
        yield CheckpointBreak(reached + 1, "checkpoints_cut")


def _hash_or_none(checkpoint: Checkpoint) -> bytes | None:
    try:
        return checkpoint_hash(checkpoint)
    except ValueError:
        return None


def _level_above(level: list[bytes]) -> list[bytes]:
    above = [node_hash(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
    return [*above, level[-1]] if len(level) % 2 else above


def _is_batch(checkpoint: Checkpoint, leaves: Sequence[Leaf]) -> bool:
    try:
        return len(leaves) == checkpoint.batch_size and batch_root(leaves) == checkpoint.batch_root
    except ValueError:
        return False


def _batch_breaks(
    checkpoint: Checkpoint,
    before: Checkpoint | None,
    leaves: Sequence[Leaf],
    newest: MutableMapping[int, int],
    adds_up: bool,
) -> Iterator[CheckpointBreak]:
    dossiers, events = (0, 0) if before is None else (before.total_dossiers, before.total_events)
    for dossier, seq, _ in leaves:
        earlier = newest.get(dossier, 0)
        if seq <= earlier:
            yield CheckpointBreak(checkpoint.number, "batch_rolled_back")
        dossiers += earlier == 0
        events += seq - earlier
        newest[dossier] = seq
    if adds_up and (dossiers, events) != (checkpoint.total_dossiers, checkpoint.total_events):
        yield CheckpointBreak(checkpoint.number, "totals_wrong")
