"""Limits and deadlines: how each unit runs, what the explanation says, and the faults of others we do not share."""

from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest

from law.office_hours import MONDAY_TO_FRIDAY, START, at, off, office, swap
from motcua.law.calendar_data import Period, Week
from motcua.law.limits import (
    SAME_DAY,
    Limit,
    LimitError,
    Remaining,
    Timeliness,
    add_months,
    certification_due,
    civil_status_due,
    deadline,
    due,
    due_many,
    format_limit,
    handover_due,
    limit_in_words,
    month_of,
    parse_limit,
    remaining,
    timeliness,
)
from motcua.law.texts import Text
from motcua.law.working_time import OutsideCalendarError, city_day

NEW_YEAR = (*swap(date(2018, 12, 31), date(2019, 1, 5)), off(date(2019, 1, 1)))


# -- words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("5 working_days", Limit(5, "working_days")),
        ("1 working_day", Limit(1, "working_days")),
        (" 8  working hours ", Limit(8, "working_hours")),
        ("30 Calendar_Days", Limit(30, "calendar_days")),
        ("3 months", Limit(3, "months")),
        ("same_day", SAME_DAY),
        ("same_day 16:30", Limit(0, "same_day", "16:30")),
    ],
)
def test_a_limit_is_read_from_words_and_written_back(words: str, limit: Limit) -> None:
    assert parse_limit(words) == limit
    assert parse_limit(format_limit(limit)) == limit


@pytest.mark.parametrize(
    "words",
    ["", "5", "working_days", "5 days", "-5 working_days", "5.5 working_days", "0 working_days", "٥ working_days",
     "26001 working_days", "9999999999 months", "same_day 3pm", "same_day 24:00", "5 working_days 15:00",
     "5\x00months"],
)  # fmt: skip
def test_words_that_are_no_limit_are_refused_in_both_languages(words: str) -> None:
    with pytest.raises(LimitError) as error:
        parse_limit(words)
    assert error.value.text.vi
    assert error.value.text.en


@pytest.mark.parametrize(
    "wrong", [{"n": 0, "unit": "months"}, {"n": 5, "unit": "same_day"}, {"n": 1, "unit": "weeks"},
              {"n": 5, "unit": "working_days", "cut_off": "15:00"}]
)  # fmt: skip
def test_a_limit_that_means_nothing_cannot_be_made_from_data(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, Limit)


def test_a_limit_is_said_as_people_say_it() -> None:
    assert limit_in_words(parse_limit("5 working_days")) == Text("5 ngày làm việc", "5 working days")
    assert limit_in_words(parse_limit("1 month")) == Text("1 tháng", "1 month")
    assert "15:00" in limit_in_words(SAME_DAY).vi


# -- each unit --------------------------------------------------------------------------------------------------


def test_five_working_days_over_new_year_2019_explain_themselves() -> None:
    found = deadline(office(*NEW_YEAR), at("2018-12-28 15:30"), parse_limit("5 working_days"))
    assert found.due == at("2019-01-07 17:00")
    assert [day.isoformat() for day, _ in found.counted] == [
        "2019-01-02", "2019-01-03", "2019-01-04", "2019-01-05", "2019-01-07",
    ]  # fmt: skip
    assert [(day.isoformat(), reason.en) for day, reason in found.skipped] == [
        ("2018-12-29", "Saturday, weekly day of rest"),
        ("2018-12-30", "Sunday, weekly day of rest"),
        ("2018-12-31", "Off (swapped_off), worked on Saturday 5/1/2019 instead"),
        ("2019-01-01", "Off (holiday)"),
        ("2019-01-06", "Sunday, weekly day of rest"),
    ]
    assert "147" in found.rule.vi
    assert not found.provisional


def test_the_hour_of_acceptance_does_not_move_a_limit_of_days() -> None:
    calendar = office()
    ends = {
        due(calendar, at(f"2018-12-03 {hour}"), parse_limit("1 working_day")) for hour in ("00:00", "15:01", "23:59")
    }
    assert ends == {at("2018-12-04 17:00")}


def test_working_hours_run_by_the_clock_and_say_the_minutes_of_each_day() -> None:
    found = deadline(office(*NEW_YEAR), at("2018-12-28 15:30"), parse_limit("8 working_hours"))
    assert found.due == at("2019-01-02 15:30")
    assert found.counted == ((date(2018, 12, 28), 90), (date(2019, 1, 2), 390))
    assert [day.day for day, _ in found.skipped] == [29, 30, 31, 1]


def test_working_hours_lodged_at_night_begin_at_the_next_opening() -> None:
    assert due(office(), at("2018-12-08 23:10"), parse_limit("8 working_hours")) == at("2018-12-10 17:00")


