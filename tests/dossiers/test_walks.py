"""Random walks of every procedure of the pack through the law: whatever people do, these things hold."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.catalogue import versions
from motcua.dossiers.handle import calendars_of
from motcua.dossiers.lives import lodging
from motcua.dossiers.rows import changed_tasks, decode_event, decode_state, encode_state, event_rows, task_row
from motcua.law import commands as c
from motcua.law.actor import SYSTEM, Actor, Grant
from motcua.law.clocks import read_clocks
from motcua.law.context import Context, Draw
from motcua.law.decide import decide
from motcua.law.directory import Directory
from motcua.law.dossier import Dossier, PaperGiven, Task, national_status
from motcua.law.evolve import evolve, fold
from motcua.law.evolve import lodge as first_state
from motcua.law.offers import Offer, offers
from motcua.law.procedure import Procedure
from motcua.law.refusal import Refusal
from motcua.law.seal import GENESIS, SealedEvent, verify_chain
from motcua.law.working_time import CITY_ZONE
from motcua.organisation.directory import directory

pytestmark = pytest.mark.django_db

DAY = date(2018, 12, 3)
COUNTER = ("reception", "results")
STEPS = 60
# Refusals for lack of right, or because of where the dossier stands: never the answer to what was offered.
UNLAWFUL = {
    "not_yours", "assigned_to_other", "task_done", "wrong_phase", "paused", "not_an_action", "already_received",
    "already_paused", "signed_already", "not_replayed", "supplement_again", "extension_again",
}  # fmt: skip


@cache
def pack() -> tuple[tuple[int, Procedure], ...]:
    """Every procedure with a process of its own."""
    return tuple((card.version_id, versions.procedure_version(card.version_id)) for card in versions.cards_on(DAY))


class Walk:
    """One dossier on a random way. Every act is checked against what must always hold."""

    def __init__(self, rng: random.Random, version: int, procedure: Procedure) -> None:
        self.rng, self.version, self.procedure = rng, version, procedure
        self.agencies: Directory = directory()
        self.now = datetime(2018, 12, 3, 9, tzinfo=CITY_ZONE)
        self.regime = versions.regimes()[0]
        self.calendars = calendars_of(self.agencies)
        self.state: Dossier | None = None
        self.history: list[tuple[Any, datetime]] = []
        self.rows: dict[int, tuple[Any, ...]] = {}
        self.sealed: list[SealedEvent] = []

    def receiving(self) -> int:
        """An agency that takes the procedure."""
        places = versions.offering_agencies(self.procedure.code, DAY)
        return self.rng.choice(places[:40])

    def context(self, actor: Actor) -> Context:
        """What the law is told now."""
        draw = Draw(token="t" * 20, code="CODE", book=1, result=1)
        return Context(self.now, actor, self.procedure, self.version, self.regime, self.agencies, self.calendars, draw)

    def begin(self) -> None:
        """Handed in and accepted, now and then after a supplement."""
        agency = self.receiving()
        clerk = self.person(agency, *COUNTER)
        command = lodging(self.rng, self.procedure, agency, "00001")
        lodged = decide(None, command, self.context(clerk))
        assert not isinstance(lodged, Refusal), lodged
        self.state = first_state(1, lodged[0], self.now)  # type: ignore[arg-type]
        self.keep(None, self.state, lodged)

    def person(self, agency: int, *roles: str) -> Actor:
        """Somebody with posts at one agency."""
        account = agency * 10 + len(roles)
        return Actor(account, "Người", tuple(Grant(agency, role) for role in roles))

    def people(self) -> Iterator[Actor]:
        """Everybody who might act on it now, and some who may not."""
        state = self.current()
        for task in state.tasks:
            house = self.agencies.house(task.agency)
            if task.assignee:
                yield Actor(task.assignee, "Người được giao", (Grant(task.agency, task.role),))
            for agency in {task.agency, house}:
                for role in ("head", "leader", "officer", "registrar", task.role):
                    yield self.person(agency, role)
                yield self.person(agency, *COUNTER)
                yield Actor(5, "Thay", (Grant(agency, task.role, by_delegation_of=task.assignee or None),))
        yield self.person(state.receiving, *COUNTER)
        yield self.person(state.receiving, "one_stop_head")
        yield self.person(27, "officer")
        yield Actor(0, "Khách", (), kind="resident")

    def current(self) -> Dossier:
        assert self.state is not None
        return self.state

    def turn(self) -> bool:
        """One act that is offered, or one that is not. False when nobody can do anything any more."""
        self.now += timedelta(minutes=self.rng.choice((0, 7, 60, 600, 3000)))
        everybody = list(self.people())
        if self.rng.random() < 0.15:
            self.do(self.wild(), self.rng.choice([*everybody, SYSTEM]), offered=None)
            return True
        offered = [(offer, actor) for actor in everybody for offer in offers(self.current(), self.context(actor))]
        onward = [each for each in offered if each[0].action not in ("note", "correct", "withdraw", "stop", "decline")]
        if not onward:
            return False
        offer, actor = self.rng.choice(onward if self.rng.random() < 0.97 else offered)
        self.do(self.command(offer, actor), actor, offered=offer)
        return True

    def do(self, command: Any, actor: Actor, offered: Offer | None) -> None:
        """Decides, checks, and goes on."""
        before = self.current()
        frozen = encode_state(before)
        decision = decide(before, command, self.context(actor))
        assert encode_state(before) == frozen
        if isinstance(decision, Refusal):
            assert decision.text.vi
            assert decision.text.en
            if offered is not None:
                assert decision.code not in UNLAWFUL, (offered, decision.code, actor, before.phase)
            return
        assert decision
        after = before
        for event in decision:
            after = evolve(after, event, self.now)
        self.keep(before, after, decision)
        self.state = after

    def keep(self, before: Dossier | None, after: Dossier, events: tuple[Any, ...]) -> None:
        """Writes it down as `store` would, and looks at what must hold."""
        seq = before.seq if before else 0
        head = self.sealed[-1].hash if self.sealed else GENESIS
        rows = event_rows(1, seq, head, self.now, "1 A", 1, f"k{seq}", events)
        for row, event in zip(rows, events, strict=True):
            assert decode_event(row.payload) == event
            self.history.append((decode_event(row.payload), self.now))
            payload = row.payload.encode()
            self.sealed.append(SealedEvent(1, row.seq, self.now, row.type, "1 A", 1, payload, row.hash, key=row.key))
        written, gone = changed_tasks(before, after)
        for number in gone:
            del self.rows[number]
        self.rows |= {row[0]: row for row in written}
        self.holds(after)

    def holds(self, state: Dossier) -> None:
        """The invariants."""
        assert state.seq == len(self.history)
        assert encode_state(fold(1, self.history)) == encode_state(state)
        assert decode_state(encode_state(state)) == state
        numbers = [task.no for task in state.tasks]
        assert len(set(numbers)) == len(numbers)
        assert all(number < state.next_task for number in numbers)
        assert sorted(self.rows.values()) == sorted(task_row(task, state) for task in state.tasks)
        assert 1 <= national_status(state) <= 10
        if state.phase == "ended":
            assert state.tasks == ()
            assert state.pause is None
            assert state.outcome
            assert state.finished_at is not None
        if state.phase in ("lodged", "returned"):
            assert state.tasks == ()
        if state.phase == "working":
            assert state.tasks, "a dossier that nobody has to work on"
        parents = [task.parent for task in state.tasks if task.kind == "opinion"]
        assert set(parents) <= set(numbers)
        if state.accepted_at is not None:
            assert state.due_at is not None
            assert state.due_at >= state.accepted_at

    def clocks(self) -> None:
        """None runs backwards, and the resident's never stands still."""
        regimes = {regime.code: regime for regime in versions.regimes()}
        clocks = read_clocks(1, self.history, self.calendars, regimes, self.now)
        for clock in (clocks.legal, clocks.index, clocks.resident):
            assert clock is None or clock.minutes >= 0
        assert all(minutes >= 0 for minutes in clocks.agencies.values())
        assert all(run.worked >= 0 and run.waited >= 0 for run in clocks.runs)
        assert all(wait.until is None or wait.until >= wait.since for wait in clocks.waits)

    def command(self, offer: Offer, actor: Actor = SYSTEM) -> Any:
        """A sensible command for what was offered."""
        state, rng = self.current(), self.rng
        task = state.task(offer.task)
        papers = tuple(PaperGiven(id=paper.id, original=1) for paper in self.procedure.papers)
        result = self.procedure.results[0].id
        number = offer.task
        made: dict[str, Any] = {
            "receive": lambda: c.Receive(tasks=(number,)),
            "accept": lambda: c.Accept(),
            "decline": lambda: c.Decline(reason="wrong_place", words="Không đúng nơi"),
            "request_supplement": lambda: c.RequestSupplement(items=(papers[0].id,), reason="Thiếu", task=number),
            "supplement": lambda: c.GiveSupplement(papers=papers),
            "assign": lambda: c.Assign(task=number, to=rng.choice((71, 72)), to_name="Huy"),
            "reassign": lambda: c.Assign(task=number, to=rng.choice((71, 72)), to_name="Huy", reason="Nghỉ"),
            "take": lambda: c.Assign(task=number, to=actor.account, to_name=actor.name),
            "give_opinion": lambda: c.GiveOpinion(task=number, agrees=True, words="Được"),
            "draft": lambda: c.DraftResult(task=number, result=result, text="Đồng ý"),
            "sign": lambda: c.Sign(task=number),
            "number": lambda: c.NumberResult(task=number),
            "ready": lambda: c.MarkReady(task=number),
            "hand_over": lambda: c.HandOverResult(task=number, to_name="An", by_paper="receipt"),
            "forward": lambda: c.Forward(
                task=number, to=self._branch(task), chosen=self._chosen(task), without_opinion="Quá hạn trả lời"
            ),
            "resume": lambda: c.Resume(task=number),
            "record_payment": lambda: c.RecordPayment(
                amounts={each.id: each.amount - each.paid for each in state.money if each.amount > each.paid},
                method="cash", receipt="1",
            ),
            "ask_opinion": lambda: c.AskOpinion(
                task=number, agency=rng.choice((27, 10001)), question="?", limit="2 working_days"
            ),
            "request_payment": lambda: c.RequestPayment(
                task=number, amounts={"fee": 1000}, pauses=state.pause is None and rng.random() < 0.5
            ),
            "suspend": lambda: c.Suspend(task=number, ground="verification", document="1/CV"),
            "extend": lambda: c.RequestExtension(
                task=number, due=(state.due_at or self.now) + timedelta(days=7), reason="Chờ", apology="Xin lỗi"
            ),
            "send_back": lambda: c.SendBack(task=number, to=rng.choice(self._step(task).back), reason="Sai"),
            "refuse": lambda: c.Refuse(task=number, reason="not_eligible", words="Không đủ"),
            "correct": lambda: c.Correct(changes={"applicant.name": "Nguyễn Thị Mới"}, reason="Gõ sai"),
            "correct_result": lambda: c.CorrectResult(reason="Sai tên"),
            "note": lambda: c.Note(words="Ghi chú"),
            "withdraw": lambda: c.Withdraw(reason="Thôi"),
            "stop": lambda: c.Stop(reason="Thu hồi", ground="Luật"),
        }  # fmt: skip
        return made[offer.action]()

    def _step(self, task: Task | None) -> Any:
        assert task is not None
        return self.procedure.process.step(task.step)

    def _branch(self, task: Task | None) -> str:
        step = self._step(task)
        return self.rng.choice(step.next) if step.next and not step.parallel else ""

    def _chosen(self, task: Task | None) -> int:
        return self.current().receiving if self._step(task).next else 0

    def wild(self) -> Any:
        """A command nobody offered."""
        action = self.rng.choice(
            ("receive", "accept", "decline", "request_supplement", "supplement", "assign", "give_opinion", "draft",
             "sign", "number", "ready", "hand_over", "resume", "ask_opinion", "request_payment", "suspend", "extend",
             "refuse", "correct", "correct_result", "withdraw")
        )  # fmt: skip
        numbers = [task.no for task in self.current().tasks] or [1]
        return self.command(Offer(action=action, task=self.rng.choice([*numbers, 99])))


@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**48))
def test_whatever_people_do_the_law_holds(seed: int) -> None:
    rng = random.Random(seed)
    walk = Walk(rng, *rng.choice(pack()))
    walk.begin()
    for _ in range(STEPS):
        if not walk.turn():
            break
    walk.clocks()
    assert list(verify_chain(walk.sealed, [])) == []


def test_every_procedure_of_the_pack_is_walked_to_an_end() -> None:
    ended: dict[str, set[str]] = {}
    for version, procedure in pack():
        for seed in range(3):
            walk = Walk(random.Random(seed), version, procedure)
            walk.begin()
            for _ in range(150):
                if not walk.turn():
                    break
            walk.clocks()
            ended.setdefault(procedure.code, set()).add(walk.current().outcome)
    assert len(ended) >= 30
    assert [code for code, outcomes in ended.items() if outcomes == {""}] == []
