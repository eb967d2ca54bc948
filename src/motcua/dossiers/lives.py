"""Plausible lives of dossiers: what a city's people would do next, drawn at random but always through the law.

Seeds demonstration cities and loads; it proposes a command, an actor and a delay, and the law decides.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from motcua.law import commands as c
from motcua.law.actor import Actor, Grant
from motcua.law.dossier import Address, Applicant, Dossier, PaperGiven, Task
from motcua.law.limits import parse_limit
from motcua.law.procedure import Field, Procedure

Staff = Callable[[int, str], Actor]

SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
MIDDLES = ("Văn", "Thị", "Đức", "Minh", "Thu", "Quang", "Ngọc", "Hữu", "Thanh", "Xuân", "Bảo", "Mai")
GIVEN = (
    "An", "Bình", "Châu", "Dung", "Giang", "Hà", "Hạnh", "Hiếu", "Hoa", "Huy", "Khánh", "Lan", "Linh", "Long", "Mai",
    "Nam", "Nga", "Phương", "Quân", "Sơn", "Tâm", "Thảo", "Trang", "Tuấn", "Vân", "Yến",
)  # fmt: skip

SUPPLEMENT_SHARE = 0.07
OPINION_SHARE = 0.06
REFUSAL_SHARE = 0.02
WITHDRAWAL_SHARE = 0.004


class Act(NamedTuple):
    """What somebody would do, and after how much of the step's budget."""

    command: Any
    actor: Actor
    share: float


def made_up_name(rng: random.Random) -> str:
    """A name put together from common parts; nobody's."""
    return f"{rng.choice(SURNAMES)} {rng.choice(MIDDLES)} {rng.choice(GIVEN)}"


def made_up_applicant(rng: random.Random, kind: str, commune: str) -> Applicant:
    """An applicant that does not exist, with a number of the right shape."""
    born = date(1955, 1, 1) + timedelta(days=rng.randrange(18_000))
    century = 0 if born.year < 2000 else 2
    number = f"001{century + rng.randrange(2)}{born.year % 100:02d}{rng.randrange(1_000_000):06d}"
    return Applicant(
        kind=kind,  # type: ignore[arg-type]
        name=made_up_name(rng) if kind == "person" else f"Công ty {rng.choice(GIVEN)} {rng.choice(GIVEN)}",
        number=number if kind == "person" else "",
        birth=born.isoformat() if kind == "person" else "",
        phone=f"09{rng.randrange(100_000_000):08d}",
        address=Address(text=f"Số {rng.randrange(1, 300)}, tổ {rng.randrange(1, 40)}", commune=commune),
    )


def made_up_form(rng: random.Random, procedure: Procedure, case: str, applicant: Applicant) -> dict[str, Any]:
    """Answers to the questions of the form, of the right types and within their bounds."""
    form: dict[str, Any] = {}
    for field in procedure.fields():
        shown = (not field.cases or case in field.cases) and (field.when is None or field.when.holds(form))
        if shown and not field.computed and field.type != "file" and (field.required or rng.random() < 0.5):
            form[field.id] = _answer(rng, field, applicant)
    return form


def _answer(rng: random.Random, field: Field, applicant: Applicant) -> Any:
    low, high = field.minimum or 1, field.maximum or max(field.minimum or 1, 500)
    match field.type:
        case "number":
            return rng.randint(low, min(high, low + 500))
        case "money":
            top = field.maximum or 900_000_000
            return min(max(low, rng.randint(1, 900) * 1_000_000), top)
        case "date":
            return "2018-10-01"
        case "choice":
            return rng.choice(field.choices).value
        case "yes_no":
            return rng.choice(("yes", "no"))
        case "person":
            return {"name": made_up_name(rng)}
        case "address":
            return {"text": applicant.address.text, "commune": applicant.address.commune}
        case "table":
            return [{column.id: _answer(rng, column, applicant) for column in field.columns}]
        case _:
            return (made_up_name(rng) if "name" in field.id else "theo hồ sơ kèm theo")[: field.max_length]


def papers_for(procedure: Procedure, case: str, form: dict[str, Any]) -> tuple[PaperGiven, ...]:
    """Every paper the case asks for, in the kinds it asks for."""
    return tuple(
        PaperGiven(
            id=paper.id,
            original=paper.original,
            certified=paper.certified,
            copy=paper.copy or int(not paper.original and not paper.certified),
        )
        for paper in procedure.papers
        if paper.required and paper.is_asked(case, form)
    )


def lodging(rng: random.Random, procedure: Procedure, agency: int, commune: str) -> c.Lodge:
    """A complete dossier for one of the procedure's cases."""
    case = rng.choice(procedure.cases).id
    applicant = made_up_applicant(rng, rng.choice(procedure.applicants), commune)
    form = made_up_form(rng, procedure, case, applicant)
    return c.Lodge(
        case=case,
        channel="counter",
        agency=agency,
        applicant=applicant,
        form=form,
        papers=papers_for(procedure, case, form),
    )


