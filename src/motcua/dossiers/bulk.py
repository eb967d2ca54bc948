"""Makes many dossiers at once, through the law: decided and folded in memory, then written with COPY.

The rows are those that `handle()` would have written, seals and numbers included; only the outbox gets one row
a dossier instead of one an act. For histories: replays, demonstrations, measurements. The present is left to
`handle`, which waits only where it would draw a number that a batch is drawing.
"""

import secrets
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

import msgspec
from django.db import transaction

from motcua.catalogue import versions
from motcua.catalogue.online import cases_taken_online
from motcua.dossiers import store
from motcua.dossiers.handle import (
    CLOCK_TOLERANCE,
    acting_agency,
    acting_role,
    calendars_of,
    clock_behind,
    naming_agency,
    regime_for,
)
from motcua.dossiers.rows import TASK_COLUMNS, EventRow, actor_mark, dossier_columns, event_rows, task_row
from motcua.law import commands as c
from motcua.law.actor import Actor
from motcua.law.codes import format_code, pack_dossier_id
from motcua.law.context import Context, Draw
from motcua.law.decide import decide
from motcua.law.dossier import Dossier
from motcua.law.evolve import evolve
from motcua.law.evolve import lodge as first_state
from motcua.law.procedure import Procedure
from motcua.law.refusal import Refusal
from motcua.law.regimes import Regime
from motcua.law.seal import GENESIS
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory

BATCH = 2000
# Loaders that may draw the same numbers take turns under this advisory lock, a batch each.
_LOADING = int.from_bytes(b"bulkload")

Drawn = dict[tuple[str, int, int], int]


class Act(NamedTuple):
    """One act of a life: what, by whom, when. Without a key of its own it has the life's, numbered."""

    command: Any
    actor: Actor
    at: datetime
    key: str = ""


class Life(NamedTuple):
    """One dossier to be made under a version of a procedure.

    `script` yields its acts, the lodging first, and is sent the state after each; a refused act is thrown
    into it as RefusedError. `key` makes it once: a life whose key was lodged before is passed over.
    """

    version: int
    key: str
    script: Generator[Act, Dossier, None]


