"""Satisfaction: the points people gave, by receiving agency and criterion, where enough of them did."""

from decimal import ROUND_HALF_UP, Decimal

from motcua.dossiers import store
from motcua.opendata.sources.rows import Before, Made, Row, agency_cells
from motcua.reports.periods import Period
from motcua.reports.ratings import SMALLEST_SAMPLE

_POINTS = """
    SELECT r.receiving, s.key, count(*)::int, sum(s.value::int)::int
      FROM reports_ratingfact r, jsonb_each_text(r.scores) s
     WHERE r.at >= %(begin)s AND r.at < %(end)s AND r.stands IS NOT FALSE
     GROUP BY 1, 2 HAVING count(*) >= %(fewest)s ORDER BY 1, 2
"""


def by_agency(period: Period, before: Before) -> Made:
    """One row a criterion at an agency; agencies that too few rated have none."""
    asked = {"begin": period.begins, "end": period.ends, "fewest": SMALLEST_SAMPLE}
    with store.cursor() as run:
        found = run.execute(_POINTS, asked).fetchall()
    rows: list[Row] = []
    for receiving, criterion, answers, points in found:
        average = (Decimal(points) / answers).quantize(Decimal("0.1"), ROUND_HALF_UP)
        rows.append((period.code, *agency_cells(receiving)[:2], criterion, answers, points, float(average)))
    return Made(sorted(rows))
