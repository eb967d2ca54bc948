"""Late or not by Decision 766, dossier by dossier, beside what the decree counts; and why the two differ.

What ended in the period was measured at its end; what is open when the period ends is measured at that instant, or,
with one supplement pending, when it was asked for. More than one supplement is late whatever the date. Lawful waits
are subtracted from the first promise. The few open dossiers whose date was ever touched are read off the journal.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

import msgspec

from motcua.dossiers import store
from motcua.dossiers.journal import Entry, histories
from motcua.law.clocks import Reading, Wait, index_clock
from motcua.reports import kept
from motcua.reports.facts import surroundings
from motcua.reports.figures import complete_until
from motcua.reports.periods import Period
from motcua.reports.reading import Surroundings
from motcua.reports.stock import AT
from motcua.statutory.reckoning import CONDITION, Part
from motcua.tables import page_keys

Legal = Literal["late", "not_late", "apart"]
Index = Literal["late", "not_late"]
Reason = Literal[
    "supplements", "extended", "restarted", "ended", "moved", "pending_supplement", "waits_subtracted", "waiting",
]  # fmt: skip
PAGE = 50
AT_ONCE = 500


class Verdicts(msgspec.Struct, frozen=True):
    """How many dossiers each way of counting calls what: (legal, index) to how many."""

    counted: dict[tuple[Legal, Index], int]

    @property
    def whole(self) -> int:
        """All dossiers measured."""
        return sum(self.counted.values())

    @property
    def late(self) -> int:
        """Late by the index."""
        return sum(number for (_, index), number in self.counted.items() if index == "late")

    @property
    def legally_late(self) -> int:
        """Late by the decree."""
        return sum(number for (legal, _), number in self.counted.items() if legal == "late")

    @property
    def legally_measured(self) -> int:
        """Those the decree calls late or not: all but what ended without an answer."""
        return sum(number for (legal, _), number in self.counted.items() if legal != "apart")

    @property
    def differing(self) -> int:
        """Late by one and not by the other."""
        return sum(number for (legal, index), number in self.counted.items() if (legal == "late") != (index == "late"))


class Differing(msgspec.Struct, frozen=True):
    """A dossier that one way of counting calls late and the other does not, and why."""

    dossier_id: int
    code: str
    version: int
    receiving: int
    promised_at: datetime
    due_at: datetime | None
    index_due_at: datetime | None
    measured_at: datetime
    legal: Legal
    index: Index
    reason: Reason


_FINISHED = f"""
    FROM reports_dossierfact WHERE finished_at >= %(begin)s AND finished_at < %(end)s AND accepted_at IS NOT NULL
     AND NOT replayed AND {CONDITION}
"""
_COUNTED = f"""
    SELECT CASE WHEN timeliness = '' THEN 'apart' WHEN timeliness = 'late' THEN 'late' ELSE 'not_late' END,
           CASE WHEN index_timeliness = 'late' THEN 'late' ELSE 'not_late' END, count(*) {_FINISHED} GROUP BY 1, 2
"""
# Open at the end; `touched` when its first date alone does not say whether the index calls it late.
_OPEN = f"""
    SELECT s.dossier_id, s.state, s.due, f.promised_at,
           f.supplements > 0 OR f.extended OR f.due_at IS DISTINCT FROM f.promised_at
           OR EXISTS (SELECT FROM reports_span w WHERE w.dossier_id = s.dossier_id AND w.state = 'waiting'
                         AND w.since < %(at)s) AS touched
      FROM (SELECT dossier_id, state, due FROM reports_span
             WHERE {AT} AND state IN ('open', 'waiting') AND {CONDITION}) s
      JOIN reports_dossierfact f ON f.dossier_id = s.dossier_id
"""
# One instant for both: who is touched now may have been plain a moment ago.
_COUNTED_OPEN = f"""
    WITH still AS MATERIALIZED ({_OPEN})
    SELECT NULL::bigint, state = 'open' AND due < %(at)s, promised_at < %(at)s, count(*)
      FROM still WHERE NOT touched GROUP BY 2, 3
    UNION ALL
    SELECT dossier_id, state = 'open' AND due < %(at)s, NULL, 1 FROM still WHERE touched
