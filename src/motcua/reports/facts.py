"""The follower that keeps the figures: takes dossier ids, reads their journals, writes facts and sums.

A batch is one read of the journal and a fixed number of statements, whatever its size. Applied twice it changes
nothing: a fact that already stands at the journal's last seq is passed over. Verifying is left to `checking`.
"""

import logging
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any

import msgspec

from motcua.calendars.lookup import calendar_for
from motcua.catalogue import versions
from motcua.dossiers import store
from motcua.dossiers.journal import Entry, histories, history
from motcua.law.online_level import Facilities, online_level
from motcua.law.working_time import WorkingCalendar
from motcua.organisation.directory import directory
from motcua.reports.carry import strike_after
from motcua.reports.counting import TABLES, Sums, nothing, rows, sums
from motcua.reports.reading import Fact, Facts, SpanRow, Stage, Surroundings, of_story
from motcua.reports.story import Story

log = logging.getLogger("motcua.reports")

NAME = "reports"
# What a fact is. Raised whenever `reading` or `counting` say something else of the same journal: facts of an older
# scheme are not shown as figures until `motcua reports rebuild` has made them anew.
SCHEME = 3
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)

_FACT_TYPES = (
    "bigint", "int", "text", "text", "int", "text", "int", "text", "int", "int", "text", "text", "smallint",
    *("timestamptz",) * 8, *("date",) * 3, "text", "smallint", "text", "text", "text", "bool", "smallint", "smallint",
    "bool", "smallint", "bool", "int", "text", "text", *("int",) * 5, "text", "text", *("bool",) * 6,
)  # fmt: skip
_STAGE_TYPES = (
    "bigint", "int", "int", "text", "text", "int", "text", "text", "int", "text", "text", "bigint", "bigint", "int",
    *("timestamptz",) * 4, *("int",) * 8, "bool", "int", "text", "bool",
)  # fmt: skip
_SPAN_TYPES = (
    "bigint", "int", "timestamptz", "timestamptz", "text", "text", "timestamptz", "int", "text", "text", "bool",
)  # fmt: skip
# Arrays of arrays must be as long as each other; these go as text and are read by the database.
_CASTS = {"agencies": "::int[]", "officers": "::bigint[]"}


def _write(table: str, key: Sequence[str], columns: Sequence[str], types: Sequence[str], adds: bool = False) -> str:
    """An insert of many rows handed over as one array per column, that replaces (or adds to) what is there."""
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    change = f"{table}.{{0}} + excluded.{{0}}" if adds else "excluded.{0}"
    rest = ", ".join(f"{each} = {change.format(each)}" for each in columns if each not in key)
    chosen = ", ".join(f"u.{each}{_CASTS.get(each, '')}" for each in columns)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM unnest({arrays})"
        f" AS u ({', '.join(columns)}) ON CONFLICT ({', '.join(key)}) DO UPDATE SET {rest}"
    )


_FACTS = _write("reports_dossierfact", ("dossier_id",), Fact._fields, _FACT_TYPES)
_STAGES = _write("reports_stagefact", ("dossier_id", "no"), Stage._fields, _STAGE_TYPES)
_SPANS = _write("reports_span", ("dossier_id", "no"), SpanRow._fields, _SPAN_TYPES)
_SUMS = [
    _write(
        each.table, [*each.key], [*each.key, *each.measures], [*each.key.values(), *["int"] * len(each.measures)], True
    )
    for each in TABLES
]
# Whose journal has grown beyond their fact, and where the fact stands: the others need not be read.
_BEHIND = """
    SELECT d.id, coalesce(f.seq, 0) FROM unnest(%s::bigint[]) AS d (id)
      LEFT JOIN reports_dossierfact f ON f.dossier_id = d.id
     WHERE coalesce(f.seq, 0) < (SELECT max(e.seq) FROM dossiers_event e WHERE e.dossier_id = d.id)
"""
_NO_MORE_SPANS = """
    DELETE FROM reports_span s USING unnest(%s::bigint[], %s::int[]) AS u (dossier_id, spans)
     WHERE s.dossier_id = u.dossier_id AND s.no > u.spans
"""
# The rows that stand are counted as they come, so that a row that is lost can be missed.
_STANDING = """
    INSERT INTO reports_standing (id, scheme, dossiers, stages, spans, trouble)
    VALUES (1, %s, %s, %s, %s, '')
    ON CONFLICT (id) DO UPDATE SET dossiers = reports_standing.dossiers + excluded.dossiers,
           stages = reports_standing.stages + excluded.stages, spans = reports_standing.spans + excluded.spans
"""


