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
from motcua.reports.ratings import follow as follow_ratings
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
            for table in ("reports_cube", "reports_stagefact", "reports_dossierfact", "reports_ratingfact"):
                run.execute(f"DELETE FROM {table}")  # noqa: S608  our own names
        for ids in _batches():
            follow(ids)
            follow_ratings(ids)
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
# The first answer holds, with the last date and the last draft before it. One sort, whatever the planner knows.
_JOURNAL_SUMS = """
WITH journal AS (
    SELECT e.dossier_id, e.seq, e.type, e.at, e.payload::jsonb AS said,
           min(e.seq) FILTER (WHERE e.type = 'result_ready') OVER (PARTITION BY e.dossier_id) AS ready
      FROM dossiers_event e JOIN reports_dossierfact f ON f.dossier_id = e.dossier_id AND e.seq <= f.seq
     WHERE e.type IN ('lodged', 'accepted', 'declined', 'supplemented', 'resumed', 'payment_recorded', 'extended',
                      'due_moved', 'result_drafted', 'refused', 'result_ready', 'handed_over', 'withdrawn',
                      'stopped', 'closed')),
told AS (
    SELECT dossier_id,
           max((said->>'agency')::int) FILTER (WHERE type = 'lodged') AS receiving,
           max(said->>'procedure') FILTER (WHERE type = 'lodged') AS procedure,
           coalesce(bool_or((said->>'replayed')::bool) FILTER (WHERE type = 'lodged'), false) AS replayed,
           max(at) FILTER (WHERE type = 'accepted') AS accepted,
           max(at) FILTER (WHERE seq = ready) AS answered,
           (array_agg((said->>'due')::timestamptz ORDER BY seq DESC)
               FILTER (WHERE seq < ready AND said->>'due' IS NOT NULL))[1] AS due,
           (array_agg(type = 'refused' OR coalesce((said->>'refusal')::bool, false) ORDER BY seq DESC)
               FILTER (WHERE seq < ready AND type IN ('result_drafted', 'refused')))[1] AS refusal,
           max(at) FILTER (WHERE ready IS NULL AND type IN ('declined', 'withdrawn', 'stopped', 'closed')) AS ended,
           max(type) FILTER (WHERE ready IS NULL AND type IN ('declined', 'withdrawn', 'stopped', 'closed')) AS how,
           max(at) FILTER (WHERE type = 'handed_over') AS handed
      FROM journal GROUP BY dossier_id),
counted AS (
    SELECT receiving, procedure, m.measure, date_trunc('month', m.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS month
      FROM told CROSS JOIN LATERAL (VALUES
           ('received', accepted),
           (CASE WHEN answered > due THEN 'late'
                 WHEN (answered AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < (due AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                 THEN 'before_date' ELSE 'on_time' END, answered),
           (CASE WHEN refusal THEN 'refused' ELSE 'granted' END, answered),
           (how, ended),
           ('handed', handed)) AS m (measure, at)
     WHERE NOT replayed AND m.at IS NOT NULL)
SELECT month, receiving, procedure, measure, count(*) FROM counted GROUP BY 1, 2, 3, 4
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