def next_act(rng: random.Random, state: Dossier, procedure: Procedure, staff: Staff, chosen: int = 0) -> Act | None:
    """What would be done next with this dossier, None when its life is over."""
    if state.phase == "supplement":
        given = papers_for(procedure, state.case, state.form)
        asked = set(state.supplements[-1].items)
        papers = tuple(paper for paper in given if paper.id in asked) or given[:1]
        return Act(c.GiveSupplement(papers=papers), staff(state.receiving, "reception"), rng.uniform(0.5, 4))
    if not state.tasks:
        return None
    task = rng.choice(state.tasks)
    if task.kind == "opinion":
        given_opinion = c.GiveOpinion(task=task.no, agrees=rng.random() < 0.93, words="Thống nhất theo hồ sơ")
        return Act(given_opinion, staff(task.agency, "officer"), rng.uniform(0.2, 1.1))
    if state.pause is not None and state.owed:
        return _pay(state, staff)
    if rng.random() < WITHDRAWAL_SHARE and state.phase == "working" and not state.signed_by:
        return Act(c.Withdraw(reason="Không còn nhu cầu"), staff(state.receiving, "reception"), 0.3)
    return _work(rng, state, task, procedure, staff, chosen)


def _pay(state: Dossier, staff: Staff) -> Act:
    amounts = {each.id: each.amount - each.paid for each in state.money if each.amount > each.paid}
    paid = c.RecordPayment(amounts=amounts, method="cash", receipt=f"BL{state.id % 100_000:05d}")
    return Act(paid, staff(state.receiving, "reception"), 0.5)


def _work(rng: random.Random, state: Dossier, task: Task, procedure: Procedure, staff: Staff, chosen: int) -> Act:
    step = procedure.process.step(task.step)
    actor = _actor(task, staff)
    share = min(rng.lognormvariate(-0.75, 0.55), 2.5)
    asked = [each for each in state.tasks if each.parent == task.no]
    if asked:
        given = c.GiveOpinion(task=asked[0].no, agrees=True, words="Thống nhất")
        return Act(given, staff(asked[0].agency, "officer"), rng.uniform(0.2, 0.9))
    if "ready" in step.actions and state.phase == "working":
        return Act(c.MarkReady(task=task.no), actor, share)
    if "hand_over" in step.actions and state.phase == "ready":
        if state.owed and state.outcome != "refused":
            return _pay(state, staff)
        handed = c.HandOverResult(task=task.no, to_name=state.applicant.name, by_paper="receipt")
        return Act(handed, actor, rng.uniform(0.5, 6))
    if "assign" in step.actions:
        to = _next_actor(state, task, procedure, staff)
        return Act(c.Assign(task=task.no, to=to.account, to_name=to.name), actor, share)
    if "number" in step.actions and not state.number:
        return Act(c.NumberResult(task=task.no), actor, share)
    if "sign" in step.actions and not state.signed_by and state.draft is not None:
        return Act(c.Sign(task=task.no), actor, share)
    if "draft" in step.actions and state.draft is None:
        return _before_draft(rng, state, task, procedure, actor, share)
    branch = rng.choice(step.next) if len(step.next) > 1 and not step.parallel else ""
    return Act(c.Forward(task=task.no, to=branch, chosen=chosen), actor, share)


def _before_draft(
    rng: random.Random, state: Dossier, task: Task, procedure: Procedure, actor: Actor, share: float
) -> Act:
    step = procedure.process.step(task.step)
    if "request_supplement" in step.actions and not state.supplements and rng.random() < SUPPLEMENT_SHARE:
        items = tuple(paper.id for paper in state.papers[-1:]) or ("*Hoàn thiện tờ khai",)
        return Act(c.RequestSupplement(items=items, reason="Bản nộp chưa rõ", task=task.no), actor, 0.1)
    if "refuse" in step.actions and rng.random() < REFUSAL_SHARE:
        return Act(c.Refuse(task=task.no, reason="not_eligible", words="Không đủ điều kiện"), actor, share)
    drafted = c.DraftResult(task=task.no, result=procedure.results[0].id, text="Đủ điều kiện, đề nghị giải quyết")
    return Act(drafted, actor, share)


def _actor(task: Task, staff: Staff) -> Actor:
    actor = staff(task.agency, task.role)
    if task.assignee and task.assignee != actor.account:
        return Actor(task.assignee, actor.name, (Grant(agency=task.agency, role=task.role),))
    return actor


def _next_actor(state: Dossier, task: Task, procedure: Procedure, staff: Staff) -> Actor:
    following = procedure.process.step(procedure.process.step(task.step).next[0])
    return staff(task.agency, following.role)


def budget_minutes(task: Task | None, procedure: Procedure) -> int:
    """The task's budget in minutes of working time, a day being eight hours."""
    if task is None:
        return 480
    limit = (
        parse_limit(procedure.process.step(task.step).budget) if task.kind == "step" else parse_limit("2 working_days")
    )
    return limit.n * (60 if limit.unit == "working_hours" else 480)
