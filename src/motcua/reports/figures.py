"""The city's figures: what was received and answered in a period, what is open now, for any part of the city.

A period's figures come from the sums per half month, a day's and what is open from the facts themselves. "Today" is
the city's day. Replayed dossiers are in none of them. The lists behind the figures are in `lists`, what was open at
an instant of the past in `stock`.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from motcua.dossiers import followers, store
from motcua.law.limits import add_months
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.reports.counting import FLOWS
from motcua.reports.facts import NAME
from motcua.reports.periods import CUT, Period, each_half, midnight, next_half
from motcua.reports.standing import trouble

# Below so many answers a share says nothing about a unit, so none is shown.
FEWEST_TO_COMPARE = 10
MONTHS_SHOWN = 12
Key = TypeVar("Key", bound=Hashable)


class Filter(msgspec.Struct, frozen=True):
    """A part of the city and a period: half months from `first` to `last` (their first days), or one `day`.

    `agency` means the agency and everything below it; `tier` the tier of the receiving agency's house.
    """

    first: date
    last: date
    day: date | None = None
    tier: str = ""
    agency: int = 0
    field: str = ""
    procedure: str = ""

    def span(self) -> tuple[datetime, datetime]:
        """The period as instants: its first, and the first no longer in it, by the city's clock."""
        if self.day is not None:
            return midnight(self.day), midnight(self.day + timedelta(days=1))
        return midnight(self.first), midnight(next_half(self.last))

    def places(self) -> list[int] | None:
        """The numbers of the receiving agencies it covers, or None for all."""
        known = directory()
        if self.agency and self.agency not in known.by_number:
            return []
        below = known.below(self.agency) if self.agency else list(known.by_number)
        if not self.tier:
            return below if self.agency else None
        return [number for number in below if known[known.house(number)].tier == self.tier]

    @property
    def is_whole_city(self) -> bool:
        """True for everything in whole half months: then the city's own sums say the same as those of its parts."""
        return not (self.agency or self.tier or self.field or self.procedure) and self.day is None

    def parameters(self) -> dict[str, Any]:
        """The parameters of `CONDITION`."""
        begin, end = self.span()
        return {
            "places": self.places(), "field": self.field, "procedure": self.procedure, "begin": begin, "end": end,
            "first": self.first, "last": self.last,
        }  # fmt: skip


# The part of the city, for any table with these columns.
CONDITION = """
    (%(places)s::int[] IS NULL OR receiving = ANY (%(places)s::int[]))
    AND (%(field)s = '' OR field = %(field)s) AND (%(procedure)s = '' OR procedure = %(procedure)s)
"""


def months_to(day: date, count: int = MONTHS_SHOWN) -> Filter:
    """The whole city in the `count` months that end with the one of `day`."""
    last = day.replace(day=1)
    return Filter(first=add_months(last, 1 - count), last=last.replace(day=CUT))


def of_period(period: Period, which: Filter | None = None) -> Filter:
    """The same part of the city (all of it when none is given) in a period."""
    first, last = period.halves
    return msgspec.structs.replace(which or Filter(first, last), first=first, last=last, day=None)


class Figures(msgspec.Struct, frozen=True):
    """Numbers of dossiers. `received` to `handed` belong to the period, those that begin with `open_` to now.

    Answered means granted or refused with a result; what was withdrawn, stopped, closed or declined stands
    apart, so that none of it can pass for "on time"; `dropped` is as much of that as had been accepted.
    """

    received: int = 0
    received_online: int = 0
    before_date: int = 0
    on_time: int = 0
    late: int = 0
    granted: int = 0
    refused: int = 0
    declined: int = 0
    withdrawn: int = 0
    stopped: int = 0
    closed: int = 0
    dropped: int = 0
    handed: int = 0
    open_in_time: int = 0
    open_overdue: int = 0
    open_waiting: int = 0
    open_lodged: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        pairs = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return Figures(*(one + more for one, more in pairs))

    @property
    def answered(self) -> int:
        """Before the date, on time or late."""
        return self.before_date + self.on_time + self.late

    @property
    def not_late(self) -> int:
        """Before the date or on time."""
        return self.before_date + self.on_time

    @property
    def share_on_time(self) -> float | None:
        """The share of answers that were not late; None, never a rate, when nothing was answered."""
        return self.not_late / self.answered if self.answered else None

    @property
    def too_few(self) -> bool:
        """True when there are too few answers to compare."""
        return self.answered < FEWEST_TO_COMPARE

    @property
    def open_accepted(self) -> int:
        """Accepted and not yet answered."""
        return self.open_in_time + self.open_overdue + self.open_waiting

    @property
    def ended_otherwise(self) -> int:
        """Ended without an answer."""
        return self.declined + self.withdrawn + self.stopped + self.closed


