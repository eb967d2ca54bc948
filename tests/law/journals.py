"""Journals and checkpoints for the tests of the seal, made by the law itself."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from motcua.law.merkle import (
    Leaf,
    checkpoint_bytes,
    export_checkpoint,
    key_id,
    next_checkpoint,
    verify_checkpoints,
)
from motcua.law.seal import GENESIS, Head, SealedEvent, canonical, event_hash, export_event, verify_chain

START = datetime(2018, 12, 28, 8, 30, tzinfo=UTC)
HOUSE_PERMIT = 476_741_369_857


def journal(dossier, types, *, with_prev=True, agency=1):
    """A dossier's honest journal."""
    prev, events = GENESIS, []
    for seq, kind in enumerate(types, 1):
        at, payload = START + timedelta(minutes=7 * seq), canonical({"kind": kind, "seq": seq})
        actor, key = f"official:{seq % 3}", f"key-{seq}"
        sealed = event_hash(prev, dossier, seq, at, kind, actor, agency, payload, key)
        events.append(
            SealedEvent(dossier, seq, at, kind, actor, agency, payload, sealed, prev if with_prev else None, key)
        )
        prev = sealed
    return events


LIFE = ["lodged", "accepted", "assigned", "forwarded", "signed", "returned"]
MIDNIGHT = datetime(2019, 1, 7, tzinfo=UTC)
SIGNER = Ed25519PrivateKey.from_private_bytes(b"demonstration key of the tests!!")
PUBLIC = SIGNER.public_key().public_bytes_raw()
KEYS = {key_id(PUBLIC): PUBLIC}


def sha(text):
    return sha256(text.encode()).digest()


def signed(checkpoint, signer=SIGNER):
    named = checkpoint._replace(key_id=key_id(signer.public_key().public_bytes_raw()))
    return named._replace(signature=signer.sign(checkpoint_bytes(named)))


def chain(*batches):
    """Signed checkpoints, one per batch of `{dossier: seq}`."""
    made, before, reached = [], None, {}
    for number, batch in enumerate(batches, 1):
        leaves = [Leaf(dossier, seq, sha(f"{dossier}/{seq}")) for dossier, seq in sorted(batch.items())]
        gained = sum(seq - reached.get(dossier, 0) for dossier, seq in batch.items())
        new = len(set(batch) - set(reached))
        at = MIDNIGHT + timedelta(minutes=number)
        before = signed(next_checkpoint(before, at, leaves, new_dossiers=new, new_events=gained))
        reached.update(batch)
        made.append((before, leaves))
    return made


class SealedCity:
    """Journals of some dossiers, sealed in several batches as they grew."""

    def __init__(self, lives, batches, *, with_prev=False):
        self.events = [
            event for number, types in lives.items() for event in journal(number, types, with_prev=with_prev)
        ]
        hashes = {(event.dossier_id, event.seq): event.hash for event in self.events}
        self.checkpoints, before, reached = [], None, {}
        for number, batch in enumerate(batches, 1):
            leaves = [Leaf(dossier, seq, hashes[dossier, seq]) for dossier, seq in sorted(batch.items())]
            new_events = sum(leaf.seq - reached.get(leaf.dossier_id, 0) for leaf in leaves)
            new = sum(leaf.dossier_id not in reached for leaf in leaves)
            at = MIDNIGHT + timedelta(minutes=number)
            before = signed(next_checkpoint(before, at, leaves, new_dossiers=new, new_events=new_events))
            self.checkpoints.append((before, leaves))
            reached |= {leaf.dossier_id: leaf.seq for leaf in leaves}

    def law_finds(self, kept=None):
        """What the law says is broken, as the verifier would put it."""
        reached = {}
        for _, leaves in self.checkpoints:
            for leaf in leaves:
                if leaf.seq > reached.get(leaf.dossier_id, leaf).seq or leaf.dossier_id not in reached:
                    reached[leaf.dossier_id] = leaf
        heads = [Head(*leaf, final=False) for _, leaf in sorted(reached.items())]
        chain = {tuple(each) for each in verify_chain(self.events, heads)}
        checkpoints = verify_checkpoints(self.checkpoints, KEYS, kept, {})
        return chain | {(0, each.number, each.what) for each in checkpoints}

    def lines(self):
        written = [export_event(event) for event in self.events]
        return written + [export_checkpoint(checkpoint, leaves) for checkpoint, leaves in self.checkpoints]

    def write(self, path):
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in self.lines())
        path.write_text(f"{text}\n", encoding="utf-8")
        return path

    def published(self, path):
        lines = [export_checkpoint(checkpoint) for checkpoint, _ in self.checkpoints]
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
        return path
