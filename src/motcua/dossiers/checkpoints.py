"""Checkpoints: each minute the worker seals all heads that changed, chains the seal and signs it.

What a checkpoint states and how it is checked is in `law/merkle`. A copy of every seal goes to a file outside
the database, so that a database that was set back is found out.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from motcua.dossiers import clock, store
from motcua.dossiers.followers import follow
from motcua.law.merkle import (
    Checkpoint,
    Leaf,
    checkpoint_bytes,
    checkpoint_hash,
    export_checkpoint,
    key_id,
    next_checkpoint,
)

FOLLOWER = "seal"
LARGEST_BATCH = 20_000
TAIL = 1 << 16

_COLUMNS = "number, at, prev, root, leaves, dossiers, events, signature, key_id"


def raw_public_key(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of the public half."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def last_checkpoint() -> Checkpoint | None:
    """The newest checkpoint, or None before the first."""
    with store.cursor() as run:
        row = run.execute(f"SELECT {_COLUMNS} FROM dossiers_checkpoint ORDER BY number DESC LIMIT 1").fetchone()
    return None if row is None else _checkpoint(row)


def _checkpoint(row: Sequence[Any]) -> Checkpoint:
    number, at, prev, root, leaves, dossiers, events, signature, key = row
    return Checkpoint(number, at, bytes(prev), bytes(root), leaves, dossiers, events, bytes(signature), key)


def seal(key: Ed25519PrivateKey, kept: Path) -> list[Checkpoint]:
    """Seals everything that changed since the last checkpoint; returns the new ones (none, or several when much
    was waiting). `kept` is the file outside the database to which each is added."""
    made: list[Checkpoint] = []
    while follow(FOLLOWER, lambda ids: made.extend(_seal_batch(key, ids)), LARGEST_BATCH, lasting=True).taken:
        continue
    _keep(kept)
    return made


def _seal_batch(key: Ed25519PrivateKey, dossier_ids: Sequence[int]) -> list[Checkpoint]:
    with store.cursor() as run:
        heads = run.execute(
            "SELECT id, seq, head FROM dossiers_dossier WHERE id = ANY (%s) ORDER BY id", (list(dossier_ids),)
        ).fetchall()
        sealed = dict(
            run.execute(
                "SELECT dossier_id, max(seq) FROM dossiers_checkpointleaf WHERE dossier_id = ANY (%s) GROUP BY 1",
                (list(dossier_ids),),
            ).fetchall()
        )
    leaves = [Leaf(row[0], row[1], bytes(row[2])) for row in heads if row[1] > sealed.get(row[0], 0)]
    if not leaves:
        return []
    unsigned = next_checkpoint(
        last_checkpoint(),
        clock.now(),
        leaves,
        new_dossiers=sum(leaf.dossier_id not in sealed for leaf in leaves),
        new_events=sum(leaf.seq - sealed.get(leaf.dossier_id, 0) for leaf in leaves),
    )
    named = unsigned._replace(key_id=key_id(raw_public_key(key)))
    checkpoint = named._replace(signature=key.sign(checkpoint_bytes(named)))
    _write(checkpoint, leaves)
    return [checkpoint]


def _write(checkpoint: Checkpoint, leaves: list[Leaf]) -> None:
    with store.cursor() as run:
        run.execute(
            f"INSERT INTO dossiers_checkpoint ({_COLUMNS}, hash) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                checkpoint.number,
                checkpoint.at,
                checkpoint.prev,
                checkpoint.batch_root,
                checkpoint.batch_size,
                checkpoint.total_dossiers,
                checkpoint.total_events,
                checkpoint.signature,
                checkpoint.key_id,
                checkpoint_hash(checkpoint),
            ),
        )
        run.execute(
            "INSERT INTO dossiers_checkpointleaf (checkpoint, dossier_id, seq, head)"
            " SELECT %s, u.* FROM unnest(%s::bigint[], %s::int[], %s::bytea[]) AS u",
            (
                checkpoint.number,
                [leaf.dossier_id for leaf in leaves],
                [leaf.seq for leaf in leaves],
                [leaf.head for leaf in leaves],
            ),
        )


def _keep(kept: Path) -> None:
    """Adds every checkpoint that is not in the file yet; one may be missing after a fall just behind its commit."""
    latest = max(_hashes_in(_tail(kept)), default=0)
    with store.cursor() as run:
        rows = run.execute(
            f"SELECT {_COLUMNS} FROM dossiers_checkpoint WHERE number > %s ORDER BY number", (latest,)
        ).fetchall()
    if not rows:
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("a+b") as stream:
        if stream.tell() and not _ends_with_newline(kept):
            stream.write(b"\n")
        for row in rows:
            found = _checkpoint(row)
            line = export_checkpoint(found) | {"hash": checkpoint_hash(found).hex()}
            stream.write(json.dumps(line, sort_keys=True).encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def _tail(path: Path) -> list[str]:
    """The last lines of the file, however long it has become."""
    if not path.exists():
        return []
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - TAIL))
        return stream.read().decode("utf-8", "replace").splitlines()


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"


def kept_hashes(kept: Path) -> dict[int, bytes]:
    """The hashes in the file outside the database, by number; a torn line counts for nothing."""
    return _hashes_in(kept.read_text(encoding="utf-8", errors="replace").splitlines()) if kept.exists() else {}


def _hashes_in(lines: Iterable[str]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for line in lines:
        try:
            entry = json.loads(line)
            found[int(entry["checkpoint"])] = bytes.fromhex(entry["hash"])
        except (ValueError, KeyError, TypeError):
            continue
    return found


def leaves_of(number: int) -> list[Leaf]:
    """The leaves of one checkpoint, by dossier."""
    with store.cursor() as run:
        rows = run.execute(
            "SELECT dossier_id, seq, head FROM dossiers_checkpointleaf WHERE checkpoint = %s ORDER BY dossier_id",
            (number,),
        ).fetchall()
    return [Leaf(row[0], row[1], bytes(row[2])) for row in rows]


def checkpoint(number: int) -> Checkpoint | None:
    """One checkpoint, or None."""
    with store.cursor() as run:
        row = run.execute(f"SELECT {_COLUMNS} FROM dossiers_checkpoint WHERE number = %s", (number,)).fetchone()
    return None if row is None else _checkpoint(row)


def covering(dossier_id: int, seq: int) -> Checkpoint | None:
    """The first checkpoint that covers event `seq` of a dossier, or None while it is not sealed yet."""
    with store.cursor() as run:
        row = run.execute(
            "SELECT checkpoint FROM dossiers_checkpointleaf WHERE dossier_id = %s AND seq >= %s"
            " ORDER BY checkpoint LIMIT 1",
            (dossier_id, seq),
        ).fetchone()
    return checkpoint(row[0]) if row else None


def all_checkpoints() -> Iterator[tuple[Checkpoint, list[Leaf]]]:
    """Every checkpoint with its leaves, in order, a few at a time."""
    number = 0
    while True:
        with store.cursor() as run:
            rows = run.execute(
                f"SELECT {_COLUMNS} FROM dossiers_checkpoint WHERE number > %s ORDER BY number LIMIT 200", (number,)
            ).fetchall()
        if not rows:
            return
        for row in rows:
            found = _checkpoint(row)
            yield found, leaves_of(found.number)
            number = found.number


def newest(count: int) -> list[Checkpoint]:
    """The last `count` checkpoints, newest first."""
    with store.cursor() as run:
        rows = run.execute(f"SELECT {_COLUMNS} FROM dossiers_checkpoint ORDER BY number DESC LIMIT %s", (count,))
        return [_checkpoint(row) for row in rows.fetchall()]


def closing(days: Sequence[tuple[datetime, datetime]]) -> list[Checkpoint | None]:
    """The last checkpoint of each stretch of time (a day), or None where there was none; each from the index."""
    with store.cursor() as run:
        rows = run.execute(
            f"SELECT d.place, {_COLUMNS} FROM unnest(%s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY"
            " AS d(since, until, place) CROSS JOIN LATERAL (SELECT * FROM dossiers_checkpoint c"
            " WHERE c.at >= d.since AND c.at < d.until ORDER BY c.at DESC, c.number DESC LIMIT 1) c",
            ([each[0] for each in days], [each[1] for each in days]),
        ).fetchall()
    found = {row[0]: _checkpoint(row[1:]) for row in rows}
    return [found.get(place) for place in range(1, len(days) + 1)]


def between(since: datetime, until: datetime, after: int = 0, limit: int = 100) -> list[Checkpoint]:
    """The checkpoints of a stretch of time in their order, those above number `after`, at most `limit`."""
    with store.cursor() as run:
        rows = run.execute(
            f"SELECT {_COLUMNS} FROM dossiers_checkpoint WHERE at >= %s AND at < %s AND number > %s"
            " ORDER BY at, number LIMIT %s",
            (since, until, after, limit),
        ).fetchall()
    return [_checkpoint(row) for row in rows]
