"""Reads past and open dossiers from the facts, in the shapes that what-if and chances reckon with."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from motcua.dossiers import store
from motcua.dossiers.clock_face import calendar_of
from motcua.flow.features import Case, Span, Stretch
from motcua.flow.slices import WAYS, Slice
from motcua.flow.whatif import Life, Piece

# So many lives are replayed; of more, the same chance sample every time.
MOST_LIVES = 20_000
_PARTS = 1 << 20


class Lives(msgspec.Struct, frozen=True):
    """The lives of a slice, or a sample of them; `total` is how many there are."""

    lives: list[Life]
    total: int


def lives(part: Slice) -> Lives:
    """The answered dossiers of a slice, as what-if wants them."""
    answered = f"{WAYS} AND w.outcome IN ('granted', 'refused')"
    query = f"""
        WITH chosen AS MATERIALIZED (
            SELECT w.dossier_id FROM flow_way w
             WHERE {answered} AND (hashint8extended(w.dossier_id, 0) & {_PARTS - 1}) < %(below)s)
        SELECT f.dossier_id, f.receiving, f.due_at, f.finished_at, f.timeliness = 'late', s.step, s.stage,
               coalesce(s.worked, 0), CASE WHEN s.sent_by <> 0 THEN coalesce(s.in_transit, 0) ELSE 0 END
          FROM chosen c JOIN reports_dossierfact f ON f.dossier_id = c.dossier_id
          JOIN reports_stagefact s ON s.dossier_id = f.dossier_id AND s.kind = 'step' AND s.opened <= f.finished_at
         WHERE f.due_at IS NOT NULL AND f.timeliness <> '' ORDER BY f.dossier_id, s.no
    """
    with store.cursor() as run:
        row: Any = run.execute(f"SELECT count(*) FROM flow_way w WHERE {answered}", part.parameters()).fetchone()
        total = row[0]
        below = _PARTS if total <= MOST_LIVES else MOST_LIVES * _PARTS // total
        rows = run.execute(query, {**part.parameters(), "below": below}).fetchall()
    return Lives(_lives(rows), total)


def _lives(rows: Sequence[tuple[Any, ...]]) -> list[Life]:
    found: list[Life] = []
    pieces: list[Piece] = []
    for at, (dossier_id, receiving, due, finished, late, *piece) in enumerate(rows):
        pieces.append(Piece(*piece))
        if at + 1 == len(rows) or rows[at + 1][0] != dossier_id:
            found.append(Life(dossier_id, tuple(pieces), late, slack(receiving, due, finished)))
            pieces = []
    return found


def slack(receiving: int, due: datetime, finished: datetime) -> int:
    """Worked minutes between the end and the date: negative when the end came after it."""
    calendar = calendar_of(receiving)
    if finished <= due:
        return calendar.worked_minutes_between(finished, due)
    return -calendar.worked_minutes_between(due, finished)


def cases(dossier_ids: Sequence[int]) -> list[Case]:
    """These accepted dossiers as the features want them, in the order of their ids."""
    ids = {"ids": list(dossier_ids)}
    stretches: dict[int, list[Stretch]] = defaultdict(list)
    spans: dict[int, list[Span]] = defaultdict(list)
    with store.cursor() as run:
        for dossier_id, *rest in run.execute(
            "SELECT dossier_id, step, agency, opened, received, closed, ended_by FROM reports_stagefact"
            " WHERE dossier_id = ANY (%(ids)s) AND kind = 'step' ORDER BY dossier_id, no", ids,
        ):  # fmt: skip
            stretches[dossier_id].append(Stretch(*rest))
        for dossier_id, *rest in run.execute(
            "SELECT dossier_id, since, until, state, ground, due FROM reports_span"
            " WHERE dossier_id = ANY (%(ids)s) ORDER BY dossier_id, no", ids,
        ):  # fmt: skip
            spans[dossier_id].append(Span(*rest))
        rows = run.execute(
            "SELECT dossier_id, procedure, version, receiving, channel, accepted_at, finished_at, timeliness = 'late'"
            " FROM reports_dossierfact WHERE dossier_id = ANY (%(ids)s) AND accepted_at IS NOT NULL"
            " ORDER BY dossier_id", ids,
        ).fetchall()  # fmt: skip
    return [Case(*(*row[:6], tuple(stretches[row[0]]), tuple(spans[row[0]]), *row[6:])) for row in rows]