class RefusedError(Exception):
    """The law refused an act. A script that catches it goes on from the state before."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.text.en)
        self.refusal = refusal


class Loaded(msgspec.Struct):
    """What came of it: `refused` names the lives that ended with a refusal, by their keys.

    What had happened to a refused dossier before is kept, as it would be in life.
    """

    dossiers: int = 0
    events: int = 0
    repeated: int = 0
    refused: list[tuple[str, Refusal]] = msgspec.field(default_factory=list)


def load(
    lives: Iterable[Life],
    *,
    batch: int = BATCH,
    progress: Callable[[Loaded], None] = lambda _: None,
    apart: bool = False,
) -> Loaded:
    """Plays `lives` through the law and stores them, `batch` of them in one transaction.

    Numbers are drawn in the order of the lives. Meanwhile others can draw an agency's numbers only between two
    batches that draw them too. With `apart` the caller vouches that no other loader draws numbers of the same
    agencies, and the loaders run side by side. `progress` hears after each batch. Raises what a script raises;
    that batch is then not stored.
    """
    total = Loaded()
    waiting = iter(lives)
    while taken := list(islice(waiting, batch)):
        with transaction.atomic():
            _Batch(total).load(taken, apart)
        progress(total)
    return total


class _Making:
    """A dossier being made: its state, its head, and when it was last acted on."""

    def __init__(self, life: Life, version: Procedure) -> None:
        self.life = life
        self.procedure = version
        self.acts = 0
        self.state: Dossier | None = None
        self.head = GENESIS
        self.last_at = datetime.min.replace(tzinfo=UTC)


class _Batch:
    """One transaction's worth of lives."""

    def __init__(self, total: Loaded) -> None:
        self._total = total
        self._directory = directory()
        # Within a batch the law's data stands still: asked for once, not at each act.
        self._calendar = cache(calendars_of(self._directory))
        self._regimes = versions.regimes()
        self._by_code = {regime.code: regime for regime in self._regimes}
        self._counters = _Counters()
        self._events: list[tuple[Any, ...]] = []
        self._done: list[_Making] = []

    def load(self, lives: Sequence[Life], apart: bool) -> None:
        with store.cursor() as run:
            run.execute(f"SELECT pg_advisory_xact_lock{'_shared' if apart else ''}(%s)", (_LOADING,))
        started: list[tuple[_Making, Act]] = []
        for life in self._unknown(lives):
            first = next(life.script, None)
            if first is None or not isinstance(first.command, c.Lodge):
                raise TypeError("a life begins with a lodging")
            started.append((_Making(life, versions.procedure_version(life.version)), first))
        self._counters.foresee(first for _, first in started)
        for making, first in started:
            self._live(making, first)
        self._write()
        self._counters.store()
        self._total.dossiers += len(self._done)
        self._total.events += len(self._events)

    def _unknown(self, lives: Sequence[Life]) -> Iterator[Life]:
        with store.cursor() as run:
            rows = run.execute(
                "SELECT key FROM dossiers_lookup WHERE key = ANY (%s)", ([life.key for life in lives],)
            ).fetchall()
        known = {row[0] for row in rows}
        for life in lives:
            if life.key in known:
                self._total.repeated += 1
                life.script.close()
            else:
                known.add(life.key)
                yield life

    def _live(self, making: _Making, act: Act | None) -> None:
        script = making.life.script
        try:
            while act is not None:
                refusal = self._lodge(making, act) if making.state is None else self._act(making, act)
                if refusal is not None:
                    act = script.throw(RefusedError(refusal))
                elif making.state is not None:
                    act = script.send(making.state)
        except StopIteration:
            pass
        except RefusedError as refused:
            self._total.refused.append((making.life.key, refused.refusal))
        if making.state is not None:
            self._done.append(making)

    def _lodge(self, making: _Making, act: Act) -> Refusal | None:
        at = act.at.astimezone(UTC)
        day = city_day(at)
        regime = regime_for(making.procedure, self._regimes, day)
        draw = Draw(token=secrets.token_urlsafe(15))
        context = self._context(making, act.actor, at, regime, draw)
        # What a log says came in online did, whatever is offered here.
        if act.command.channel == "online" and not making.procedure.replayed:
            taken = cases_taken_online(making.procedure, act.command.agency, day)
            context = replace(context, online=act.command.case in taken)
        decision = decide(None, act.command, context)
        if isinstance(decision, Refusal):
            return decision
        agency = act.command.agency
        dossier_id = pack_dossier_id(day, agency, self._counters.take("lodged", agency, day.toordinal()))
        mark = actor_mark(act.actor, agency, "reception")
        rows = event_rows(dossier_id, 0, GENESIS, at, mark, agency, making.life.key, decision)
        making.state = first_state(dossier_id, decision[0], at)  # type: ignore[arg-type]
        self._record(making, rows, at, mark, agency)
        return None

    def _act(self, making: _Making, act: Act) -> Refusal | None:
        state = making.state
        assert state is not None
        making.acts += 1
        at = act.at.astimezone(UTC)
        if at < making.last_at:
            if making.last_at - at > CLOCK_TOLERANCE:
                return clock_behind(making.last_at)
            at = making.last_at
        command = act.command
        if isinstance(command, c.Accept):
            regime = regime_for(making.procedure, self._regimes, city_day(at))
        else:
            regime = self._by_code[state.regime]
        context = self._context(making, act.actor, at, regime, Draw())
        draw, drawn = self._draw(state, command, context)
        decision = decide(state, command, replace(context, draw=draw) if drawn else context)
        if isinstance(decision, Refusal):
            return decision
        self._counters.keep(drawn)
        agency = acting_agency(command, state, act.actor)
        mark = actor_mark(act.actor, agency, acting_role(command, state))
        key = act.key or f"{making.life.key}/{making.acts}"
        rows = event_rows(state.id, state.seq, making.head, at, mark, agency, key, decision)
        for event in decision:
            state = evolve(state, event, at)
        making.state = state
        self._record(making, rows, at, mark, agency)
        return None

    def _draw(self, state: Dossier, command: Any, context: Context) -> tuple[Draw, Drawn]:
        """The numbers the act would get, and where they stand; they are taken only when it is lawful."""
        if isinstance(command, c.Accept):
            day = city_day(context.now)
            agency = self._directory[naming_agency(state, context)]
            book = self._counters.next("book", agency.number, day.year)
            code = self._counters.next("code", agency.number, day.toordinal())
            drawn = {("code", agency.number, day.toordinal()): code, ("book", agency.number, day.year): book}
            code_words = format_code(context.regime.code_format, agency.identifier, day, code)
            return Draw(code=code_words, book=book), drawn
        if isinstance(command, c.NumberResult) and not command.number.strip():
            task = state.task(command.task)
            if task is not None:
                house, year = self._directory.house(task.agency), city_day(context.now).year
                result = self._counters.next("result", house, year)
                return Draw(result=result), {("result", house, year): result}
        return Draw(), {}

    def _context(self, making: _Making, actor: Actor, at: datetime, regime: Regime, draw: Draw) -> Context:
        return Context(at, actor, making.procedure, making.life.version, regime, self._directory, self._calendar, draw)

    def _record(self, making: _Making, rows: list[EventRow], at: datetime, mark: str, agency: int) -> None:
        assert making.state is not None
        making.head, making.last_at = rows[-1].hash, at
        dossier_id = making.state.id
        self._events += [
            (dossier_id, row.seq, at, row.type, mark, agency, row.key, row.payload, row.hash) for row in rows
        ]

    def _write(self) -> None:
        states = [(making, making.state) for making in self._done if making.state is not None]
        if not states:
            return
        columns = [(making, state, dossier_columns(state)) for making, state in states]
        names = ", ".join(("id", "seq", "head", "last_at", *columns[0][2]))
        _copy(
            f"dossiers_dossier ({names})",
            ((state.id, state.seq, making.head, making.last_at, *row.values()) for making, state, row in columns),
        )
        _copy(
            "dossiers_name (dossier_id, receiving, key)",
            ((state.id, state.receiving, row["applicant_key"]) for _, state, row in columns),
        )
        _copy("dossiers_event (dossier_id, seq, at, type, actor, agency, key, payload, hash)", self._events)
        _copy(
            f"dossiers_task (dossier_id, {', '.join(TASK_COLUMNS)})",
            ((state.id, *task_row(task, state)) for _, state in states for task in state.tasks),
        )
        _copy(
            "dossiers_lookup (key, dossier_id, at)",
            ((making.life.key, state.id, state.lodged_at) for making, state in states if making.life.key),
        )
        _copy(
            "dossiers_outbox (dossier_id, seq, at)", ((state.id, state.seq, making.last_at) for making, state in states)
        )


