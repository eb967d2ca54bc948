"""Versions of calendars: a change makes a new one, the old one stays, and every process comes to know."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from django.db import ProgrammingError, connection, transaction

from law.office_hours import at, off, office_data, swap
from motcua.calendars import lookup
from motcua.calendars.lookup import NoCalendarError, calendar_for, calendar_version, forget, revision
from motcua.calendars.models import AgencyCalendar, Calendar
from motcua.calendars.store import (
    UnknownAgencyError,
    assign_calendar,
    load_calendars,
    store_calendar,
    store_decree,
)
from motcua.law.calendar_data import AppliesTo, CalendarData, CalendarDataError, Decree, Order, WorkedDay
from motcua.law.texts import Text
from motcua.organisation.models import Agency

SINCE = date(2016, 1, 1)
TODAY = date(2026, 1, 5)


@pytest.fixture
def nobody_assigned(db: None) -> Iterator[None]:
    AgencyCalendar.objects.all().delete()
    forget()
    yield
    forget()


def for_tier(tier: str, **changes: object) -> CalendarData:
    data = msgspec.structs.replace(office_data(), id="store-test", applies_to=(AppliesTo(SINCE, tier=tier),))
    return msgspec.structs.replace(data, **changes)


def swap_decree(rest: date, worked: date, key: str = "swap") -> Decree:
    day_off, day_worked = swap(rest, worked)
    order = Order(Text("Hoán đổi ngày làm việc"), "12729/VPCP-KGVX", date(2025, 12, 25))
    return Decree(
        key,
        order,
        (msgspec.structs.replace(day_off, by=key),),
        (msgspec.structs.replace(day_worked, by=key),),
    )


@pytest.mark.usefixtures("nobody_assigned")
def test_the_same_content_twice_is_one_version() -> None:
    first, second = store_calendar(for_tier("district")), store_calendar(for_tier("district"))
    assert (first.version, first.created) == (1, True)
    assert (second.version, second.created) == (1, False)


@pytest.mark.usefixtures("nobody_assigned")
def test_changed_content_is_a_new_version_with_its_document_and_the_old_one_stays() -> None:
    store_calendar(for_tier("district"))
    before = calendar_for(7, "district", TODAY)
    orders = {
        **office_data().orders,
        "new": Order(Text("Nghỉ thêm"), "1/QĐ", date(2025, 12, 1), date(2026, 1, 1)),
    }
    holiday = msgspec.structs.replace(off(date(2026, 1, 6)), by="new")
    assert store_calendar(for_tier("district", orders=orders, days_off=(holiday,))).version == 2
    row = Calendar.objects.get(code="store-test", version=2)
    assert (row.document_number, row.document_issued) == ("1/QĐ", date(2025, 12, 1))
    after = calendar_for(7, "district", TODAY)
    assert [calendar.is_working_day(date(2026, 1, 6)) for calendar in (before, after)] == [True, False]
    assert calendar_version("store-test", 1).is_working_day(date(2026, 1, 6))
    assert after.version == 2


@pytest.mark.usefixtures("nobody_assigned")
def test_incident_29_a_decree_makes_a_version_and_a_later_content_file_does_not_lose_it() -> None:
    store_calendar(for_tier("district"))
    decree = swap_decree(date(2026, 1, 2), date(2026, 1, 10))
    assert store_decree("store-test", decree).version == 2
    assert not store_decree("store-test", decree).created
    assert Calendar.objects.get(code="store-test", version=2).document_number == "12729/VPCP-KGVX"
    assert not store_calendar(for_tier("district")).created
    assert store_calendar(for_tier("district", days_off=(off(date(2026, 4, 27)),))).version == 3
    calendar = calendar_for(7, "district", TODAY)
    assert calendar.is_working_day(date(2026, 1, 10))
    assert not calendar.is_working_day(date(2026, 1, 2))
    assert not calendar.is_working_day(date(2026, 4, 27))
    assert calendar_version("store-test", 1).close_of_nth_working_day_after(date(2026, 1, 1), 1) == at(
        "2026-01-02 17:00"
    )


@pytest.mark.usefixtures("nobody_assigned")
def test_content_that_states_a_decreed_swap_itself_does_not_state_it_twice() -> None:
    store_calendar(for_tier("district"))
    store_decree("store-test", swap_decree(date(2026, 1, 2), date(2026, 1, 10)))
    rest, worked = swap(date(2026, 1, 2), date(2026, 1, 10))
    store_calendar(for_tier("district", days_off=(rest,), worked_days=(worked,)))
    data = calendar_for(7, "district", TODAY).data
    assert [each.date for each in (*data.days_off, *data.worked_days)] == [date(2026, 1, 2), date(2026, 1, 10)]


@pytest.mark.usefixtures("nobody_assigned")
def test_a_decree_that_contradicts_changes_nothing() -> None:
    store_calendar(for_tier("district"))
    before = (revision(), Calendar.objects.count())
    lost = Decree("lost", Order(Text("Làm bù")), worked_days=(WorkedDay(date(2026, 1, 10), date(2026, 1, 2), "lost"),))
    with pytest.raises(CalendarDataError):
        store_decree("store-test", lost)
    assert (revision(), Calendar.objects.count()) == before


@pytest.mark.usefixtures("nobody_assigned")
def test_a_version_never_changes() -> None:
    store_calendar(for_tier("district"))
    row = Calendar.objects.get(code="store-test")
    row.version = 9
    with pytest.raises(TypeError, match="never changes"):
        row.save()
    for change in ("UPDATE calendars_calendar SET version = 9", "DELETE FROM calendars_calendar",
                   "DELETE FROM calendars_revision", "TRUNCATE calendars_calendar"):  # fmt: skip
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(change)
    assert Calendar.objects.get(code="store-test").version == 1


@pytest.mark.usefixtures("nobody_assigned")
def test_an_agencys_own_calendar_goes_before_its_houses_its_tiers_and_everybodys() -> None:
    Agency.objects.get_or_create(
        code="test-house", defaults={"number": 65_001, "tier": "district", "name_vi": "Quận", "valid_from": SINCE}
    )
    for code, whom in (
        ("everybody", AppliesTo(SINCE, tier="all")),
        ("districts", AppliesTo(SINCE, tier="district")),
        ("house", AppliesTo(date(2018, 1, 1), "test-house", valid_to=date(2018, 12, 31))),
    ):
        store_calendar(msgspec.structs.replace(office_data(), id=code, applies_to=(whom,)))
    day = date(2018, 6, 1)
    assert calendar_for(65_001, "district", day).id == "house"
    assert calendar_for(65_001, "district", date(2019, 1, 1)).id == "districts"
    assert calendar_for(65_002, "district", day).id == "districts"
    assert calendar_for(65_002, "division", day, house=65_001).id == "house"
    assert calendar_for(65_002, "commune", day).id == "everybody"
    with pytest.raises(NoCalendarError) as error:
        calendar_for(65_002, "commune", date(2015, 12, 31))
    assert "65002" in error.value.text.vi


@pytest.mark.usefixtures("nobody_assigned")
def test_a_later_assignment_ends_the_earlier_one_the_day_before() -> None:
    for code in ("first", "second", "between"):
        store_calendar(msgspec.structs.replace(office_data(), id=code))
    assign_calendar("first", AppliesTo(SINCE, tier="commune"))
    assign_calendar("second", AppliesTo(date(2025, 7, 1), tier="commune"))
    assign_calendar("between", AppliesTo(date(2020, 1, 1), tier="commune"))
    assign_calendar("first", AppliesTo(SINCE, tier="commune"))
    spans = AgencyCalendar.objects.filter(tier="commune").order_by("valid_from")
    assert [(each.calendar_code, each.valid_from, each.valid_to) for each in spans] == [
        ("first", SINCE, date(2019, 12, 31)),
        ("between", date(2020, 1, 1), date(2025, 6, 30)),
        ("second", date(2025, 7, 1), None),
    ]
    assert calendar_for(1, "commune", date(2025, 6, 30)).id == "between"
    assert calendar_for(1, "commune", date(2025, 7, 1)).id == "second"


@pytest.mark.usefixtures("nobody_assigned")
def test_a_file_that_names_an_unknown_agency_is_reported_by_line_and_the_others_are_stored(tmp_path: Path) -> None:
    text = """\
