"""The published history of the public KPIs: of the whole city and, where everybody may see them, of its districts.

Taken from what `kpis` has published and never reckoned anew, so that the page and the file say the same. A unit with
too few cases has no value; ratings are given without their counts (decision 29).
"""

from motcua.dossiers import store
from motcua.kpis import openness, published
from motcua.kpis.published import Published
from motcua.kpis.shapes import Kpi
from motcua.opendata.sources.rows import Before, Made, Row, agency_code
from motcua.organisation.directory import directory
from motcua.reports.periods import Period

_PUBLISHED = """
    SELECT count(DISTINCT code) FROM kpis_value
     WHERE unit_kind = 'city' AND unit = '' AND code = ANY (%s) AND period = %s
"""


def is_published(period: Period) -> bool:
    """True when `kpis` has published every public KPI of the period."""
    codes = [each.code for each in openness.public()]
    with store.cursor() as run:
        row = run.execute(_PUBLISHED, (codes, period.code)).fetchone()
    return bool(codes) and row is not None and row[0] == len(codes)


def by_unit(period: Period, before: Before) -> Made:
    """One row a KPI and unit: the city first, then the districts by their code."""
    rows: list[Row] = []
    city = published.of_period(period.code)
    for kpi in openness.public():
        if kpi.code in city:
            rows.append(_row(kpi, city[kpi.code], "city", ""))
        if openness.by_district(kpi):
            found = published.units_of(kpi.code, period.code, "district")
            named = sorted(((_district(unit), each) for unit, each in found.items()), key=lambda pair: pair[0])
            rows += [_row(kpi, each, "district", code) for code, each in named]
    return Made(rows)


def _district(unit: str) -> str:
    """The district's code; empty for what lies in none."""
    number = int(unit or 0)
    return agency_code(number) if number in directory().by_number else ""


def _row(kpi: Kpi, each: Published, unit_kind: str, unit: str) -> Row:
    found = each.reading
    counts: Row = (None,) * 3
    if openness.counts_told(kpi):
        counts = (_whole(found.numerator), _whole(found.denominator), found.cases)
    told = found.shown is not None
    bounds = [_rounded(one) if told else None for one in (found.value, found.low, found.high)]
    return (
        each.period, kpi.code, kpi.name.vi, unit_kind, unit, kpi.unit, counts[0], counts[1], *bounds, counts[2],
        each.version,
    )  # fmt: skip


def _whole(amount: float | None) -> float | None:
    """A count as a count: 880, not 880.0."""
    return int(amount) if amount is not None and amount.is_integer() else amount


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
