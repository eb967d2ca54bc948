"""The record of agencies and procedures day by day: what was opened, closed and closed late before a day.

Only whole days before the one asked about are counted, so that nothing of the day itself or of later ones is known.
Pure; its rows are read in `risk`.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import accumulate
from typing import Literal, NamedTuple

Kind = Literal["agency", "procedure"]
WINDOW = {"agency": 90, "procedure": 180}
# Few cases say little: so many more are added at the mean of all.
STEADYING = 20.0
ALL = "all"


class Day(NamedTuple):
    """What an agency or a procedure did on one day."""

    kind: Kind
    key: int | str
    day: date
    opened: int
    closed: int
    late: int


class _Sums(NamedTuple):
    days: list[int]
    opened: list[int]
    closed: list[int]
    late: list[int]

    def before(self, day: int) -> tuple[int, int, int]:
        """Opened, closed and closed late before the day."""
        at = bisect_left(self.days, day)
        return self.opened[at], self.closed[at], self.late[at]


class Record:
    """The sums of all days handed in."""

    def __init__(self, days: Iterable[Day]) -> None:
        rows: dict[tuple[str, int | str], dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
        for each in days:
            for key in (each.key, ALL):
                counts = rows[each.kind, key][each.day.toordinal()]
                counts[0] += each.opened
                counts[1] += each.closed
                counts[2] += each.late
        self._sums = {key: _summed(found) for key, found in rows.items()}

    def late_share(self, kind: Kind, key: int | str, day: date) -> tuple[float, float]:
        """The late share of what was closed in the window before the day, steadied by the mean of all; and of how
        many."""
        closed, late = self._window(kind, key, day)
        all_closed, all_late = self._window(kind, ALL, day)
        mean = all_late / all_closed if all_closed else 0.0
        return (late + STEADYING * mean) / (closed + STEADYING), float(closed)

    def _window(self, kind: Kind, key: int | str, day: date) -> tuple[int, int]:
        sums = self._sums.get((kind, key))
        if sums is None:
            return 0, 0
        _, closed, late = sums.before(day.toordinal())
        _, closed_then, late_then = sums.before(day.toordinal() - WINDOW[kind])
        return closed - closed_then, late - late_then

    def backlog(self, agency: int, day: date) -> tuple[float, float]:
        """Pieces open at the agency when the day began, and how many working days they are at its usual pace."""
        sums = self._sums.get(("agency", agency))
        if sums is None:
            return 0.0, 0.0
        opened, closed, _ = sums.before(day.toordinal())
        done, _ = self._window("agency", agency, day)
        pace = done / (WINDOW["agency"] * 5 / 7)
        waiting = max(opened - closed, 0)
        return float(waiting), waiting / pace if pace else float(waiting)


def _summed(rows: dict[int, list[int]]) -> _Sums:
    days = sorted(rows)
    columns = [[0, *accumulate(rows[day][at] for day in days)] for at in range(3)]
    return _Sums(days, *columns)
