"""The life of a dossier, told through the law alone: what follows from each act, and what is refused and why."""

import pytest

from law.office import (
    CLERK,
    COMMUNE,
    DECREE_118,
    DISTRICT,
    DIVISION,
    HEAD,
    LEADER,
    OFFICER,
    OTHER_OFFICER,
    PLANNER,
    PLANNING,
    REGISTRAR,
    STRANGER,
    Desk,
    at,
    person,
    procedure,
    step,
)
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from motcua.law.clocks import read_clocks
from motcua.law.dossier import PaperGiven, national_status
from motcua.law.limits import Timeliness
from motcua.law.offers import offers
from motcua.law.process import Process, Stage
from motcua.law.texts import Text

LAND = (PaperGiven(id="land", certified=1),)


def due_day(desk: Desk) -> str:
    assert desk.state is not None
    assert desk.state.due_at is not None
    return desk.state.due_at.astimezone(desk.now.tzinfo).strftime("%Y-%m-%d %H:%M")


def test_a_house_permit_from_the_counter_to_the_applicants_hand() -> None:
    desk = Desk()
    assert national_status(desk.lodge()) == 1
    state = desk.do(c.Accept(), CLERK)
    assert national_status(state) == 2
    assert state.code == "000.00.01.H26-181203-0001"
    assert due_day(desk) == "2018-12-24 17:00"
    desk.do(c.Forward(task=desk.task()), CLERK, "2018-12-03 10:00")
    assert desk.state is not None
    assert desk.state.tasks[0].agency == DIVISION
    assert desk.state.tasks[0].received_at is None
    desk.do(c.Receive(tasks=(desk.task(),)), HEAD, "2018-12-03 14:00")
    state = desk.do(c.Assign(task=desk.task(), to=13, to_name="Lê Thu Hà"), HEAD, "2018-12-03 15:00")
    assert state.tasks[0].assignee == 13
    assert national_status(state) == 4
    desk.do(c.AskOpinion(task=desk.task(), agency=PLANNING, question="Chỉ giới?", limit="2 working_days"), OFFICER)
    opinion = desk.state.tasks[-1].no
    assert desk.refused(c.Forward(task=desk.task()), OFFICER) == "opinion_open"
    desk.do(c.GiveOpinion(task=opinion, agrees=True, words="Phù hợp"), PLANNER, "2018-12-04 09:00")
    desk.do(c.DraftResult(task=desk.task(), result="permit", text="Cho phép"), OFFICER)
    desk.do(c.Forward(task=desk.task()), OFFICER)
    desk.do(c.Sign(task=desk.task()), LEADER, "2018-12-06 09:00")
    state = desk.do(c.NumberResult(task=desk.task()), REGISTRAR)
    assert state.number == "7/2018/GPXD"
    assert state.tasks[0].agency == COMMUNE
    state = desk.do(c.MarkReady(task=desk.task()), CLERK, "2018-12-07 09:00")
    assert national_status(state) == 9
    state = desk.do(
        c.HandOverResult(task=desk.task(), to_name="Nguyễn Văn An", by_paper="receipt"), CLERK, "2018-12-10 09:00"
    )
    assert national_status(state) == 10
    assert state.tasks == ()
    assert state.outcome == "granted"


def test_a_supplement_restarts_the_clock_under_decree_61_and_resumes_it_under_118() -> None:
    wants = {"2018-12-03 09:00": "2018-12-31 17:00", "2025-12-01 09:00": "2025-12-25 17:00"}
    for start, end in wants.items():
        first = start.startswith("2018")
        desk = Desk(start) if first else Desk(start, regime=DECREE_118)
        desk.at_officer()
        asked = "2018-12-04 09:00" if first else "2025-12-02 09:00"
        given = "2018-12-10 09:00" if first else "2025-12-05 09:00"
        desk.do(c.RequestSupplement(items=("land",), reason="Thiếu", task=desk.task()), OFFICER, asked)
        assert desk.state is not None
        assert national_status(desk.state) == 5
        assert desk.refused(c.Forward(task=desk.task()), OFFICER) == "paused"
        desk.do(c.GiveSupplement(papers=LAND), CLERK, given)
        assert due_day(desk) == end, start


