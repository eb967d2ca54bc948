"""`motcua due`: the deadline for machines and for people, from a file without a database or for an agency."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from motcua.calendars.store import load_calendars
from motcua.organisation.models import Agency

HANOI = Path(__file__).resolve().parents[2] / "content" / "hanoi-2018" / "calendars" / "hanoi.yaml"


def due(*arguments: str) -> str:
    output = StringIO()
    call_command("due", *arguments, stdout=output)
    return output.getvalue()


def from_file(start: str, limit: str, *more: str) -> str:
    return due("--calendar", str(HANOI), "--from", start, "--limit", limit, *more)


def test_a_file_is_enough_and_no_database_is_asked() -> None:
    found: dict[str, Any] = json.loads(from_file("2018-12-28T15:30", "5 working_days", "--json"))
    assert found["due"] == "2019-01-07T17:00:00+07:00"
    assert found["counted"] == ["2019-01-02", "2019-01-03", "2019-01-04", "2019-01-05", "2019-01-07"]
    assert [each["date"] for each in found["skipped"]] == [
        "2018-12-29", "2018-12-30", "2018-12-31", "2019-01-01", "2019-01-06",
    ]  # fmt: skip
    assert found["skipped"][2]["reason"] == "Nghỉ hoán đổi dịp Tết Dương lịch, làm bù thứ Bảy 5/1/2019"
    assert found["provisional"] is False
    assert "minutes" not in found


def test_hours_tell_the_minutes_of_each_day() -> None:
    found = json.loads(from_file("2018-12-28T15:30:00+07:00", "8 working_hours", "--json"))
    assert found["due"] == "2019-01-02T15:30:00+07:00"
    assert found["minutes"] == {"2018-12-28": 90, "2019-01-02": 390}
    assert found == json.loads(from_file("2018-12-28T08:30:00Z", "8 working_hours", "--json"))


def test_people_get_sentences_in_their_language() -> None:
    vietnamese = from_file("2018-12-28T15:30", "5 working_days")
    assert vietnamese.startswith("5 ngày làm việc: thứ Hai 7/1/2019, 17:00\n")
    english = from_file("2026-12-30T15:30", "8 working_hours", "--language", "en")
    assert english.startswith("8 working hours: Thursday 31/12/2026, 15:30\n")
    assert "(390 minutes)" in english
    assert "Provisional" in from_file("2026-12-30T15:30", "5 working_days", "--language", "en")
    assert "Tạm tính" in from_file("2026-12-30T15:30", "5 working_days")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--from", "28/12/2018", "--limit", "5 working_days"), "--from"),
        (("--from", "2018-12-28T25:00", "--limit", "5 working_days"), "--from"),
        (("--from", "2018-12-28T15:30", "--limit", "5 days"), "--limit"),
        (("--from", "1990-12-28T15:30", "--limit", "5 working_days"), "1990-12-28"),
        (("--from", "0001-01-01T00:00", "--limit", "5 working_hours"), "0001-01-01"),
        (("--from", "9999-12-31T23:00", "--limit", "5 months"), "9999-12-31"),
        (("--from", "9999-12-31T23:00Z", "--limit", "5 months"), "--from"),
        (("--from", "8999-12-31T09:00", "--limit", "1200 months"), "9099-12-31"),
        (("--from", "8999-12-31T09:00", "--limit", "200000 working_hours"), "9000-01-01"),
    ],
)
def test_a_wrong_option_is_named(arguments: tuple[str, ...], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        due("--calendar", str(HANOI), *arguments)


def test_a_wrong_calendar_file_is_told_by_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("id: wrong\nperiods: none\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"wrong\.yaml:2"):
        due("--calendar", str(wrong), "--from", "2018-12-28", "--limit", "same_day")


def test_an_agency_or_a_file_is_asked_for_but_not_both() -> None:
    with pytest.raises(CommandError):
        due("--from", "2018-12-28", "--limit", "same_day")
    with pytest.raises(CommandError):
        from_file("2018-12-28", "same_day", "--agency", "002")


@pytest.mark.django_db
def test_an_agency_has_the_calendar_it_keeps_to() -> None:
    load_calendars(HANOI)
    Agency.objects.get_or_create(
        code="002",
        defaults={"number": 65_000, "tier": "district", "name_vi": "Quận thử", "valid_from": date(2000, 1, 1)},
    )
    asked = ("--from", "2018-12-28T15:30", "--limit", "5 working_days", "--json")
    assert due("--agency", "002", *asked) == due("--calendar", str(HANOI), *asked)


@pytest.mark.django_db
def test_an_agency_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match="'nowhere'"):
        due("--agency", "nowhere", "--from", "2018-12-28", "--limit", "same_day")