OPEN_MEASURES = ("open_in_time", "open_overdue", "open_waiting", "open_lodged")

# One day, in the shape of the monthly sums.
_DAY = """(
    SELECT receiving, field, procedure, 1 AS received, (channel = 'online')::int AS received_online, 0 AS before_date,
           0 AS on_time, 0 AS late, 0 AS granted, 0 AS refused, 0 AS declined, 0 AS withdrawn, 0 AS stopped,
           0 AS closed, 0 AS dropped, 0 AS handed
      FROM reports_dossierfact WHERE accepted_at >= %(begin)s AND accepted_at < %(end)s AND NOT replayed
    UNION ALL
    SELECT receiving, field, procedure, 0, 0, (timeliness = 'before_date')::int, (timeliness = 'on_time')::int,
           (timeliness = 'late')::int, (outcome = 'granted')::int, (outcome = 'refused')::int,
           (outcome = 'declined')::int, (outcome = 'withdrawn')::int, (outcome = 'stopped')::int,
           (outcome = 'closed')::int, (accepted_at IS NOT NULL AND timeliness = '')::int, 0
      FROM reports_dossierfact WHERE finished_at >= %(begin)s AND finished_at < %(end)s AND NOT replayed
)"""
_MONTHS = "(SELECT * FROM reports_cube WHERE half BETWEEN %(first)s AND %(last)s)"
_CITY = "(SELECT * FROM reports_cityhalf WHERE half BETWEEN %(first)s AND %(last)s)"

# Overdue, in time and waiting part what is open: each accepted dossier is one of the three.
_NOW = """(
    SELECT receiving, field, procedure, (NOT waiting AND due_at >= %(now)s)::int AS open_in_time,
           (NOT waiting AND due_at < %(now)s)::int AS open_overdue, waiting::int AS open_waiting, 0 AS open_lodged
      FROM reports_dossierfact WHERE finished_at IS NULL AND accepted_at IS NOT NULL AND NOT replayed
    UNION ALL
    SELECT receiving, field, procedure, 0, 0, 0, 1
      FROM reports_dossierfact WHERE finished_at IS NULL AND accepted_at IS NULL AND NOT replayed
)"""