def test_calendar_days_count_days_off_but_do_not_end_on_one() -> None:
    calendar = office(*NEW_YEAR)
    limit = parse_limit("3 calendar_days")
    assert due(calendar, at("2018-12-24 09:00"), limit) == at("2018-12-27 17:00")
    found = deadline(calendar, at("2018-12-26 09:00"), limit)
    assert found.due == at("2019-01-02 17:00")
    assert [day.day for day, _ in found.counted] == [27, 28, 29]
    assert [day.day for day, _ in found.skipped] == [30, 31, 1]


def test_months_end_on_the_same_day_or_the_months_last_and_not_on_a_day_off() -> None:
    calendar = office()
    assert due(calendar, at("2018-01-31 09:00"), parse_limit("1 month")) == at("2018-02-28 17:00")
    assert due(calendar, at("2018-10-15 09:00"), parse_limit("2 months")) == at("2018-12-17 17:00")
    found = deadline(calendar, at("2018-10-15 09:00"), parse_limit("2 months"))
    assert len(found.counted) == 61
    assert [day.isoformat() for day, _ in found.skipped] == ["2018-12-16"]


@pytest.mark.parametrize(
    ("received", "ends"),
    [
        ("2018-12-28 14:59:59", "2018-12-28 17:00"),
        ("2018-12-28 15:00", "2018-12-28 17:00"),
        ("2018-12-28 15:00:01", "2019-01-02 17:00"),
        ("2018-12-29 09:00", "2019-01-02 17:00"),
        ("2018-12-31 09:00", "2019-01-02 17:00"),
        ("2018-12-28 06:00", "2018-12-28 17:00"),
    ],
)
def test_the_same_day_has_a_cut_off(received: str, ends: str) -> None:
    found = deadline(office(*NEW_YEAR), at(received), SAME_DAY)
    assert found.due == at(ends)
    assert [day for day, _ in found.counted] == [at(ends).date()]
    assert (
        (found.skipped[0][0] == at(received).date()) if found.due.date() != at(received).date() else not found.skipped
    )


def test_the_same_day_ends_with_a_half_day_even_before_the_cut_off() -> None:
    calendar = office(work=msgspec.structs.replace(MONDAY_TO_FRIDAY, sat=("08:00-12:00",)))
    assert due(calendar, at("2018-12-08 11:59"), SAME_DAY) == at("2018-12-08 12:00")
    assert due(calendar, at("2018-12-08 12:00"), SAME_DAY) == at("2018-12-10 17:00")
    late = deadline(calendar, at("2018-12-08 13:00"), SAME_DAY)
    assert late.due == at("2018-12-10 17:00")
    assert late.skipped[0] == (date(2018, 12, 8), Text("Tiếp nhận sau giờ làm việc", "Received after working hours"))


def test_a_deadline_beyond_the_decreed_days_off_is_provisional() -> None:
    calendar = office(known_to=date(2018, 12, 31))
    assert deadline(calendar, at("2018-12-28 09:00"), parse_limit("2 working_days")).provisional
    assert not deadline(calendar, at("2018-12-28 09:00"), parse_limit("1 working_day")).provisional


def test_a_limit_that_runs_out_of_the_calendar_is_an_error_not_a_date() -> None:
    calendar = office(periods=(Period(START, MONDAY_TO_FRIDAY, "test", date(2018, 12, 31)),))
    for words in ("5 working_days", "5 working_hours", "5 calendar_days", "1 month", "same_day"):
        with pytest.raises(OutsideCalendarError):
            deadline(calendar, at("2018-12-31 16:00"), parse_limit(words))


# -- the three rules of 15:00 -----------------------------------------------------------------------------------


def test_the_three_rules_of_15_00_are_three_rules() -> None:
    calendar = office(*NEW_YEAR)
    early, late = at("2018-12-28 15:00"), at("2018-12-28 15:01")
    for rule in (handover_due, civil_status_due, certification_due):
        assert rule(calendar, early) == at("2018-12-28 17:00")
    assert handover_due(calendar, late) == at("2019-01-02 08:00")
    assert civil_status_due(calendar, late) == at("2019-01-02 17:00")
    assert civil_status_due(calendar, late, can_be_done_at_once=True) == at("2018-12-28 17:00")
    assert certification_due(calendar, late) == at("2019-01-02 17:00")
    assert certification_due(calendar, late, agreed_days=2) == at("2019-01-04 17:00")
    assert due(calendar, late, parse_limit("1 working_day")) == at("2019-01-02 17:00")


def test_what_comes_on_a_day_of_rest_is_handed_over_when_the_office_opens() -> None:
    assert handover_due(office(), at("2018-12-08 09:00")) == at("2018-12-10 08:00")


# -- before, on time, late --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finished", "verdict"),
    [
        ("2019-01-06 23:59:59", Timeliness.BEFORE_DATE),
        ("2019-01-07 00:00", Timeliness.ON_TIME),
        ("2019-01-07 17:00", Timeliness.ON_TIME),
        ("2019-01-07 17:00:00.000001", Timeliness.LATE),
    ],
)
def test_before_the_date_on_time_and_late_have_one_meaning(finished: str, verdict: Timeliness) -> None:
    promised = at("2019-01-07 17:00")
    assert timeliness(at(finished), promised) is verdict
    assert timeliness(at(finished).astimezone(UTC), promised.astimezone(UTC)) is verdict


