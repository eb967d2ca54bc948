"""Working time: what counts as work, how hours change on a date, and where a calendar ends."""

from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest

from law.office_hours import FULL, MONDAY_TO_FRIDAY, START, at, off, office, office_data, swap
from motcua.law.calendar_data import (
    AppliesTo,
    CalendarDataError,
    DayOff,
    Decree,
    Order,
    Period,
    Week,
    WorkedDay,
    calendar_faults,
    minutes_of,
    with_decrees,
)
from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE, OutsideCalendarError, WorkingCalendar, city_day

SEVEN_AND_A_HALF = ("08:00-12:00", "13:30-17:00")


def test_the_lunch_break_and_the_night_are_not_worked() -> None:
    calendar = office()
    assert calendar.worked_minutes_between(at("2018-12-03 11:30"), at("2018-12-03 13:30")) == 60
    assert calendar.worked_minutes_between(at("2018-12-03 16:00"), at("2018-12-04 09:00")) == 120
    assert calendar.worked_minutes_between(at("2018-12-07 16:00"), at("2018-12-10 09:00")) == 120


def test_an_office_is_open_from_the_opening_up_to_but_not_including_the_close() -> None:
    calendar = office()
    moments = ["07:59:59", "08:00", "11:59:59", "12:00", "13:00", "17:00"]
    assert [calendar.is_open(at(f"2018-12-03 {moment}")) for moment in moments] == [
        False, True, True, False, True, False,
    ]  # fmt: skip


def test_the_next_opening_is_now_while_open_and_otherwise_after_lunch_night_or_weekend() -> None:
    calendar = office()
    assert calendar.next_open(at("2018-12-03 09:15:30")) == at("2018-12-03 09:15:30")
    assert calendar.next_open(at("2018-12-03 12:00")) == at("2018-12-03 13:00")
    assert calendar.next_open(at("2018-12-07 17:00")) == at("2018-12-10 08:00")


def test_minutes_run_out_at_the_close_not_at_the_next_opening() -> None:
    calendar = office()
    assert calendar.instant_after(at("2018-12-03 08:00"), 240) == at("2018-12-03 12:00")
    assert calendar.instant_after(at("2018-12-03 08:00"), 480) == at("2018-12-03 17:00")
    assert calendar.instant_after(at("2018-12-03 08:00"), 481) == at("2018-12-04 08:01")
    assert calendar.instant_after(at("2018-12-02 22:00"), 0) == at("2018-12-02 22:00")


def test_seconds_and_microseconds_are_kept() -> None:
    calendar = office()
    start = at("2018-12-03 16:59:30.000007")
    end = calendar.instant_after(start, 1)
    assert end == at("2018-12-04 08:00:30.000007")
    assert calendar.worked_between(start, end) == timedelta(minutes=1)
    assert calendar.worked_minutes_between(start, end - timedelta(microseconds=1)) == 0


def test_worked_time_backwards_is_negative() -> None:
    calendar = office()
    assert calendar.worked_minutes_between(at("2018-12-04 09:00:59"), at("2018-12-03 16:00")) == -120


def test_a_half_day_saturday_is_a_working_day_with_its_own_close() -> None:
    calendar = office(work=msgspec.structs.replace(MONDAY_TO_FRIDAY, sat=("08:00-11:30",)))
    assert calendar.is_working_day(date(2018, 12, 8))
    assert calendar.close(date(2018, 12, 8)) == at("2018-12-08 11:30")
    assert calendar.close_of_nth_working_day_after(date(2018, 12, 7), 1) == at("2018-12-08 11:30")
    assert calendar.working_days_between(date(2018, 12, 7), date(2018, 12, 14)) == 6


def test_saturday_reception_is_not_working_time() -> None:
    calendar = office(reception=Week(sat=("08:00-12:00",)))
    saturday = at("2018-12-08 09:00")
    assert calendar.reception_open(saturday)
    assert not calendar.is_open(saturday)
    assert not calendar.is_working_day(saturday.date())
    assert not calendar.reception_open(at("2018-12-08 12:00"))
    assert calendar.reception_open(at("2018-12-07 16:00"))
    assert not calendar.reception_open(at("2018-12-07 12:30"))


def test_counters_may_close_earlier_than_the_office() -> None:
    calendar = office(reception=Week(fri=("08:00-12:00",)))
    assert calendar.is_open(at("2018-12-07 15:00"))
    assert not calendar.reception_open(at("2018-12-07 15:00"))


