"""The course of one dossier: who does what next and when, until it ends or the history does.

It proposes acts in the order in which people would do them; whether they may is decided by the law, and when a
desk gets to them by its queue. How probable each turn is stands at the top, our own estimates all of them.
"""

import random
from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Any

from motcua.dossiers.bulk import Act
from motcua.dossiers.lives import lodging
from motcua.law import commands as c
from motcua.law import fees
from motcua.law.actor import SYSTEM, Actor
from motcua.law.dossier import Dossier, PaperGiven, Task
from motcua.law.process import Step, resolve_step
from motcua.law.working_time import city_day
from motcua.site.synthesis.afterwards import rating
from motcua.site.synthesis.desks import DAY, next_courier, touch
from motcua.site.synthesis.volumes import Place
from motcua.site.synthesis.world import Plan, World, minutes_of

PORTAL = Actor(account=0, name="Cổng dịch vụ công (dữ liệu mẫu)", kind="partner")
DECLINED, RETURNED, RETURNED_AT_COUNTER = 0.012, 0.06, 0.008
SUPPLEMENTED, NEVER_SUPPLEMENTED = 0.05, 0.05
VERIFIED, ASKED, REFUSED, SENT_BACK, WITHDRAWN = 0.02, 0.04, 0.02, 0.015, 0.006
EXTENDED = 0.4  # of those whose officer sees that they will be late
SHOWN_ANSWERED = 0.4  # the rest let their time pass
NEVER_COLLECTED, BY_POST = 0.03, 0.25
WORK, WORK_SPREAD, LONGEST_WORK = -0.75, 0.55, 2.5
URGENT = 480.0  # limits of a day or less go before the queue
MARGIN = timedelta(minutes=2)


