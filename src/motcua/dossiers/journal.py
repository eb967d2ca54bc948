"""Reading the journal: what happened to a dossier, by whom and when. Writing is left to `store`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from django.db import connection
from psycopg.rows import tuple_row

from motcua.dossiers import store
from motcua.dossiers.rows import decode_event
from motcua.law.events import AnyEvent
from motcua.law.seal import SealedEvent

_MARK = re.compile(r"\d+(?: \((?P<giver>\d+)\))? (?P<name>.*)", re.DOTALL)


class Entry(msgspec.Struct, frozen=True):
    """One line of a dossier's history."""

    seq: int
    at: datetime
    type: str
    actor: str
    agency: int
    event: AnyEvent
    hash: bytes

    @property
    def actor_name(self) -> str:
        """The name in the mark `12 Name` or `12 (5) Name`."""
        found = _MARK.fullmatch(self.actor)
        return found["name"] if found else self.actor

    @property
    def stands_in_for(self) -> int:
        """The account by whose delegation the actor acted, 0 when it was by a post of their own."""
        found = _MARK.fullmatch(self.actor)
        return int(found["giver"] or 0) if found else 0


def history(dossier_id: int) -> list[Entry]:
    """A dossier's whole history, oldest first."""
    return [entry for _, entry in histories([dossier_id])]


_LINES = "SELECT dossier_id, seq, at, type, actor, agency, payload, hash FROM dossiers_event"


def histories(dossier_ids: Iterable[int]) -> Iterator[tuple[int, Entry]]:
    """The histories of several dossiers, in the order of their ids."""
    yield from _told(f"{_LINES} WHERE dossier_id = ANY (%s) ORDER BY dossier_id, seq", (list(dossier_ids),))


def between(after: int, last: int) -> Iterator[tuple[int, Entry]]:
    """The histories of all dossiers whose ids are above `after` and not above `last`, in the order of their ids."""
    yield from _told(f"{_LINES} WHERE dossier_id > %s AND dossier_id <= %s ORDER BY dossier_id, seq", (after, last))


def _told(query: str, parameters: Sequence[Any]) -> Iterator[tuple[int, Entry]]:
    with store.cursor() as run:
        run.execute(query, parameters)
        for row in run:
            yield row[0], Entry(row[1], row[2], row[3], row[4], row[5], decode_event(row[6]), bytes(row[7]))


def is_recorded(dossier_id: int, key: str) -> bool:
    """True when a command with this key has been carried out on the dossier."""
    with store.cursor() as run:
        return (
            run.execute(
                "SELECT FROM dossiers_event WHERE dossier_id = %s AND key = %s AND key <> ''", (dossier_id, key)
            ).fetchone()
            is not None
        )


_SEALED = "SELECT dossier_id, seq, at, type, actor, agency, key, payload, hash FROM dossiers_event"


def sealed_events(dossier_id: int) -> list[SealedEvent]:
    """A dossier's rows as they are sealed, for proofs."""
    with store.cursor() as run:
        rows = run.execute(f"{_SEALED} WHERE dossier_id = %s ORDER BY seq", (dossier_id,)).fetchall()
    return [_sealed(row) for row in rows]


def every_sealed_event() -> Iterator[SealedEvent]:
    """The whole journal by dossier and seq, streamed; within a transaction of the caller's."""
    with psycopg.ServerCursor(connection.connection, "journal", row_factory=tuple_row) as cursor:
        cursor.itersize = 2000
        for row in cursor.execute(f"{_SEALED} ORDER BY dossier_id, seq"):
            yield _sealed(row)


def _sealed(row: Sequence[Any]) -> SealedEvent:
    dossier, seq, at, kind, actor, agency, key, payload, seal = row
    return SealedEvent(
        dossier_id=dossier, seq=seq, at=at, type=kind, actor=actor, agency=agency, key=key,
        payload=payload.encode(), hash=bytes(seal),
    )  # fmt: skip
