"""Makes the history: groups of agencies played side by side in several processes, those that share houses after.

A killed or interrupted run leaves a clean city: whole batches are stored or not at all, and a life is made once,
so that running again with the same seed completes the number. What a life looks like is in `course`.
"""

import gc
import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import accumulate
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from motcua.dossiers.bulk import Life, Loaded, load
from motcua.dossiers.clock_face import calendar_of
from motcua.law.limits import add_months
from motcua.law.working_time import WorkingCalendar, city_day
from motcua.site.synthesis.course import Course
from motcua.site.synthesis.seasons import Seasons
from motcua.site.synthesis.staff import Staff, hire
from motcua.site.synthesis.volumes import Group, groups
from motcua.site.synthesis.world import World, posts_of, seeded

PREFIX = "gia-lap/"
BATCH = 2000
# The share filed online at the beginning of a history and at its end, and by post throughout.
ONLINE, POST = (0.10, 0.45), 0.02
LATEST_LODGING = timedelta(minutes=5)


class History(NamedTuple):
    """What is to be made. The last act of it lies before `until`; the same seed makes the same lives."""

    dossiers: int
    first: date
    until: datetime
    seed: int = 2018
    processes: int = 2


class Made(msgspec.Struct):
    """What was made; `repeated` were there already. `interrupted` when somebody stopped it."""

    dossiers: int = 0
    events: int = 0
    repeated: int = 0
    refused: int = 0
    groups: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    refusals: dict[str, int] = {}

    def take(self, other: "Made") -> None:
        """Adds what another process made."""
        self.dossiers += other.dossiers
        self.events += other.events
        self.repeated += other.repeated
        self.refused += other.refused
        for code, count in other.refusals.items():
            self.refusals[code] = self.refusals.get(code, 0) + count


Progress = Callable[[int, int], None]


def first_day(until: datetime, months: int) -> date:
    """The first day of a history of so many months."""
    return add_months(city_day(until), -months)


def make(history: History, progress: Progress = lambda _dossiers, _events: None) -> Made:
    """Makes the lives that are not there yet. `progress` hears the numbers of dossiers and events so far."""
    begun, made = time.monotonic(), Made()
    found = groups(history.first, city_day(history.until), history.seed)
    days = max(1, Seasons(calendar_of(found[0].places[0].agency), history.first, city_day(history.until)).open_days)
    each_day, on = history.dossiers / days, (history.first, city_day(history.until))
    loads = [posts_of(group, each_day, on) for group in found]
    staff = hire(_together(loads), history.first - timedelta(days=30), history.seed)
    counts = _shares(history.dossiers, [group.share for group in found])
    jobs = [_Job(group, count, load_) for group, count, load_ in zip(found, counts, loads, strict=True) if count]
    made.groups = len(jobs)
    for apart in (False, True):
        part = [job for job in jobs if job.group.apart is apart]
        if part and not made.interrupted:
            _play(history, staff, part, made, progress)
    made.seconds = round(time.monotonic() - begun, 3)
    return made


class _Job(NamedTuple):
    group: Group
    dossiers: int
    loads: dict[tuple[int, str], float]


def _together(loads: Sequence[dict[tuple[int, str], float]]) -> dict[tuple[int, str], float]:
    posts: dict[tuple[int, str], float] = {}
    for each in loads:
        for post, load_ in each.items():
            posts[post] = posts.get(post, 0.0) + load_
    return posts


