"""Learns the model of chances from the city's own history, at night, and keeps every model with what it was worth.

Past dossiers are looked at each at one random moment of its life, a long life more often than a short one, as one
meets them at a desk in the morning. What is learned and how it is judged stands in `learning`.
"""

import time
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import msgspec

from motcua.dossiers import clock, store
from motcua.flow.features import FEATURES, Case, snapshot
from motcua.flow.learning import Samples, learn
from motcua.flow.lives import cases
from motcua.flow.models import RiskModel
from motcua.flow.surroundings import around, whole_record
from motcua.law.working_time import CITY_ZONE, city_day

MOST = 30_000
YEARS = 4
HELD_DAYS = 365
# Lives longer than nine in ten of them count no more than those.
LONG = 0.9
BATCH = 2_000
AT_NIGHT = range(1, 5)
EVERY, AGAIN_AFTER = timedelta(days=7), timedelta(days=1)
SECONDS_BETWEEN_LOOKS = 600.0

_CHOSEN = """
    SELECT dossier_id FROM reports_dossierfact
     WHERE timeliness <> '' AND NOT replayed AND accepted_at >= %(since)s AND finished_at < %(now)s
       AND (hashint8extended(dossier_id, 1) & 1048575) < %(below)s
"""


def train(now: datetime | None = None) -> RiskModel:
    """Learns now and keeps what came of it, a model or why there is none."""
    now = now or clock.now()
    samples = gather(now)
    split = _split(samples, city_day(now))
    learned = learn(samples, split)
    return RiskModel.objects.create(
        trained_at=now,
        learned_from=date.fromordinal(min(samples.seen)) if samples.seen else city_day(now),
        split_on=date.fromordinal(split),
        n=learned.n,
        late=learned.late,
        why=learned.why,
        model=msgspec.to_builtins(learned.model) if learned.model else None,
        quality=msgspec.to_builtins(learned.quality) if learned.quality else None,
    )


def _split(samples: Samples, today: date) -> int:
    """The last year is kept apart; of a history shorter than three years, its last third."""
    if not samples.seen:
        return today.toordinal()
    span = today.toordinal() - min(samples.seen)
    return today.toordinal() - min(HELD_DAYS, span // 3)


def gather(now: datetime) -> Samples:
    """Snapshots of past dossiers. The same history gives the same samples."""
    since = datetime(now.year - YEARS, 1, 1, tzinfo=CITY_ZONE)
    with store.cursor() as run:
        row: Any = run.execute(f"SELECT count(*) FROM ({_CHOSEN}) AS all_of_them",
                               {"since": since, "now": now, "below": 1 << 20}).fetchone()  # fmt: skip
        below = (1 << 20) if row[0] <= MOST else (MOST << 20) // row[0]
        chosen = run.execute(_CHOSEN, {"since": since, "now": now, "below": below}).fetchall()
    ids = sorted(row[0] for row in chosen)
    known = around(whole_record())
    found = [case for at in range(0, len(ids), BATCH) for case in cases(ids[at : at + BATCH])]
    long = _long(found)
    samples = Samples(FEATURES, [], [], [], [])
    for case in found:
        # Chance that is the same every time, not chance that hides anything.
        dice = Random(case.dossier_id)  # noqa: S311
        moment, kept = dice.random(), dice.random()
        if case.finished is None or kept * long > (case.finished - case.accepted).total_seconds():
            continue
        at = case.accepted + (case.finished - case.accepted) * moment
        seen = snapshot(case, at, known)
        if seen is not None:
            samples.rows.append(seen.values)
            samples.late.append(case.late)
            samples.seen.append(city_day(at).toordinal())
            samples.ended.append(city_day(case.finished).toordinal())
    return samples


def _long(found: list[Case]) -> float:
    seconds = sorted((case.finished - case.accepted).total_seconds() for case in found if case.finished)
    return seconds[int(len(seconds) * LONG)] if seconds else 0.0


_looked = float("-inf")


def train_if_due() -> int:
    """The errand: learns when the last model is a week old (a day, where it could not be used), at night.

    Always returns 0: there is never a second batch.
    """
    global _looked
    if time.monotonic() - _looked < SECONDS_BETWEEN_LOOKS:
        return 0
    _looked = time.monotonic()
    now = clock.now()
    last = RiskModel.objects.order_by("-trained_at").first()
    if last is not None:
        old = now - last.trained_at >= (EVERY if last.model else AGAIN_AFTER)
        if not old or now.astimezone(CITY_ZONE).hour not in AT_NIGHT:
            return 0
    train(now)
    return 0
