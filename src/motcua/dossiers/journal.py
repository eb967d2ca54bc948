"""Reading the journal: what happened to a dossier, by whom and when. Writing is left to `store`."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from motcua.dossiers import store
from motcua.dossiers.rows import decode_event
from motcua.law.events import AnyEvent
from motcua.law.seal import SealedEvent


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
        """The name in the mark `12 Name`."""
        return self.actor.partition(" ")[2]


def history(dossier_id: int) -> list[Entry]:
    """A dossier's whole history, oldest first."""
    return [entry for _, entry in histories([dossier_id])]


def histories(dossier_ids: Iterable[int]) -> Iterator[tuple[int, Entry]]:
    """The histories of several dossiers, in the order of their ids."""
    with store.cursor() as run:
        run.execute(
            "SELECT dossier_id, seq, at, type, actor, agency, payload, hash FROM dossiers_event"
            " WHERE dossier_id = ANY (%s) ORDER BY dossier_id, seq",
            (list(dossier_ids),),
        )
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


def sealed_events(dossier_id: int) -> list[SealedEvent]:
    """A dossier's rows as they are sealed, for proofs."""
    with store.cursor() as run:
        rows = run.execute(
            "SELECT dossier_id, seq, at, type, actor, agency, key, payload, hash FROM dossiers_event"
            " WHERE dossier_id = %s ORDER BY seq",
            (dossier_id,),
        ).fetchall()
    return [
        SealedEvent(
            dossier_id=row[0],
            seq=row[1],
            at=row[2],
            type=row[3],
            actor=row[4],
            agency=row[5],
            key=row[6],
            payload=row[7].encode(),
            hash=bytes(row[8]),
        )
        for row in rows
    ]
