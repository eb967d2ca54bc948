"""The small town once more, with everything the KPIs count: channels, money, scans, signed files, ratings, opinions."""

import uuid
from datetime import datetime, timedelta
from random import Random
from typing import Any

from motcua.dossiers.handle import handle, lodge
from motcua.law import commands as c
from motcua.law.actor import SYSTEM, Actor
from motcua.law.dossier import Applicant, Dossier, PaperGiven
from motcua.law.refusal import Refusal
from motcua.reports import facts, ratings
from reports.town import CITY, DEPARTMENT, EAST, FERRY, HILL, HOUSE, MARKET, PAPERS, SHOP, WEST, Town, _done, hour

SCAN = "0" * 64


class Lively(Town):
    """People who also file online, pay, rate and contest."""

    def __init__(self) -> None:
        super().__init__()
        self.control = self._somebody("control", (CITY, "control"))
        self.planner = self._somebody("planner", (DEPARTMENT, "officer"))

    def at_random(self, seed: int, dossiers: int = 8, acts: int = 40) -> list[int]:
        """Lives as chance would have them; both followers have taken them in."""
        dice = Random(seed)
        ids = []
        for _ in range(dossiers):
            moment = hour("2018-11-01 08:30") + timedelta(minutes=dice.randrange(60 * 24 * 45))
            state = self._handed_in(dice, moment)
            ids.append(state.id)
            for _ in range(dice.randrange(acts)):
                moment += timedelta(minutes=dice.choice((5, 5, 60, 60, 60 * 7, 60 * 24, 60 * 24 * 5)))
                state = self._something(state, dice, moment)
        facts.follow(ids)
        ratings.follow(ids)
        return ids

    def _handed_in(self, dice: Random, at: datetime) -> Dossier:
        agency, code = dice.choice((EAST, MARKET, FERRY, WEST, HILL)), dice.choice((HOUSE, SHOP))
        channel = dice.choice(("counter", "online", "online", "post"))
        account = dice.choice((0, 77)) if channel == "online" else 0
        applicant = Applicant(kind="person", name="Nguyễn Văn An", number="001080000001", account=account)
        command = c.Lodge(case="new", channel=channel, agency=agency, applicant=applicant, papers=_papers(dice))
        actor = SYSTEM if channel == "online" else self._office_of(agency)["clerk"]
        return _done(lodge(self.versions[code], command, actor, uuid.uuid4().hex, at=at))

    def _office_of(self, agency: int) -> dict[str, Actor]:
        return self.east if agency in (EAST, MARKET, FERRY) else self.west

    def _something(self, state: Dossier, dice: Random, at: datetime) -> Dossier:
        if dice.random() < 0.75 and state.phase != "ended":
            return self._chance(state, dice, at)
        who, command = dice.choice(_more(state, dice, at, self.office(state)["leader"].account))
        actors = {"system": SYSTEM, "control": self.control, "planner": self.planner}
        actor = actors.get(who) or self.office(state)[who]
        outcome = handle(state.id, command, actor, uuid.uuid4().hex, at=at)
        return state if isinstance(outcome, Refusal) else outcome.state


def _papers(dice: Random) -> tuple[PaperGiven, ...]:
    kinds: list[dict[str, Any]] = [{"original": 1}, {"original": 1, "files": (SCAN,)}, {"source": "result:1"}]
    return tuple(PaperGiven(id=name, **dice.choice(kinds)) for name in ("application", "land"))


def _more(state: Dossier, dice: Random, at: datetime, leader: int) -> list[tuple[str, Any]]:
    task = state.tasks[0].no if state.tasks else 1
    opinion = next((each.no for each in state.tasks if each.kind == "opinion"), task)
    scores = {number: dice.choice((0, 1, 2)) for number in ("1", "2", "7")}
    owed = {each.id: each.amount - each.paid for each in state.money if each.amount > each.paid}
    rated: tuple[str, Any] = ("system", c.Rate(scores=scores, by="link"))
    if state.rating is not None:
        rated = ("leader", c.ContestRating(reason="Nhầm hồ sơ"))
        if state.rating.contested_at is not None:
            rated = ("control", c.RuleOnRating(stands=dice.random() < 0.5, words="Đã xem"))
    if state.phase in ("ready", "ended"):
        return [rated, rated, ("clerk", c.CorrectResult(reason="Sai tên"))]
    again = c.RequestSupplement(
        items=("land",), reason="Thiếu", task=task, stage="work", ground="thực địa", approver=leader
    )
    issue = c.IssueResult(file=SCAN, name="kq.pdf", media="application/pdf", certificate="x", signed_at=at)
    if state.number and state.tasks and not state.issued:
        return [("system", issue)]
    if owed:
        return [("clerk", c.RecordPayment(amounts=owed, method=dice.choice(("cash", "online")), receipt="1"))]
    if state.phase == "lodged":
        return [("clerk", c.RequestSupplement(items=("land",), reason="Thiếu giấy tờ đất"))]
    if state.tasks and state.tasks[0].step == "approve":
        return [("leader", c.SendBack(task=task, to="appraise", reason="Xem lại"))]
    longer = c.RequestExtension(task=task, due=at + timedelta(days=30), reason="Phức tạp", apology="Xin lỗi")
    return [
        ("officer", c.RequestPayment(task=task, amounts={"fee": 20_000}, pauses=dice.random() < 0.5)),
        ("officer", c.AskOpinion(task=task, agency=DEPARTMENT, question="Chỉ giới?", limit="2 working_days")),
        ("planner", c.GiveOpinion(task=opinion, agrees=True, words="Đồng ý")),
        ("head", c.Receive(tasks=(task,))),
        ("officer", again),
        ("officer", again),
        ("officer", longer),
        ("officer", longer),
        ("clerk", c.GiveSupplement(papers=PAPERS)),
    ]