"""


def verdicts(part: Part, period: Period, now: datetime) -> Verdicts:
    """Every dossier settled in the period or open at its end (now, while it runs), by both ways of counting."""
    found: dict[tuple[Legal, Index], int] = {}
    with store.cursor() as run:
        rows = run.execute(_COUNTED, _parameters(part, period, now)).fetchall()
    still = _still_open(part, period, now)
    for legal, index, number in (*rows, *still.plain):
        found[legal, index] = found.get((legal, index), 0) + number
    for each in still.touched:
        key: tuple[Legal, Index] = ("late" if each.legally_late else "not_late", each.index)
        found[key] = found.get(key, 0) + 1
    return Verdicts(found)


def _parameters(part: Part, period: Period, now: datetime) -> dict[str, Any]:
    return {
        **part.parameters(), "begin": period.begins, "end": period.ends, "at": min(period.ends, now),
    }  # fmt: skip


class _Measured(msgspec.Struct, frozen=True):
    """One open dossier measured on its journal."""

    dossier_id: int
    legally_late: bool
    index: Index
    index_due: datetime | None
    measured_at: datetime
    supplements: int
    pending: bool
    waiting: bool
    extended: bool


class _StillOpen(msgspec.Struct, frozen=True):
    """What was open at an instant: how many their first date settles, by both ways, and the others one by one."""

    plain: list[tuple[Legal, Index, int]]
    touched: list[_Measured]


def _still_open(part: Part, period: Period, now: datetime) -> _StillOpen:
    """What was open at the period's end; kept for the day once the period is over, since no later act changes it."""
    parameters = _parameters(part, period, now)
    if not period.is_over(now):
        return _read_open(parameters)
    return kept.answer(
        "statutory.index", parameters, _StillOpen, lambda: _read_open(parameters), lambda: _is_complete(period.ends)
    )


def _is_complete(end: datetime) -> bool:
    until = complete_until()
    return until is not None and until >= end


def _read_open(parameters: dict[str, Any]) -> _StillOpen:
    with store.cursor() as run:
        rows = run.execute(_COUNTED_OPEN, parameters).fetchall()
    plain: list[tuple[Legal, Index, int]] = [
        ("late" if late else "not_late", "late" if by_index else "not_late", number)
        for dossier, late, by_index, number in rows
        if dossier is None
    ]
    late_of = {dossier: bool(late) for dossier, late, _, _ in rows if dossier is not None}
    return _StillOpen(plain, list(_measured_all(late_of, parameters["at"])))


def _measured_all(late_of: dict[int, bool], at: datetime) -> Iterator[_Measured]:
    around = surroundings() if late_of else None
    ids = sorted(late_of)
    for begin in range(0, len(ids), AT_ONCE):
        for number, entries in groupby(histories(ids[begin : begin + AT_ONCE]), key=lambda row: row[0]):
            assert around is not None
            yield measured(number, [each for _, each in entries], at, around, late=late_of[number])


def measured(
    dossier_id: int, entries: Sequence[Entry], at: datetime, around: Surroundings, *, late: bool = False
) -> _Measured:
    """An open dossier as the index measures it at an instant; `late` is what the decree says."""
    reading = Reading()
    for entry in entries:
        if entry.at >= at:
            break
        reading.take(dossier_id, entry.event, entry.at, around.regimes)
    state = reading.state
    assert state is not None
    pause = state.pause
    pending = pause is not None and pause.ground == "supplement"
    when = pause.since if pending and pause is not None else at
    waits = list(reading.waits)
    if pause is not None and not pending:
        waits.append(Wait(pause.ground, pause.agency, pause.since, None))
    clock = index_clock(state, waits, around.calendar(state.receiving), when)
    asked = sum(not each.at_intake for each in state.supplements)
    is_late = asked > 1 or (clock is not None and clock.due is not None and when > clock.due)
    return _Measured(
        dossier_id=dossier_id,
        legally_late=late,
        index="late" if is_late else "not_late",
        index_due=clock.due if clock else None,
        measured_at=when,
        supplements=asked,
        pending=pending,
        waiting=pause is not None,
        extended=state.extension is not None,
    )


