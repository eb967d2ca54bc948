"""`motcua decree`: a swap known a week ahead holds at once, mistakes are named by line, trying stores nothing."""

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dossiers.permits import set_watch
from motcua.calendars import lookup
from motcua.calendars.models import Calendar
from motcua.calendars.store import store_calendar
from motcua.dossiers import store, timers
from motcua.dossiers.journal import history
from motcua.law.events import DueMoved
from motcua.law.working_time import CITY_ZONE
from permit_office import Office

pytestmark = pytest.mark.django_db

SWAP = """\
key: swap-2026-november
order:
  name: {vi: Hoán đổi ngày làm việc dịp 24/11/2026, en: Swap at 24 November 2026}
  number: 01/TEST
  issued: 2026-11-16
days_off:
  - {date: 2026-11-23, kind: swapped_off, by: swap-2026-november, name: {vi: Nghỉ hoán đổi, en: Day swapped}}
worked_days:
  - {date: 2026-12-26, in_place_of: 2026-11-23, by: swap-2026-november}
"""
FULL = ["08:00-12:00", "13:00-17:00"]


@pytest.fixture(autouse=True)
def calendars_forgotten() -> Iterator[None]:
    """What a test's decree made of the calendars is not remembered by the next."""
    yield
    lookup._compiled.clear()
    lookup.forget()


@pytest.fixture
def swap(tmp_path: Path) -> Path:
    path = tmp_path / "swap.yaml"
    path.write_text(SWAP, encoding="utf-8")
    return path


def decree(path: Path, *more: str) -> str:
    output = StringIO()
    call_command("decree", str(path), *more, stdout=output)
    return output.getvalue()


def told(path: Path, *more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(decree(path, "--json", *more))
    return found


def versions() -> list[tuple[str, int]]:
    return list(Calendar.objects.order_by("code", "version").values_list("code", "version"))


def refused(path: Path, text: str, *more: str) -> str:
    """What the command says of a file that it must not store."""
    path.write_text(text, encoding="utf-8")
    before = versions()
    with pytest.raises(CommandError) as error:
        decree(path, *more)
    assert versions() == before
    return str(error.value)


def test_trying_lists_the_days_that_change_and_stores_nothing(swap: Path) -> None:
    before = versions()
    found = told(swap, "--dry-run")
    assert (found["calendar"], found["changed"], found["stored"]) == ("hanoi", True, False)
    assert [(day["date"], day["before"], day["after"]) for day in found["days"]] == [
        ("2026-11-23", FULL, []),
        ("2026-12-26", [], FULL),
    ]
    assert "nothing stored" in decree(swap, "--dry-run")
    assert versions() == before


def test_a_decree_holds_at_once_and_only_once(swap: Path) -> None:
    before = versions()
    found = told(swap, "--calendar", "hanoi")
    assert found["stored"]
    assert versions() == [*before, ("hanoi", found["version"])]
    row = Calendar.objects.get(code="hanoi", version=found["version"])
    assert (row.document_number, row.document_issued) == ("01/TEST", date(2026, 11, 16))
    calendar = lookup.calendar_for(1, "city", date(2026, 11, 20))
    assert [calendar.is_working_day(date(2026, *day)) for day in ((11, 23), (12, 26))] == [False, True]
    again = told(swap)
    assert (again["version"], again["changed"], again["stored"], again["days"]) == (found["version"], False, False, [])
    assert "nothing changed" in decree(swap)


def test_it_says_when_open_dates_follow(swap: Path) -> None:
    said = decree(swap)
    assert "thứ Hai 23/11/2026: 08:00-12:00, 13:00-17:00 → nghỉ / off" in said
    assert "thứ Bảy 26/12/2026: nghỉ / off → 08:00-12:00, 13:00-17:00 (Làm bù cho thứ Hai 23/11/2026)" in said
    assert "within a minute" in said


def test_the_date_promised_to_an_open_dossier_moves_with_it(swap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = set_watch(monkeypatch)
    watch.to("2026-11-16 09:00")
    permit = Office().accepted()
    assert permit.due_at is not None
    told(swap)
    assert timers.move_open_dates("decree") == 1
    found = store.read(permit.id)
    assert found is not None
    moved = [entry.event for entry in history(permit.id) if isinstance(entry.event, DueMoved)]
    assert [(event.old, event.due) for event in moved] == [(permit.due_at, found[0].due_at)]
    days = [due.astimezone(CITY_ZONE).date() for due in (permit.due_at, moved[0].due)]
    calendar = lookup.calendar_version("hanoi", 1)
    assert date(2026, 11, 24) < days[0] < date(2026, 12, 26)
    assert days[1] == calendar.nth_working_day_after(days[0], 1)
    assert timers.move_open_dates("decree again") == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("key: swap", "kind: swap", 1, "kind"),
        ("2026-12-26", "26/12/2026", 9, "a date written as"),
        ("in_place_of: 2026-11-23", "in_place_of: 2026-11-25", 7, "no day is worked in its place"),
        ("in_place_of: 2026-11-23", "in_place_of: 2026-11-25", 9, "is not swapped off"),
        ("{date: 2026-11-23, kind: swapped_off", "{date: 2026-11-24, kind: swapped_off", 7, "is already at"),
        ("by: swap-2026-november, name", "by: swap-november, name", 7, "no order is called"),
        ("2026-11-23, by: swap-2026-november}", "2026-11-23, by: another}", 9, "no order is called"),
    ],
)
def test_a_mistake_is_named_with_its_line(swap: Path, old: str, new: str, line: int, reason: str) -> None:
    assert old in SWAP
    said = refused(swap, SWAP.replace(old, new))
    assert any(f"swap.yaml:{line}:" in each and reason in each for each in said.splitlines()), said


def test_what_stands_already_does_not_shift_the_lines(swap: Path) -> None:
    holiday = "  - {date: 2026-11-24, kind: holiday, by: swap-2026-november, name: {vi: Ngày Văn hóa, en: Culture}}\n"
    known = SWAP.replace("days_off:\n", "days_off:\n" + holiday)
    said = refused(swap, known.replace("in_place_of: 2026-11-23", "in_place_of: 2026-11-25"))
    assert "swap.yaml:8: 2026-11-23 is swapped, but no day is worked in its place" in said


def test_withdrawing_half_a_swap_is_a_mistake_of_what_is_withdrawn(swap: Path) -> None:
    decree(swap)
    half = SWAP.partition("days_off:")[0] + "withdraws:\n  - 2026-12-26\n"
    assert "swap.yaml:6:" in refused(swap, half)
    whole = half + "  - 2026-11-23\n"
    swap.write_text(whole, encoding="utf-8")
    assert [(day["date"], day["after"]) for day in told(swap)["days"]] == [("2026-11-23", FULL), ("2026-12-26", [])]


def test_a_decree_without_days_orders_nothing(swap: Path) -> None:
    assert "orders nothing" in refused(swap, SWAP.partition("days_off:")[0])


def test_a_calendar_that_is_not_there_or_not_clear_is_asked_for(swap: Path) -> None:
    assert "'nowhere'" in refused(swap, SWAP, "--calendar", "nowhere")
    data = lookup.calendar_version("hanoi", 1).data
    store_calendar(type(data)(**{name: getattr(data, name) for name in data.__struct_fields__} | {"id": "second"}))
    assert "--calendar hanoi | second" in refused(swap, SWAP)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.yaml:1"):
        decree(tmp_path / "none.yaml")