def surroundings() -> Surroundings:
    """What the journal does not say itself, as it stands now; each thing looked up once."""
    agencies = directory()

    @cache
    def calendar(agency: int) -> WorkingCalendar:
        known = agencies.by_number.get(agency)
        return calendar_for(agency, known.tier if known else "", house=agencies.house(agency) if known else None)

    @cache
    def field_of(version: int) -> str:
        return versions.procedure_version(version).field

    @cache
    def level_of(version: int) -> int:
        procedure = versions.procedure_version(version)
        return online_level(procedure, Facilities(takes=True, pays=True), procedure.valid_from).level

    regimes = {each.code: each for each in versions.regimes()}
    return Surroundings(agencies, calendar, regimes, field_of, level_of)


class Batch:
    """The facts of some dossiers, and what they change in the sums; written in a fixed number of statements."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.facts: list[Fact] = []
        self.stages: list[Stage] = []
        self.spans: list[SpanRow] = []
        self.sums = nothing()
        self.gained = [0, 0, 0]
        self._again: list[tuple[int, int]] = []

    def take(self, dossier_id: int, entries: Sequence[Entry], kept: int = 0) -> None:
        """A dossier's whole history; `kept` is the seq at which its fact stands, 0 where there is none.

        Raises one of UNREADABLE, and then nothing of the dossier is taken.
        """
        facts, added = self._told(dossier_id, entries)
        stages, spans = 0, 0
        if kept:
            # What the same journal added when it was shorter.
            before, removed = self._told(dossier_id, entries[:kept])
            stages, spans = len(before.stages), len(before.spans)
            self._again.append((dossier_id, len(facts.spans)))
            self._add(removed, -1)
        self._add(added, 1)
        self.facts.append(facts.dossier)
        self.stages.extend(facts.stages)
        self.spans.extend(facts.spans)
        for at, more in enumerate((int(not kept), len(facts.stages) - stages, len(facts.spans) - spans)):
            self.gained[at] += more

    def _told(self, dossier_id: int, entries: Sequence[Entry]) -> tuple[Facts, Sums]:
        story = Story(dossier_id, entries, self.around.regimes)
        facts = of_story(story, entries[-1].at, self.around)
        return facts, sums(story, facts)

    def _add(self, parts: Sums, sign: int) -> None:
        for whole, part in zip(self.sums, parts, strict=True):
            for key, by in part.items():
                whole[key] += sign * by

    def store(self) -> None:
        """Writes all of it."""
        with store.cursor() as run:
            if self.facts:
                run.execute(_FACTS, _columns(self.facts, len(_FACT_TYPES)))
                run.execute(_STANDING, (SCHEME, *self.gained))
            if self.stages:
                run.execute(_STAGES, _columns(self.stages, len(_STAGE_TYPES)))
            if self.spans:
                run.execute(_SPANS, _columns(self.spans, len(_SPAN_TYPES)))
            if self._again:
                run.execute(_NO_MORE_SPANS, _columns(self._again, 2))
            for each, statement, summed in zip(TABLES, _SUMS, self.sums, strict=True):
                if lines := rows(summed, each.measures):
                    run.execute(statement, _columns(lines, len(each.key) + len(each.measures)))
                    if each.table == "reports_cube":
                        strike_after(lines[0][0])


def follow(dossier_ids: Sequence[int]) -> None:
    """Brings the facts of these dossiers up to their journals; called within the follower's transaction.

    A dossier whose journal the law cannot have written is passed over and named in the log and by `verify`:
    one broken journal must not stop the figures of a city.
    """
    with store.cursor() as run:
        behind = dict(run.execute(_BEHIND, (list(dossier_ids),)).fetchall())
    if not behind:
        return
    batch = Batch(surroundings())
    for dossier_id, entries in _grouped(sorted(behind)):
        try:
            batch.take(dossier_id, entries, behind[dossier_id])
        except UNREADABLE:
            log.exception("the journal of dossier %d cannot be read: left out of the figures", dossier_id)
    batch.store()


def _grouped(dossier_ids: Sequence[int]) -> Iterable[tuple[int, list[Entry]]]:
    try:
        return [
            (dossier_id, [entry for _, entry in rows])
            for dossier_id, rows in groupby(histories(dossier_ids), key=lambda row: row[0])
        ]
    except (msgspec.ValidationError, msgspec.DecodeError):
        return [each for number in dossier_ids for each in _readable(number)]


def _readable(dossier_id: int) -> list[tuple[int, list[Entry]]]:
    """One by one, so that an event that cannot be decoded leaves out only its own dossier."""
    try:
        entries = history(dossier_id)
    except (msgspec.ValidationError, msgspec.DecodeError):
        log.exception("an event of dossier %d cannot be decoded: left out of the figures", dossier_id)
        return []
    return [(dossier_id, entries)] if entries else []


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[_written(row[index]) for row in rows] for index in range(width)]


def _written(value: Any) -> Any:
    return "{" + ",".join(map(str, value)) + "}" if isinstance(value, list) else value
