"""The follower that keeps the figures: takes dossier ids, reads their journals, writes facts and monthly sums.

A batch is one read of the journal and a fixed number of statements, whatever its size. Applied twice it changes
nothing: a fact that already stands at the journal's last seq is passed over. Verifying is left to `checking`.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any

import msgspec

from motcua.calendars.lookup import calendar_for
from motcua.catalogue import versions
from motcua.dossiers import store
from motcua.dossiers.journal import Entry, histories, history
from motcua.law.working_time import WorkingCalendar
from motcua.organisation.directory import directory
from motcua.reports.reading import MEASURES, CubeKey, Fact, Stage, Surroundings, counted, read

log = logging.getLogger("motcua.reports")

NAME = "reports"
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)

_FACT_TYPES = (
    "bigint", "int", "text", "text", "int", "text", "int", "text", "int", "int", "text",
    *("timestamptz",) * 6, *("date",) * 3, "text", "smallint", "text", "text", "bool", "smallint", "bool", "bool",
    "int", "text", "text",
)  # fmt: skip
_STAGE_TYPES = (
    "bigint", "int", "int", "text", "text", "text", "text", "int", "text", "text", "bigint",
    *("timestamptz",) * 4, "int", "int", "bool", "int",
)  # fmt: skip
_CUBE_KEY = ("month", "receiving", "procedure", "field")
_CUBE_TYPES = ("date", "int", "text", "text", *("int",) * len(MEASURES))


def _write(table: str, key: Sequence[str], columns: Sequence[str], types: Sequence[str], adds: bool = False) -> str:
    """An insert of many rows handed over as one array per column, that replaces (or adds to) what is there."""
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    change = f"{table.split('_')[-1]}.{{0}} + excluded.{{0}}" if adds else "excluded.{0}"
    rest = ", ".join(f"{each} = {change.format(each)}" for each in columns if each not in key)
    alias = table.split("_")[-1]
    return (
        f"INSERT INTO {table} AS {alias} ({', '.join(columns)}) SELECT * FROM unnest({arrays})"  # noqa: S608  our own names
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {rest}"
    )


_FACTS = _write("reports_dossierfact", ("dossier_id",), Fact._fields, _FACT_TYPES)
_STAGES = _write("reports_stagefact", ("dossier_id", "no"), Stage._fields, _STAGE_TYPES)
_CUBE = _write("reports_cube", _CUBE_KEY, (*_CUBE_KEY, *MEASURES), _CUBE_TYPES, adds=True)
_KEPT = f"SELECT {', '.join(Fact._fields)} FROM reports_dossierfact WHERE dossier_id = ANY (%s)"  # noqa: S608  our own names


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

    return Surroundings(agencies, calendar, {each.code: each for each in versions.regimes()}, field_of)


def follow(dossier_ids: Sequence[int]) -> None:
    """Brings the facts of these dossiers up to their journals; called within the follower's transaction.

    A dossier whose journal the law cannot have written is passed over and named in the log and by `verify`:
    one broken journal must not stop the figures of a city.
    """
    with store.cursor() as run:
        run.execute(_KEPT, (list(dossier_ids),))
        kept = {row[0]: Fact(*row) for row in run.fetchall()}
    around = surroundings()
    facts: list[Fact] = []
    stages: list[Stage] = []
    for dossier_id, entries in _grouped(dossier_ids):
        before = kept.get(dossier_id)
        if before is not None and before.seq >= entries[-1].seq:
            continue
        try:
            fact, its_stages = read(dossier_id, entries, around)
        except UNREADABLE:
            log.exception("the journal of dossier %d cannot be read: left out of the figures", dossier_id)
            continue
        facts.append(fact)
        stages.extend(its_stages)
    _store(facts, stages, _changes(facts, kept))


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


def _changes(facts: Iterable[Fact], kept: dict[int, Fact]) -> dict[CubeKey, Counter[str]]:
    """What the monthly sums gain and lose when these facts take the place of the kept ones."""
    sums: dict[CubeKey, Counter[str]] = {}
    for fact in facts:
        before = kept.get(fact.dossier_id)
        for key, measure in counted(before) if before else ():
            sums.setdefault(key, Counter())[measure] -= 1
        for key, measure in counted(fact):
            sums.setdefault(key, Counter())[measure] += 1
    return {key: sums[key] for key in sorted(sums) if any(sums[key].values())}


def _store(facts: list[Fact], stages: list[Stage], sums: dict[CubeKey, Counter[str]]) -> None:
    with store.cursor() as run:
        if facts:
            run.execute(_FACTS, _columns(facts, len(_FACT_TYPES)))
        if stages:
            run.execute(_STAGES, _columns(stages, len(_STAGE_TYPES)))
        if sums:
            rows = [(*key, *(changed[measure] for measure in MEASURES)) for key, changed in sums.items()]
            run.execute(_CUBE, _columns(rows, len(_CUBE_TYPES)))


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[index] for row in rows] for index in range(width)]
