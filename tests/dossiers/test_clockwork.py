"""What the law does by the clock: closing what was never supplemented, and moving dates after a decree."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import pytest

from dossiers.permits import Permit, everything, rows_of, set_watch
from motcua.calendars import lookup
from motcua.calendars import store as calendars
from motcua.catalogue.models import RegimeRow
from motcua.catalogue.versions import forget_catalogue, regimes
from motcua.dossiers import timers
from motcua.dossiers.journal import history
from motcua.law import commands as c
from motcua.law.calendar_data import DayOff, Decree, Order, WorkedDay
from motcua.law.dossier import PaperGiven, national_status
from motcua.law.events import DueMoved
from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE

pytestmark = pytest.mark.django_db


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock."""
    return set_watch(monkeypatch)


@pytest.fixture
def calendars_forgotten() -> Iterator[None]:
    """What a test's decree made of the calendars is not remembered by the next."""
    yield
    lookup._compiled.clear()
    lookup.forget()


@pytest.fixture
def decree_118(db: None) -> Iterator[None]:
    """The regime of Decree 118/2025 in force from 1 July 2025."""
    old = regimes()[-1]
    new = msgspec.structs.replace(
        old, code="test-118", valid_from=date(2025, 7, 1), valid_to=None, close_without_supplement_days=15,
        after_supplement="resume",
    )  # fmt: skip
    for row in RegimeRow.objects.filter(valid_to=None):
        RegimeRow.objects.filter(pk=row.pk).update(
            valid_to=date(2025, 6, 30),
            content=msgspec.json.encode(
                msgspec.structs.replace(msgspec.json.decode(row.content, type=type(old)), valid_to=date(2025, 6, 30))
            ).decode(),
        )
    RegimeRow.objects.create(
        code=new.code, valid_from=new.valid_from, valid_to=None, content=msgspec.json.encode(new).decode()
    )
    forget_catalogue()
    yield
    forget_catalogue()


def waiting_for_papers(watch: Any, moment: str) -> Permit:
    watch.to(moment)
    permit = Permit().accept().at_officer()
    asked = c.RequestSupplement(items=("drawings",), reason="Thiếu mặt cắt", task=permit.task())
    permit.act(asked, permit.people.officer)
    return permit


@pytest.mark.usefixtures("decree_118")
def test_a_dossier_never_supplemented_is_closed_once_after_fifteen_days(watch: Any) -> None:
    permit = waiting_for_papers(watch, "2025-12-01 09:00")
    answered = waiting_for_papers(watch, "2025-12-01 09:00")
    answered.act(c.GiveSupplement(papers=(PaperGiven(id="drawings", original=2),)), answered.people.clerk)
    watch.to("2025-12-14 10:00")
    permit.act(c.Note(words="Đã gọi điện nhắc"), permit.people.clerk)
    watch.to("2025-12-16 08:59")
    assert timers.close_unanswered() == 0
    watch.to("2025-12-16 09:00")
    assert timers.close_unanswered() == 1
    before = everything()
    assert timers.close_unanswered() == 0
    assert everything() == before
    assert (permit.state.outcome, national_status(permit.state), permit.state.tasks) == ("closed", 8, ())
    assert rows_of("SELECT count(*) FROM dossiers_task WHERE dossier_id = %s", permit.id) == [(0,)]
    assert answered.state.phase == "working"


@pytest.mark.usefixtures("decree_118")
def test_under_decree_61_it_waits_on(watch: Any) -> None:
    permit = waiting_for_papers(watch, "2018-12-03 09:00")
    watch.to("2025-12-30 09:00")
    assert timers.close_unanswered() == 0
    assert permit.state.phase == "supplement"


def swap() -> Decree:
    """Thursday 27 December 2018 off against Saturday 12 January 2019; made up."""
    return Decree(
        "test-swap",
        Order(Text("Hoán đổi ngày làm việc"), "01/TEST", date(2018, 12, 20), date(2018, 12, 20)),
        (DayOff(date(2018, 12, 27), Text("Nghỉ hoán đổi"), "swapped_off", "test-swap"),),
        (WorkedDay(date(2019, 1, 12), date(2018, 12, 27), "test-swap"),),
    )


@pytest.mark.usefixtures("calendars_forgotten")
def test_a_decree_moves_every_open_date_once_with_old_and_new_in_the_journal(
    watch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.to("2018-12-14 09:00")
    moving, handed, asked = Permit().accept(), Permit().accept(), Permit().accept()
    timers.follow_calendars()
    handed.to("hand_over").act(c.MarkReady(task=handed.task()), handed.people.clerk)
    asked.at_officer()
    asked.act(c.RequestSupplement(items=("drawings",), reason="x", task=asked.task()), asked.people.officer)
    old = {permit.id: permit.state.due_at for permit in (moving, handed, asked)}
    assert timers.follow_calendars() == 0
    calendar = lookup.calendar_for(moving.place.commune, "commune")
    # As in another process, which this one has not heard of yet.
    monkeypatch.setattr(calendars, "forget", lambda: None)
    assert calendars.store_decree(calendar.data.id, swap()).created
    assert timers.follow_calendars() == 1
    state = moving.state
    assert state.due_at is not None
    assert old[moving.id] is not None
    assert state.due_at > old[moving.id]
    moved = [entry.event for entry in history(moving.id) if isinstance(entry.event, DueMoved)]
    assert [(event.old, event.due) for event in moved] == [(old[moving.id], state.due_at)]
    assert [due.astimezone(CITY_ZONE).date() for due in (moved[0].old, moved[0].due)] == [
        date(2019, 1, 7),
        date(2019, 1, 8),
    ]
    assert (handed.state.due_at, asked.state.due_at) == (old[handed.id], old[asked.id])
    before = everything()
    assert timers.follow_calendars() == 0
    assert everything() == before