def _copy(target: str, rows: Iterable[Sequence[Any]]) -> None:
    with store.cursor() as run, run.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


class _Counters:
    """The numbers drawn in one batch. Each counter is locked when it is first looked at, and stored at the end.

    Only the rows that are drawn from are locked, so others draw from all the rest meanwhile. Nobody is ever
    waited for in a circle: like `handle`, a batch takes the day's lodgings before the year's book and the book
    before the day's codes, and whoever draws the number of a result holds no other.
    """

    def __init__(self) -> None:
        self._last: Drawn = {}
        self._changed: set[tuple[str, int, int]] = set()

    def foresee(self, lodgings: Iterable[Act]) -> None:
        """Locks in one go what lodging and accepting on the same day will need."""
        days = sorted({(act.command.agency, city_day(act.at)) for act in lodgings})
        self._hold("lodged", [(agency, day.toordinal()) for agency, day in days])
        self._hold("book", sorted({(agency, day.year) for agency, day in days}))
        self._hold("code", [(agency, day.toordinal()) for agency, day in days])

    def next(self, kind: str, agency: int, period: int) -> int:
        """The number that would be drawn."""
        if (kind, agency, period) not in self._last:
            self._hold(kind, [(agency, period)])
        return self._last[kind, agency, period] + 1

    def take(self, kind: str, agency: int, period: int) -> int:
        """Draws the next number."""
        number = self.next(kind, agency, period)
        self.keep({(kind, agency, period): number})
        return number

    def keep(self, drawn: Drawn) -> None:
        """Makes numbers that were only looked at drawn."""
        self._last.update(drawn)
        self._changed.update(drawn)

    def store(self) -> None:
        """Writes what was drawn, and takes away the counters that were locked and never used."""
        unused = [key for key, last in self._last.items() if not last]
        with store.cursor() as run:
            if self._changed:
                run.execute(
                    "UPDATE dossiers_counter c SET last = u.last"
                    " FROM unnest(%s::text[], %s::int[], %s::int[], %s::int[]) AS u (kind, agency, period, last)"
                    " WHERE (c.kind, c.agency, c.period) = (u.kind, u.agency, u.period)",
                    _as_columns([(*key, self._last[key]) for key in sorted(self._changed)]),
                )
            if unused:
                run.execute(
                    "DELETE FROM dossiers_counter c USING unnest(%s::text[], %s::int[], %s::int[])"
                    " AS u (kind, agency, period) WHERE (c.kind, c.agency, c.period) = (u.kind, u.agency, u.period)",
                    _as_columns(unused),
                )

    def _hold(self, kind: str, wanted: Sequence[tuple[int, int]]) -> None:
        """Locks the counters until the transaction ends, those that do not exist yet too."""
        if not wanted:
            return
        with store.cursor() as run:
            rows = run.execute(
                "INSERT INTO dossiers_counter (kind, agency, period, last)"
                " SELECT %s, agency, period, 0 FROM unnest(%s::int[], %s::int[]) WITH ORDINALITY"
                " AS u (agency, period, place) ORDER BY place"
                " ON CONFLICT (kind, agency, period) DO UPDATE SET last = dossiers_counter.last"
                " RETURNING agency, period, last",
                (kind, *_as_columns(wanted)),
            ).fetchall()
        self._last.update({(kind, agency, period): last for agency, period, last in rows})


def _as_columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