def test_a_holiday_closes_the_saturday_counter_and_a_worked_saturday_opens_it_all_day() -> None:
    calendar = office(
        off(date(2018, 12, 8)),
        *swap(date(2018, 12, 31), date(2019, 1, 5)),
        reception=Week(sat=("08:00-12:00",)),
    )
    assert not calendar.reception_open(at("2018-12-08 09:00"))
    assert calendar.reception_open(at("2019-01-05 16:00"))
    assert not calendar.reception_open(at("2018-12-31 09:00"))


def test_a_swap_works_both_ways_and_with_hours_of_its_own() -> None:
    before = office(*swap(date(2025, 5, 2), date(2025, 4, 26)))
    assert before.is_working_day(date(2025, 4, 26))
    assert not before.is_working_day(date(2025, 5, 2))
    after = office(*swap(date(2018, 12, 31), date(2019, 1, 5), hours=("07:30-11:30",)))
    assert after.close(date(2019, 1, 5)) == at("2019-01-05 11:30")
    assert after.reception_hours(date(2019, 1, 5)) == ((450, 690),)


def test_a_worked_saturday_has_the_hours_of_the_day_it_replaces() -> None:
    short_friday = msgspec.structs.replace(MONDAY_TO_FRIDAY, fri=("08:00-12:00",))
    calendar = office(*swap(date(2025, 5, 2), date(2025, 4, 26)), work=short_friday)
    assert calendar.work_hours(date(2025, 4, 26)) == ((480, 720),)


def test_hours_that_change_on_a_date_hold_from_that_day_on() -> None:
    seven = Week(*[SEVEN_AND_A_HALF] * 5)
    calendar = office(
        periods=(
            Period(START, MONDAY_TO_FRIDAY, "test", date(2018, 12, 4)),
            Period(date(2018, 12, 5), seven, "test"),
        )
    )
    assert calendar.worked_minutes_between(at("2018-12-04 00:00"), at("2018-12-05 00:00")) == 480
    assert calendar.worked_minutes_between(at("2018-12-05 00:00"), at("2018-12-06 00:00")) == 450
    assert calendar.instant_after(at("2018-12-04 13:00"), 240 + 240 + 1) == at("2018-12-05 13:31")


def test_touching_intervals_are_one() -> None:
    assert minutes_of(("07:30-12:00", "12:00-16:30")) == ((450, 990),)
    calendar = office(work=Week(*[("07:30-12:00", "12:00-16:30")] * 5))
    assert calendar.is_open(at("2018-12-03 12:00"))


def test_a_day_says_why_it_is_not_worked_and_who_ordered_it() -> None:
    calendar = office(off(date(2019, 1, 1)), *swap(date(2018, 12, 31), date(2019, 1, 5)))
    notes = {day: calendar.day_notes(date.fromisoformat(day)) for day in
             ("2018-12-28", "2018-12-29", "2018-12-31", "2019-01-01", "2019-01-05")}  # fmt: skip
    assert notes == {
        "2018-12-28": None,
        "2018-12-29": Text("Thứ Bảy, ngày nghỉ hằng tuần", "Saturday, weekly day of rest"),
        "2018-12-31": Text(
            "Nghỉ (swapped_off), làm bù thứ Bảy 5/1/2019",
            "Off (swapped_off), worked on Saturday 5/1/2019 instead",
        ),
        "2019-01-01": Text("Nghỉ (holiday)", "Off (holiday)"),
        "2019-01-05": Text("Làm bù cho thứ Hai 31/12/2018", "Worked in place of Monday 31/12/2018"),
    }
    assert calendar.ordered_by(date(2019, 1, 5)).name.en == "Test order"


