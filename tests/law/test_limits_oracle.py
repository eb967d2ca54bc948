"""Incident 30: working time and deadlines against a calendar that counts every minute.

MOTCUA_HYPOTHESIS_CASES sets how many random questions are asked; a million takes some minutes.
"""

import os
from datetime import timedelta
from typing import get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from law.slow_calendar import FIRST, SlowCalendar, instant, some_calendar
from motcua.law.limits import Limit, Unit, deadline, due, due_many
from motcua.law.working_time import WorkingCalendar, city_day

CASES = int(os.environ.get("MOTCUA_HYPOTHESIS_CASES", "5000"))
A_TIME = 50
MINUTES = 90 * 1440
MOST = {"working_hours": 120, "working_days": 60, "calendar_days": 150, "months": 6, "same_day": 1}
SLOWLY = settings(
    max_examples=max(1, CASES // A_TIME),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
WINDOWS = st.lists(st.tuples(st.integers(0, MINUTES), st.integers(0, 40 * 1440)), min_size=A_TIME, max_size=A_TIME)
QUESTIONS = st.lists(
    st.tuples(st.integers(0, MINUTES), st.sampled_from(get_args(Unit)), st.integers(0, 10**6)),
    min_size=A_TIME,
    max_size=A_TIME,
)


def some_limit(unit: Unit, drawn: int) -> Limit:
    if unit == "same_day":
        return Limit(0, unit, f"{drawn % 24:02}:{drawn // 24 % 60:02}")
    return Limit(drawn % MOST[unit] + 1, unit)


@SLOWLY
@given(st.integers(0, 10**9), QUESTIONS)
def test_every_deadline_is_the_one_found_by_counting(seed: int, questions: list[tuple[int, Unit, int]]) -> None:
    data = some_calendar(seed)
    fast, slow = WorkingCalendar(data), SlowCalendar(data)
    limits = [some_limit(unit, drawn) for _, unit, drawn in questions]
    starts = [minute for minute, _, _ in questions]
    expected = [
        instant(slow.due(start, limit.n, limit.unit, limit.cut_off))
        for start, limit in zip(starts, limits, strict=True)
    ]
    instants = [instant(start) for start in starts]
    found = [due(fast, start, limit) for start, limit in zip(instants, limits, strict=True)]
    wrong = [each for each in zip(instants, limits, found, expected, strict=True) if each[2] != each[3]]
    assert not wrong, (seed, wrong[0])
    assert due_many(fast, instants, limits) == expected


@SLOWLY
@given(st.integers(0, 10**9), WINDOWS)
def test_working_time_is_the_minutes_counted(seed: int, windows: list[tuple[int, int]]) -> None:
    data = some_calendar(seed)
    fast, slow = WorkingCalendar(data), SlowCalendar(data)
    for start, length in windows:
        begins, ends = instant(start), instant(start + length)
        worked = slow.worked(start, start + length)
        assert fast.worked_minutes_between(begins, ends) == worked, (seed, start, length)
        assert fast.worked_minutes_between(ends, begins) == -worked
        assert fast.is_open(begins) == slow.is_open(start), (seed, start)
        assert fast.next_open(begins) == instant(slow.next_open(start)), (seed, start)
        assert fast.is_working_day(begins.date()) == slow.is_working_day(start // 1440)
        if worked:
            reached = fast.instant_after(begins, worked)
            assert reached == instant(slow.after(start, worked)), (seed, start, worked)


@settings(max_examples=max(20, CASES // 50), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(0, 10**9),
    st.integers(0, MINUTES * 60 * 10**6),
    st.sampled_from(get_args(Unit)),
    st.integers(0, 10**6),
)
def test_the_explanation_agrees_with_the_deadline(seed: int, micros: int, unit: Unit, drawn: int) -> None:
    data = some_calendar(seed)
    fast, slow = WorkingCalendar(data), SlowCalendar(data)
    start, limit = instant(0) + timedelta(microseconds=micros), some_limit(unit, drawn)
    found = deadline(fast, start, limit)
    counted, skipped = [day for day, _ in found.counted], [day for day, _ in found.skipped]
    working = [day for day in counted if slow.is_working_day((day - FIRST).days)]
    assert found.due == due(fast, start, limit)
    assert counted == sorted(set(counted))
    assert skipped == sorted(set(skipped))
    assert not set(counted) & set(skipped)
    if unit == "working_hours":
        assert fast.worked_between(start, found.due) == timedelta(hours=limit.n)
        assert sum(minutes or 0 for _, minutes in found.counted) == limit.n * 60
    if unit == "working_days":
        assert counted == working
        assert len(counted) == limit.n
        first = city_day(start)
        between = [first + timedelta(days=ahead + 1) for ahead in range((counted[-1] - first).days)]
        assert sorted(counted + skipped) == between
    if unit in ("working_days", "same_day"):
        assert counted[-1] == city_day(found.due)
    assert all(reason.vi and reason.en for _, reason in found.skipped)


@settings(max_examples=max(20, CASES // 50), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**9), st.lists(st.integers(0, MINUTES * 60 * 10**6), min_size=3, max_size=3).map(sorted))
def test_worked_time_adds_up_to_the_microsecond(seed: int, moments: list[int]) -> None:
    calendar = WorkingCalendar(some_calendar(seed))
    first, second, third = (instant(0) + timedelta(microseconds=each) for each in moments)
    parts = calendar.worked_between(first, second) + calendar.worked_between(second, third)
    assert parts == calendar.worked_between(first, third)
