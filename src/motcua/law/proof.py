"""The proof a receipt carries: that its event leads to a head under a signed checkpoint, and to nothing else.

Whoever holds the file, the published checkpoints and the public key can check it without the city's database
and without seeing any other dossier. Making checkpoints is left to `merkle`, offering the file to the faces.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from motcua.law.canonical import instant_text
from motcua.law.merkle import (
    Checkpoint,
    Leaf,
    checkpoint_hash,
    inclusion_proof,
    leaf_hash,
    verify_inclusion,
    verify_signature,
)
from motcua.law.seal import SealedEvent, content_hash, link
from motcua.law.texts import Text

ProofFault = Literal[
    "event_differs", "not_linked", "not_included", "unsigned", "unknown_key", "other_checkpoint", "unreadable"
]

PROOF_WHAT: dict[ProofFault, Text] = {
    "event_differs": Text("nội dung sự kiện khác với bản đã niêm phong", "the event is not the one sealed"),
    "not_linked": Text("sự kiện không dẫn tới đầu chuỗi", "the event does not lead to the head of the chain"),
    "not_included": Text("đầu chuỗi không nằm trong điểm niêm phong", "the head is not under the checkpoint"),
    "unsigned": Text("chữ ký của điểm niêm phong không đúng", "the checkpoint's signature is wrong"),
    "unknown_key": Text("điểm niêm phong ký bằng khóa lạ", "the checkpoint is signed with an unknown key"),
    "other_checkpoint": Text(
        "điểm niêm phong khác với bản đã công bố", "the checkpoint is not the one that was published"
    ),
    "unreadable": Text("tệp chứng minh sai định dạng", "the proof has the wrong form"),
}


class ProvenEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The event in full, for those who may see it."""

    at: str
    type: str
    actor: str
    agency: int
    key: str
    payload: str


class ProvenCheckpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The checkpoint's fields; hashes in hex."""

    number: int
    at: str
    prev: str
    batch_root: str
    batch_size: int
    total_dossiers: int
    total_events: int


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is needed to check one event of one dossier; hashes in hex.

    `content` is the event's content hash and `after` those of the events between it and the head, which show
    nothing of what they say. `event` is there only when it was disclosed.
    """

    code: str
    dossier: int
    seq: int
    prev: str
    content: str
    after: tuple[str, ...]
    head: str
    index: int
    path: tuple[str, ...]
    checkpoint: ProvenCheckpoint
    signature: str
    key_id: str
    event: ProvenEvent | None = None
    format: Literal["motcua-proof-1"] = "motcua-proof-1"


def make_proof(
    code: str,
    prev: bytes,
    events: Sequence[SealedEvent],
    leaves: Sequence[Leaf],
    checkpoint: Checkpoint,
    *,
    disclosed: bool,
) -> Proof:
    """The proof of `events[0]`, which follows the hash `prev`.

    `events` run from the proven one to the dossier's head in the signed `checkpoint`, whose leaves are
    `leaves`. `disclosed` puts the event itself into the proof. Raises ValueError when the events do not end
    at that head.
    """
    first, last = events[0], events[-1]
    index = next((at for at, leaf in enumerate(leaves) if leaf.dossier_id == first.dossier_id), None)
    if index is None or leaves[index] != Leaf(last.dossier_id, last.seq, last.hash):
        raise ValueError("the events do not end at the dossier's head in this checkpoint")
    contents = [
        content_hash(event.at, event.type, event.actor, event.agency, event.payload, event.key) for event in events
    ]
    return Proof(
        code=code,
        dossier=first.dossier_id,
        seq=first.seq,
        prev=prev.hex(),
        content=contents[0].hex(),
        after=tuple(content.hex() for content in contents[1:]),
        head=last.hash.hex(),
        index=index,
        path=tuple(each.hex() for each in inclusion_proof([leaf_hash(leaf) for leaf in leaves], index)),
        checkpoint=_proven_checkpoint(checkpoint),
        signature=checkpoint.signature.hex(),
        key_id=checkpoint.key_id,
        event=_proven_event(first) if disclosed else None,
    )


def check_proof(
    proof: Proof, public_keys: Mapping[str, bytes], published: Mapping[int, bytes] | None = None
) -> list[ProofFault]:
    """What is wrong with the proof, nothing when it holds.

    `public_keys` are the trusted raw keys by `merkle.key_id`; `published` are checkpoint hashes by number,
    from the published list: one that is listed otherwise is a fault, one that is not listed yet is none.
    """
    try:
        return _proof_faults(proof, public_keys, published or {})
    except ValueError:
        return ["unreadable"]


def code_is_sealed(proof: Proof) -> bool | None:
    """True when the disclosed event itself states the dossier's code, None when no event was disclosed.

    The chain binds the dossier's number, not its public code; the acceptance, which draws it, does.
    """
    if proof.event is None:
        return None
    return f'"{proof.code}"' in proof.event.payload


def _proof_faults(proof: Proof, public_keys: Mapping[str, bytes], published: Mapping[int, bytes]) -> list[ProofFault]:
    faults: list[ProofFault] = []
    if proof.event is not None and _shown_content(proof.event) != bytes.fromhex(proof.content):
        faults.append("event_differs")
    here = bytes.fromhex(proof.prev)
    for seq, content in enumerate((proof.content, *proof.after), proof.seq):
        here = link(here, proof.dossier, seq, bytes.fromhex(content))
    head = bytes.fromhex(proof.head)
    if here != head:
        faults.append("not_linked")
    leaf = leaf_hash(Leaf(proof.dossier, proof.seq + len(proof.after), head))
    checkpoint = _stated(proof)
    path = [bytes.fromhex(each) for each in proof.path]
    if not verify_inclusion(leaf, proof.index, checkpoint.batch_size, path, checkpoint.batch_root):
        faults.append("not_included")
    if proof.key_id not in public_keys:
        faults.append("unknown_key")
    elif not verify_signature(public_keys[proof.key_id], checkpoint):
        faults.append("unsigned")
    if published.get(checkpoint.number, checkpoint_hash(checkpoint)) != checkpoint_hash(checkpoint):
        faults.append("other_checkpoint")
    return faults


def _shown_content(event: ProvenEvent) -> bytes:
    return content_hash(
        datetime.fromisoformat(event.at),
        event.type,
        event.actor,
        event.agency,
        event.payload.encode(),
        event.key,
    )


def _stated(proof: Proof) -> Checkpoint:
    stated = proof.checkpoint
    return Checkpoint(
        number=stated.number,
        at=datetime.fromisoformat(stated.at),
        prev=bytes.fromhex(stated.prev),
        batch_root=bytes.fromhex(stated.batch_root),
        batch_size=stated.batch_size,
        total_dossiers=stated.total_dossiers,
        total_events=stated.total_events,
        signature=bytes.fromhex(proof.signature),
        key_id=proof.key_id,
    )


def _proven_event(event: SealedEvent) -> ProvenEvent:
    return ProvenEvent(instant_text(event.at), event.type, event.actor, event.agency, event.key, event.payload.decode())


def _proven_checkpoint(checkpoint: Checkpoint) -> ProvenCheckpoint:
    return ProvenCheckpoint(
        checkpoint.number,
        instant_text(checkpoint.at),
        checkpoint.prev.hex(),
        checkpoint.batch_root.hex(),
        checkpoint.batch_size,
        checkpoint.total_dossiers,
        checkpoint.total_events,
    )
