"""`handle()`: a command goes in, a sealed transition is stored or a refusal comes back.

Opens one transaction, locks the dossier's row, lets the law decide, and writes journal, state, tasks and
outbox together. Whoever reads next reads what was just written; sent twice it is done once.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import psycopg
from django.db import IntegrityError, transaction
from msgspec import structs

from motcua.calendars.lookup import calendar_for
from motcua.catalogue import versions
from motcua.catalogue.online import cases_taken_online
from motcua.dossiers import clock, store
from motcua.dossiers.journal import is_recorded
from motcua.dossiers.rows import actor_mark, as_stored, event_rows
from motcua.law import commands as c
from motcua.law.actor import Actor
from motcua.law.codes import format_code, pack_dossier_id
from motcua.law.context import Context, Draw
from motcua.law.decide import decide
from motcua.law.directory import Directory
from motcua.law.dossier import Dossier
from motcua.law.events import AnyEvent
from motcua.law.evolve import evolve
from motcua.law.evolve import lodge as first_state
from motcua.law.procedure import Procedure
from motcua.law.refusal import Refusal
from motcua.law.refusals import refuse
from motcua.law.regimes import Regime, regime_on
from motcua.law.seal import GENESIS
from motcua.law.texts import Text
from motcua.law.walking import agency_of, places
from motcua.law.working_time import WorkingCalendar, city_day
from motcua.organisation.directory import directory

CLOCK_TOLERANCE = timedelta(minutes=2)


class Done(msgspec.Struct, frozen=True):
    """What was stored. `repeated` says that it had been stored before under the same key."""

    dossier_id: int
    seq: int
    state: Dossier
    events: tuple[AnyEvent, ...]
    repeated: bool = False


def handle(
    dossier_id: int,
    command: Any,
    actor: Actor,
    key: str,
    *,
    seen: int | None = None,
    at: datetime | None = None,
) -> Done | Refusal:
    """Carries out `command` on a dossier.

    `key` makes a repeated command one act. `seen` is the seq the actor was looking at: if the dossier has
    moved on since, nothing is changed and the refusal says what happened. `at` is for replays only.
    """
    key = as_stored(key)
    try:
        with transaction.atomic():
            done = _act(dossier_id, command, actor, key, seen, at)
            # While we waited for the lock the same command may have been stored, unseen by the statement that waited.
            if isinstance(done, Done) or not is_recorded(dossier_id, key):
                return done
    except (IntegrityError, psycopg.errors.UniqueViolation):
        if not is_recorded(dossier_id, key):
            raise
    stored = store.read(dossier_id)
    if stored is None:
        raise LookupError(f"dossier {dossier_id} is gone")
    return Done(dossier_id, stored[0].seq, stored[0], (), repeated=True)


def lodge(version: int, command: c.Lodge, actor: Actor, key: str, at: datetime | None = None) -> Done | Refusal:
    """Hands in a new dossier under a version of a procedure. A repeated key gives the first dossier back."""
    key = as_stored(key)
    return _once(key, lambda: _lodge(version, command, actor, key, _moment(at)))


def lodge_and_accept(
    version: int,
    command: c.Lodge,
    accept: c.Accept,
    actor: Actor,
    key: str,
    at: datetime | None = None,
) -> Done | Refusal:
    """What a counter does in one go: both are stored or neither."""

    key = as_stored(key)

    def both() -> Done | Refusal:
        moment = _moment(at)
        lodged = _lodge(version, command, actor, key, moment)
        if isinstance(lodged, Refusal):
            return lodged
        accepted = _act(lodged.dossier_id, accept, actor, f"{key}/accept", None, moment)
        if isinstance(accepted, Refusal):
            transaction.set_rollback(True)
        return accepted

    return _once(key, both)


def _moment(at: datetime | None) -> datetime:
    """Now, or `at` in UTC: the state keeps instants as the journal gives them back."""
    return clock.now() if at is None else at.astimezone(UTC)


def _once(key: str, act: Callable[[], Done | Refusal]) -> Done | Refusal:
    try:
        with transaction.atomic():
            existing = store.lodged_as(key)
            if existing is None:
                return act()
    except (IntegrityError, psycopg.errors.UniqueViolation):
        existing = store.lodged_as(key)
        if existing is None:
            raise
    stored = store.read(existing)
    if stored is None:
        raise LookupError(f"dossier {existing} is gone")
    return Done(existing, stored[0].seq, stored[0], (), repeated=True)


def context_for(
    state: Dossier, actor: Actor, at: datetime, regime: Regime | None = None, draw: Draw | None = None
) -> Context:
    """The law's data for deciding about `state` now: its own version and regime, today's organisation."""
    return _context(state.version, actor, at, regime or regime_of(state), draw or Draw())


def _context(version: int, actor: Actor, at: datetime, regime: Regime, draw: Draw) -> Context:
    agencies = directory()
    return Context(
        now=at,
        actor=actor,
        procedure=versions.procedure_version(version),
        version=version,
        regime=regime,
        directory=agencies,
        calendar=calendars_of(agencies),
        draw=draw,
    )


def calendars_of(agencies: Directory) -> Callable[[int], WorkingCalendar]:
    """Finds the calendar an agency keeps to today, by its number."""
    return partial(_calendar, agencies)


def _calendar(agencies: Directory, agency: int) -> WorkingCalendar:
    return calendar_for(agency, agencies[agency].tier, house=agencies.house(agency))


def regime_of(state: Dossier) -> Regime:
    """The regime under which the dossier stands."""
    return next(regime for regime in versions.regimes() if regime.code == state.regime)


def regime_for(procedure: Procedure, regimes: Sequence[Regime], day: date) -> Regime:
    """The regime in force on `day`. What a log tells may be older than any: it stands under the first.

    Raises LookupError when a dossier of ours would stand under none.
    """
    if procedure.replayed and day < regimes[0].valid_from:
        return regimes[0]
    return regime_on(regimes, day)


def _lodge(version: int, command: c.Lodge, actor: Actor, key: str, at: datetime) -> Done | Refusal:
    regime = regime_for(versions.procedure_version(version), versions.regimes(), city_day(at))
    context = _context(version, actor, at, regime, Draw(token=secrets.token_urlsafe(15)))
    if command.channel == "online":
        taken = cases_taken_online(context.procedure, command.agency, city_day(at))
        context = replace(context, online=command.case in taken)
    decision = decide(None, command, context)
    if isinstance(decision, Refusal):
        return decision
    day = city_day(at)
    serial = store.draw(command.agency, lodged=day.toordinal())["lodged"]
    dossier_id = pack_dossier_id(day, command.agency, serial)
    mark = actor_mark(actor, command.agency, "reception")
    rows = event_rows(dossier_id, 0, GENESIS, at, mark, command.agency, key, decision)
    state = first_state(dossier_id, decision[0], at)  # type: ignore[arg-type]
    store.write(None, state, rows, at, mark, command.agency, once=key)
    return Done(dossier_id, state.seq, state, decision)


def _act(
    dossier_id: int, command: Any, actor: Actor, key: str, seen: int | None, at: datetime | None
) -> Done | Refusal:
    stored = store.read_locked(dossier_id, key)
    # Asked only under the lock: no act is older than one it waited for, nor than its own transaction.
    at = _moment(at)
    if stored is None:
        return refuse("task_done")
    state = stored.state
    if stored.repeated is not None:
        return Done(dossier_id, stored.seq, state, (), repeated=True)
    if at < stored.last_at:
        if stored.last_at - at > CLOCK_TOLERANCE:
            return clock_behind(stored.last_at)
        at = stored.last_at
    if seen is not None and seen != stored.seq and not _only_told(dossier_id, seen):
        return _moved_on(dossier_id, seen)
    decision = _decide(state, command, actor, at)
    if isinstance(decision, Refusal):
        return decision
    agency = acting_agency(command, state, actor)
    mark = actor_mark(actor, agency, acting_role(command, state))
    rows = event_rows(dossier_id, stored.seq, stored.head, at, mark, agency, key, decision)
    after = state
    for event in decision:
        after = evolve(after, event, at)
    store.write(state, after, rows, at, mark, agency)
    return Done(dossier_id, after.seq, after, decision)


def _decide(state: Dossier, command: Any, actor: Actor, at: datetime) -> tuple[AnyEvent, ...] | Refusal:
    regime = regime_on(versions.regimes(), city_day(at)) if isinstance(command, c.Accept) else regime_of(state)
    context = context_for(state, actor, at, regime)
    decision = decide(state, command, context)
    if isinstance(decision, Refusal) or not isinstance(command, c.Accept | c.NumberResult):
        return decision
    # Only now that the act is lawful is a number drawn: a refusal leaves no gap.
    return decide(state, command, context_for(state, actor, at, regime, _draw(state, command, context)))


def _draw(state: Dossier, command: c.Accept | c.NumberResult, context: Context) -> Draw:
    day = city_day(context.now)
    if isinstance(command, c.Accept):
        agency = context.directory[naming_agency(state, context)]
        drawn = store.draw(agency.number, book=day.year, code=day.toordinal())
        code = format_code(context.regime.code_format, agency.identifier, day, drawn["code"])
        return Draw(code=code, book=drawn["book"])
    task = state.task(command.task)
    if task is None or command.number.strip():
        return Draw()
    return Draw(result=store.draw(context.directory.house(task.agency), result=day.year)["result"])


def naming_agency(state: Dossier, context: Context) -> int:
    """Whose identifier begins the code: the receiving agency's, or since Decree 118/2025 the resolving one's."""
    if context.regime.code_agency == "receiving":
        return state.receiving
    signs = next((step for step in context.procedure.process.steps if "sign" in step.actions), None)
    placed = structs.replace(state, places=places(context, state.receiving))
    resolving = agency_of(context, placed, signs) if signs is not None else None
    return state.receiving if resolving is None else context.directory.house(resolving)


def acting_role(command: Any, state: Dossier) -> str:
    """The role of the task acted on, '' when the command concerns the whole dossier."""
    number = getattr(command, "task", 0) or next(iter(getattr(command, "tasks", ())), 0)
    task = state.task(number) if number else None
    return task.role if task is not None and task.kind != "opinion" else ""


def acting_agency(command: Any, state: Dossier, actor: Actor) -> int:
    """The agency in whose name the actor acts, as sealed into the journal."""
    number = getattr(command, "task", 0) or next(iter(getattr(command, "tasks", ())), 0)
    task = state.task(number) if number else None
    if task is not None and actor.holds(task.agency):
        return task.agency
    if actor.kind != "official" or actor.holds(state.receiving):
        return state.receiving
    own = {task.agency for task in state.tasks}
    return next((grant.agency for grant in actor.grants if grant.agency in own), actor.grants[0].agency)


def clock_behind(last: datetime) -> Refusal:
    """The refusal of an act that would stand before the one recorded last."""
    return Refusal(
        code="clock_behind",
        text=Text(
            vi="Đồng hồ máy chủ đang chạy sau bước vừa ghi. Chưa ghi gì; hãy báo người vận hành.",
            en="The server's clock is behind the last recorded step. Nothing was recorded; tell the operator.",
        ),
        details={"last": last.isoformat()},
    )


def _only_told(dossier_id: int, seen: int) -> bool:
    """True when since `seen` nothing came but proofs that somebody was told: they overtake nobody's reading."""
    with store.cursor() as run:
        row = run.execute(
            "SELECT count(*) > 0 AND bool_and(type = 'notice_recorded') FROM dossiers_event"
            " WHERE dossier_id = %s AND seq > %s",
            (dossier_id, seen),
        ).fetchone()
    return bool(row and row[0])


def _moved_on(dossier_id: int, seen: int) -> Refusal:
    with store.cursor() as run:
        rows = run.execute(
            "SELECT type, actor FROM dossiers_event WHERE dossier_id = %s AND seq > %s ORDER BY seq LIMIT 20",
            (dossier_id, seen),
        ).fetchall()
    return Refusal(
        code="changed_meanwhile",
        text=Text(
            vi="Hồ sơ đã thay đổi trong lúc bạn xem trang này. Chưa ghi gì thêm; hãy xem lại rồi làm tiếp.",
            en="The dossier changed while you were looking at this page. Nothing was recorded; look again.",
        ),
        details={"since": [{"type": row[0], "actor": row[1].partition(" ")[2]} for row in rows]},
    )
