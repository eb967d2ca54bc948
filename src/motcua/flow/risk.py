"""The chance of each open dossier of being late: reckoned when it changes and every two hours, read as a list.

There are chances only while the newest model may be used. What is late already is not foretold: it stands on the
lists of late work.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import connection, transaction

from motcua.dossiers import clock, store
from motcua.flow.features import FEATURES, Around, snapshot
from motcua.flow.learning import Model
from motcua.flow.lives import cases
from motcua.flow.models import RiskModel
from motcua.flow.surroundings import around, record_before
from motcua.law.working_time import city_day
from motcua.tables import page_keys

BATCH = 500
PAGE = 50
SECONDS_BETWEEN_PASSES = 2 * 3600.0
SECONDS_BETWEEN_LOOKS = 30.0
REASONS, LEAST_REASON = 3, 0.1
UNSAID = {"weekday"}
HIGH, MIDDLE = 0.5, 0.2

_OPEN = "finished_at IS NULL AND accepted_at IS NOT NULL AND NOT replayed AND due_at >= %(now)s"
_NEXT = f"""
    SELECT dossier_id, due_at FROM reports_dossierfact
     WHERE {_OPEN} AND (due_at, dossier_id) > (%(due)s, %(id)s) ORDER BY due_at, dossier_id LIMIT %(limit)s
"""
_WRITE = """
    INSERT INTO flow_risk AS risk (dossier_id, model_id, at, agency, receiving, chance, reasons)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::int[], %s::int[], %s::float8[], %s::jsonb[])
        ON CONFLICT (dossier_id) DO UPDATE SET model_id = excluded.model_id, at = excluded.at,
           agency = excluded.agency, receiving = excluded.receiving, chance = excluded.chance,
           reasons = excluded.reasons
"""


class Reason(msgspec.Struct, frozen=True):
    """A feature that speaks for lateness: by how much (log odds against the usual), and the figures behind it."""

    feature: str
    adds: float
    plain: tuple[float, ...]


def newest() -> RiskModel | None:
    """The newest model, whether or not it may be used."""
    return RiskModel.objects.order_by("-trained_at", "-pk").first()


def usable(kept: RiskModel | None) -> Model | None:
    """The numbers of a model, when there are any and its features are those we know."""
    if kept is None or not kept.model:
        return None
    model = msgspec.convert(kept.model, Model)
    return model if model.features == FEATURES else None


class _Day:
    """The surroundings of a day, read once: the record of the days before does not change."""

    def __init__(self) -> None:
        self._held: tuple[object, Around] | None = None

    def around(self, now: datetime) -> Around:
        """The surroundings of the city's day at `now`."""
        key = (connection.settings_dict["NAME"], city_day(now))
        if self._held is None or self._held[0] != key:
            self._held = (key, around(record_before(city_day(now))))
        return self._held[1]

    def forget(self) -> None:
        """For tests that roll back."""
        self._held = None


day = _Day()


def reckon(dossier_ids: Sequence[int], now: datetime | None = None) -> int:
    """Reckons the chances of these dossiers anew; those that are not open and in time have none. How many have."""
    now = now or clock.now()
    kept = newest()
    model = usable(kept)
    rows: list[tuple[Any, ...]] = []
    if model is not None and kept is not None:
        seen = [(case, snapshot(case, now, day.around(now))) for case in cases(dossier_ids) if case.finished is None]
        known = [(case, shot) for case, shot in seen if shot is not None]
        values = [shot.values for _, shot in known]
        chances = model.chances(values) if values else ()
        parts = model.parts(values) if values else ()
        for (case, shot), chance, adds in zip(known, chances, parts, strict=True):
            reasons = _reasons(adds, shot.plain, model)
            rows.append((case.dossier_id, kept.pk, now, shot.holder, case.receiving, float(chance),
                         msgspec.json.encode(reasons).decode()))  # fmt: skip
    with transaction.atomic(), store.cursor() as run:
        gone = list(set(dossier_ids) - {row[0] for row in rows})
        run.execute("DELETE FROM flow_risk WHERE dossier_id = ANY (%s)", (gone,))
        if rows:
            run.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])
    return len(rows)


def _reasons(adds: Iterable[float], plain: Mapping[str, tuple[float, ...]], model: Model) -> list[Reason]:
    """What speaks most for lateness, the strongest first.

    Only what the model weighs the way it is said counts: "little of it was late" is no reason for lateness, whatever
    the weight. A day of the week is none either.
    """
    found = [
        Reason(name, round(float(each) * model.slope, 3), tuple(round(float(x), 3) for x in plain.get(name, ())))
        for name, each, weight in zip(FEATURES, adds, model.coefficients, strict=True)
        if weight > 0 and name not in UNSAID
    ]
    strong = [each for each in found if each.adds >= LEAST_REASON]
    return sorted(strong, key=lambda each: (-each.adds, each.feature))[:REASONS]


def take_notice(dossier_ids: Sequence[int]) -> None:
    """Dossiers have changed: their chances are reckoned anew at once, where there are any."""
    if usable(newest()) is not None:
        reckon(dossier_ids)


class _Pass:
    """A pass over all open dossiers by date; a process that is killed begins anew."""

    def __init__(self) -> None:
        self.looked = self.ended = float("-inf")
        self.began: datetime | None = None
        self.after: tuple[datetime, int] | None = None