def test_papers_are_asked_for_once() -> None:
    desk = Desk().at_officer()
    desk.do(c.RequestSupplement(items=("land",), reason="Thiếu", task=desk.task()), OFFICER)
    desk.do(c.GiveSupplement(papers=LAND), CLERK)
    again = c.RequestSupplement(items=("application",), reason="Thiếu nữa", task=desk.task())
    assert desk.refused(again, OFFICER) == "supplement_again"
    lawful = c.RequestSupplement(
        items=("application",), reason="Thẩm tra", task=desk.task(), stage="work", ground="Đ19.4", approver=15
    )
    desk.do(lawful, OFFICER)
    assert desk.state is not None
    assert len(desk.state.supplements) == 2


def test_a_supplement_answers_everything_that_was_asked() -> None:
    desk = Desk()
    desk.lodge(papers=(PaperGiven(id="application", original=1),))
    assert desk.refused(c.Accept(), CLERK) == "papers_missing"
    assert desk.refused(c.RequestSupplement(items=(), reason="x"), CLERK) == "items_needed"
    desk.do(c.RequestSupplement(items=("land", "*Ký lại đơn"), reason="Thiếu"), CLERK)
    assert desk.refused(c.GiveSupplement(papers=(PaperGiven(id="application", original=1),)), CLERK) == (
        "supplement_incomplete"
    )
    desk.do(c.GiveSupplement(papers=LAND), CLERK)
    assert desk.do(c.Accept(), CLERK).code


def test_papers_may_not_be_sent_back_after_three_working_days_without_ground() -> None:
    desk = Desk().at_officer()
    late = c.RequestSupplement(items=("land",), reason="Thiếu", task=desk.task())
    assert desk.refused(late, OFFICER, "2018-12-07 08:00") == "supplement_too_late"
    assert desk.refused(late, OFFICER, "2018-12-10 08:00") == "supplement_too_late"
    desk.now = at("2018-12-06 16:59")
    desk.do(late, OFFICER)


def test_a_new_date_needs_an_apology_a_day_ahead_and_comes_once() -> None:
    desk = Desk().at_officer()
    task = desk.task()
    extend = c.RequestExtension(task=task, due=at("2018-12-28 17:00"), reason="Chờ đo", apology="Xin lỗi")
    assert desk.refused(extend, OFFICER, "2018-12-24 09:00") == "extension_too_late"
    desk.now = at("2018-12-23 09:00")
    desk.do(extend, OFFICER)
    assert due_day(desk) == "2018-12-28 17:00"
    assert desk.refused(extend, OFFICER) == "extension_again"


def test_only_the_post_and_the_assignee_may_act() -> None:
    desk = Desk().at_officer()
    draft = c.DraftResult(task=desk.task(), result="permit", text="x")
    assert desk.refused(draft, CLERK) == "not_yours"
    assert desk.refused(draft, STRANGER) == "not_yours"
    assert desk.refused(draft, OTHER_OFFICER) == "assigned_to_other"
    assert desk.refused(c.Assign(task=desk.task(), to=0, to_name=""), HEAD) == "nobody_chosen"
    assert desk.refused(c.Assign(task=desk.task(), to=14, to_name="Huy"), HEAD) == "reason_needed"
    desk.do(c.Assign(task=desk.task(), to=14, to_name="Huy", reason="Nghỉ ốm"), HEAD)
    desk.do(draft, OTHER_OFFICER)


