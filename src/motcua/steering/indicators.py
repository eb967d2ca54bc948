"""Any KPI as a measure of the desk, under `kpi:CODE`: what an alert, a target or a criterion may speak of beside ours.

The value is that of `kpis.reading` for the same part of the city and window; with fewer cases than the KPI's smallest
sample there is none. A share counts in percent, a rate per thousand in cases of a thousand, a time in minutes.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from motcua.kpis import definitions, reading
from motcua.kpis.shapes import Kpi, Viewer
from motcua.law.texts import Text
from motcua.reports.figures import Filter

PREFIX = "kpi:"
# Those who have a desk are heads or control; what is told of an alert goes to heads.
READER: Viewer = "head"
# As long as a measure's code may be where it is kept.
LONGEST = 40
_CENTS = Decimal("0.01")
_SCALE = {"share": 100, "per_1000": 1000}
_UNITS: dict[str, Text] = {
    "per_1000": Text("trên 1.000", "per 1,000"),
    "working_minutes": Text("phút làm việc", "minutes of work"),
    "minutes": Text("phút", "minutes"),
}


def offered() -> tuple[Kpi, ...]:
    """The KPIs that may be named, in their order."""
    return tuple(each for each in definitions.all(READER) if len(PREFIX + each.code) <= LONGEST)


def named(code: str) -> Kpi | None:
    """The KPI that a measure's code names; None where it names none, or one that is gone."""
    if not code.startswith(PREFIX):
        return None
    return next((each for each in offered() if PREFIX + each.code == code), None)


def name_of(kpi: Kpi) -> Text:
    """Its name, with the unit in which a limit is given where the name does not say it."""
    unit = _UNITS.get(kpi.unit)
    return Text(f"{kpi.name.vi} ({unit.vi})", f"{kpi.name.en} ({unit.en})") if unit else kpi.name


def value(kpi: Kpi, which: Filter, now: datetime) -> tuple[Decimal | None, int]:
    """The number in the measure's unit, None on too few cases or where the KPI cannot be asked so; and its cases."""
    try:
        found = reading.value(kpi.code, which, now=now)
    except reading.NotOfferedError:
        return None, 0
    if found.shown is None:
        return None, found.cases
    number = Decimal(str(found.shown)) * _SCALE.get(kpi.unit, 1)
    return number.quantize(_CENTS, ROUND_HALF_UP), found.cases
