"""Counting for the forms: one statement over the sums, whatever the size of the city.

What is taken over and what is left are the changes of the stock added up to the ends of the period, received and
answered the flows between. A period that still runs ends now, with what is open at this moment, in the same
statement: two would see two different journals.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from motcua.dossiers import store
from motcua.reports.carry import BASE
from motcua.reports.periods import Period, half_of
from motcua.statutory.columns import Line
from motcua.statutory.scope import Scope
from motcua.statutory.words import tier_of

DIMENSIONS = ("receiving", "field", "procedure")

CONDITION = """
    (%(places)s::int[] IS NULL OR receiving = ANY (%(places)s::int[]))
    AND (%(field)s = '' OR field = %(field)s) AND (%(procedure)s = '' OR procedure = %(procedure)s)
"""


class Part(msgspec.Struct, frozen=True):
    """A scope narrowed to what a row of a form stands for: a field, a procedure, a tier, an agency."""

    scope: Scope
    field: str = ""
    procedure: str = ""
    tier: str = ""
    receiving: int = 0

    def places(self) -> list[int] | None:
        """The receiving agencies; None for all."""
        found = self.scope.places()
        if self.receiving:
            return [self.receiving] if found is None or self.receiving in found else []
        if self.tier:
            return [each for each in Scope("tier", tier=self.tier).places() or () if found is None or each in found]
        return found

    def parameters(self) -> dict[str, Any]:
        """The parameters of `CONDITION`."""
        return {"places": self.places(), "field": self.field, "procedure": self.procedure}


# What was open at the last half month that is carried, and every change from there on.
_SUMS = """
    SELECT {dims}, sum(d_in_time) FILTER (WHERE half < %(first)s) AS taken_in_time,
           sum(d_overdue) FILTER (WHERE half < %(first)s) AS taken_overdue,
           sum(d_waiting) FILTER (WHERE half < %(first)s) AS taken_waiting,
           sum(received_online) FILTER (WHERE half >= %(first)s) AS online,
           sum(received - received_online) FILTER (WHERE half >= %(first)s) AS counter,
           sum(before_date) FILTER (WHERE half >= %(first)s) AS before_date,
           sum(on_time) FILTER (WHERE half >= %(first)s) AS on_time,
           sum(late) FILTER (WHERE half >= %(first)s) AS late,
           sum(dropped) FILTER (WHERE half >= %(first)s) AS ended, {left},
           sum(declined + withdrawn + stopped + closed - dropped) FILTER (WHERE half >= %(first)s) AS not_accepted,
           sum(granted) FILTER (WHERE half >= %(first)s) AS granted,
           sum(refused) FILTER (WHERE half >= %(first)s) AS refused
      FROM reports_cube WHERE half >= {base} AND half <= %(last)s AND {condition} GROUP BY {dims}
    UNION ALL
    SELECT {dims}, sum(in_time), sum(overdue), sum(waiting), 0, 0, 0, 0, 0, 0, {left_carried}, 0, 0, 0
      FROM reports_carry WHERE half = {base} AND {condition} GROUP BY {dims}
"""
_LEFT_CARRIED = "sum(in_time), sum(overdue), sum(waiting)"
_LEFT = "sum(d_in_time) AS in_time, sum(d_overdue) AS overdue, sum(d_waiting) AS waiting"
_NOTHING_LEFT = "0 AS in_time, 0 AS overdue, 0 AS waiting"
_OPEN_NOW = """
    UNION ALL
    SELECT {dims}, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(*) FILTER (WHERE NOT waiting AND due_at >= %(now)s),
           count(*) FILTER (WHERE NOT waiting AND due_at < %(now)s), count(*) FILTER (WHERE waiting), 0, 0, 0
      FROM reports_dossierfact
     WHERE finished_at IS NULL AND accepted_at IS NOT NULL AND NOT replayed AND {condition} GROUP BY {dims}
"""
_MEASURES = Line.__struct_fields__


def counted(
    part: Part, period: Period, by: tuple[str, ...], now: datetime, *, running: bool
) -> dict[tuple[str, ...], Line]:
    """The counts of a part of the city in a period, by the dimensions named in `by`; groups of nothing are left out.

    Dimensions: `receiving`, `tier` (of the receiving agency's house), `field`, `procedure`.
    """
    asked = tuple(dict.fromkeys("receiving" if each == "tier" else each for each in by))
    dims = ", ".join(each for each in DIMENSIONS if each in asked)
    left, carried = (_NOTHING_LEFT, "0, 0, 0") if running else (_LEFT, _LEFT_CARRIED)
    source = _SUMS.format(dims=dims, left=left, left_carried=carried, base=BASE, condition=CONDITION)
    if running:
        source += _OPEN_NOW.format(dims=dims, condition=CONDITION)
    wanted = ", ".join(f"coalesce(sum({each}), 0)::bigint" for each in _MEASURES)
    query = f"SELECT {dims}, {wanted} FROM ({source}) AS parts GROUP BY {dims}"
    first, last = period.halves
    parameters = {
        **part.parameters(), "first": first, "last": min(last, half_of(now)), "now": now,
    }  # fmt: skip
    with store.cursor() as run:
        rows = run.execute(query, parameters).fetchall()
    names = [each for each in DIMENSIONS if each in asked]
    found: dict[tuple[str, ...], Line] = {}
    for row in rows:
        line = Line(*row[len(names) :])
        if line == Line():
            continue
        key = _key(dict(zip(names, row, strict=False)), by)
        found[key] = found.get(key, Line()) + line
    return found


def _key(values: Mapping[str, Any], by: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tier_of(values["receiving"]) if each == "tier" else str(values[each]) for each in by)


def total(part: Part, period: Period, now: datetime, *, running: bool) -> Line:
    """The counts of a part in all."""
    return sum(counted(part, period, ("field",), now, running=running).values(), Line())