_DIFFERING = f"""
    SELECT dossier_id, code, version, receiving, promised_at, due_at, index_due_at, finished_at, timeliness,
           index_timeliness, supplements, extended, outcome {_FINISHED}
       AND (timeliness = 'late') <> (index_timeliness = 'late') AND (finished_at, dossier_id) > (%(a_at)s, %(a_id)s)
     ORDER BY finished_at, dossier_id LIMIT %(limit)s
"""
_SHOWN = """
    SELECT f.dossier_id, f.code, f.version, f.receiving, f.promised_at, f.due_at FROM reports_dossierfact f
     WHERE f.dossier_id = ANY (%(ids)s) ORDER BY f.dossier_id
"""


def differing(
    part: Part, period: Period, now: datetime, after: str = "", limit: int = PAGE
) -> tuple[list[Differing], str]:
    """One page of the dossiers both ways disagree about: first what ended, then what is open; and the next key.

    Raises ValueError on a key that is none.
    """
    parameters = _parameters(part, period, now)
    found: list[Differing] = []
    first = -1
    if after.startswith("open~"):
        first = page_keys.number(after.removeprefix("open~"))
    else:
        at, number = period.begins, -1
        if after:
            at, number = page_keys.read(after.removeprefix("ended~"), page_keys.instant, page_keys.number)
        with store.cursor() as run:
            rows = run.execute(_DIFFERING, {**parameters, "a_at": at, "a_id": number, "limit": limit + 1}).fetchall()
        found, following = page_keys.cut(
            [_ended(row) for row in rows], limit, lambda row: page_keys.write("ended", row.measured_at, row.dossier_id)
        )
        if following:
            return found, following
    still = [each for each in _open(part, period, now) if each.dossier_id > first]
    found += still[: limit - len(found)]
    more = len(still) > sum(each in still for each in found)
    begins = found[-1].dossier_id if found and found[-1] in still else first
    return found, page_keys.write("open", begins) if more else ""


def _ended(row: Any) -> Differing:
    *shown, finished, timeliness, index, supplements, extended, _outcome = row
    legal: Legal = "apart" if not timeliness else "late" if timeliness == "late" else "not_late"
    is_late = index == "late"
    reason = _why(is_late, legal, supplements, extended=extended, pending=False, waiting=False)
    values: tuple[Any, ...] = (*shown, finished, legal, "late" if is_late else "not_late", reason)
    return Differing(*values)


def _open(part: Part, period: Period, now: datetime) -> list[Differing]:
    touched = _still_open(part, period, now).touched
    apart = {each.dossier_id: each for each in touched if each.legally_late != (each.index == "late")}
    found = []
    with store.cursor() as run:
        rows = run.execute(_SHOWN, {"ids": list(apart)}).fetchall() if apart else []
    for row in rows:
        each = apart[row[0]]
        legal: Legal = "late" if each.legally_late else "not_late"
        reason = _why(
            each.index == "late", legal, each.supplements,
            extended=each.extended, pending=each.pending, waiting=each.waiting,
        )  # fmt: skip
        values: tuple[Any, ...] = (*row, each.index_due, each.measured_at, legal, each.index, reason)
        found.append(Differing(*values))
    return found


def _why(late: bool, legal: Legal, supplements: int, *, extended: bool, pending: bool, waiting: bool) -> Reason:
    """Why one calls it late and the other does not."""
    if not late:
        return "pending_supplement" if pending else "waits_subtracted"
    if supplements > 1:
        return "supplements"
    if legal == "apart":
        return "ended"
    if extended:
        return "extended"
    if supplements:
        return "restarted"
    return "waiting" if waiting else "moved"