id: {id}
name: {{vi: Lịch thử}}
known_from: 2018-01-01
known_to: 2019-12-31
orders: {{test: {{name: {{vi: Quyết định thử}}}}}}
periods:
  - {{valid_from: 2018-01-01, by: test, work: {{mon: ["08:00-12:00"]}}}}
applies_to:
  - {{{whom}, valid_from: 2018-01-01}}
"""
    (tmp_path / "a.yaml").write_text(text.format(id="a", whom="agency: nowhere"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(text.format(id="b", whom="tier: commune"), encoding="utf-8")
    report = load_calendars(tmp_path)
    assert [stored.code for stored in report.stored] == ["b"]
    assert [(Path(problem.file).name, problem.line) for problem in report.problems] == [("a.yaml", 9)]
    assert not Calendar.objects.filter(code="a").exists()
    with pytest.raises(UnknownAgencyError, match="nowhere"):
        assign_calendar("b", AppliesTo(SINCE, "nowhere"))


@pytest.mark.usefixtures("nobody_assigned")
def test_a_change_made_by_another_process_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    store_calendar(for_tier("district"))
    assert calendar_for(7, "district", TODAY).version == 1
    monkeypatch.setattr("motcua.calendars.store.forget", lambda: None)
    store_decree("store-test", swap_decree(date(2026, 1, 2), date(2026, 1, 10)))
    assert calendar_for(7, "district", TODAY, at_revision=revision()).version == 2
    store_decree("store-test", swap_decree(date(2026, 8, 31), date(2026, 8, 22), "later"))
    monkeypatch.setattr(lookup, "SECONDS_BETWEEN_LOOKS", 0.0)
    assert calendar_for(7, "district", TODAY).version == 3


@pytest.mark.usefixtures("nobody_assigned")
def test_the_calendar_at_hand_costs_no_query_and_the_revision_one(django_assert_num_queries: object) -> None:
    store_calendar(for_tier("district"))
    calendar_for(7, "district", TODAY)
    with django_assert_num_queries(0):  # type: ignore[operator]
        calendar_for(7, "district", TODAY)
    with django_assert_num_queries(1):  # type: ignore[operator]
        calendar_for(7, "district", TODAY, at_revision=revision())


@pytest.mark.usefixtures("fresh_city")
def test_decrees_stored_at_the_same_time_all_hold() -> None:
    forget()
    store_calendar(for_tier("district"))
    mondays = [date(2026, 3, 2) + timedelta(days=7 * week) for week in range(6)]

    def store(monday: date) -> None:
        try:
            store_decree("store-test", swap_decree(monday, monday + timedelta(days=5), f"swap {monday}"))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(mondays)) as pool:
        list(pool.map(store, mondays))
    versions = Calendar.objects.filter(code="store-test").values_list("version", flat=True)
    assert sorted(versions) == list(range(1, 8))
    newest = calendar_version("store-test", 7)
    assert not any(newest.is_working_day(monday) for monday in mondays)
    forget()
