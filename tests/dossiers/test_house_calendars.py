"""A division works by the calendar of its house unless it has one of its own, in every deadline of the heart."""

from datetime import date

import msgspec
import pytest

from motcua.calendars.lookup import forget
from motcua.calendars.store import store_calendar
from motcua.dossiers.clock_face import calendar_of
from motcua.dossiers.handle import calendars_of
from motcua.law.calendar_data import CalendarData
from motcua.organisation.directory import directory


@pytest.mark.django_db
def test_a_division_keeps_to_the_hours_of_its_district() -> None:
    hours = {day: ["07:30-11:30", "13:30-17:30"] for day in ("mon", "tue", "wed", "thu")}
    data = {
        "id": "quan-thu", "name": {"vi": "Quận thử"}, "known_from": "2010-01-01", "known_to": "2030-12-31",
        "orders": {"o": {"name": {"vi": "thử"}}}, "periods": [{"valid_from": "2010-01-01", "work": hours, "by": "o"}],
        "applies_to": [{"agency": "002", "valid_from": "2010-01-01"}],
    }  # fmt: skip
    store_calendar(msgspec.convert(data, CalendarData))
    forget()
    agencies = directory()
    division, elsewhere = agencies.by_code["002/XD"].number, agencies.by_code["001/XD"].number
    friday = date(2026, 11, 27)
    for of in (calendar_of, calendars_of(agencies)):
        assert not of(division).is_working_day(friday)
        assert of(elsewhere).is_working_day(friday)
