"""A house permit from the commune's counter to the resident's hand, through `handle()` on a real database."""

from typing import Any

import pytest

from dossiers.permits import Permit, counted_statements, rows_of, set_watch
from motcua.dossiers import store
from motcua.dossiers.handle import Done
from motcua.dossiers.journal import history
from motcua.dossiers.rows import TASK_COLUMNS, decode_event, dossier_columns, encode_state, task_row
from motcua.law import commands as c
from motcua.law.codes import parse_code, unpack_dossier_id
from motcua.law.dossier import Dossier, PaperGiven, national_status
from motcua.law.evolve import fold
from motcua.law.working_time import CITY_ZONE
from motcua.organisation.directory import directory

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 8


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock, Monday 3 December 2018, 9 in the morning."""
    return set_watch(monkeypatch)


def holds_together(dossier_id: int) -> Dossier:
    """The stored state is the fold of the journal; columns, tasks and outbox agree with it."""
    found = store.read(dossier_id)
    assert found is not None
    state = found[0]
    entries = history(dossier_id)
    assert encode_state(fold(dossier_id, [(entry.event, entry.at) for entry in entries])) == encode_state(state)
    assert [entry.seq for entry in entries] == list(range(1, state.seq + 1))
    assert entries[-1].hash == found[1]
    tasks = rows_of(f"SELECT {', '.join(TASK_COLUMNS)} FROM dossiers_task WHERE dossier_id = %s", dossier_id)
    assert sorted(tasks) == sorted(task_row(task, state) for task in state.tasks)
    columns = dossier_columns(state)
    stored = rows_of(f"SELECT {', '.join(columns)} FROM dossiers_dossier WHERE id = %s", dossier_id)[0]
    assert dict(zip(columns, stored, strict=True)) == columns
    assert rows_of("SELECT max(seq) FROM dossiers_outbox WHERE dossier_id = %s", dossier_id) == [(state.seq,)]
    assert 1 <= national_status(state) <= 10
    return state


def test_a_permit_passes_every_desk_and_every_act_is_stored_whole_in_eight_statements(watch: Any) -> None:
    # Once, so that calendars and catalogue are known to this process.
    Permit().accept()
    permit = Permit()
    people = permit.people
    with counted_statements() as sent:
        permit.accept()
    assert len(sent) <= MOST_STATEMENTS
    statuses = [national_status(holds_together(permit.id))]

    def step(command: Any, actor: Any, moment: str) -> Dossier:
        watch.to(moment)
        with counted_statements() as sent:
            done = permit.act(command, actor)
        assert len(sent) <= MOST_STATEMENTS, sent
        assert not done.repeated
        state = holds_together(permit.id)
        assert encode_state(done.state) == encode_state(state)
        statuses.append(national_status(state))
        return state

    state = step(c.Forward(task=permit.task()), people.clerk, "2018-12-03 10:00")
    assert state.tasks[0].agency == permit.place.district
    assert state.tasks[0].received_at is None
    state = step(c.Receive(tasks=(permit.task(),)), people.district_clerk, "2018-12-03 14:00")
    assert state.tasks[0].received_at is not None
    step(c.Forward(task=permit.task()), people.district_clerk, "2018-12-03 14:30")
    officer = people.officer
    state = step(
        c.Assign(task=permit.task(), to=officer.account, to_name=officer.name), people.head, "2018-12-03 15:00"
    )
    assert (state.tasks[0].agency, state.tasks[0].assignee) == (permit.place.division, officer.account)
    step(
        c.AskOpinion(task=permit.task(), agency=permit.place.planning, question="Chỉ giới?", limit="2 working_days"),
        officer,
        "2018-12-04 08:30",
    )
    step(
        c.RequestSupplement(items=("drawings", "*Ký lại đơn"), reason="Thiếu mặt cắt", task=permit.task()),
        officer,
        "2018-12-04 09:00",
    )
    before = permit.state.due_at
    state = step(c.GiveSupplement(papers=(PaperGiven(id="drawings", original=2),)), people.clerk, "2018-12-10 09:00")
    assert state.due_at is not None
    assert before is not None
    assert state.due_at > before
    answer = c.GiveOpinion(task=permit.task("opinion"), agrees=True, words="Phù hợp quy hoạch")
    step(answer, people.planner, "2018-12-10 10:00")
    step(c.DraftResult(task=permit.task(), result="permit", text="Cho phép"), officer, "2018-12-11 09:00")
    step(c.Forward(task=permit.task()), officer, "2018-12-11 09:05")
    step(c.Forward(task=permit.task()), people.head, "2018-12-11 10:00")
    state = step(c.Sign(task=permit.task()), people.leader, "2018-12-12 09:00")
    assert state.signed_by
    state = step(c.NumberResult(task=permit.task()), people.registrar, "2018-12-12 10:00")
    assert state.number == "1/2018/GPXD"
    fee = c.RequestPayment(task=permit.task(), amounts={"permit": 75_000})
    step(fee, people.clerk, "2018-12-12 14:00")
    step(c.MarkReady(task=permit.task()), people.clerk, "2018-12-12 14:05")
    unpaid = c.HandOverResult(task=permit.task(), to_name="Hoà", by_paper="receipt")
    assert permit.refused(unpaid, people.clerk) == "owed"
    step(c.RecordPayment(amounts={"permit": 75_000}, method="cash", receipt="0001"), people.clerk, "2018-12-13 09:00")
    handed = c.HandOverResult(task=permit.task(), to_name="Nguyễn Thị Hoà", by_paper="receipt")
    state = step(handed, people.clerk, "2018-12-13 09:01")
    assert (state.phase, state.outcome, state.tasks) == ("ended", "granted", ())
    assert statuses == [2, 4, 4, 4, 4, 4, 5, 4, 4, 4, 4, 4, 4, 4, 4, 9, 9, 10]


def test_code_id_and_book_say_day_agency_and_serial(watch: Any) -> None:
    one, two = Permit().accept(), Permit().accept()
    other = Permit("00004").accept()
    identifier = directory()[one.place.commune].identifier
    for permit, serial in ((one, 1), (two, 2)):
        code = parse_code(permit.state.code)
        assert code is not None
        assert (code.identifier, code.day.isoformat(), code.serial) == (identifier, "2018-12-03", serial)
        assert unpack_dossier_id(permit.id) == (code.day, permit.place.commune, serial)
        assert permit.state.book == serial
    assert (other.state.book, other.state.code != one.state.code) == (1, True)


def test_the_number_of_a_result_is_of_the_citys_year_not_of_greenwichs(watch: Any) -> None:
    permit = Permit().accept().to("number")
    watch.to("2019-01-01 00:30")
    permit.act(c.NumberResult(task=permit.task()), permit.people.registrar)
    assert permit.state.number == "1/2019/GPXD"


def test_the_day_of_a_code_is_the_citys_around_midnight(watch: Any) -> None:
    days = []
    for moment in ("2018-12-03 23:59", "2018-12-04 00:00", "2018-12-04 06:59", "2018-12-04 07:00"):
        watch.to(moment)
        code = parse_code(Permit().accept().state.code)
        assert code is not None
        days.append((code.day.day, code.serial))
    assert days == [(3, 1), (4, 1), (4, 2), (4, 3)]


def test_every_event_reads_back_as_it_was_written(watch: Any) -> None:
    permit = Permit().accept().to("hand_over")
    payloads = [
        row[0] for row in rows_of("SELECT payload FROM dossiers_event WHERE dossier_id = %s ORDER BY seq", permit.id)
    ]
    entries = history(permit.id)
    assert [decode_event(payload) for payload in payloads] == [entry.event for entry in entries]
    assert {entry.at.astimezone(CITY_ZONE).date().isoformat() for entry in entries} == {"2018-12-03"}
    done = permit.act(c.MarkReady(task=permit.task()), permit.people.clerk)
    assert isinstance(done, Done)


def test_what_is_corrected_is_checked_like_what_was_typed_first(watch: Any) -> None:
    permit = Permit().accept()
    clerk = permit.people.clerk
    for path, new in (
        ("form.plot_area", "rộng lắm"),
        ("form.plot_area", "3"),
        ("form.plot_area", ""),
        ("form.start_date", "31/02/2019"),
        ("form.land_paper", "none"),
        ("form.total_area", "60"),
        ("form.designer", "Ai đó"),
        ("applicant.name", " "),
        ("applicant.party", "1"),
    ):
        assert permit.refused(c.Correct(changes={path: new}, reason="Gõ sai"), clerk) == "not_correctable", path
    fixed = {"form.plot_area": "72", "form.start_date": "2019-01-07", "applicant.phone": "0987 654 321"}
    permit.act(c.Correct(changes=fixed, reason="Gõ sai"), clerk)
    state = holds_together(permit.id)
    assert (state.form["plot_area"], state.form["start_date"]) == (72, "2019-01-07")
    assert state.applicant.phone == "0987 654 321"


def test_an_error_of_ours_is_mended_without_touching_the_date_that_was_kept_or_missed(watch: Any) -> None:
    permit = Permit().accept().to("hand_over")
    watch.to("2019-01-15 09:00")
    permit.act(c.MarkReady(task=permit.task()), permit.people.clerk)
    due, finished = permit.state.due_at, permit.state.finished_at
    assert due is not None
    assert finished is not None
    assert finished > due
    permit.act(c.CorrectResult(reason="Sai diện tích"), permit.people.clerk)
    people, task = permit.people, permit.task("correction")
    for command, actor, code in (
        (c.RequestSupplement(items=("drawings",), reason="x", task=task), people.officer, "not_an_action"),
        (c.Suspend(task=task, ground="verification", document="1"), people.officer, "not_an_action"),
        (c.Withdraw(reason="Thôi"), people.clerk, "wrong_phase"),
        (c.Stop(reason="x", ground="x"), people.head, "wrong_phase"),
    ):
        assert permit.refused(command, actor) == code
    later = c.RequestExtension(task=task, due=watch.instant.replace(day=31), reason="x", apology="x")
    assert permit.refused(later, people.officer) == "not_an_action"
    state = holds_together(permit.id)
    assert (state.due_at, state.finished_at) == (due, finished)