def test_opencps_fault_8_a_step_that_is_on_time_is_never_overdue() -> None:
    calendar = office(*NEW_YEAR)
    promised = at("2019-01-07 17:00")
    assert remaining(calendar, at("2019-01-03 10:00"), promised) == Remaining(360 + 480 + 480 + 480, 3, late=False)
    assert remaining(calendar, promised, promised) == Remaining(0, 0, late=False)
    assert remaining(calendar, promised + timedelta(hours=1), promised) == Remaining(0, 0, late=True)
    assert remaining(calendar, at("2019-01-09 09:00"), promised) == Remaining(480 + 60, 2, late=True)


# -- the faults of others ---------------------------------------------------------------------------------------


def test_opencps_fault_1_a_day_of_seven_and_a_half_hours_is_a_day() -> None:
    calendar = office(work=Week(*[("08:00-12:00", "13:30-17:00")] * 5))
    assert due(calendar, at("2024-03-04 08:00"), parse_limit("30 working_days")) == at("2024-04-15 17:00")


def test_opencps_fault_2_saturday_has_its_own_hours() -> None:
    calendar = office(work=msgspec.structs.replace(MONDAY_TO_FRIDAY, sat=("07:30-11:30",)))
    assert due(calendar, at("2018-12-07 16:00"), parse_limit("1 working_day")) == at("2018-12-08 11:30")
    assert due(calendar, at("2018-12-07 16:00"), parse_limit("6 working_hours")) == at("2018-12-10 09:00")


def test_opencps_fault_3_a_worked_saturday_right_after_a_holiday_counts() -> None:
    calendar = office(*swap(date(2019, 4, 29), date(2019, 5, 4)), off(date(2019, 5, 3)))
    assert due(calendar, at("2019-05-02 09:00"), parse_limit("1 working_day")) == at("2019-05-04 17:00")


def test_opencps_fault_4_long_limits_do_not_stop_at_a_year() -> None:
    calendar = office()
    ends = [due(calendar, at("2018-01-02 08:00"), parse_limit(f"{n} working_days")) for n in (260, 300, 2_600)]
    assert [end.date().isoformat() for end in ends] == ["2019-01-01", "2019-02-26", "2027-12-21"]
    assert due(calendar, at("2018-02-28 08:00"), parse_limit("120 months")) == at("2028-02-28 17:00")


def test_opencps_fault_6_a_month_ends_on_its_own_last_day_whenever_the_job_runs() -> None:
    assert month_of(date(2019, 2, 28)) == (date(2019, 2, 1), date(2019, 2, 28))
    assert month_of(add_months(date(2019, 3, 31), -1)) == (date(2019, 2, 1), date(2019, 2, 28))
    assert month_of(add_months(date(2020, 3, 31), -1)) == (date(2020, 2, 1), date(2020, 2, 29))
    assert month_of(date(2018, 12, 31)) == (date(2018, 12, 1), date(2018, 12, 31))
    assert add_months(date(2018, 12, 31), 2) == date(2019, 2, 28)


# -- in bulk ----------------------------------------------------------------------------------------------------


def test_in_bulk_the_deadlines_are_the_same() -> None:
    calendar = office(*NEW_YEAR)
    words = ["5 working_days", "8 working_hours", "30 calendar_days", "3 months", "same_day", "5 working days"]
    limits = [parse_limit(each) for each in words] * 400
    starts = [datetime(2018, 1, 1, tzinfo=UTC) + timedelta(hours=5 * each) for each in range(len(limits))]
    starts = [
        start if index % 3 else start.astimezone(at("2018-01-01 00:00").tzinfo) for index, start in enumerate(starts)
    ]
    assert due_many(calendar, starts, limits) == [due(calendar, *each) for each in zip(starts, limits, strict=True)]
    assert {city_day(start).year for start in starts} == {2018, 2019}


def test_in_bulk_a_day_begins_at_midnight_in_the_city_whatever_the_zone() -> None:
    calendar = office()
    limit = parse_limit("1 working_day")
    starts = [at("2018-12-03 23:59:59"), at("2018-12-04 00:00")]
    ends = [at("2018-12-04 17:00"), at("2018-12-05 17:00")]
    for zone in (UTC, timezone(timedelta(hours=2))):
        assert due_many(calendar, [start.astimezone(zone) for start in starts], [limit] * 2) == ends


def test_in_bulk_a_start_without_a_limit_is_noticed() -> None:
    with pytest.raises(ValueError, match="shorter"):
        due_many(office(), [at("2018-12-28 15:30")] * 2, [SAME_DAY])
