"""Periods as the state counts them: calendar months and quarters, and report periods from the 15th to the 14th.

Both are made of half months (`half`: its first day, the 1st or the 15th), the grain of the sums, so that one table
answers either. Report periods: Decree 09/2019, article 12; a quarter begins on the 15th before its first month.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

import msgspec

from motcua.law.limits import add_months
from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE, city_day

Kind = Literal["month", "quarter", "half_year", "year"]
MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
CUT = 15
EARLIEST, LATEST = 1990, 2200
_WRITTEN = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<month>\d{2})|Q(?P<quarter>[1-4])|H(?P<half>[12])))?(?P<report>r?)")


@lru_cache(maxsize=8192)
def half_of_day(day: date) -> date:
    """The half month in which a day lies: the 1st or the 15th of its month."""
    return day.replace(day=CUT if day.day >= CUT else 1)


def half_of(instant: datetime) -> date:
    """The half month of the city's day at `instant`."""
    return half_of_day(city_day(instant))


def read_day(written: str) -> date:
    """A day as an address names it. Raises ValueError for what is none, or lies where no report reaches."""
    found = date.fromisoformat(written)
    if not EARLIEST <= found.year <= LATEST:
        raise ValueError(f"{written!r} is out of reach")
    return found


def next_half(half: date) -> date:
    """The half month after `half`."""
    return half.replace(day=CUT) if half.day == 1 else add_months(half.replace(day=1), 1)


def midnight(day: date) -> datetime:
    """The instant at which the city's day begins."""
    return datetime.combine(day, time(), CITY_ZONE)


class Period(msgspec.Struct, frozen=True, order=True):
    """The days from `first` to before `end`, both of them first days of half months.

    `kind` and `report` say what it is called: a report period runs from the 15th to the 14th.
    """

    first: date
    end: date
    kind: Kind = "month"
    report: bool = False

    @property
    def begins(self) -> datetime:
        """Its first instant."""
        return midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first instant that is no longer in it."""
        return midnight(self.end)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def halves(self) -> tuple[date, date]:
        """Its first and its last half month."""
        last = self.last_day
        return self.first, half_of_day(last)

    def is_over(self, now: datetime) -> bool:
        """True when nothing can be added to it any more."""
        return now >= self.ends

    def before(self, steps: int = 1) -> "Period":
        """The period of the same kind `steps` earlier."""
        months = -MONTHS[self.kind] * steps
        return msgspec.structs.replace(self, first=_shifted(self.first, months), end=_shifted(self.end, months))

    def year_before(self) -> "Period":
        """The same period a year earlier."""
        return msgspec.structs.replace(self, first=_shifted(self.first, -12), end=_shifted(self.end, -12))

    @property
    def code(self) -> str:
        """`2018-12`, `2018-Q4`, `2018-H2`, `2018`; report periods end with `r`."""
        month = _shifted(self.end.replace(day=1), 0 if self.report else -1)
        within = {
            "month": f"-{month.month:02d}",
            "quarter": f"-Q{(month.month + 2) // 3}",
            "half_year": f"-H{(month.month + 5) // 6}",
            "year": "",
        }[self.kind]
        return f"{month.year}{within}{'r' if self.report else ''}"

    @property
    def name(self) -> Text:
        """`Quý IV năm 2018 (15/9/2018 đến 14/12/2018)`."""
        match = _WRITTEN.fullmatch(self.code)
        assert match is not None
        year = match["year"]
        days = f"{_plain(self.first)} đến {_plain(self.last_day)}", f"{_plain(self.first)} to {_plain(self.last_day)}"
        if match["month"]:
            said = f"Tháng {int(match['month'])}/{year}", f"Month {int(match['month'])}/{year}"
        elif match["quarter"]:
            roman = ("I", "II", "III", "IV")[int(match["quarter"]) - 1]
            said = f"Quý {roman} năm {year}", f"Q{match['quarter']} {year}"
        elif match["half"]:
            said = (
                (f"6 tháng đầu năm {year}", f"First half of {year}")
                if match["half"] == "1"
                else (f"6 tháng cuối năm {year}", f"Second half of {year}")
            )
        else:
            said = f"Năm {year}", f"Year {year}"
        return Text(f"{said[0]} ({days[0]})", f"{said[1]} ({days[1]})")


def _plain(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def _shifted(day: date, months: int) -> date:
    return add_months(day.replace(day=1), months).replace(day=day.day)


def month(year: int, number: int, *, report: bool = False) -> Period:
    """A month: of the calendar, or of reports (from the 15th of the month before)."""
    return _span(date(year, number, 1), "month", report)


def quarter(year: int, number: int, *, report: bool = False) -> Period:
    """The quarter 1 to 4."""
    return _span(date(year, 3 * number - 2, 1), "quarter", report)


def half_year(year: int, number: int, *, report: bool = False) -> Period:
    """The first or the second half of a year."""
    return _span(date(year, 6 * number - 5, 1), "half_year", report)


def year(number: int, *, report: bool = False) -> Period:
    """A whole year."""
    return _span(date(number, 1, 1), "year", report)


def _span(first: date, kind: Kind, report: bool) -> Period:
    end = add_months(first, MONTHS[kind])
    if report:
        first, end = (add_months(each, -1).replace(day=CUT) for each in (first, end))
    return Period(first, end, kind, report)


def parse(written: str) -> Period:
    """The period of a code as `Period.code` writes it. Raises ValueError on anything else."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(f"{written!r} is no period")
    number, report = int(found["year"]), bool(found["report"])
    if found["month"]:
        return month(number, int(found["month"]), report=report)
    if found["quarter"]:
        return quarter(number, int(found["quarter"]), report=report)
    if found["half"]:
        return half_year(number, int(found["half"]), report=report)
    return year(number, report=report)


def containing(day: date, kind: Kind, *, report: bool = False) -> Period:
    """The period of a kind in which a day lies."""
    at = add_months(day.replace(day=1), 1) if report and day.day >= CUT else day.replace(day=1)
    index = (at.month - 1) // MONTHS[kind]
    return _span(date(at.year, index * MONTHS[kind] + 1, 1), kind, report)


def latest_over(now: datetime, kind: Kind, *, report: bool = False) -> Period:
    """The last period of a kind that is over."""
    return containing(city_day(now), kind, report=report).before()


def each_half(first: date, last: date) -> Iterator[date]:
    """The half months from `first` to `last`."""
    while first <= last:
        yield first
        first = next_half(first)
