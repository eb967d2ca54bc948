"""The calendar of Hà Nội as shipped: its hours, its swaps, and a cross-check against a library's holiday list."""

import csv
import os
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from law.office_hours import at
from motcua.calendars.reading import check_calendars, read_calendar
from motcua.law.calendar_data import CalendarData
from motcua.law.limits import deadline, parse_limit
from motcua.law.working_time import WorkingCalendar

ROOT = Path(__file__).resolve().parents[2]
CALENDARS = ROOT / "content" / "hanoi-2018" / "calendars"
SHARED = Path(os.environ.get("MOTCUA_SHARED", ROOT.parent / "shared"))
LIBRARY = SHARED / "data" / "04_calendar" / "vn_holidays_2012-2026_python-holidays-0.109.csv"
YEARS = range(2016, 2027)
SWAPS = {
    "2018-12-31": "2019-01-05",
    "2019-04-29": "2019-05-04",
    "2024-04-29": "2024-05-04",
    "2025-05-02": "2025-04-26",
    "2026-01-02": "2026-01-10",
    "2026-08-31": "2026-08-22",
}


@cache
def hanoi() -> tuple[CalendarData, WorkingCalendar]:
    data, problems = read_calendar(CALENDARS / "hanoi.yaml")
    assert data is not None, problems
    return data, WorkingCalendar(data)


def test_every_calendar_shipped_is_sound() -> None:
    assert check_calendars(CALENDARS) == []


def test_offices_work_eight_hours_and_receive_on_saturday_morning() -> None:
    _, calendar = hanoi()
    assert calendar.worked_minutes_between(at("2018-12-03 00:00"), at("2018-12-10 00:00")) == 5 * 480
    assert calendar.reception_open(at("2018-12-08 11:59"))
    assert not calendar.is_working_day(date(2018, 12, 8))
    assert not calendar.reception_open(at("2018-12-08 13:00"))
    assert not calendar.reception_open(at("2017-09-02 09:00"))


@pytest.mark.parametrize(("rest", "worked"), SWAPS.items())
def test_each_swap_rests_one_day_and_works_the_other(rest: str, worked: str) -> None:
    _, calendar = hanoi()
    assert not calendar.is_working_day(date.fromisoformat(rest))
    assert calendar.close(date.fromisoformat(worked)) == at(f"{worked} 17:00")
    assert "làm bù" in calendar.day_notes(date.fromisoformat(rest)).vi.lower()  # type: ignore[union-attr]


def test_there_is_no_swap_but_these() -> None:
    data, _ = hanoi()
    assert {worked.in_place_of.isoformat(): worked.date.isoformat() for worked in data.worked_days} == SWAPS


def test_what_is_not_certain_is_called_a_demonstration_value() -> None:
    data, calendar = hanoi()
    assert data.orders["week"].demonstration
    assert "minh họa" in data.orders["week"].note.vi  # type: ignore[union-attr]
    assert calendar.ordered_by(date(2027, 1, 1)).demonstration
    assert deadline(calendar, at("2026-12-31 09:00"), parse_limit("1 working_day")).provisional
    unknown = [order for order in data.orders.values() if not order.number]
    assert all(order.note for order in unknown)


def test_no_order_is_left_over() -> None:
    data, _ = hanoi()
    used = {rule.by for rule in (*data.periods, *data.days_off, *data.worked_days)}
    assert set(data.orders) == used


def test_the_days_agree_with_the_librarys_list_but_for_the_swap_it_lacks() -> None:
    if not LIBRARY.exists():
        pytest.skip(f"{LIBRARY} is not there; MOTCUA_SHARED may name the folder that holds data/04_calendar")
    data, calendar = hanoi()
    with LIBRARY.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if int(row["date"][:4]) in YEARS]
    library_off = {row["date"] for row in rows if row["kind"] != "makeup_workday"}
    library_worked = {row["date"] for row in rows if row["kind"] == "makeup_workday"}
    library_swapped = {row["date"] for row in rows if row["kind"] == "swapped_off"}
    ours = [(day.isoformat(), run.kind) for run in data.days_off for day in run.days() if day.year in YEARS]
    assert {day for day, _ in ours} - {"2026-01-02"} == library_off
    assert {day for day, kind in ours if kind == "swapped_off"} - {"2026-01-02"} == library_swapped
    assert {worked.date.isoformat() for worked in data.worked_days} - {"2026-01-10"} == library_worked
    for ahead in range((date(2026, 12, 31) - date(2016, 1, 1)).days + 1):
        day = date(2016, 1, 1) + timedelta(days=ahead)
        written = day.isoformat()
        if written in ("2026-01-02", "2026-01-10"):
            continue
        rests = written in library_off or (day.isoweekday() > 5 and written not in library_worked)
        assert calendar.is_working_day(day) is not rests, written
