"""How and when a person is told, without a database."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE
from motcua.notices.people import Person
from motcua.notices.planning import Plan, Wishes, after_the_night, plan
from motcua.notices.wording.shapes import Message

ALL = frozenset({"sms", "email", "push"})
NOON = datetime(2019, 1, 7, 12, tzinfo=CITY_ZONE)
NIGHT = datetime(2019, 1, 7, 23, tzinfo=CITY_ZONE)
WHO = Person(account=7, phone="+84901234567", email="a@mau.example")


def message(**more: Any) -> Message:
    values: dict[str, Any] = {
        "kind": "fee", "title": Text("x", "x"), "text": Text("x", "x"), "expires_hours": 48,
        "channels": ("push", "sms", "email"),
    }  # fmt: skip
    return Message(**(values | more))


def planned(letter: Message, wishes: Wishes | None = None, now: datetime = NOON, who: Person = WHO) -> Plan:
    return plan(letter, who, wishes or Wishes(), now, now, ALL, has_browser=False)


def test_the_first_way_there_is_comes_first_and_the_others_wait() -> None:
    assert planned(message()).destinations == (("sms", "+84901234567"), ("email", "a@mau.example"))
    with_browser = plan(message(), WHO, Wishes(), NOON, NOON, ALL, has_browser=True)
    assert [channel for channel, _ in with_browser.destinations] == ["push", "sms", "email"]


def test_what_is_switched_off_stays_off_unless_the_law_requires_it() -> None:
    off = Wishes(sms=False, email=False, push=False)
    assert planned(message(), off) == Plan((), NOON, NOON + timedelta(hours=48), "opted_out")
    assert len(planned(message(required=True), off).destinations) == 2
    assert [each[0] for each in planned(message(required=True), Wishes(sms=False)).destinations] == ["email"]
    assert planned(message(), Wishes(progress=False)).kept_in == "opted_out"
    assert planned(message(required=True), Wishes(progress=False)).kept_in == ""


def test_why_nothing_leaves_is_said() -> None:
    assert planned(message(channels=())).kept_in == "inbox"
    assert planned(message(), who=Person(account=7)).kept_in == "no_contact"
    assert plan(message(), WHO, Wishes(), NOON, NOON, frozenset()).kept_in == "no_channel"


def test_the_night_is_waited_out_by_what_is_not_urgent() -> None:
    assert planned(message(), now=NIGHT).begin == datetime(2019, 1, 8, 7, tzinfo=CITY_ZONE)
    assert planned(message(urgent=True), now=NIGHT).begin == NIGHT
    # What the law requires outlives the night in which it would have run out.
    required = planned(message(required=True, expires_hours=2), now=NIGHT)
    assert required.expires > required.begin
    assert planned(message(expires_hours=2), now=NIGHT).expires < planned(message(expires_hours=2), now=NIGHT).begin


@pytest.mark.parametrize(
    ("hour", "start", "end", "begins"),
    [
        ("2019-01-07 20:59", "21:00", "07:00", "2019-01-07 20:59"),
        ("2019-01-07 21:00", "21:00", "07:00", "2019-01-08 07:00"),
        ("2019-01-08 06:59", "21:00", "07:00", "2019-01-08 07:00"),
        ("2019-01-08 07:00", "21:00", "07:00", "2019-01-08 07:00"),
        ("2019-01-08 13:00", "12:00", "14:00", "2019-01-08 14:00"),
        ("2019-01-08 03:00", "00:00", "00:00", "2019-01-08 03:00"),
    ],
)
def test_quiet_hours_are_the_citys(hour: str, start: str, end: str, begins: str) -> None:
    at = datetime.fromisoformat(hour).replace(tzinfo=CITY_ZONE).astimezone(UTC)
    after = after_the_night(at, time.fromisoformat(start), time.fromisoformat(end))
    assert after == datetime.fromisoformat(begins).replace(tzinfo=CITY_ZONE)


@given(st.datetimes(datetime(2019, 1, 1), datetime(2020, 1, 1)), st.times(), st.times())
def test_it_is_never_quiet_when_a_message_begins_and_never_long(at: datetime, start: time, end: time) -> None:
    now = at.replace(tzinfo=UTC)
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    begin = after_the_night(now, start, end)
    assert now <= begin < now + timedelta(days=1)
    assert after_the_night(begin, start, end) == begin