def _shares(count: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to `count`; the largest remainders go up."""
    whole = sum(weights)
    exact = [count * weight / whole for weight in weights]
    found = [int(each) for each in exact]
    left = sorted(range(len(exact)), key=lambda at: (found[at] - exact[at], at))
    for at in left[: count - sum(found)]:
        found[at] += 1
    return found


# -- the lives of one group -------------------------------------------------------------------------


def lives(history: History, staff: Staff, job: _Job) -> Iterator[Life]:
    """The lives of one group in the order in which they are handed in."""
    world = World(history.seed, staff, history.first, history.until, job.loads)
    key = f"{PREFIX}{history.seed}/{job.group.name}"
    for number, (at, place, channel) in enumerate(_arrivals(history, world, job)):
        rng = seeded(history.seed, job.group.name, number)
        plan = world.plan(job.group.places[place].code, city_day(at))
        if plan is None:
            continue
        course = Course(world, rng, job.group.places[place], plan, at, channel)
        yield Life(plan.version, f"{key}/{number}", course.script())


def _arrivals(history: History, world: World, job: _Job) -> list[tuple[datetime, int, str]]:
    rng = seeded(history.seed, job.group.name, "arrivals")
    last = city_day(history.until)
    seasons = Seasons(world.calendar(job.group.places[0].agency), history.first, last)
    weights = list(accumulate(place.share for place in job.group.places))
    numbers = range(len(job.group.places))
    span = max(1, (last - history.first).days)
    found = []
    for _ in range(job.dossiers):
        place = rng.choices(numbers, cum_weights=weights)[0]
        channel, day = "counter", rng.choices(seasons.days, cum_weights=seasons.at_counters)[0]
        online = ONLINE[0] + (ONLINE[1] - ONLINE[0]) * (day - history.first).days / span
        roll = rng.random()
        if roll < online + POST:
            channel = "online" if roll < online else "post"
        if channel == "online" and not _online(
            world, job.group.places[place].code, job.group.places[place].agency, day
        ):
            channel = "counter"
        if channel == "online":
            day = rng.choices(seasons.days, cum_weights=seasons.from_home)[0]
        at = seasons.instant(rng, day, at_counter=channel != "online")
        found.append(
            (_before(at, history, channel != "online", world.calendar(job.group.places[place].agency)), place, channel)
        )
    found.sort()
    return found


def _before(at: datetime, history: History, at_counter: bool, calendar: WorkingCalendar) -> datetime:
    """The instant, or that hour a week (or more) earlier when the history ends before it."""
    while at > history.until - LATEST_LODGING:
        at -= timedelta(days=7)
        while at_counter and not calendar.reception_open(at):
            at -= timedelta(days=1)
    return at


def _online(world: World, code: str, agency: int, day: date) -> bool:
    plan = world.plan(code, day)
    return plan is not None and bool(world.cases_online(plan, agency, day))


# -- processes --------------------------------------------------------------------------------------


def _play(history: History, staff: Staff, jobs: list[_Job], made: Made, progress: Progress) -> None:
    def told(more: Made) -> None:
        made.take(more)
        progress(made.dossiers, made.events)

    processes = min(history.processes, len(jobs))
    if processes <= 1:
        try:
            for job in jobs:
                _play_one(history, staff, job, told)
        except KeyboardInterrupt:
            made.interrupted = True
        return
    connection.close()
    context = multiprocessing.get_context("fork")
    todo = context.SimpleQueue()
    for at in range(len(jobs)):
        todo.put(at)
    for _ in range(processes):
        todo.put(None)
    running: dict[Connection, Any] = {}
    for _ in range(processes):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(history, staff, jobs, todo, there), daemon=True)
        process.start()
        there.close()
        running[here] = process
    _hear(running, made, told)


def _hear(running: dict[Connection, Any], made: Made, told: Callable[[Made], None]) -> None:
    failed = ""
    while running:
        try:
            for ear in wait(list(running)):
                assert isinstance(ear, Connection)
                try:
                    said = ear.recv()
                except EOFError:
                    process = running.pop(ear)
                    process.join()
                    failed = failed or (f"a process ended with {process.exitcode}" if process.exitcode else "")
                    continue
                if isinstance(said, str):
                    failed = said
                else:
                    told(said)
        except KeyboardInterrupt:
            made.interrupted = True
            for process in running.values():
                with suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGINT)
    if failed and not made.interrupted:
        raise RuntimeError(failed)


def _work(history: History, staff: Staff, jobs: list[_Job], todo: Any, mouth: Connection) -> None:
    """One process: takes a group after the other until there is none."""
    # Rows are kept until their batch is written: looking for rubbish among them finds none.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        while (at := todo.get()) is not None:
            _play_one(history, staff, jobs[at], mouth.send)
    except KeyboardInterrupt:
        pass
    except Exception as error:
        with suppress(OSError):
            mouth.send(f"{type(error).__name__}: {error}")
        raise
    finally:
        with suppress(Exception):
            connection.close()
        mouth.close()


def _play_one(history: History, staff: Staff, job: _Job, tell: Callable[[Made], None]) -> None:
    before = Made()

    def stored(total: Loaded) -> None:
        more = Made(
            dossiers=total.dossiers - before.dossiers,
            events=total.events - before.events,
            repeated=total.repeated - before.repeated,
        )
        more.refused = len(total.refused)
        more.refusals = dict(Counter(refusal.code for _key, refusal in total.refused))
        total.refused.clear()
        before.take(more)
        tell(more)

    load(lives(history, staff, job), batch=BATCH, progress=stored, apart=True)