class Course:
    """One life. `at` is when it is handed in; `channel` how."""

    def __init__(self, world: World, rng: random.Random, place: Place, plan: Plan, at: datetime, channel: Any) -> None:
        self.world, self.rng, self.place, self.plan = world, rng, place, plan
        self.last, self.channel = at, channel
        self._ready: dict[int, datetime] = {}
        self._first: dict[int, str] = {}
        self._after: dict[int, datetime] = {}
        self._redo = self._back = self._taxed = False
        self._limit, self._urgent = DAY * 1.0, False
        self._leaves: datetime | None = None

    def script(self) -> Generator[Act, Dossier, None]:
        """Its acts, each sent the state after it."""
        lodged = yield from self._handed_in()
        if lodged is None:
            return
        state = lodged
        while (act := self._next(state)) is not None:
            if act.at > self.world.until:
                return
            self.last = act.at
            state = yield act
            if isinstance(act.command, c.GiveSupplement | c.Resume):
                # Work is taken up anew after a wait.
                self._ready.clear()
        rated = rating(self.rng, state, self.last)
        if rated is not None and rated.at <= self.world.until:
            yield rated

    # -- before acceptance --------------------------------------------------------------------------

    def _handed_in(self) -> Generator[Act, Dossier, Dossier | None]:
        agency, rng = self.place.agency, self.rng
        clerk = self.world.staff(rng, agency, "reception")
        command = self._lodging()
        state = yield Act(command, PORTAL if self.channel == "online" else clerk, self.last)
        calendar = self.world.calendar(agency)
        if self.channel != "counter":
            self.last = calendar.instant_after(
                calendar.next_open(self.last), min(900, 3 + int(rng.lognormvariate(4.3, 0.9)))
            )
        roll = rng.random()
        if self.channel != "counter" and roll < DECLINED:
            if self.last <= self.world.until:
                yield Act(c.Decline(reason="not_eligible", words="Không thuộc trường hợp giải quyết"), clerk, self.last)
            return None
        returned = RETURNED_AT_COUNTER if self.channel == "counter" else DECLINED + RETURNED
        if roll < returned and state.papers:
            items = self._items(state)
            if self.last <= self.world.until:
                state = yield Act(c.RequestSupplement(items=items, reason="Giấy tờ chưa rõ"), clerk, self.last)
            self.last = self._given_at()
            if rng.random() < NEVER_SUPPLEMENTED or self.last > self.world.until:
                return None
            state = yield Act(c.GiveSupplement(papers=self._papers(state, items)), clerk, self.last)
        if self.last > self.world.until:
            return None
        state = yield Act(c.Accept(money=self._fees(command)), clerk, self.last)
        if state.owed and self.plan.prepaid and self.channel == "counter":
            self.last += timedelta(minutes=1)
            if self.last <= self.world.until:
                state = yield self._paid(state, self.last)
        limit = self.plan.limit(state.case, state.channel)
        self._limit = minutes_of(limit)
        self._urgent = self._limit <= URGENT
        if rng.random() < WITHDRAWN:
            self._leaves = calendar.instant_after(self.last, 5 + int(rng.random() * self._limit))
        return state

    def _lodging(self) -> c.Lodge:
        agency = self.world.directory[self.place.agency]
        commune = agency.code
        if agency.tier != "commune":
            commune = self.world.directory[self.rng.choice(self.world.communes(agency.number))].code
        command = lodging(self.rng, self.plan.procedure, agency.number, commune)
        if self.channel == "counter":
            return command
        case = command.case
        if self.channel == "online":
            taken = self.world.cases_online(self.plan, agency.number, city_day(self.last))
            if case not in taken:
                self.channel = "post"
        return c.Lodge(
            case=case, channel=self.channel, agency=command.agency, applicant=command.applicant, form=command.form,
            papers=command.papers,
        )  # fmt: skip

    def _fees(self, command: c.Lodge) -> dict[str, int]:
        if not self.plan.procedure.fees:
            return {}
        charges = fees.owed(self.plan.procedure, command.case, command.channel, command.form)
        return fees.from_acceptance(self.plan.procedure, charges)

    def _items(self, state: Dossier) -> tuple[str, ...]:
        return tuple(paper.id for paper in state.papers[-1:])

    def _papers(self, state: Dossier, items: tuple[str, ...]) -> tuple[PaperGiven, ...]:
        return tuple(paper for paper in state.papers if paper.id in items)

    def _given_at(self) -> datetime:
        calendar = self.world.calendar(self.place.agency)
        later = calendar.next_open(self.last + timedelta(days=0.2 + self.rng.expovariate(1 / 4.0)))
        return calendar.instant_after(later, self.rng.randrange(5, 200))

    # -- the way through the process ----------------------------------------------------------------

    def _next(self, state: Dossier) -> Act | None:
        if state.phase == "ended" or not state.tasks:
            return None
        if state.phase == "supplement":
            if self.rng.random() < NEVER_SUPPLEMENTED:
                return None
            clerk = self.world.staff(self.rng, state.receiving, "reception")
            items = state.supplements[-1].items
            return Act(c.GiveSupplement(papers=self._papers(state, items)), clerk, self._given_at())
        if state.pause is not None and state.pause.ground == "confirmation":
            return self._answer(state)
        if state.pause is not None and state.pause.ground == "verification":
            return self._resumed(state)
        for task in state.tasks:
            if task.no not in self._ready:
                self._schedule(task, state)
        if self._leaves is not None and self._may_leave(state, self._leaves):
            clerk = self.world.staff(self.rng, state.receiving, "reception")
            return Act(c.Withdraw(reason="Không còn nhu cầu"), clerk, self._leaves)
        task = min(state.tasks, key=lambda each: (self._ready[each.no], each.no))
        if task.kind == "step":
            asked = [each for each in state.tasks if each.parent == task.no]
            if asked:
                self._ready[task.no] = max(self._ready[each.no] for each in asked) + timedelta(minutes=20)
                task = min(state.tasks, key=lambda each: (self._ready[each.no], each.no))
        return self._work(task, state, max(self._ready[task.no], self.last))

    def _may_leave(self, state: Dossier, leaves: datetime) -> bool:
        """True when the applicant takes it back before anything else happens."""
        if state.phase != "working" or state.pause is not None or state.signed_by or leaves < self.last:
            return False
        return min(self._ready[each.no] for each in state.tasks) > leaves

    def _answer(self, state: Dossier) -> Act | None:
        shown = state.open_showing
        if shown is None:
            return None
        if self.rng.random() < SHOWN_ANSWERED:
            clerk = self.world.staff(self.rng, state.receiving, "reception")
            at = self.last + (shown.until - self.last) * self.rng.uniform(0.05, 0.9)
            at = self.world.calendar(state.receiving).next_open(at)
            if at < shown.until:
                return Act(c.AnswerDraft(agrees=True), clerk, at)
        return Act(c.AnswerDraft(agrees=True), SYSTEM, shown.until + MARGIN)

    def _schedule(self, task: Task, state: Dossier) -> None:
        """When the task will be done, and what comes up on the way."""
        rng, step = self.rng, self.plan.steps[task.step]
        calendar = self.world.calendar(task.agency)
        arrived = calendar.next_open(max(task.opened_at, self.last))
        desk = self.world.desks.at(task.agency, "officer" if task.kind == "opinion" else task.role)
        if step.waits_for == "payment":
            away = calendar.next_open(arrived + timedelta(days=0.3 + rng.expovariate(1 / 6.0)))
            self._ready[task.no] = calendar.instant_after(away, rng.randrange(5, 120))
            return
        if step.waits_for == "tax":
            self._ready[task.no] = desk.done(arrived, rng.uniform(0.8, 5.5) * DAY)
            return
        if "hand_over" in step.actions and state.phase == "ready":
            self._ready[task.no] = self._collected(task, state)
            return
        ready = desk.done(arrived, self._minutes(task, step, state, arrived), urgent=self._urgent)
        sent_on = task.no == 1 and task.role == "reception" and not self._urgent and self.plan.leaves_house(step)
        if sent_on and self.world.desks.has_courier(task.agency):
            ready = next_courier(calendar, ready)
        self._ready[task.no] = ready
        if task.kind == "step":
            self._on_the_way(task, step, state, arrived, ready)

    def _minutes(self, task: Task, step: Step, state: Dossier, arrived: datetime) -> float:
        rng = self.rng
        if task.kind == "opinion":
            return 2 * DAY * min(1.6, rng.lognormvariate(-0.9, 0.5))
        if task.role != "officer":
            return min(touch(rng, int(self._limit)), self._limit)
        # Near its date work is taken up sooner; late already, it is not left lying.
        budget = self.plan.budgets[task.step]
        if state.due_at is not None:
            room = self.world.calendar(task.agency).worked_minutes_between(arrived, state.due_at)
            budget = min(budget, max(room * 0.5, budget * 0.15))
        return budget * min(LONGEST_WORK, rng.lognormvariate(WORK, WORK_SPREAD))

    def _on_the_way(self, task: Task, step: Step, state: Dossier, arrived: datetime, ready: datetime) -> None:
        if state.phase != "working" or state.correcting or task.no in self._after:
            return
        rng, calendar = self.rng, self.world.calendar(task.agency)
        what, at = "", ready
        if (
            "request_supplement" in step.actions
            and state.papers
            and not state.supplements
            and rng.random() < SUPPLEMENTED
        ):
            what, at = "supplement", calendar.instant_after(arrived, rng.randrange(20, DAY))
        elif "suspend" in step.actions and rng.random() < VERIFIED:
            what, at = "suspend", calendar.instant_after(arrived, rng.randrange(30, DAY))
        elif "ask_opinion" in step.actions and rng.random() < ASKED:
            what, at = "ask", calendar.instant_after(arrived, rng.randrange(30, DAY))
        elif "extend" in step.actions and self._will_be_late(state, ready) and rng.random() < EXTENDED:
            assert state.due_at is not None
            noticed = max(arrived + timedelta(minutes=40), state.due_at - timedelta(days=rng.choice((2, 3, 4))))
            what, at = "extend", calendar.next_open(noticed)
            if city_day(at) >= city_day(state.due_at):
                return
        if what and at < ready:
            self._first[task.no], self._after[task.no], self._ready[task.no] = what, ready, at

    def _will_be_late(self, state: Dossier, ready: datetime) -> bool:
        """True when what is left after this work will hardly be done in time, and the date may still be moved."""
        if state.extension is not None or state.due_at is None or state.accepted_at is None:
            return False
        return ready + (state.due_at - state.accepted_at) * 0.12 > state.due_at

    def _collected(self, task: Task, state: Dossier) -> datetime:
        rng, calendar = self.rng, self.world.calendar(task.agency)
        if rng.random() < NEVER_COLLECTED:
            return self.world.until + timedelta(days=1)
        if self._urgent and self.channel == "counter" and rng.random() < 0.6:
            return calendar.instant_after(self.last, rng.randrange(3, 45))
        later = calendar.next_open(self.last + timedelta(days=rng.expovariate(1 / 2.5)))
        return calendar.instant_after(later, rng.randrange(2, 200))

    # -- one act ------------------------------------------------------------------------------------

    def _work(self, task: Task, state: Dossier, at: datetime) -> Act | None:
        step = self.plan.steps[task.step]
        actor = self._holder(task)
        if task.kind == "opinion":
            agrees = self.rng.random() < 0.93
            return Act(c.GiveOpinion(task=task.no, agrees=agrees, words="Thống nhất theo hồ sơ"), actor, at)
        what = self._first.pop(task.no, "")
        if what and state.phase == "working" and state.pause is None:
            return self._turn(what, task, state, actor, at) or self._next(state)
        if "ready" in step.actions and state.phase == "working":
            self._ready.pop(task.no)
            return Act(c.MarkReady(task=task.no), actor, at)
        if "hand_over" in step.actions and state.phase == "ready":
            return self._handed(task, state, actor, at)
        if step.waits_for and state.owed and step.waits_for == "payment":
            return self._paid(state, at)
        return self._decided(task, step, state, actor, at)

    def _decided(self, task: Task, step: Step, state: Dossier, actor: Actor, at: datetime) -> Act:
        if "assign" in step.actions:
            following = self.plan.steps[step.next[0]]
            agency = resolve_step(self.plan.procedure.process, following, state.receiving, self.world.directory)
            to = self.world.staff(self.rng, agency or task.agency, following.role)
            return Act(c.Assign(task=task.no, to=to.account, to_name=to.name), actor, at)
        if "number" in step.actions and not state.number:
            return Act(c.NumberResult(task=task.no), actor, at)
        if "draft" in step.actions and (state.draft is None or self._redo):
            return self._drafted(task, step, actor, at)
        if "show_draft" in step.actions and self._to_show(state):
            return Act(c.ShowDraft(task=task.no), actor, at)
        may_return = step.back and task.role != "officer" and not state.signed_by and not self._back
        if may_return and self.rng.random() < SENT_BACK:
            return self._returned(task, step, actor, at)
        if "sign" in step.actions and not state.signed_by:
            return Act(c.Sign(task=task.no), actor, at)
        if step.waits_for == "tax" and "request_payment" in step.actions and not self._taxed:
            self._taxed = True
            amounts = {self.plan.supplied[0] if self.plan.supplied else "tax": self.rng.randrange(200, 90_000) * 1000}
            return Act(c.RequestPayment(task=task.no, amounts=amounts), actor, at)
        return self._forwarded(task, step, actor, at)

    def _forwarded(self, task: Task, step: Step, actor: Actor, at: datetime) -> Act:
        branch = ""
        if len(step.next) > 1 and not step.parallel:
            branch = step.next[0] if self.rng.random() < 0.7 else step.next[-1]
        target = branch or (step.next[0] if step.next else "")
        chosen = 0
        if target and self.plan.is_chosen(target) and not self.plan.is_chosen(step.id):
            chosen = self.rng.choice(self.world.communes(self.place.agency))
        return Act(c.Forward(task=task.no, to=branch, chosen=chosen), actor, at)

    def _drafted(self, task: Task, step: Step, actor: Actor, at: datetime) -> Act:
        self._redo = False
        if "refuse" in step.actions and self.rng.random() < REFUSED:
            return Act(c.Refuse(task=task.no, reason="not_eligible", words="Không đủ điều kiện"), actor, at)
        result = self.plan.procedure.results[0].id
        text = "Đủ điều kiện, đề nghị giải quyết"
        return Act(c.DraftResult(task=task.no, result=result, text=text), actor, at)

    def _to_show(self, state: Dossier) -> bool:
        asked = bool(self.plan.procedure.confirm_draft) and state.channel == "online"
        return asked and state.outcome == "granted" and state.shown is None and not state.correcting

    def _returned(self, task: Task, step: Step, actor: Actor, at: datetime) -> Act:
        self._back = True
        to = step.back[-1]
        self._redo = "draft" in self.plan.steps[to].actions
        return Act(c.SendBack(task=task.no, to=to, reason="Cần làm rõ thêm căn cứ"), actor, at)

    def _turn(self, what: str, task: Task, state: Dossier, actor: Actor, at: datetime) -> Act | None:
        """What comes up before the work is done; the work then goes on from here."""
        self._ready[task.no] = self._after[task.no]
        if what == "supplement" and state.supplements:
            return None
        if what == "supplement":
            items = self._items(state)
            return Act(c.RequestSupplement(items=items, reason="Bản nộp chưa rõ", task=task.no), actor, at)
        if what == "suspend":
            document = f"{self.rng.randrange(20, 900)}/CV-XM"
            return Act(c.Suspend(task=task.no, ground="verification", document=document), actor, at)
        if what == "ask":
            adviser = self.world.staff.adviser(self.rng, self.world.near(task.agency))
            if not adviser or adviser == task.agency:
                return None
            asked = c.AskOpinion(task=task.no, agency=adviser, question="Xin ý kiến chuyên môn", limit="2 working_days")
            return Act(asked, actor, at)
        due = state.due_at or at
        if city_day(at) + timedelta(days=1) > city_day(due):
            return None
        calendar, late = self.world.calendar(state.receiving), max(self._after[task.no], due)
        new = calendar.close_of_nth_working_day_after(city_day(late), self.rng.choice((1, 1, 2, 3)))
        apology = "Xin lỗi vì chậm trả kết quả"
        reason = "Hồ sơ phức tạp, cần thêm thời gian xác minh"
        return Act(c.RequestExtension(task=task.no, due=new, reason=reason, apology=apology), actor, at)

    def _resumed(self, state: Dossier) -> Act | None:
        """The end of a wait for verification, by whoever began it."""
        task = next((each for each in state.tasks if "suspend" in self.plan.steps[each.step].actions), None)
        if task is None:
            return None
        calendar = self.world.calendar(task.agency)
        back = calendar.next_open(self.last + timedelta(days=1 + self.rng.expovariate(1 / 5.0)))
        at = calendar.instant_after(back, self.rng.randrange(5, 200))
        return Act(c.Resume(task=task.no), self._holder(task), at)

    def _handed(self, task: Task, state: Dossier, actor: Actor, at: datetime) -> Act:
        if state.owed and state.outcome != "refused":
            return self._paid(state, at)
        by_post = self.channel != "counter" and self.rng.random() < BY_POST
        paper: Any = "post" if by_post else "receipt"
        return Act(c.HandOverResult(task=task.no, to_name=state.applicant.name, by_paper=paper), actor, at)

    def _paid(self, state: Dossier, at: datetime) -> Act:
        amounts = {each.id: each.amount - each.paid for each in state.money if each.amount > each.paid}
        clerk = self.world.staff(self.rng, state.receiving, "reception")
        method: Any = "online" if self.channel == "online" else self.rng.choice(("cash", "cash", "transfer"))
        receipt = f"BL{state.id % 1_000_000:06d}"
        return Act(c.RecordPayment(amounts=amounts, method=method, receipt=receipt), clerk, at)

    def _holder(self, task: Task) -> Actor:
        assigned = self.world.staff.holder(task.assignee) if task.assignee else None
        role = "officer" if task.kind == "opinion" else task.role
        return assigned or self.world.staff(self.rng, task.agency, role)