def _sums(source: str, measures: tuple[str, ...], parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Sums of the measures by receiving agency, by field, by procedure and in all; the kind of row is its first."""
    wanted = ", ".join(f"coalesce(sum({each}), 0)::bigint" for each in measures)
    query = (
        f"SELECT grouping(receiving, field, procedure), receiving, field, procedure, {wanted}"
        f" FROM {source} AS source WHERE {CONDITION} GROUP BY GROUPING SETS ((receiving), (field), (procedure), ())"
    )
    with store.cursor() as run:
        return run.execute(query, parameters).fetchall()


def _in_all(source: str, measures: tuple[str, ...], parameters: dict[str, Any]) -> Figures:
    wanted = ", ".join(f"coalesce(sum({each}), 0)::bigint" for each in measures)
    query = f"SELECT {wanted} FROM {source} AS source WHERE {CONDITION}"
    with store.cursor() as run:
        row = run.execute(query, parameters).fetchone()
    return Figures(**dict(zip(measures, row or (), strict=True)))


def in_period(which: Filter) -> Figures:
    """What was received, answered and otherwise ended in the filter's period; nothing of what is open."""
    return _in_all(_MONTHS if which.day is None else _DAY, FLOWS, which.parameters())


def between(which: Filter, begin: datetime, end: datetime) -> dict[int, Figures]:
    """What was received, answered and otherwise ended from one instant to before another, by receiving agency.

    From the facts, so for days and weeks: for whole half months the sums are asked.
    """
    wanted = ", ".join(f"sum({each})::bigint" for each in FLOWS)
    query = f"SELECT receiving, {wanted} FROM {_DAY} AS source WHERE {CONDITION} GROUP BY receiving"
    with store.cursor() as run:
        rows = run.execute(query, {**which.parameters(), "begin": begin, "end": end}).fetchall()
    return {row[0]: Figures(**dict(zip(FLOWS, row[1:], strict=True))) for row in rows}


def open_now(which: Filter, now: datetime) -> Figures:
    """What is open at `now` in the filter's part of the city; nothing of its period."""
    return _in_all(_NOW, OPEN_MEASURES, {**which.parameters(), "now": now})


BY_AGENCY, BY_FIELD, BY_PROCEDURE, IN_ALL = 0b011, 0b101, 0b110, 0b111


class Board:
    """All figures of one filter at one instant, in two queries: in all, by receiving agency, field, procedure."""

    def __init__(self, which: Filter, now: datetime) -> None:
        self.filter, self.now = which, now
        self._found: dict[int, dict[Any, Figures]] = {BY_AGENCY: {}, BY_FIELD: {}, BY_PROCEDURE: {}, IN_ALL: {}}
        parameters = {**which.parameters(), "now": now}
        self._take(_MONTHS if which.day is None else _DAY, FLOWS, parameters)
        self._take(_NOW, OPEN_MEASURES, parameters)

    def _take(self, source: str, measures: tuple[str, ...], parameters: dict[str, Any]) -> None:
        for kind, *rest in _sums(source, measures, parameters):
            key = next((each for each in rest[:3] if each is not None), "")
            numbers = Figures(**dict(zip(measures, rest[3:], strict=True)))
            kept = self._found[kind]
            kept[key] = kept.get(key, Figures()) + numbers

    @property
    def total(self) -> Figures:
        """The figures of the whole filter."""
        return self._found[IN_ALL].get("", Figures())

    @property
    def by_agency(self) -> Mapping[int, Figures]:
        """By the number of the receiving agency; only those that have any."""
        return self._found[BY_AGENCY]

    @property
    def by_field(self) -> Mapping[str, Figures]:
        """By field of activity; only those that have any."""
        return self._found[BY_FIELD]

    @property
    def by_procedure(self) -> Mapping[str, Figures]:
        """By procedure; only those that have any."""
        return self._found[BY_PROCEDURE]

    def by_tier(self) -> dict[str, Figures]:
        """By the tier of the receiving agency's house."""
        known = directory()
        return gathered(
            self.by_agency, lambda number: known[known.house(number)].tier if number in known.by_number else ""
        )

    def under(self, parents: Iterable[int]) -> dict[int, Figures]:
        """For each of `parents`, the figures of everything below it."""
        known = directory()
        return {
            parent: sum((self.by_agency.get(each, Figures()) for each in known.below(parent)), Figures())
            for parent in parents
        }


def gathered(figures: Mapping[Any, Figures], key: Callable[[Any], Key]) -> dict[Key, Figures]:
    """Adds up figures whose keys fall together under `key`."""
    found: dict[Key, Figures] = {}
    for each, numbers in figures.items():
        into = key(each)
        found[into] = found.get(into, Figures()) + numbers
    return found


def by_month(which: Filter) -> dict[date, Figures]:
    """Each calendar month of the filter's period with its figures, empty months too, the earliest first."""
    found = {half.replace(day=1): Figures() for half in each_half(which.first, which.last)}
    wanted = ", ".join(f"sum({each})::bigint" for each in FLOWS)
    query = f"SELECT date_trunc('month', half)::date, {wanted} FROM {_MONTHS} AS source WHERE {CONDITION} GROUP BY 1"
    if which.is_whole_city:
        query = f"SELECT date_trunc('month', half)::date, {wanted} FROM {_CITY} AS source GROUP BY 1"
    with store.cursor() as run:
        for row in run.execute(query, which.parameters()).fetchall():
            found[row[0]] = Figures(**dict(zip(FLOWS, row[1:], strict=True)))
    return found


def of_day(day: date, which: Filter | None = None) -> Figures:
    """What was received, answered and otherwise ended on one day of the city."""
    base = which or months_to(day, 1)
    return in_period(msgspec.structs.replace(base, day=day))


class Yesterday(msgspec.Struct, frozen=True):
    """The city's answers of the day before: how many, how many of them not late, how many late."""

    day: date
    answered: int
    not_late: int
    late: int

    @property
    def share_on_time(self) -> float:
        """The share that was not late; there is at least one answer."""
        return self.not_late / self.answered


def yesterday(now: datetime) -> Yesterday | None:
    """The day before the city's day at `now`, for one honest line; None when nothing was answered."""
    day = city_day(now) - timedelta(days=1)
    numbers = of_day(day)
    if not numbers.answered:
        return None
    return Yesterday(day, numbers.answered, numbers.not_late, numbers.late)


def first_half() -> date | None:
    """The earliest half month of which there are sums; None in a city without dossiers."""
    with store.cursor() as run:
        row = run.execute("SELECT half FROM reports_cube ORDER BY half LIMIT 1").fetchone()
    return None if row is None else row[0]


def complete_until() -> datetime | None:
    """Until when the figures are complete; None before the follower ever came to the end of the journal, and while
    the facts are known to be wrong (`standing.trouble` says how).
    """
    return None if trouble() else followers.complete_until(NAME)