def test_a_refusal_in_substance_is_signed_and_returned_like_a_result() -> None:
    desk = Desk().at_officer()
    assert desk.refused(c.Refuse(task=desk.task(), reason="", words=""), OFFICER) == "reason_needed"
    desk.do(c.Refuse(task=desk.task(), reason="not_eligible", words="Trái quy hoạch"), OFFICER)
    desk.do(c.Forward(task=desk.task()), OFFICER)
    desk.do(c.Sign(task=desk.task()), LEADER)
    desk.do(c.NumberResult(task=desk.task()), REGISTRAR)
    state = desk.do(c.MarkReady(task=desk.task()), CLERK)
    assert (state.outcome, national_status(state)) == ("refused", 9)


def test_a_signed_result_cannot_be_withdrawn_and_an_unsigned_one_not_handed_over() -> None:
    desk = Desk().at_officer()
    assert desk.refused(c.Sign(task=desk.task()), OFFICER) == "not_an_action"
    desk.signed()
    assert desk.refused(c.Withdraw(reason="Thôi"), CLERK) == "signed_already"
    desk.do(c.NumberResult(task=desk.task()), REGISTRAR)
    give = c.HandOverResult(task=desk.task(), to_name="An", by_paper="receipt")
    assert desk.refused(give, CLERK) == "wrong_phase"


def test_withdrawing_and_stopping_end_every_task() -> None:
    for command, actor, status in (
        (c.Withdraw(reason="Không làm nữa"), CLERK, 7),
        (c.Stop(reason="Đất bị thu hồi", ground="Luật Đất đai"), LEADER, 8),
    ):
        desk = Desk().at_officer()
        state = desk.do(command, actor)
        assert (national_status(state), state.tasks) == (status, ())
        assert desk.refused(command, actor) == "wrong_phase"


def test_without_supplement_a_dossier_is_closed_after_fifteen_days_under_decree_118_only() -> None:
    desk = Desk("2025-12-01 09:00", regime=DECREE_118).at_officer()
    desk.do(c.RequestSupplement(items=("land",), reason="Thiếu", task=desk.task()), OFFICER)
    assert desk.refused(c.Close(), SYSTEM, "2025-12-16 08:00") == "not_due_to_close"
    assert national_status(desk.do(c.Close(), SYSTEM, "2025-12-16 09:00")) == 8
    desk = Desk().at_officer()
    desk.do(c.RequestSupplement(items=("land",), reason="Thiếu", task=desk.task()), OFFICER)
    assert desk.refused(c.Close(), SYSTEM, "2019-03-01 08:00") == "wrong_phase"


def test_an_error_of_ours_is_mended_within_three_days_and_keeps_the_first_finish() -> None:
    desk = Desk().at_officer().ready()
    desk.do(c.HandOverResult(task=desk.task(), to_name="An", by_paper="receipt"), CLERK)
    finished = desk.state.finished_at if desk.state else None
    state = desk.do(c.CorrectResult(reason="Sai diện tích"), CLERK, "2018-12-10 09:00")
    assert (state.tasks[0].kind, state.tasks[0].agency) == ("correction", DIVISION)
    assert state.tasks[0].due_at == at("2018-12-13 17:00")
    desk.ready()
    assert desk.state is not None
    assert desk.state.finished_at == finished
    assert not desk.state.correcting


def test_a_typing_slip_keeps_both_values() -> None:
    desk = Desk().at_officer()
    state = desk.do(c.Correct(changes={"applicant.name": "Nguyễn Văn Ân"}, reason="Sai dấu"), CLERK)
    assert state.applicant.name == "Nguyễn Văn Ân"
    assert desk.refused(c.Correct(changes={"code": "1"}, reason="x"), CLERK) == "not_correctable"


