"""What of a KPI may be said to everybody: which KPIs, of which units, and with which counts.

Place and procedure never stand together in public, and ratings of few people are not told, nor is what they could be
subtracted from. The public pages and the open data ask here, so that neither says what the other keeps.
"""

from motcua.kpis import definitions
from motcua.kpis.published import Published
from motcua.kpis.shapes import Kpi

# A condition on one of these makes the KPI one of a procedure: by district it would be place and procedure.
_OF_PROCEDURES = frozenset({"procedure", "field", "version"})


def public() -> tuple[Kpi, ...]:
    """The KPIs of everybody, in their order."""
    return definitions.all("public")


def by_district(kpi: Kpi) -> bool:
    """True when its districts may be shown side by side."""
    conditions = [*(kpi.numerator or ()), *(each for cohort in kpi.cohorts for each in cohort.where)]
    return (
        "district" in kpi.by and kpi.grain != "rating" and not any(each.column in _OF_PROCEDURES for each in conditions)
    )


def counts_told(kpi: Kpi) -> bool:
    """True when its exact counts are public. Those of ratings are not: a hidden agency's could be subtracted."""
    return kpi.grain != "rating"


def is_told(each: Published) -> bool:
    """True when there is a value on enough cases."""
    return each.reading.shown is not None


def roughly(cases: int) -> int:
    """A number of ratings rounded down to tens."""
    return cases // 10 * 10