def test_outside_the_weekly_hours_a_calendar_refuses_to_guess() -> None:
    closed = Period(START, MONDAY_TO_FRIDAY, "test", date(2018, 12, 31))
    calendar = office(periods=(closed,))
    asked = [
        lambda: calendar.worked_minutes_between(at("2018-12-31 08:00"), at("2019-01-01 08:00")),
        lambda: calendar.instant_after(at("2018-12-31 16:00"), 61),
        lambda: calendar.close_of_nth_working_day_after(date(2018, 12, 28), 2),
        lambda: calendar.next_open(at("2018-12-31 17:00")),
        lambda: calendar.is_open(at("2015-12-31 08:00")),
        lambda: calendar.is_working_day(date(2015, 12, 31)),
        lambda: calendar.close_of_working_day_from(date(2019, 1, 1)),
        lambda: calendar.working_days_between(date(2018, 12, 1), date(2019, 1, 1)),
        lambda: calendar.reception_open(at("2019-01-01 08:00")),
        lambda: calendar.day_notes(date(2019, 1, 1)),
    ]
    for ask in asked:
        with pytest.raises(OutsideCalendarError) as error:
            ask()
        assert error.value.text.vi
    assert calendar.close_of_nth_working_day_after(date(2018, 12, 28), 1) == at("2018-12-31 17:00")
    assert calendar.close_of_working_day_from(START) == at("2016-01-01 17:00")


def test_a_calendar_reaches_as_many_years_ahead_as_asked() -> None:
    calendar = office()
    day = date(2018, 12, 28)
    for n in (1, 260, 300, 2_600, 26_000):
        reached = calendar.close_of_nth_working_day_after(day, n)
        assert calendar.working_days_between(day, city_day(reached)) == n
    assert calendar.instant_after(at("2018-12-28 08:00"), 480 * 2_610) == at("2028-12-28 17:00")


def test_an_instant_without_a_zone_is_refused() -> None:
    for ask in (city_day, office().is_open, office().next_open):
        with pytest.raises(ValueError, match="time zone"):
            ask(datetime(2018, 12, 28, 15, 30))


def test_negative_or_zero_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        office().instant_after(at("2018-12-28 08:00"), -1)
    with pytest.raises(ValueError, match="from 1"):
        office().nth_working_day_after(date(2018, 12, 28), 0)
    with pytest.raises(ValueError, match="not a working day"):
        office().close(date(2018, 12, 29))


def test_today_is_the_citys_day_not_the_last_24_hours_nor_the_servers_day() -> None:
    """Incident 10: the day begins at midnight in Hanoi, which is 17:00 in UTC."""
    midnight = datetime(2018, 12, 31, 17, 0, tzinfo=UTC)
    assert city_day(midnight) == date(2019, 1, 1)
    assert city_day(midnight - timedelta(microseconds=1)) == date(2018, 12, 31)
    assert city_day(midnight.astimezone(timezone(-timedelta(hours=9)))) == date(2019, 1, 1)
    assert city_day(midnight.astimezone(CITY_ZONE)) == date(2019, 1, 1)


def test_an_instant_is_the_same_whatever_zone_it_is_written_in() -> None:
    calendar = office()
    here = at("2018-12-28 15:30")
    for zone in (UTC, timezone(-timedelta(hours=8))):
        assert calendar.instant_after(here.astimezone(zone), 500) == calendar.instant_after(here, 500)
        assert calendar.is_open(here.astimezone(zone))


def test_opencps_fault_5_half_past_noon_is_not_half_past_midnight() -> None:
    calendar = office(work=Week(*[("07:30-12:30", "13:30-16:30")] * 5))
    assert calendar.work_hours(date(2018, 12, 3)) == ((450, 750), (810, 990))
    assert calendar.is_open(at("2018-12-03 12:29"))
    assert not calendar.is_open(at("2018-12-03 00:30"))


def test_incident_29_a_decree_moves_a_working_day_and_the_old_version_still_says_what_it_said() -> None:
    before = office_data()
    rest, worked = swap(date(2026, 1, 2), date(2026, 1, 10))
    decree = Decree(
        "swap-2026",
        Order(Text("Hoán đổi Tết Dương lịch 2026"), "12729/VPCP-KGVX", date(2025, 12, 25)),
        (msgspec.structs.replace(rest, by="swap-2026"),),
        (msgspec.structs.replace(worked, by="swap-2026"),),
    )
    after = with_decrees(before, decree)
    old, new = WorkingCalendar(before, 1), WorkingCalendar(after, 2)
    assert old.close_of_nth_working_day_after(date(2025, 12, 30), 3) == at("2026-01-02 17:00")
    assert new.close_of_nth_working_day_after(date(2025, 12, 30), 3) == at("2026-01-05 17:00")
    assert new.is_working_day(date(2026, 1, 10))
    assert new.ordered_by(date(2026, 1, 2)).number == "12729/VPCP-KGVX"
    assert with_decrees(after, decree) is after


