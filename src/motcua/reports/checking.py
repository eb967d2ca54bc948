"""Makes the figures anew, and compares them with the journal: row by row by the law, and in sum by plain SQL.

The two ways of reckoning share nothing but the journal, so a fault in one of them shows. What a fact is stands
in `reading`; keeping the facts up to date is left to `facts`.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import msgspec
from django.db import connection, transaction

from motcua.dossiers import store
from motcua.dossiers.journal import histories
from motcua.reports.facts import NAME, UNREADABLE, follow, surroundings
from motcua.reports.reading import Fact, Stage, read

BATCH = 500
Progress = Callable[[int], None]


class Difference(msgspec.Struct, frozen=True):
    """One thing in which figures and journal differ: what, where, what is kept and what the journal says."""

    what: str
    where: str
    kept: str
    journal: str


def rebuild(progress: Progress = lambda _count: None) -> int:
    """Makes all facts and sums anew in one transaction; readers see the old ones until it ends.

    The follower waits meanwhile and then goes on from where it was. Returns the number of dossiers.
    """
    done = 0
    with transaction.atomic():
        _hold_follower()
        with store.cursor() as run:
            for table in ("reports_cube", "reports_stagefact", "reports_dossierfact"):
                run.execute(f"DELETE FROM {table}")  # noqa: S608  our own names
        for ids in _batches():
            follow(ids)
            done += len(ids)
            progress(done)
    return done


def _hold_follower() -> None:
    with store.cursor() as run:
        run.execute("INSERT INTO dossiers_follower (name, xid, pos) VALUES (%s, 0, 0) ON CONFLICT DO NOTHING", (NAME,))
        run.execute("SELECT 1 FROM dossiers_follower WHERE name = %s FOR UPDATE", (NAME,))


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
    stages: dict[int, list[Stage]] = {}
    for row in _rows("reports_stagefact", Stage._fields, ids):
        stages.setdefault(row[0], []).append(Stage(*row))
    pending = dict(_query(
        "SELECT dossier_id, max(seq) FROM dossiers_outbox WHERE dossier_id = ANY (%s) GROUP BY dossier_id", (ids,)
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
            fact, expected = read(dossier_id, [entry for entry in entries if entry.seq <= kept.seq], around)
        except UNREADABLE as error:
            yield Difference("journal_unreadable", where, f"seq {kept.seq}", f"{type(error).__name__}: {error}")
            continue
        yield from _columns_differing("fact_differs", where, kept, fact)
        yield from _stages_differing(where, stages.get(dossier_id, []), expected)


def _columns_differing(what: str, where: str, kept: Any, expected: Any) -> Iterator[Difference]:
    for name, old, new in zip(kept._fields, kept, expected, strict=True):
        if old != new:
            yield Difference(what, f"{where} {name}", str(old), str(new))


def _stages_differing(where: str, kept: list[Stage], expected: list[Stage]) -> Iterator[Difference]:
    here, there = {each.no: each for each in kept}, {each.no: each for each in expected}
    for number in sorted(here.keys() | there.keys()):
        if number not in here:
            yield Difference("stage_missing", f"{where} task {number}", "", there[number].step)
        elif number not in there:
            yield Difference("stage_unknown", f"{where} task {number}", here[number].step, "")
        else:
            yield from _columns_differing("stage_differs", f"{where} task {number}", here[number], there[number])


def _strays() -> Iterator[Difference]:
    for table in ("reports_dossierfact", "reports_stagefact"):
        rows = _query(
            f"SELECT DISTINCT r.dossier_id FROM {table} r"  # noqa: S608  our own names
            " WHERE NOT EXISTS (SELECT FROM dossiers_dossier d WHERE d.id = r.dossier_id)",
            (),
        )
        for (dossier_id,) in rows:
            yield Difference("fact_without_dossier", f"dossier {dossier_id}", table, "")


# The sums once more, from the bare journal: no line of Python, no column of the facts but how far they reach.
# Dates that move the appointed date: the last one before the first answer holds.
_JOURNAL_SUMS = """
WITH journal AS (
    SELECT e.dossier_id, e.seq, e.type, e.at, e.payload::jsonb AS said,
           date_trunc('month', e.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS month
      FROM dossiers_event e JOIN reports_dossierfact f ON f.dossier_id = e.dossier_id AND e.seq <= f.seq
     WHERE e.type IN ('lodged', 'accepted', 'declined', 'supplemented', 'resumed', 'payment_recorded', 'extended',
                      'due_moved', 'result_drafted', 'refused', 'result_ready', 'handed_over', 'withdrawn',
                      'stopped', 'closed')),
lodged AS (
    SELECT dossier_id, (said->>'agency')::int AS receiving, said->>'procedure' AS procedure
      FROM journal WHERE type = 'lodged' AND NOT coalesce((said->>'replayed')::bool, false)),
answered AS (
    SELECT DISTINCT ON (dossier_id) dossier_id, seq, at, month
      FROM journal WHERE type = 'result_ready' ORDER BY dossier_id, seq),
promised AS (
    SELECT DISTINCT ON (a.dossier_id) a.dossier_id, (j.said->>'due')::timestamptz AS due
      FROM answered a JOIN journal j ON j.dossier_id = a.dossier_id AND j.seq < a.seq AND j.said->>'due' IS NOT NULL
     ORDER BY a.dossier_id, j.seq DESC),
drafted AS (
    SELECT DISTINCT ON (a.dossier_id) a.dossier_id,
           j.type = 'refused' OR coalesce((j.said->>'refusal')::bool, false) AS refusal
      FROM answered a JOIN journal j ON j.dossier_id = a.dossier_id AND j.seq < a.seq
           AND j.type IN ('result_drafted', 'refused')
     ORDER BY a.dossier_id, j.seq DESC),
counted AS (
    SELECT dossier_id, month, 'received' AS measure FROM journal WHERE type = 'accepted'
    UNION ALL
    SELECT a.dossier_id, a.month, CASE
        WHEN a.at > p.due THEN 'late'
        WHEN (a.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < (p.due AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
            THEN 'before_date'
        ELSE 'on_time' END
      FROM answered a JOIN promised p USING (dossier_id)
    UNION ALL
    SELECT a.dossier_id, a.month, CASE WHEN d.refusal THEN 'refused' ELSE 'granted' END
      FROM answered a LEFT JOIN drafted d USING (dossier_id)
    UNION ALL
    SELECT dossier_id, month, type FROM journal j
     WHERE type IN ('declined', 'withdrawn', 'stopped', 'closed')
       AND NOT EXISTS (SELECT FROM answered a WHERE a.dossier_id = j.dossier_id)
    UNION ALL
    (SELECT DISTINCT ON (dossier_id) dossier_id, month, 'handed' FROM journal WHERE type = 'handed_over'
      ORDER BY dossier_id, seq DESC))
SELECT c.month, l.receiving, l.procedure, c.measure, count(*)
  FROM counted c JOIN lodged l USING (dossier_id) GROUP BY 1, 2, 3, 4
"""

_KEPT_SUMS = """
SELECT c.month, c.receiving, c.procedure, m.measure, sum(m.amount)::bigint
  FROM reports_cube c CROSS JOIN LATERAL (VALUES
       ('received', received), ('before_date', before_date), ('on_time', on_time), ('late', late),
       ('granted', granted), ('refused', refused), ('declined', declined), ('withdrawn', withdrawn),
       ('stopped', stopped), ('closed', closed), ('handed', handed)) AS m (measure, amount)
 WHERE m.amount <> 0 GROUP BY 1, 2, 3, 4 HAVING sum(m.amount) <> 0
"""


def _sums() -> Iterator[Difference]:
    kept = {row[:4]: row[4] for row in _query(_KEPT_SUMS, ())}
    journal = {row[:4]: row[4] for row in _query(_JOURNAL_SUMS, ())}
    for key in sorted(kept.keys() | journal.keys()):
        if kept.get(key, 0) != journal.get(key, 0):
            month, receiving, procedure, measure = key
            where = f"{month:%Y-%m} agency {receiving} procedure {procedure} {measure}"
            yield Difference("sum_differs", where, str(kept.get(key, 0)), str(journal.get(key, 0)))


def _rows(table: str, columns: tuple[str, ...], ids: list[int]) -> list[tuple[Any, ...]]:
    return _query(
        f"SELECT {', '.join(columns)} FROM {table} WHERE dossier_id = ANY (%s)",  # noqa: S608  our own names
        (ids,),
    )


def _query(query: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    with store.cursor() as run:
        return run.execute(query, parameters).fetchall()
