"""Compares the figures with the journal: row for row by the law, and again by plain SQL.

What a fact is stands in `reading`, the plain SQL in `oracle`; keeping the facts up to date is left to `facts`,
making them anew to `rebuilding`.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import msgspec
from django.db import connection, transaction

from motcua.dossiers import clock, store
from motcua.dossiers.journal import histories
from motcua.reports import oracle
from motcua.reports.facts import UNREADABLE, surroundings
from motcua.reports.periods import midnight
from motcua.reports.reading import Fact, SpanRow, Stage, read

BATCH = 500
Progress = Callable[[int], None]


class Difference(msgspec.Struct, frozen=True):
    """One thing in which figures and journal differ: what, where, what is kept and what the journal says."""

    what: str
    where: str
    kept: str
    journal: str


def _batches() -> Iterator[list[int]]:
    last = -(2**63)
    while True:
        with store.cursor() as run:
            run.execute("SELECT id FROM dossiers_dossier WHERE id > %s ORDER BY id LIMIT %s", (last, BATCH))
            ids = [row[0] for row in run.fetchall()]
        if not ids:
            return
        yield ids
        last = ids[-1]


def verify(progress: Progress = lambda _count: None) -> tuple[int, list[Difference]]:
    """How many dossiers were compared, and every difference found, in one consistent view of the database.

    A fact the follower has not reached yet is compared with the journal up to where it stands; it is a
    difference only when nothing waits in the outbox that would bring it on.
    """
    found: list[Difference] = []
    done = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for ids in _batches():
            found.extend(_compare(ids))
            done += len(ids)
            progress(done)
        found.extend(_strays())
        found.extend(_sums())
    return done, found


def _compare(ids: list[int]) -> Iterator[Difference]:
    facts: dict[int, Fact] = {row[0]: Fact(*row) for row in _rows("reports_dossierfact", Fact._fields, ids)}
    stages = _by_dossier(Stage, "reports_stagefact", ids)
    spans = _by_dossier(SpanRow, "reports_span", ids)
    pending = dict(_query(
        "SELECT dossier_id, max(seq) FROM dossiers_outbox WHERE dossier_id = ANY (%(ids)s) GROUP BY dossier_id",
        {"ids": ids},
    ))  # fmt: skip
    around = surroundings()
    for dossier_id, rows in groupby(histories(ids), key=lambda row: row[0]):
        entries = [entry for _, entry in rows]
        kept, last = facts.get(dossier_id), entries[-1].seq
        where, awaited = f"dossier {dossier_id}", pending.get(dossier_id, 0) >= last
        if kept is None:
            if not awaited:
                yield Difference("fact_missing", where, "", f"seq {last}")
            continue
        if kept.seq != last and not awaited:
            yield Difference("fact_behind", where, f"seq {kept.seq}", f"seq {last}")
        try:
            expected = read(dossier_id, [entry for entry in entries if entry.seq <= kept.seq], around)
        except UNREADABLE as error:
            yield Difference("journal_unreadable", where, f"seq {kept.seq}", f"{type(error).__name__}: {error}")
            continue
        yield from _columns_differing("fact_differs", where, kept, expected.dossier)
        yield from _parts_differing("stage", f"{where} task", stages.get(dossier_id, []), expected.stages)
        yield from _parts_differing("span", f"{where} span", spans.get(dossier_id, []), expected.spans)
    yield from _rows_differing(ids)


def _by_dossier(kind: Any, table: str, ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in _rows(table, kind._fields, ids):
        found.setdefault(row[0], []).append(kind(*row))
    return found


def _columns_differing(what: str, where: str, kept: Any, expected: Any) -> Iterator[Difference]:
    for name, old, new in zip(kept._fields, kept, expected, strict=True):
        if old != new:
            yield Difference(what, f"{where} {name}", str(old), str(new))


def _parts_differing(what: str, where: str, kept: list[Any], expected: list[Any]) -> Iterator[Difference]:
    here, there = {each.no: each for each in kept}, {each.no: each for each in expected}
    for number in sorted(here.keys() | there.keys()):
        if number not in here:
            yield Difference(f"{what}_missing", f"{where} {number}", "", str(there[number]))
        elif number not in there:
            yield Difference(f"{what}_unknown", f"{where} {number}", str(here[number]), "")
        else:
            yield from _columns_differing(f"{what}_differs", f"{where} {number}", here[number], there[number])


def _strays() -> Iterator[Difference]:
    for table in ("reports_dossierfact", "reports_stagefact", "reports_span"):
        rows = _query(
            f"SELECT DISTINCT r.dossier_id FROM {table} r"
            " WHERE NOT EXISTS (SELECT FROM dossiers_dossier d WHERE d.id = r.dossier_id)",
            {},
        )
        for (dossier_id,) in rows:
            yield Difference("fact_without_dossier", f"dossier {dossier_id}", table, "")


def _rows_differing(ids: list[int]) -> Iterator[Difference]:
    """Dossiers and stages, row for row, against plain SQL over the journal."""
    for what, kept, journal, names, keys in (
        ("fact_not_as_sql", oracle.KEPT, oracle.FROM_JOURNAL, oracle.KEPT_NAMES, 1),
        ("stage_not_as_sql", oracle.KEPT_STAGES, oracle.STAGES_FROM_JOURNAL,
         ("dossier_id", "no", "step", "agency", "opened", "closed"), 2),
    ):  # fmt: skip
        here = {row[:keys]: row for row in _query(kept, {"ids": ids})}
        there = {row[:keys]: row for row in _query(journal, {"ids": ids})}
        for key in sorted(here.keys() | there.keys()):
            where = f"dossier {key[0]}" + (f" task {key[1]}" if keys == 2 else "")
            if key not in here or key not in there:
                yield Difference(what, where, str(here.get(key, "")), str(there.get(key, "")))
                continue
            for name, old, new in zip(names, here[key], there[key], strict=True):
                if old != new:
                    yield Difference(what, f"{where} {name}", str(old), str(new))


def _sums() -> Iterator[Difference]:
    kept = {row[:4]: row[4] for row in _query(oracle.KEPT_SUMS, {})}
    facts = {row[:4]: row[4] for row in _query(oracle.SUMS_FROM_FACTS, {})}
    for key in sorted(kept.keys() | facts.keys()):
        if kept.get(key, 0) != facts.get(key, 0):
            half, receiving, procedure, measure = key
            where = f"{half} agency {receiving} procedure {procedure} {measure}"
            yield Difference("sum_differs", where, str(kept.get(key, 0)), str(facts.get(key, 0)))
    for query in (
        oracle.WORK_DIFFERING, oracle.OFFICERS_DIFFERING, oracle.ROLES_DIFFERING, oracle.CITY_DIFFERING,
    ):  # fmt: skip
        for row in _query(query, {}):
            done, late, done_there, late_there = row[-4:]
            where = " ".join(map(str, row[:-4]))
            yield Difference("work_differs", where, f"{done} ({late})", f"{done_there} ({late_there})")
    halves = _query("SELECT DISTINCT half FROM reports_cube WHERE half <= %(now)s ORDER BY half", {"now": clock.now()})
    for (half,) in halves:
        asked = {"half": half, "day": half, "at": midnight(half)}
        yield from _stock_differing("stock", oracle.STOCK_FROM_SUMS, oracle.STOCK_FROM_SPANS, asked, 2)
        yield from _stock_differing("open_work", oracle.OPEN_FROM_DAYS, oracle.OPEN_FROM_STAGES, asked, 1)


def _stock_differing(what: str, kept: str, facts: str, asked: dict[str, Any], keys: int) -> Iterator[Difference]:
    here = {row[:keys]: row[keys:] for row in _query(kept, asked)}
    there = {row[:keys]: row[keys:] for row in _query(facts, asked)}
    for key in sorted(here.keys() | there.keys()):
        if here.get(key) != there.get(key):
            yield Difference(f"{what}_differs", f"{asked['half']} {key}", str(here.get(key)), str(there.get(key)))


def _rows(table: str, columns: tuple[str, ...], ids: list[int]) -> list[tuple[Any, ...]]:
    return _query(
        f"SELECT {', '.join(columns)} FROM {table} WHERE dossier_id = ANY (%(ids)s)",
        {"ids": ids},
    )


def _query(query: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with store.cursor() as run:
        return run.execute(query, parameters).fetchall()
