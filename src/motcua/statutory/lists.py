"""The dossiers behind every figure of form II.06, a page at a time, each with where its time went.

A column is several parts, and each part a list with an index of its own: a page goes on from one to the next. Stocks
are read off the spans, which no later act changes; names nobody and shows no paper.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from motcua.dossiers import store
from motcua.reports.periods import Period
from motcua.reports.stock import AT
from motcua.statutory.columns import PARTS, Part
from motcua.statutory.reckoning import CONDITION
from motcua.statutory.reckoning import Part as Place
from motcua.tables import page_keys

PAGE = 50

_ACCEPTED = "accepted_at >= %(begin)s AND accepted_at < %(end)s AND NOT replayed"
_FINISHED = "finished_at >= %(begin)s AND finished_at < %(end)s AND NOT replayed"
_UNANSWERED = f"{_FINISHED} AND outcome IN ('declined', 'withdrawn', 'stopped', 'closed')"
_OPEN_NOW = "finished_at IS NULL AND accepted_at IS NOT NULL AND NOT replayed"
_STANDS = {
    "in_time": "state = 'open' AND (due IS NULL OR due >= %(at)s)",
    "overdue": "state = 'open' AND due < %(at)s",
    "waiting": "state = 'waiting'",
}
# For each part of the facts: what is in it, and the column of its order.
_FACTS: dict[Part, tuple[str, str]] = {
    "online": (f"{_ACCEPTED} AND channel = 'online'", "accepted_at"),
    "counter": (f"{_ACCEPTED} AND channel <> 'online'", "accepted_at"),
    "before_date": (f"{_FINISHED} AND timeliness = 'before_date'", "finished_at"),
    "on_time": (f"{_FINISHED} AND timeliness = 'on_time'", "finished_at"),
    "late": (f"{_FINISHED} AND timeliness = 'late'", "finished_at"),
    "ended": (f"{_UNANSWERED} AND accepted_at IS NOT NULL", "finished_at"),
    "not_accepted": (f"{_UNANSWERED} AND accepted_at IS NULL", "finished_at"),
}
_NOW: dict[Part, tuple[str, str]] = {
    "in_time": (f"{_OPEN_NOW} AND NOT waiting AND due_at >= %(now)s", "due_at"),
    "overdue": (f"{_OPEN_NOW} AND NOT waiting AND due_at < %(now)s", "due_at"),
    "waiting": (f"{_OPEN_NOW} AND waiting", "due_at"),
}


class Item(msgspec.Struct, frozen=True):
    """One dossier of a list; `part` says as which of the column's parts it is counted."""

    part: Part
    dossier_id: int
    code: str
    procedure: str
    version: int
    receiving: int
    resolving: int
    lodged_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    outcome: str
    timeliness: str


_COLUMNS = ", ".join(f"f.{each}" for each in Item.__struct_fields__[1:])