def test_returning_a_step_needs_a_reason_and_goes_back_only() -> None:
    desk = Desk().at_officer()
    desk.do(c.DraftResult(task=desk.task(), result="permit", text="x"), OFFICER)
    desk.do(c.Forward(task=desk.task()), OFFICER)
    back = c.SendBack(task=desk.task(), to="appraise", reason="Thiếu bản vẽ")
    assert desk.refused(c.SendBack(task=desk.task(), to="hand_in", reason="x"), LEADER) == "not_back"
    assert desk.refused(c.SendBack(task=desk.task(), to="appraise", reason=" "), LEADER) == "reason_needed"
    assert desk.do(back, LEADER).tasks[0].step == "appraise"


def test_a_task_that_is_gone_says_so() -> None:
    desk = Desk().at_officer()
    assert desk.refused(c.Forward(task=1), CLERK) == "task_done"


def test_nothing_is_back_dated() -> None:
    desk = Desk()
    desk.lodge()
    late = c.Accept(occurred_at=at("2018-12-03 08:00"), late_reason="")
    assert desk.refused(late, CLERK) == "late_needs_reason"
    assert desk.refused(c.Accept(occurred_at=at("2018-12-04 08:00"), late_reason="x"), CLERK) == "late_needs_reason"
    state = desk.do(c.Accept(occurred_at=at("2018-12-03 08:00"), late_reason="Mất điện"), CLERK)
    assert state.accepted_at == desk.now
    assert desk.history[-1][0].occurred_at == at("2018-12-03 08:00")


PARALLEL = Process(
    stages=(
        Stage(id="in", name=Text(vi="Nhận"), place="here", limit="3 working_days"),
        Stage(id="work", name=Text(vi="Thẩm định"), place="tier:district", limit="6 working_days"),
        Stage(id="plan", name=Text(vi="Quy hoạch"), place="named:QHKT", limit="3 working_days"),
    ),
    steps=(
        step("hand_in", "in", "reception", "forward", "appraise plan", parallel=True),
        step("appraise", "work", "officer", "draft forward", "approve", unit="XD"),
        step("plan", "plan", "officer", "forward", "approve"),
        step("approve", "work", "leader", "sign", "give", join=True),
        step("give", "in", "results", "ready hand_over"),
    ),
)


@pytest.mark.parametrize("first", ["appraise", "plan"])
def test_parallel_stages_wait_for_each_other(first: str) -> None:
    desk = Desk(law=procedure(PARALLEL)).accepted()
    state = desk.do(c.Forward(task=desk.task()), CLERK)
    assert {task.step for task in state.tasks} == {"appraise", "plan"}
    order = ["appraise", "plan"] if first == "appraise" else ["plan", "appraise"]
    desk.do(c.DraftResult(task=desk.task("appraise"), result="permit", text="x"), OFFICER)
    for name, expected in zip(order, (1, 1), strict=True):
        actor = OFFICER if name == "appraise" else PLANNER
        state = desk.do(c.Forward(task=desk.task(name)), actor)
        assert len(state.tasks) == expected
    assert state.tasks[0].step == "approve"
    assert state.arrived == {}


TAX_WAIT = Process(
    stages=(
        Stage(id="in", name=Text(vi="Nhận"), place="here", limit="3 working_days"),
        Stage(id="tax", name=Text(vi="Thuế"), place="tier:district", limit="5 working_days"),
    ),
    steps=(
        step("hand_in", "in", "reception", "draft request_payment forward", "tax"),
        step("tax", "tax", "officer", "forward", "pay", unit="CCT", waits_for="tax"),
        step("pay", "in", "reception", "forward", "give", waits_for="payment"),
        step("give", "in", "results", "ready hand_over"),
    ),
)


