"""At the counter: lodging, accepting, declining, and asking for what is missing.

Decree 61/2018, art. 17; the rules of form and papers come from the procedure's version.
"""

from datetime import datetime

from msgspec import structs

from motcua.law import commands as c
from motcua.law import events as e
from motcua.law.context import Context
from motcua.law.dossier import Dossier
from motcua.law.limits import Limit, due, format_limit
from motcua.law.refusal import Refusal
from motcua.law.refusals import refuse
from motcua.law.regimes import Regime
from motcua.law.rights import COUNTER, is_owner, may_counter, paused, receipt_first, step_of, wrong_phase
from motcua.law.rights import held as task_held
from motcua.law.walking import after_wait, open_step, places
from motcua.law.working_time import WorkingCalendar, city_day

IN_WORDS = "*"

Decision = tuple[e.AnyEvent, ...] | Refusal


def lodge(command: c.Lodge, ctx: Context) -> Decision:
    """The first event of a dossier, or why it cannot be handed in here."""
    procedure = ctx.procedure
    agency = ctx.directory.by_number.get(command.agency)
    # A log may be older than the agency that plays it back.
    if agency is None or not (procedure.replayed or agency.is_valid(city_day(ctx.now))):
        return refuse("not_offered_here")
    if not _receives(ctx, command.agency):
        return refuse("not_offered_here")
    if command.channel == "counter" and (refusal := may_counter(ctx, command.agency)) is not None:
        return refusal
    if command.channel == "online" and (refusal := _may_file_online(command, ctx)) is not None:
        return refusal
    if command.applicant.kind not in procedure.applicants:
        return refuse("not_for_applicant")
    if command.case not in {case.id for case in procedure.cases}:
        return refuse("unknown_case", case=command.case)
    return (
        e.Lodged(
            procedure=procedure.code,
            version=ctx.version,
            case=command.case,
            channel=command.channel,
            agency=command.agency,
            applicant=command.applicant,
            submitter=command.submitter,
            regime=ctx.regime.code,
            form=command.form,
            papers=command.papers,
            sets=command.sets,
            sources=command.sources,
            token=ctx.draw.token,
            replayed=procedure.replayed,
            note=command.note,
            occurred_at=command.occurred_at,
            late_reason=command.late_reason,
        ),
    )


def _may_file_online(command: c.Lodge, ctx: Context) -> Refusal | None:
    """A refusal unless the agency takes the procedure online and the filer is known well enough."""
    actor = ctx.actor
    if not ctx.online:
        return refuse("not_online")
    if actor.kind != "resident":
        return None
    if actor.assurance < ctx.procedure.assurance:
        return refuse("assurance_needed", level=ctx.procedure.assurance)
    filed_by = command.submitter or command.applicant
    return None if actor.account and actor.account == filed_by.account else refuse("not_in_own_name")


def answer_due(regime: Regime, calendar: WorkingCalendar, lodged_at: datetime) -> datetime:
    """Until when a dossier filed online must be accepted or answered (Decree 45/2020, art. 11): working hours."""
    return due(calendar, lodged_at, Limit(regime.online_acceptance_working_hours, "working_hours"))


def look_due(regime: Regime, calendar: WorkingCalendar, lodged_at: datetime) -> datetime:
    """Until when an official should have looked at it (Decree 118/2025, art. 17.2): working hours."""
    return due(calendar, lodged_at, Limit(regime.online_look_working_hours, "working_hours"))


def _receives(ctx: Context, agency: int) -> bool:
    place = ctx.directory[agency]
    return place.tier in ctx.procedure.received_at or place.code in ctx.procedure.received_by


def missing_papers(state: Dossier, ctx: Context) -> tuple[str, ...]:
    """The ids of required papers of which nothing has been handed in."""
    given = {paper.id for paper in state.papers if paper.is_given}
    return tuple(
        paper.id
        for paper in ctx.procedure.papers
        if paper.required and paper.is_asked(state.case, state.form) and paper.id not in given
    )


