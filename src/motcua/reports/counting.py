"""What a dossier adds to the sums: flows in the half month in which they happened, changes of what is open, work done.

A stock is kept as its changes, so that what was open at the end of any half month, or of any day at an agency, is
a sum over the past and no later act can move it. Pure; `facts` adds and takes away.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from motcua.law.working_time import city_day
from motcua.reports.periods import half_of
from motcua.reports.reading import Fact, Facts, Stage
from motcua.reports.story import Span, Story

FLOWS = (
    "received", "received_online", "before_date", "on_time", "late", "granted", "refused", "declined", "withdrawn",
    "stopped", "closed", "dropped", "handed",
)  # fmt: skip
STOCKS = ("d_in_time", "d_overdue", "d_waiting", "d_lodged", "d_returned")
MEASURES = (*FLOWS, *STOCKS)
DAY_MEASURES = ("d_open", "d_late", "d_waiting", "closed", "closed_late")
WORK_MEASURES = ("done", "late")
ROLE_MEASURES = (*WORK_MEASURES, "worked", "waited", "in_transit")


class Summed(NamedTuple):
    """A table of sums: its key with the types of its columns, and what is added up."""

    table: str
    key: dict[str, str]
    measures: tuple[str, ...]


_CUBE_KEY = {"half": "date", "receiving": "int", "procedure": "text", "field": "text"}
_WORK_KEY = {"day": "date", "agency": "int", "procedure": "text", "field": "text"}
TABLES = (
    Summed("reports_cube", _CUBE_KEY, MEASURES),
    Summed("reports_cityhalf", {"half": "date"}, MEASURES),
    Summed("reports_openday", {"day": "date", "agency": "int"}, DAY_MEASURES),
    Summed("reports_workday", _WORK_KEY, WORK_MEASURES),
    Summed("reports_officerday", {"day": "date", "officer": "bigint"}, WORK_MEASURES),
    Summed("reports_roleday", {"day": "date", "role": "text"}, ROLE_MEASURES),
)
# What is to be added to each of `TABLES`, by key and measure.
Sums = tuple[Counter[tuple[Any, str]], ...]
_STOCK_OF = {"lodged": "d_lodged", "returned": "d_returned", "waiting": "d_waiting"}


def sums(story: Story, facts: Facts) -> Sums:
    """Everything a dossier adds to each of `TABLES`: of a replay only the work that was done."""
    cube, city, days, work, officers, roles = made = nothing()
    fact = facts.dossier
    for stage in facts.stages:
        if stage.closed is None:
            continue
        day = city_day(stage.closed)
        for measure in WORK_MEASURES if stage.late else WORK_MEASURES[:1]:
            work[(day, stage.agency, stage.procedure, stage.field), measure] += 1
            officers[(day, stage.officer), measure] += 1
        if not fact.replayed:
            for measure, by in zip(ROLE_MEASURES, _spent(stage), strict=True):
                roles[(day, stage.role), measure] += by
    if fact.replayed:
        return made
    for half, measure, by in (*_flows(fact), *_stocks(story.spans())):
        cube[(half, fact.receiving, fact.procedure, fact.field), measure] += by
        city[(half,), measure] += by
    for day, agency, measure, by in _days(story):
        days[(day, agency), measure] += by
    return made


def nothing() -> Sums:
    """Nothing for any of the tables."""
    return tuple(Counter() for _ in TABLES)


def _spent(stage: Stage) -> tuple[int, ...]:
    return 1, int(bool(stage.late)), stage.worked or 0, stage.waited or 0, stage.in_transit or 0


def _flows(fact: Fact) -> Iterator[tuple[date, str, int]]:
    if fact.accepted_half is not None:
        yield fact.accepted_half, "received", 1
        if fact.channel == "online":
            yield fact.accepted_half, "received_online", 1
    if fact.finished_half is not None:
        if fact.timeliness:
            yield fact.finished_half, fact.timeliness, 1
        if fact.outcome in FLOWS:
            yield fact.finished_half, fact.outcome, 1
        if fact.accepted_half is not None and not fact.timeliness:
            yield fact.finished_half, "dropped", 1
    if fact.handed_half is not None:
        yield fact.handed_half, "handed", 1


def _stocks(spans: list[Span]) -> Iterator[tuple[date, str, int]]:
    for span in spans:
        for measure, since, until in _parts(span):
            begin, end = half_of(since), None if until is None else half_of(until)
            if begin != end:
                yield begin, measure, 1
                if end is not None:
                    yield end, measure, -1


def _parts(span: Span) -> Iterator[tuple[str, datetime, datetime | None]]:
    """A span by what it counts as: what is open is in time until its date and overdue after it."""
    if span.state != "open":
        yield _STOCK_OF[span.state], span.since, span.until
        return
    due = span.due
    if due is None or (span.until is not None and span.until <= due):
        yield "d_in_time", span.since, span.until
    elif due <= span.since:
        yield "d_overdue", span.since, span.until
    else:
        yield "d_in_time", span.since, due
        yield "d_overdue", due, span.until


def _days(story: Story) -> Iterator[tuple[date, int, str, int]]:
    waits = [span for span in story.spans() if span.state == "waiting"]
    for number, task in story.reading.opened.items():
        closed = story.closed(number)
        yield from _changes(task.agency, "d_open", task.opened_at, closed)
        for since, until in _without(task.opened_at, closed, waits):
            for begin, end, due in _dated(since, until, story.dues.get(number, [])):
                late_from = max(begin, due)
                if end is None or late_from < end:
                    yield from _changes(task.agency, "d_late", late_from, end)
        for wait in waits:
            since, end = max(wait.since, task.opened_at), _earlier(wait.until, closed)
            if end is None or since < end:
                yield from _changes(task.agency, "d_waiting", since, end)
        if closed is not None:
            yield city_day(closed), task.agency, "closed", 1
            if closed > task.due_at:
                yield city_day(closed), task.agency, "closed_late", 1


def _changes(
    agency: int, measure: str, since: datetime, until: datetime | None
) -> Iterator[tuple[date, int, str, int]]:
    begin, end = city_day(since), None if until is None else city_day(until)
    if begin != end:
        yield begin, agency, measure, 1
        if end is not None:
            yield end, agency, measure, -1


def _without(since: datetime, until: datetime | None, waits: list[Span]) -> Iterator[tuple[datetime, datetime | None]]:
    """What is left of a stretch when the waits are taken out of it."""
    at = since
    for wait in waits:
        if until is not None and wait.since >= until:
            break
        if at < wait.since:
            yield at, wait.since
        if wait.until is None:
            return
        at = max(at, wait.until)
    if until is None or at < until:
        yield at, until


def _dated(
    since: datetime, until: datetime | None, dues: list[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime | None, datetime]]:
    """A stretch cut where the task's date was moved, each piece with the date that held."""
    for index, (at, due) in enumerate(dues):
        moved = dues[index + 1][0] if index + 1 < len(dues) else None
        begin, end = max(since, at), _earlier(until, moved)
        if index == 0:
            begin = since
        if end is None or begin < end:
            yield begin, end, due


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def rows(summed: Counter[Any], measures: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Sums as rows: the key and one number a measure, in the order of the keys; rows of nothing are left out."""
    found: dict[Any, dict[str, int]] = {}
    for (key, measure), by in summed.items():
        if by:
            found.setdefault(key, {})[measure] = by
    return [(*key, *(found[key].get(measure, 0) for measure in measures)) for key in sorted(found)]