def test_tax_and_payment_stop_the_legal_clock_but_not_the_residents() -> None:
    desk = Desk(law=procedure(TAX_WAIT)).accepted()
    desk.do(c.DraftResult(task=desk.task(), result="permit", text="x"), CLERK)
    desk.do(c.RequestPayment(task=desk.task(), amounts={"phi": 500_000}), CLERK)
    state = desk.do(c.Forward(task=desk.task()), CLERK)
    assert state.pause is not None
    assert (state.pause.ground, national_status(state)) == ("tax", 6)
    taxman = person(30, "Thuế", (6, "officer"))
    state = desk.do(c.Forward(task=desk.task()), taxman, "2018-12-05 09:00")
    assert state.pause is not None
    assert state.pause.ground == "payment"
    assert desk.refused(c.Forward(task=desk.task()), CLERK) == "owed"
    assert desk.refused(c.RecordPayment(amounts={"phi": 600_000}, method="cash", receipt="1"), CLERK) == "overpaid"
    state = desk.do(c.RecordPayment(amounts={"phi": 500_000}, method="cash", receipt="1"), CLERK, "2018-12-10 09:00")
    assert state.pause is None
    assert due_day(desk) == "2018-12-31 17:00"
    desk.do(c.Forward(task=desk.task()), CLERK)
    desk.do(c.MarkReady(task=desk.task()), CLERK, "2018-12-10 11:00")
    clocks = read_clocks(1, desk.history, lambda _: desk.context(CLERK).calendar(1), {"nd61": desk.regime}, desk.now)
    assert clocks.legal is not None
    assert clocks.legal.minutes == 2 * 60
    assert clocks.resident.minutes == (7 * 24 + 2) * 60
    assert [wait.ground for wait in clocks.waits] == ["tax", "payment"]


def test_clocks_of_a_plain_life() -> None:
    desk = Desk().at_officer()
    desk.do(c.DraftResult(task=desk.task(), result="permit", text="x"), OFFICER, "2018-12-20 09:00")
    desk.ready()
    clocks = read_clocks(1, desk.history, lambda _: desk.context(CLERK).calendar(1), {"nd61": desk.regime}, desk.now)
    assert clocks.legal is not None
    assert clocks.index is not None
    assert clocks.legal.timeliness is Timeliness.BEFORE_DATE
    assert clocks.index.timeliness is Timeliness.BEFORE_DATE
    late = [run.step for run in clocks.runs if run.late]
    assert late == ["appraise"]
    assert clocks.agencies[DIVISION] == 13 * 8 * 60
    assert clocks.agencies[DISTRICT] == 0


def test_more_than_one_supplement_is_late_for_the_index() -> None:
    desk = Desk().at_officer()
    for items in (("land",), ("application",)):
        extra = {"stage": "work", "ground": "Đ19", "approver": 15} if items == ("application",) else {}
        desk.do(c.RequestSupplement(items=items, reason="x", task=desk.task(), **extra), OFFICER)
        desk.do(c.GiveSupplement(papers=(PaperGiven(id=items[0], certified=1),)), CLERK)
    desk.ready()
    clocks = read_clocks(1, desk.history, lambda _: desk.context(CLERK).calendar(1), {"nd61": desk.regime}, desk.now)
    assert clocks.index is not None
    assert clocks.legal is not None
    assert clocks.index.timeliness is Timeliness.LATE
    assert clocks.legal.timeliness is not Timeliness.LATE


def test_what_is_offered_is_what_the_post_may_do() -> None:
    desk = Desk().at_officer()
    assert desk.state is not None
    names = {offer.action for offer in offers(desk.state, desk.context(OFFICER))}
    assert {"draft", "ask_opinion", "request_supplement", "forward"} <= names
    assert "sign" not in names
    assert {offer.action for offer in offers(desk.state, desk.context(STRANGER))} == set()
    assert {offer.action for offer in offers(desk.state, desk.context(OTHER_OFFICER))} <= {"correct", "note"}


def test_a_decree_that_moves_a_day_moves_open_dates_once() -> None:
    desk = Desk().at_officer()
    assert desk.refused(c.MoveDue(reason="Nghỉ bù"), SYSTEM) == "same_calendar"
    assert desk.refused(c.MoveDue(reason="Nghỉ bù"), CLERK) == "not_yours"
