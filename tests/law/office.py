"""A small office for tests of the law: a city, a procedure that crosses tiers, and people with posts."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import msgspec

from motcua.law import commands as c
from motcua.law.actor import Actor, Grant
from motcua.law.calendar_data import CalendarData
from motcua.law.context import Context, Draw
from motcua.law.decide import decide
from motcua.law.directory import Agency, Directory
from motcua.law.dossier import Applicant, Dossier, PaperGiven
from motcua.law.events import AnyEvent
from motcua.law.evolve import evolve, lodge
from motcua.law.procedure import Case, Paper, Procedure, Result
from motcua.law.process import Process, Stage, Step
from motcua.law.refusal import Refusal
from motcua.law.regimes import Regime
from motcua.law.texts import Text
from motcua.law.working_time import WorkingCalendar

HANOI = timezone(timedelta(hours=7))
CITY, DISTRICT, DIVISION, COMMUNE, PLANNING, TAX, OTHER = 1, 2, 3, 4, 5, 6, 7


def at(text: str) -> datetime:
    """`2018-12-03 09:00` in Hanoi."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def agency(number: int, code: str, tier: str, parent: int | None, **more: Any) -> Agency:
    """An agency that always existed."""
    return Agency(
        number=number,
        code=code,
        name=Text(vi=code, en=code),
        tier=tier,
        parent=parent,
        valid_from=date(2010, 1, 1),
        **more,
    )


AGENCIES = Directory(
    [
        agency(CITY, "HN", "city", None),
        agency(DISTRICT, "002", "district", CITY),
        agency(DIVISION, "002/XD", "division", DISTRICT, unit="XD"),
        agency(COMMUNE, "00037", "commune", DISTRICT),
        agency(OTHER, "00040", "commune", DISTRICT),
        agency(PLANNING, "QHKT", "department", CITY),
        agency(TAX, "002/CCT", "branch", CITY, unit="CCT", serves=DISTRICT),
    ]
)

DECREE_61 = Regime(
    code="nd61",
    name=Text(vi="NĐ 61"),
    valid_from=date(2018, 6, 21),
    after_supplement="restart",
    supplements=1,
    supplement_window_days=3,
    extensions=1,
    extension_notice_days=1,
    code_format="2018",
    code_agency="receiving",
    hand_over_cut_off="15:00",
    forms=("01",),
    ground=Text(vi="NĐ 61/2018"),
)
DECREE_118 = Regime(
    code="nd118",
    name=Text(vi="NĐ 118"),
    valid_from=date(2025, 7, 1),
    after_supplement="resume",
    supplements=1,
    supplement_window_days=3,
    extensions=1,
    extension_notice_days=1,
    code_format="2025",
    code_agency="resolving",
    hand_over_cut_off="15:00",
    forms=("01",),
    ground=Text(vi="NĐ 118/2025"),
    close_without_supplement_days=15,
    correction_working_days=3,
)


def step(name: str, stage: str, role: str, actions: str, next: str = "", **more: Any) -> Step:
    """A step in few words: actions and next as space-separated names."""
    return Step(
        id=name,
        name=Text(vi=name, en=name),
        stage=stage,
        role=role,
        budget=more.pop("budget", "4 working_hours"),
        actions=tuple(actions.split()),
        next=tuple(next.split()),
        **more,
    )


HOUSE_PROCESS = Process(
    stages=(
        Stage(id="in", name=Text(vi="Tiếp nhận"), place="here", limit="1 working_days"),
        Stage(id="work", name=Text(vi="Thẩm định"), place="tier:district", limit="12 working_days"),
        Stage(id="out", name=Text(vi="Trả"), place="here", limit="1 working_days"),
    ),
    steps=(
        step("hand_in", "in", "reception", "forward", "share_out"),
        step("share_out", "work", "head", "assign send_back", "appraise", unit="XD", back=("hand_in",)),
        step(
            "appraise",
            "work",
            "officer",
            "ask_opinion request_supplement draft refuse suspend request_payment extend forward",
            "approve",
            unit="XD",
            budget="8 working_days",
        ),
        step("approve", "work", "leader", "sign send_back", "register", back=("appraise",)),
        step("register", "work", "registrar", "number", "give"),
        step("give", "out", "results", "ready hand_over"),
    ),
)


def procedure(process: Process = HOUSE_PROCESS, **more: Any) -> Procedure:
    """A house permit of fifteen working days, or one with another process."""
    values: dict[str, Any] = {
        "code": "1.009994",
        "version": 1,
        "name": Text(vi="Cấp giấy phép xây dựng", en="House permit"),
        "field": "xay_dung",
        "valid_from": date(2018, 1, 1),
        "received_at": ("commune",),
        "applicants": ("person",),
        "online_level": 3,
        "cases": (Case(id="new", name=Text(vi="Cấp mới"), statutory="15 working_days"),),
        "papers": (
            Paper(id="application", name=Text(vi="Đơn", en="Application"), original=1),
            Paper(id="land", name=Text(vi="Giấy tờ đất", en="Land paper"), certified=1),
        ),
        "results": (Result(id="permit", name=Text(vi="Giấy phép"), symbol="GPXD"),),
        "process": process,
    }
    return Procedure(**(values | more))


