"""Publishes the values of periods that are over: of the city, its tiers, districts and agencies, once and for ever.

Only when the figures are complete up to a period's end. What a recomputation finds changed is a new version beside
the old one; so what was said is never unsaid, and a correction is seen as one.
"""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.dossiers import clock, store
from motcua.kpis import definitions
from motcua.kpis.columns import SOURCES
from motcua.kpis.models import Value
from motcua.kpis.published import UnitKind
from motcua.kpis.reading import complete, value
from motcua.kpis.shapes import Dimension, Kpi
from motcua.kpis.values import Reading, nothing
from motcua.reports.figures import first_half, of_period
from motcua.reports.periods import Period, latest_over

# A timer is short: what is left is taken up a minute later.
SECONDS_AT_ONCE = 2.0
# A city that had its history before it had indicators gets this many months of them, the latest first.
MONTHS_BACK = 24
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('kpis.publishing', 0))"
_NEWEST = """
    SELECT DISTINCT ON (unit_kind, unit) unit_kind, unit, version, numerator, denominator, value, low, high, cases,
           enough
      FROM kpis_value WHERE code = %s AND period = %s ORDER BY unit_kind, unit, version DESC
"""
_DONE = "SELECT DISTINCT period, code FROM kpis_value WHERE unit_kind = 'city' AND period = ANY (%s)"


class NotCompleteError(Exception):
    """A period cannot be published yet: it goes on, or the figures do not reach its end."""


def by_the_clock() -> None:
    """Publishes what is due of the last month and the last report quarter, then of months before; some at a time."""
    begun, now = time.monotonic(), clock.now()
    for period, kpi in due(now):
        try:
            publish(kpi, period, now)
        except NotCompleteError:
            continue
        if time.monotonic() - begun > SECONDS_AT_ONCE:
            return


def due(now: datetime) -> Iterator[tuple[Period, Kpi]]:
    """What has not been published of the periods that were the last to end, and of earlier months with dossiers."""
    month, first = latest_over(now, "month"), first_half()
    earlier = [month.before(steps) for steps in range(1, MONTHS_BACK)]
    periods = [month, latest_over(now, "quarter", report=True)]
    periods += [each for each in earlier if first is not None and each.last_day >= first]
    with store.cursor() as run:
        done = set(run.execute(_DONE, ([each.code for each in periods],)).fetchall())
    for period in periods:
        for kpi in definitions.all():
            if (period.code, kpi.code) not in done:
                yield period, kpi


def publish(kpi: Kpi, period: Period, now: datetime | None = None) -> int:
    """Publishes one KPI of one period; returns how many values are new or say something else than before.

    Raises NotCompleteError where the period goes on or the figures do not reach its end.
    """
    at = now or clock.now()
    until = complete(kpi)
    if not period.is_over(at) or until is None or until < period.ends:
        raise NotCompleteError(period.code)
    with transaction.atomic(), store.cursor() as run:
        locked = run.execute(_LOCK).fetchone()
        if locked is None or not locked[0]:
            return 0
        before = {(row[0], row[1]): (row[2], Reading(*row[3:])) for row in run.execute(
            _NEWEST, (kpi.code, period.code)).fetchall()}  # fmt: skip
        found = dict(_values(kpi, period, at))
        # A unit that has nothing any more is corrected to nothing.
        found = {key: nothing(kpi) for key in before if key not in found} | found
        rows = [
            _row(kpi, period, key, each, before[key][0] + 1 if key in before else 1, at, until)
            for key, each in found.items()
            if key not in before or before[key][1] != each
        ]
        Value.objects.bulk_create(rows)
    return len(rows)


def _values(kpi: Kpi, period: Period, now: datetime) -> Iterator[tuple[tuple[UnitKind, str], Reading]]:
    which = of_period(period)
    yield ("city", ""), value(kpi.code, which, now=now)
    ways: tuple[tuple[UnitKind, Dimension], ...] = (
        ("tier", "tier"),
        ("district", "district"),
        ("agency", _agency(kpi)),
    )
    for kind, dimension in ways:
        if dimension in kpi.by:
            for key, each in value(kpi.code, which, by=dimension, now=now).items():
                yield (kind, str(key)), each


def _agency(kpi: Kpi) -> Dimension:
    return "agency" if SOURCES[kpi.grain].place.endswith(".agency") else "receiving"


def _row(
    kpi: Kpi, period: Period, key: tuple[str, str], each: Reading, version: int, now: datetime, until: datetime
) -> Value:
    made_of: dict[str, Any] = {name: getattr(each, name) for name in Reading.__struct_fields__}
    return Value(
        code=kpi.code, period=period.code, ends=period.ends, unit_kind=key[0], unit=key[1], version=version,
        published_at=now, complete_until=until, **made_of,
    )  # fmt: skip
