"""A dossier filed online, through the law alone: who may file, confirming the draft, the signed file, rating."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.office import (
    CLERK,
    COMMUNE,
    DECREE_61,
    HEAD,
    HOUSE_PROCESS,
    LEADER,
    OFFICER,
    PAPERS,
    REGISTRAR,
    STRANGER,
    Desk,
    at,
    calendar,
    person,
    procedure,
)
from motcua.law import commands as c
from motcua.law.actor import SYSTEM, Actor
from motcua.law.clocks import read_clocks
from motcua.law.codes import pack_dossier_id, parse_reference, reference
from motcua.law.dossier import Applicant, Dossier, PaperGiven
from motcua.law.evolve import fold
from motcua.law.intake import answer_due, look_due
from motcua.law.offers import offers
from motcua.law.procedure import Result

MOTHER = Actor(account=900, name="Nguyễn Thị Mẹ", kind="resident", assurance=2)
SOMEBODY = Actor(account=901, name="Trần Văn Khác", kind="resident", assurance=2)
APPLICANT = Applicant(kind="person", name="Nguyễn Thị Mẹ", number="001187000001", account=900)
CONTROL = person(30, "Kiểm soát", (1, "control"))


def online_law(**more: Any) -> Any:
    steps = tuple(
        msgspec.structs.replace(step, actions=(*step.actions, "show_draft")) if step.id == "appraise" else step
        for step in HOUSE_PROCESS.steps
    )
    process = msgspec.structs.replace(HOUSE_PROCESS, steps=steps)
    return procedure(process, confirm_draft="1 calendar_days", **more)


def filed(law: Any = None, **more: Any) -> Desk:
    """Lodged online by its owner."""
    desk = Desk(law=law or online_law())
    values = {"case": "new", "channel": "online", "agency": COMMUNE, "applicant": APPLICANT, "papers": PAPERS}
    desk.do(c.Lodge(**(values | more)), MOTHER)
    return desk


def drafted(law: Any = None) -> Desk:
    desk = filed(law)
    desk.do(c.Accept(), CLERK)
    desk.do(c.Forward(task=desk.task()), CLERK)
    desk.do(c.Assign(task=desk.task(), to=OFFICER.account, to_name=OFFICER.name), HEAD)
    desk.do(c.DraftResult(task=desk.task(), result="permit", text="Đồng ý"), OFFICER)
    return desk


def state_of(desk: Desk) -> Dossier:
    assert desk.state is not None
    return desk.state


def test_who_files_online_is_known_well_enough_and_files_in_their_own_name() -> None:
    law = online_law(assurance=2)
    values: dict[str, Any] = {"case": "new", "channel": "online", "agency": COMMUNE, "applicant": APPLICANT}
    weak = msgspec.structs.replace(MOTHER, assurance=1)
    assert Desk(law=law).refused(c.Lodge(**values), weak) == "assurance_needed"
    assert Desk(law=law).refused(c.Lodge(**values), SOMEBODY) == "not_in_own_name"
    for_her = Applicant(kind="person", name="Trần Văn Khác", account=901)
    state = Desk(law=law).do(c.Lodge(**values, submitter=for_her, sources={"applicant.name": "register"}), SOMEBODY)
    assert state.sources == {"applicant.name": "register"}


def test_an_agency_that_does_not_take_it_online_refuses() -> None:
    class Closed(Desk):
        def context(self, actor: Actor) -> Any:
            from dataclasses import replace

            return replace(super().context(actor), online=False)

    command = c.Lodge(case="new", channel="online", agency=COMMUNE, applicant=APPLICANT)
    assert Closed(law=online_law()).refused(command, MOTHER) == "not_online"


def test_a_paper_the_register_knows_counts_as_given() -> None:
    known = PaperGiven(id="land", source="register:residence@2018-12-03T02:00:00Z")
    assert filed(papers=(PAPERS[0], known)).do(c.Accept(), CLERK).code
    assert filed(papers=PAPERS[:1]).refused(c.Accept(), CLERK) == "papers_missing"


def test_an_online_dossier_is_answered_within_eight_working_hours() -> None:
    monday_late = at("2018-12-03 16:00")
    assert answer_due(DECREE_61, calendar(), monday_late) == at("2018-12-04 16:00")
    assert look_due(DECREE_61, calendar(), monday_late) == at("2018-12-04 09:00")
    assert answer_due(DECREE_61, calendar(), at("2018-12-07 20:00")) == at("2018-12-10 17:00")


def test_nothing_is_signed_before_the_applicant_was_asked() -> None:
    desk = drafted()
    desk.do(c.Forward(task=desk.task()), OFFICER)
    assert desk.refused(c.Sign(task=desk.task()), LEADER) == "draft_not_shown"
    assert "sign" not in {each.action for each in offers(state_of(desk), desk.context(LEADER))}


def test_the_clock_waits_while_the_draft_lies_with_the_applicant_who_agrees() -> None:
    desk = drafted()
    before = state_of(desk).due_at
    state = desk.do(c.ShowDraft(task=desk.task()), OFFICER, "2018-12-04 09:00")
    assert state.pause is not None
    assert state.pause.ground == "confirmation"
    assert state.open_showing is not None
    assert state.open_showing.until == at("2018-12-05 17:00")
    assert [each.action for each in offers(state, desk.context(MOTHER))] == ["answer_draft", "withdraw"]
    assert desk.refused(c.Forward(task=desk.task()), OFFICER) == "paused"
    assert desk.refused(c.AnswerDraft(agrees=True), SOMEBODY) == "not_yours"
    state = desk.do(c.AnswerDraft(agrees=True), MOTHER, "2018-12-05 09:00")
    assert state.pause is None
    assert before is not None
    assert state.due_at is not None
    assert state.due_at > before
    clocks = read_clocks(1, desk.history, lambda _agency: calendar(), {DECREE_61.code: DECREE_61}, desk.now)
    assert [(wait.ground, wait.until) for wait in clocks.waits] == [("confirmation", at("2018-12-05 09:00"))]
    desk.do(c.Forward(task=desk.task()), OFFICER)
    assert desk.do(c.Sign(task=desk.task()), LEADER).signed_by
    assert desk.refused(c.AnswerDraft(agrees=True), MOTHER) == "wrong_phase"


def test_silence_agrees_but_not_before_its_time() -> None:
    desk = drafted()
    desk.do(c.ShowDraft(task=desk.task()), OFFICER, "2018-12-04 09:00")
    assert desk.refused(c.AnswerDraft(agrees=True), SYSTEM, "2018-12-05 16:59") == "not_silent_yet"
    state = desk.do(c.AnswerDraft(agrees=True), SYSTEM, "2018-12-05 17:00")
    assert state.shown is not None
    assert state.shown.silent
    assert state.shown.agrees


def test_an_objection_stops_the_signature_until_the_draft_is_made_and_shown_again() -> None:
    desk = drafted()
    desk.do(c.ShowDraft(task=desk.task()), OFFICER)
    assert desk.refused(c.AnswerDraft(agrees=False), MOTHER) == "reason_needed"
    desk.do(c.AnswerDraft(agrees=False, words="Sai tên đệm"), MOTHER)
    assert desk.refused(c.ShowDraft(task=desk.task()), OFFICER) == "draft_objected"
    desk.do(c.Forward(task=desk.task()), OFFICER)
    assert desk.refused(c.Sign(task=desk.task()), LEADER) == "draft_objected"
    desk.do(c.SendBack(task=desk.task(), to="appraise", reason="Người nộp báo sai"), LEADER)
    desk.do(c.DraftResult(task=desk.task(), result="permit", text="Đồng ý, đã sửa"), OFFICER)
    desk.do(c.ShowDraft(task=desk.task()), OFFICER)
    desk.do(c.AnswerDraft(agrees=True), MOTHER)
    desk.do(c.Forward(task=desk.task()), OFFICER)
    assert desk.do(c.Sign(task=desk.task()), LEADER).signed_by


def test_at_the_counter_and_for_a_refusal_nobody_is_asked() -> None:
    desk = Desk(law=online_law()).at_officer()
    desk.do(c.DraftResult(task=desk.task(), result="permit", text="Đồng ý"), OFFICER)
    assert desk.refused(c.ShowDraft(task=desk.task()), OFFICER) == "nothing_to_confirm"
    desk.do(c.Forward(task=desk.task()), OFFICER)
    desk.do(c.Sign(task=desk.task()), LEADER)
    refused = drafted()
    refused.do(c.Refuse(task=refused.task(), reason="law", words="Không đủ điều kiện"), OFFICER)
    refused.do(c.Forward(task=refused.task()), OFFICER)
    assert refused.do(c.Sign(task=refused.task()), LEADER).signed_by


def answered(law: Any = None) -> Desk:
    desk = drafted(law)
    desk.do(c.ShowDraft(task=desk.task()), OFFICER)
    desk.do(c.AnswerDraft(agrees=True), MOTHER)
    desk.do(c.Forward(task=desk.task()), OFFICER)
    desk.do(c.Sign(task=desk.task()), LEADER)
    desk.do(c.NumberResult(task=desk.task()), REGISTRAR)
    return desk


def issue(file: str, replaces: str = "") -> c.IssueResult:
    return c.IssueResult(
        file=file, name="permit.pdf", media="application/pdf", certificate="CN=Thử", signed_at=at("2018-12-03 09:00"),
        replaces=replaces,
    )  # fmt: skip


def test_a_numbered_result_has_one_signed_file_and_says_what_replaces_it() -> None:
    early = drafted()
    assert early.refused(issue("a" * 64), SYSTEM) == "not_signed"
    desk = answered()
    assert desk.refused(issue("a" * 64), LEADER) == "not_yours"
    state = desk.do(issue("a" * 64), SYSTEM)
    assert state.issued[0].number == state.number
    assert desk.refused(issue("b" * 64), SYSTEM) == "issued_already"
    assert desk.refused(issue("b" * 64, replaces="c" * 64), SYSTEM) == "issued_already"
    assert [each.file for each in desk.do(issue("b" * 64, replaces="a" * 64), SYSTEM).issued] == ["a" * 64, "b" * 64]


def test_a_result_goes_into_the_account_only_when_it_may_and_exists() -> None:
    hand = {"to_name": "Nguyễn Thị Mẹ", "by_paper": "account"}
    desk = answered()
    desk.do(c.MarkReady(task=desk.task()), CLERK)
    assert desk.refused(c.HandOverResult(task=desk.task(), **hand), SYSTEM) == "not_issued"
    desk.do(issue("a" * 64), SYSTEM)
    state = desk.do(c.HandOverResult(task=desk.task(), **hand), SYSTEM)
    assert state.phase == "ended"
    personal = (Result(id="permit", name=procedure().name, collected_in_person=True),)
    desk = answered(online_law(results=personal))
    desk.do(issue("a" * 64), SYSTEM)
    desk.do(c.MarkReady(task=desk.task()), CLERK)
    assert desk.refused(c.HandOverResult(task=desk.task(), **hand), SYSTEM) == "in_person_only"


def test_money_given_back_is_never_more_than_was_paid() -> None:
    desk = filed()
    desk.do(c.Accept(money={"fee": 15_000}), CLERK)
    desk.do(c.RecordPayment(amounts={"fee": 15_000}, method="online", receipt="0000001"), SYSTEM)
    more = c.RecordRefund(amounts={"fee": 15_001}, method="transfer", receipt="H1", reason="Thu thừa")
    assert desk.refused(more, SYSTEM) == "refund_too_much"
    some = msgspec.structs.replace(more, amounts={"fee": 5_000})
    assert desk.refused(some, STRANGER) == "not_yours"
    assert desk.do(some, SYSTEM).owed == 5_000
    desk.do(c.Withdraw(reason="Đổi ý"), MOTHER)
    assert desk.do(msgspec.structs.replace(some, amounts={"fee": 10_000}), SYSTEM).money[0].paid == 0


def test_a_notice_the_law_requires_leaves_its_proof() -> None:
    desk = filed()
    told = c.RecordNotice(
        kind="accepted", channel="sms", address="0" * 64, provider="a", reference="m1", outcome="delivered",
        sent_at=desk.now, done_at=desk.now,
    )  # fmt: skip
    before = state_of(desk)
    assert desk.refused(told, CLERK) == "not_yours"
    after = desk.do(told, SYSTEM)
    assert msgspec.structs.replace(after, seq=before.seq) == before


RATING = c.Rate(scores={"1": 2, "7": 0}, words="Chờ lâu")


def test_an_answered_dossier_is_rated_once_by_its_owner() -> None:
    desk = answered()
    assert desk.refused(RATING, MOTHER) == "not_rateable"
    desk.do(c.MarkReady(task=desk.task()), CLERK)
    assert "rate" in {each.action for each in offers(state_of(desk), desk.context(MOTHER))}
    assert desk.refused(RATING, SOMEBODY) == "not_yours"
    assert desk.refused(RATING, CLERK) == "not_yours"
    for wrong in ({}, {"1": 3}, {"10": 1}, {"1": -1}):
        assert desk.refused(c.Rate(scores=wrong), MOTHER) == "wrong_scores"
    assert desk.do(RATING, MOTHER).rating is not None
    assert desk.refused(RATING, MOTHER) == "rated_already"
    assert desk.refused(RATING, SYSTEM) == "rated_already"


def test_a_rating_is_contested_once_and_ruled_on_by_control_alone() -> None:
    desk = answered()
    desk.do(c.MarkReady(task=desk.task()), CLERK)
    assert desk.refused(c.ContestRating(reason="Sai"), LEADER) == "not_contestable"
    desk.do(RATING, MOTHER)
    assert desk.refused(c.RuleOnRating(stands=True, words="Đúng"), CONTROL) == "not_contested"
    assert desk.refused(c.ContestRating(reason="Sai"), STRANGER) == "not_yours"
    assert desk.refused(c.ContestRating(reason=" "), LEADER) == "reason_needed"
    assert "contest_rating" in {each.action for each in offers(state_of(desk), desk.context(LEADER))}
    desk.do(c.ContestRating(reason="Trễ do chờ bổ sung"), LEADER)
    assert desk.refused(c.ContestRating(reason="Sai"), LEADER) == "not_contestable"
    assert desk.refused(c.RuleOnRating(stands=False, words="Đúng"), LEADER) == "not_yours"
    assert [each.action for each in offers(state_of(desk), desk.context(CONTROL))] == ["rule_on_rating"]
    state = desk.do(c.RuleOnRating(stands=False, words="Điểm 7 không có căn cứ"), CONTROL)
    assert state.rating is not None
    assert state.rating.stands is False
    assert desk.refused(c.RuleOnRating(stands=True, words="x"), CONTROL) == "not_contested"
    assert fold(1, desk.history) == state


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 65_535), st.integers(1, 1_048_575))
def test_a_reference_leads_back_to_its_dossier(day: date, agency: int, serial: int) -> None:
    number = pack_dossier_id(day, agency, serial)
    said = reference(number)
    assert parse_reference(said) == number
    assert parse_reference(f" {said.lower().replace('-', ' ')} ") == number


@pytest.mark.parametrize("wrong", ["", "T181308-00014-0001", "T181008-99999-0001", "000.00.01.H26-181203-0001", "T1"])
def test_what_is_no_reference_leads_nowhere(wrong: str) -> None:
    assert parse_reference(wrong) is None