class Behind:
    """The list behind one cell: the parts of its column, in a part of the city and a period."""

    def __init__(
        self, parts: Sequence[Part], where: Place, period: Period, now: datetime, *, running: bool = False
    ) -> None:
        self.parts, self.where, self.period, self.now, self.running = tuple(parts), where, period, now, running

    def page(self, after: str = "", limit: int = PAGE) -> tuple[list[Item], str]:
        """One page, and the key of the next ('' when this is the last). Raises ValueError on a key that is none."""
        at, key = self._begin(after)
        found: list[Item] = []
        while at < len(self.parts):
            rows = self._rows(self.parts[at], key, limit + 1 - len(found))
            found += [Item(self.parts[at], *row[1:]) for row in rows]
            if len(found) > limit:
                kept = found[:limit]
                return kept, self._key(kept[-1])
            at, key = at + 1, None
        return found, ""

    def counted(self) -> int:
        """How many there are, counted one by one: what the figure must be."""
        total = 0
        for part in self.parts:
            source, _, parameters = self._source(part)
            with store.cursor() as run:
                row = run.execute(f"SELECT count(*) FROM {source}", parameters).fetchone()
            total += row[0] if row else 0
        return total

    def _begin(self, after: str) -> tuple[int, tuple[datetime | None, int] | None]:
        if not after:
            return 0, None
        at, instant, number = page_keys.read(after, self.parts.index, _instant, page_keys.number)
        return at, (instant, number)

    def _key(self, item: Item) -> str:
        _, order, _ = self._source(item.part)
        instant = None if order == "dossier_id" else getattr(item, order)
        return page_keys.write(item.part, instant, item.dossier_id)

    def _source(self, part: Part) -> tuple[str, str, dict[str, Any]]:
        """Where a part is read, by which column it is ordered, and the parameters."""
        parameters = {
            **self.where.parameters(), "begin": self.period.begins, "end": self.period.ends, "now": self.now,
        }  # fmt: skip
        table = _NOW if self.running and part in _NOW else _FACTS
        if part in table:
            condition, order = table[part]
            return f"reports_dossierfact WHERE {condition} AND {CONDITION}", order, parameters
        stand = part.removeprefix("taken_")
        at = self.period.begins if part.startswith("taken_") else self.period.ends
        return f"reports_span WHERE {AT} AND {_STANDS[stand]} AND {CONDITION}", "dossier_id", {**parameters, "at": at}

    def _rows(self, part: Part, key: tuple[datetime | None, int] | None, limit: int) -> list[Any]:
        source, order, parameters = self._source(part)
        parameters |= {"limit": limit}
        beyond, by = "", "dossier_id" if order == "dossier_id" else f"{order}, dossier_id"
        if key is not None:
            instant, number = key
            parameters |= {"a_at": instant, "a_id": number}
            if (instant is None) != (order == "dossier_id"):
                raise page_keys.WrongKeyError("a key of another list")
            beyond = " AND dossier_id > %(a_id)s" if instant is None else f" AND ({by}) > (%(a_at)s, %(a_id)s)"
        # The page first, by its index; what is shown of each dossier afterwards.
        query = (
            f"SELECT p.*, {_COLUMNS} FROM (SELECT dossier_id FROM {source}{beyond} ORDER BY {by} LIMIT %(limit)s) p"
            f" JOIN reports_dossierfact f ON f.dossier_id = p.dossier_id"
            f" ORDER BY {'f.' + order + ', ' if order != 'dossier_id' else ''}f.dossier_id"
        )
        with store.cursor() as run:
            return run.execute(query, parameters).fetchall()


def _instant(words: str) -> datetime | None:
    return page_keys.instant(words) if words else None


class Where(msgspec.Struct, frozen=True):
    """Where a dossier's time went: a stage that was late, or, where none was, the longest."""

    dossier_id: int
    step: str
    agency: int
    late: bool
    opened: datetime
    closed: datetime | None
    due: datetime
    minutes: int | None


def time_went(dossier_ids: Sequence[int], now: datetime) -> dict[int, list[Where]]:
    """For each dossier the stages in which it was late, in their order; else the one that took the most minutes."""
    query = """
        SELECT dossier_id, step, agency, was_late, opened, closed, due, worked FROM (
            SELECT s.*, coalesce(s.late, s.due < %(now)s AND NOT f.waiting) AS was_late,
                   rank() OVER (PARTITION BY s.dossier_id
                                ORDER BY s.worked DESC NULLS FIRST, s.no) AS place,
                   bool_or(coalesce(s.late, s.due < %(now)s AND NOT f.waiting)) OVER (PARTITION BY s.dossier_id)
                   AS some_late
              FROM reports_stagefact s JOIN reports_dossierfact f ON f.dossier_id = s.dossier_id
             WHERE s.dossier_id = ANY (%(ids)s)) AS stages
         WHERE was_late OR (NOT some_late AND place = 1) ORDER BY dossier_id, no
    """
    found: dict[int, list[Where]] = {}
    with store.cursor() as run:
        for row in run.execute(query, {"ids": list(dossier_ids), "now": now}).fetchall():
            found.setdefault(row[0], []).append(Where(*row))
    return found


assert set(_FACTS) | set(_NOW) | {f"taken_{each}" for each in _STANDS} == set(PARTS)