def accept(command: c.Accept, state: Dossier, ctx: Context) -> Decision:
    """Draws the code, sets the date and opens the first step (Decree 61/2018, art. 17.1c, 17.3)."""
    if state.phase != "lodged":
        return wrong_phase(state)
    if (refusal := may_counter(ctx, state.receiving)) is not None:
        return refusal
    if missing := missing_papers(state, ctx):
        papers = [ctx.procedure.paper(each) for each in missing]
        return refuse(
            "papers_missing",
            papers="; ".join(paper.name.vi for paper in papers if paper),
            papers_en="; ".join(paper.name.en or paper.name.vi for paper in papers if paper),
        )
    limit = ctx.procedure.case(state.case).limit(state.channel)
    found = places(ctx, state.receiving)
    staged = structs.replace(state, places=found)
    first = open_step(ctx, staged, ctx.procedure.process.steps[0], state.next_task, state.receiving)
    if isinstance(first, Refusal):
        return first
    accepted = e.Accepted(
        code=ctx.draw.code,
        book=ctx.draw.book,
        due=due(ctx.calendar(state.receiving), ctx.now, limit),
        limit=format_limit(limit),
        places=found,
        regime=ctx.regime.code,
        money=command.money,
        opened=(first,),
        note=command.note,
        occurred_at=command.occurred_at,
        late_reason=command.late_reason,
    )
    return (accepted,)


def decline(command: c.Decline, state: Dossier, ctx: Context) -> Decision:
    """Not accepted (form 03): only before acceptance, and never without reason."""
    if state.phase not in ("lodged", "returned"):
        return wrong_phase(state)
    if (refusal := may_counter(ctx, state.receiving)) is not None:
        return refusal
    if not command.reason or not command.words.strip():
        return refuse("reason_needed")
    return (e.Declined(reason=command.reason, words=command.words.strip(), note=command.note),)


def request_supplement(command: c.RequestSupplement, state: Dossier, ctx: Context) -> Decision:
    """Everything missing, once (form 02); again only with stage, ground and approver."""
    if not command.items:
        return refuse("items_needed")
    if not command.reason.strip():
        return refuse("reason_needed")
    again = len(state.supplements) >= ctx.regime.supplements
    if again and not (command.stage and command.ground and command.approver):
        return refuse("supplement_again", limit=ctx.regime.supplements)
    before: tuple[e.AnyEvent, ...] = ()
    agency, at_intake = state.receiving, state.phase == "lodged"
    if at_intake:
        if (refusal := may_counter(ctx, state.receiving)) is not None:
            return refusal
    elif state.phase == "working":
        found = _from_desk(command, state, ctx)
        if isinstance(found, Refusal):
            return found
        agency, before = found
    else:
        return paused(state) or wrong_phase(state)
    asked = e.SupplementRequested(
        items=command.items,
        reason=command.reason.strip(),
        agency=agency,
        at_intake=at_intake,
        stage=command.stage,
        ground=command.ground,
        approver=command.approver,
        note=command.note,
    )
    return (*before, asked)


def _from_desk(
    command: c.RequestSupplement, state: Dossier, ctx: Context
) -> tuple[int, tuple[e.AnyEvent, ...]] | Refusal:
    task = task_held(state, ctx, command.task, "request_supplement")
    if isinstance(task, Refusal):
        return task
    window = ctx.regime.supplement_window_days
    start = task.received_at or task.opened_at
    calendar = ctx.calendar(task.agency)
    last = calendar.close_of_nth_working_day_after(city_day(start), window)
    if ctx.now > last and not command.ground:
        return refuse("supplement_too_late", days=window)
    return task.agency, receipt_first(task)


def give_supplement(command: c.GiveSupplement, state: Dossier, ctx: Context) -> Decision:
    """The applicant's answer; the clock starts again or goes on as the regime says (art. 19.4)."""
    if state.phase not in ("returned", "supplement"):
        return wrong_phase(state)
    if not may_bring(state, ctx):
        return may_counter(ctx, state.receiving) or wrong_phase(state)
    if not _answers(command, state):
        return refuse("supplement_incomplete")
    supplemented = e.Supplemented(papers=command.papers, form=command.form, note=command.note)
    if state.phase == "returned":
        return (supplemented,)
    new_due, moved = after_wait(ctx, state, restart=ctx.regime.after_supplement == "restart")
    return (e.Supplemented(papers=command.papers, form=command.form, due=new_due, moved=moved, note=command.note),)


def _answers(command: c.GiveSupplement, state: Dossier) -> bool:
    """True when every paper asked for by id is there; what was asked in words the clerk judges."""
    asked = {item for item in state.supplements[-1].items if not item.startswith(IN_WORDS)}
    return bool(command.papers or command.form) and asked <= {paper.id for paper in command.papers}


def may_bring(state: Dossier, ctx: Context) -> bool:
    """True when the actor may hand in what was asked for: the applicant, a counter, whoever holds the work."""
    actor = ctx.actor
    if actor.kind in ("resident", "partner"):
        return is_owner(actor, state)
    desks = {state.receiving} | {each.agency for each in state.supplements[-1:]}
    if any(actor.holds(agency, *COUNTER) for agency in desks):
        return True
    return any(actor.holds(task.agency, step_of(ctx, task).role) for task in state.tasks)