_pass = _Pass()


def refresh_due() -> int:
    """The errand: a batch of the pass that runs, or begins the next when it is time; returns how many it took."""
    moment = time.monotonic()
    if _pass.began is None:
        if moment - _pass.looked < SECONDS_BETWEEN_LOOKS:
            return 0
        _pass.looked = moment
        if moment - _pass.ended < SECONDS_BETWEEN_PASSES or usable(newest()) is None:
            return 0
        _pass.began, _pass.after = clock.now(), None
    taken, _pass.after = _batch(_pass.after, clock.now())
    if _pass.after is None:
        _end(_pass.began)
        _pass.began, _pass.ended = None, moment
    return taken


def refresh() -> int:
    """All open dossiers at once, for the command and the tests; returns how many have a chance."""
    began = clock.now()
    after: tuple[datetime, int] | None = None
    while True:
        _taken, after = _batch(after, began)
        if after is None:
            break
    _end(began)
    with store.cursor() as run:
        row: Any = run.execute("SELECT count(*) FROM flow_risk").fetchone()
    return int(row[0])


def _batch(after: tuple[datetime, int] | None, now: datetime) -> tuple[int, tuple[datetime, int] | None]:
    due, last = after or (now, -(2**63))
    with store.cursor() as run:
        rows = run.execute(_NEXT, {"now": now, "due": due, "id": last, "limit": BATCH}).fetchall()
    reckon([row[0] for row in rows], now)
    return len(rows), (rows[-1][1], rows[-1][0]) if len(rows) == BATCH else None


def _end(began: datetime) -> None:
    """What the pass did not meet is open no more, or late by now."""
    with store.cursor() as run:
        run.execute("DELETE FROM flow_risk WHERE at < %s", (began,))


class AtRisk(msgspec.Struct, frozen=True):
    """A dossier on the list: no name of an applicant."""

    dossier_id: int
    code: str
    procedure: str
    version: int
    step: str
    agency: int
    receiving: int
    due_at: datetime
    chance: float
    reasons: tuple[Reason, ...]
    at: datetime


class Outlook(msgspec.Struct, frozen=True):
    """The open dossiers in sight: how many, by height of the chance, and how many are expected to be late."""

    n: int
    high: int
    middle: int
    expected: float


# Whoever oversees an agency sees what it holds and what it received.
_SEEN = """
    (%(scope)s::int[] IS NULL OR r.agency = ANY (%(scope)s::int[]) OR r.receiving = ANY (%(scope)s::int[]))
    AND (%(agencies)s::int[] = '{}' OR r.agency = ANY (%(agencies)s::int[]))
    AND f.finished_at IS NULL AND f.due_at >= %(now)s
"""
_FROM = f"flow_risk r JOIN reports_dossierfact f ON f.dossier_id = r.dossier_id WHERE {_SEEN}"


def _parameters(scope: tuple[int, ...] | None, agencies: Sequence[int], now: datetime) -> dict[str, Any]:
    return {"scope": None if scope is None else list(scope), "agencies": list(agencies), "now": now}


def outlook(scope: tuple[int, ...] | None, agencies: Sequence[int], now: datetime) -> Outlook:
    """The sums over all that `at_risk` lists."""
    query = (
        f"SELECT count(*), count(*) FILTER (WHERE r.chance >= {HIGH}),"
        f" count(*) FILTER (WHERE r.chance >= {MIDDLE} AND r.chance < {HIGH}), coalesce(sum(r.chance), 0) FROM {_FROM}"
    )
    with store.cursor() as run:
        row: Any = run.execute(query, _parameters(scope, agencies, now)).fetchone()
    return Outlook(*row)


def at_risk(
    scope: tuple[int, ...] | None, agencies: Sequence[int], now: datetime, after: str = "", limit: int = PAGE
) -> tuple[list[AtRisk], str]:
    """One page of the open dossiers, the likeliest to be late first. Raises ValueError on a key that is none."""
    parameters = {**_parameters(scope, agencies, now), "limit": limit + 1}
    beyond = "true"
    if after:
        parameters["chance"], parameters["id"] = page_keys.read(after, _chance, page_keys.number)
        beyond = "(r.chance < %(chance)s OR (r.chance = %(chance)s AND r.dossier_id > %(id)s))"
    query = (
        "SELECT r.dossier_id, f.code, f.procedure, f.version, f.step, r.agency, r.receiving, f.due_at, r.chance,"
        f" r.reasons::text, r.at FROM {_FROM} AND {beyond} ORDER BY r.chance DESC, r.dossier_id LIMIT %(limit)s"
    )
    with store.cursor() as run:
        rows = run.execute(query, parameters).fetchall()
    found = [AtRisk(*(*row[:9], msgspec.json.decode(row[9], type=tuple[Reason, ...]), row[10])) for row in rows]
    return page_keys.cut(found, limit, lambda row: page_keys.write(row.chance, row.dossier_id))


def _chance(words: str) -> float:
    if 0 <= (chance := float(words)) <= 1:
        return chance
    raise ValueError(f"{words!r} is no chance")


STALE = timedelta(seconds=2 * SECONDS_BETWEEN_PASSES)
