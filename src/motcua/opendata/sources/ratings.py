"""Satisfaction: the points people gave, by criterion, at each receiving agency and for each procedure.

Rows are told and hidden as in `opinions`, so that neither dataset lets the other's hidden rows be reckoned.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from motcua.opendata.sources.opinions import WHOLE, Said, agency_named, by_affair, by_place, hidden_rows
from motcua.opendata.sources.rows import Before, Made, Row, procedure_cells
from motcua.reports.periods import Period


def by_agency(period: Period, before: Before) -> Made:
    """One row a criterion at an agency; agencies that too few rated have none."""
    return _made(by_place(period), agency_named, period, before)


def by_procedure(period: Period, before: Before) -> Made:
    """One row a criterion of a procedure, over the whole city."""
    return _made(by_affair(period), procedure_cells, period, before)


def _made(said: Mapping[str, Said], named: Callable[[str], Row], period: Period, before: Before) -> Made:
    hidden = hidden_rows(said, before)
    rows: list[Row] = []
    for code, each in sorted(said.items()):
        for criterion, (answers, points) in sorted(each.scores.items()) if code not in hidden else ():
            average = (Decimal(points) / answers).quantize(Decimal("0.1"), ROUND_HALF_UP)
            rows.append((period.code, *named(code), criterion, answers, points, float(average)))
    return Made(rows, frozenset((code, WHOLE) for code in hidden if said[code].answered))