def calendar() -> WorkingCalendar:
    """Monday to Friday, 08:00-12:00 and 13:00-17:00, no holidays."""
    hours = ["08:00-12:00", "13:00-17:00"]
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours)
    data = {
        "id": "test",
        "name": {"vi": "lịch thử"},
        "known_from": "2010-01-01",
        "known_to": "2030-12-31",
        "orders": {"o": {"name": {"vi": "x"}}},
        "periods": [{"valid_from": "2010-01-01", "work": week, "by": "o"}],
    }
    return WorkingCalendar(msgspec.convert(data, CalendarData))


_CALENDAR = calendar()


def person(account: int, name: str, *posts: tuple[int, str]) -> Actor:
    """An official with posts (agency, role)."""
    return Actor(account=account, name=name, grants=tuple(Grant(agency=a, role=r) for a, r in posts))


CLERK = person(11, "Nguyễn Thị Lan", (COMMUNE, "reception"), (COMMUNE, "results"))
HEAD = person(12, "Trần Văn Bình", (DIVISION, "head"))
OFFICER = person(13, "Lê Thu Hà", (DIVISION, "officer"))
OTHER_OFFICER = person(14, "Đỗ Quang Huy", (DIVISION, "officer"))
LEADER = person(15, "Phạm Đức Long", (DISTRICT, "leader"))
REGISTRAR = person(16, "Vũ Mai Anh", (DISTRICT, "registrar"))
PLANNER = person(17, "Bùi Thế Sơn", (PLANNING, "officer"))
STRANGER = person(18, "Hồ Bảo Ngọc", (OTHER, "reception"))

APPLICANT = Applicant(kind="person", name="Nguyễn Văn An", number="001080000001")
PAPERS = (PaperGiven(id="application", original=1), PaperGiven(id="land", certified=1))


class Desk:
    """Plays one dossier through the law, keeping its history. Time passes only when told."""

    def __init__(self, now: str = "2018-12-03 09:00", regime: Regime = DECREE_61, law: Procedure | None = None) -> None:
        self.now = at(now)
        self.regime = regime
        self.procedure = law or procedure()
        self.state: Dossier | None = None
        self.history: list[tuple[AnyEvent, datetime]] = []

    def context(self, actor: Actor) -> Context:
        """What the law is told now."""
        return Context(
            now=self.now,
            actor=actor,
            procedure=self.procedure,
            version=1,
            regime=self.regime,
            directory=AGENCIES,
            calendar=lambda _agency: _CALENDAR,
            draw=Draw(token="t", code="000.00.01.H26-181203-0001", book=1, result=7),
        )

    def ask(self, command: c.AnyCommand, actor: Actor) -> tuple[AnyEvent, ...] | Refusal:
        """What would follow, without doing it."""
        return decide(self.state, command, self.context(actor))

    def do(self, command: c.AnyCommand, actor: Actor, now: str = "") -> Dossier:
        """Does it; fails on a refusal."""
        if now:
            self.now = at(now)
        decision = self.ask(command, actor)
        assert not isinstance(decision, Refusal), decision
        for event in decision:
            if self.state is None:
                self.state = lodge(1, event, self.now)  # type: ignore[arg-type]
            else:
                self.state = evolve(self.state, event, self.now)
            self.history.append((event, self.now))
        assert self.state is not None
        return self.state

    def refused(self, command: c.AnyCommand, actor: Actor, now: str = "") -> str:
        """The rule that refuses it; fails when it is allowed."""
        if now:
            self.now = at(now)
        decision = self.ask(command, actor)
        assert isinstance(decision, Refusal), decision
        assert decision.text.vi
        assert decision.text.en
        return decision.code

    def task(self, step_id: str = "") -> int:
        """The open task (of a step)."""
        assert self.state is not None
        return next(t.no for t in self.state.tasks if t.kind != "opinion" and (not step_id or t.step == step_id))

    def lodge(self, **more: Any) -> Dossier:
        """Hands in a complete dossier at the commune."""
        values = {"case": "new", "channel": "counter", "agency": COMMUNE, "applicant": APPLICANT, "papers": PAPERS}
        return self.do(c.Lodge(**(values | more)), CLERK)

    def accepted(self, **more: Any) -> "Desk":
        """Lodged and accepted."""
        self.lodge(**more)
        self.do(c.Accept(), CLERK)
        return self

    def at_officer(self) -> "Desk":
        """Accepted, handed to the district, assigned to OFFICER."""
        self.accepted()
        self.do(c.Forward(task=self.task()), CLERK)
        self.do(c.Assign(task=self.task(), to=OFFICER.account, to_name=OFFICER.name), HEAD)
        return self

    def signed(self) -> "Desk":
        """Drafted, passed up and signed."""
        self.do(c.DraftResult(task=self.task(), result="permit", text="Đồng ý"), OFFICER)
        self.do(c.Forward(task=self.task()), OFFICER)
        self.do(c.Sign(task=self.task()), LEADER)
        return self

    def ready(self) -> "Desk":
        """Numbered and back at the counter."""
        self.signed()
        self.do(c.NumberResult(task=self.task()), REGISTRAR)
        self.do(c.MarkReady(task=self.task()), CLERK)
        return self
