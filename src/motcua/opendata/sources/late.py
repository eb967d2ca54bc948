"""The dossiers answered late in a month: by code, and nothing by which a person or a hidden cell could be found."""

from motcua.dossiers import store
from motcua.law.working_time import city_day
from motcua.opendata.sources.rows import Before, Made, Row, agency_cells
from motcua.reports.periods import Period

_LATE = """
    SELECT code, receiving, due_at, finished_at, supplements, extended FROM reports_dossierfact
     WHERE finished_at >= %(begin)s AND finished_at < %(end)s AND timeliness = 'late' AND NOT replayed
     ORDER BY finished_at, dossier_id
"""


def late_dossiers(period: Period, before: Before) -> Made:
    """One row a dossier, in the order in which they were answered."""
    with store.cursor() as run:
        found = run.execute(_LATE, {"begin": period.begins, "end": period.ends}).fetchall()
    rows: list[Row] = []
    for code, receiving, due, finished, supplements, extended in found:
        days = (city_day(finished) - city_day(due)).days
        rows.append((period.code, code, *agency_cells(receiving)[:2], due, finished, days, supplements, extended))
    return Made(rows)
