"""Journals and checkpoints for the tests of the seal, made by the law itself."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from motcua.law.merkle import Leaf, checkpoint_bytes, key_id, next_checkpoint
from motcua.law.seal import GENESIS, SealedEvent, canonical, event_hash

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