def test_a_decree_may_take_an_earlier_one_back() -> None:
    data = office_data(*swap(date(2026, 8, 31), date(2026, 8, 22)), off(date(2026, 9, 1), until=date(2026, 9, 3)))
    decree = Decree(
        "moved",
        Order(Text("Dời ngày làm bù")),
        worked_days=(WorkedDay(date(2026, 8, 29), date(2026, 8, 31), "moved"),),
        withdraws=(date(2026, 8, 22), date(2026, 9, 3)),
    )
    calendar = WorkingCalendar(with_decrees(data, decree))
    days = [date(2026, 8, 22), date(2026, 8, 29), date(2026, 8, 31), date(2026, 9, 2), date(2026, 9, 3)]
    assert [calendar.is_working_day(day) for day in days] == [False, True, False, False, True]


def test_a_decree_that_contradicts_the_calendar_is_refused() -> None:
    decree = Decree("lost", Order(Text("Quên ngày làm bù")), (off(date(2026, 8, 31), "swapped_off"),))
    with pytest.raises(CalendarDataError, match="no day is worked in its place"):
        with_decrees(office_data(), decree)


DAY = date(2018, 12, 3)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (office_data(periods=(Period(START, Week(), "test"),)), "periods[0].work"),
        (office_data(work=Week(mon=("12:00-08:00",))), "periods[0].work.mon"),
        (office_data(work=Week(mon=("08:00-12:00", "11:00-17:00"))), "periods[0].work.mon"),
        (office_data(reception=Week(sat=("12:00-12:00",))), "periods[0].reception.sat"),
        (
            office_data(
                periods=(
                    Period(START, MONDAY_TO_FRIDAY, "test", date(2018, 1, 1)),
                    Period(date(2018, 1, 3), MONDAY_TO_FRIDAY, "test"),
                )
            ),
            "periods[1].valid_from",
        ),
        (
            office_data(
                periods=(
                    Period(START, MONDAY_TO_FRIDAY, "test"),
                    Period(date(2018, 1, 3), MONDAY_TO_FRIDAY, "test"),
                )
            ),
            "periods[1]",
        ),
        (office_data(periods=(Period(DAY, MONDAY_TO_FRIDAY, "test", START),)), "periods[0].valid_to"),
        (office_data(off(DAY), off(DAY)), "days_off[1]"),
        (office_data(off(DAY), WorkedDay(DAY, DAY, "test")), "worked_days[0]"),
        (office_data(off(date(2015, 12, 31))), "days_off[0]"),
        (office_data(off(DAY, until=START)), "days_off[0].until"),
        (office_data(off(DAY, until=date(2108, 12, 4))), "days_off[0].until"),
        (office_data(off(DAY, "swapped_off")), "days_off[0]"),
        (office_data(WorkedDay(date(2018, 12, 8), DAY, "test")), "worked_days[0].in_place_of"),
        (office_data(*swap(date(2018, 12, 9), date(2018, 12, 15))), "worked_days[0].in_place_of"),
        (
            office_data(*swap(DAY, date(2018, 12, 8)), WorkedDay(date(2018, 12, 15), DAY, "test")),
            "worked_days[1].in_place_of",
        ),
        (office_data(DayOff(DAY, Text("Nghỉ"), "holiday", "nobody")), "days_off[0].by"),
        (office_data(known_to=date(2015, 1, 1)), "known_to"),
        (
            msgspec.structs.replace(office_data(), applies_to=(AppliesTo(START, "002", "district"),)),
            "applies_to[0]",
        ),
    ],
)
def test_a_calendar_that_contradicts_itself_is_not_reckoned_with(data: object, where: str) -> None:
    faults = calendar_faults(data)  # type: ignore[arg-type]
    assert where in [fault.where for fault in faults]
    assert all(fault.text.vi and fault.text.en for fault in faults)
    with pytest.raises(CalendarDataError):
        WorkingCalendar(data)  # type: ignore[arg-type]


@pytest.mark.parametrize("hours", ["8:00-12:00", "08:00-12:60", "24:00-24:30", "08:00", "08:00-12:00 ", "٠٨:00-12:00"])
def test_hours_are_written_in_one_way(hours: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"mon": [hours]}, Week)
    assert msgspec.convert({"mon": list(FULL)}, Week).mon == FULL
