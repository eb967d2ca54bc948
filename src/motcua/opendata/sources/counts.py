"""What was received and answered in a month and open at its end: by receiving agency, and by procedure.

The same sums as the city's page and the reports of the state, from `reports_cube`; what was open is the sum of all
changes up to the end of the month, which nothing later moves.
"""

from typing import Any

from motcua.dossiers import store
from motcua.opendata.sources.rows import Before, Made, Row, agency_cells, procedure_cells, share_cells
from motcua.reports.counting import FLOWS
from motcua.reports.periods import Period

_FLOWS = ", ".join(f"sum({each}) FILTER (WHERE half >= %(first)s)::int" for each in FLOWS)
_OPEN = "sum(d_in_time)::int, sum(d_overdue)::int, sum(d_waiting)::int"
_COUNTS = "SELECT {key}, {flows}, {open} FROM reports_cube WHERE half <= %(last)s GROUP BY 1 ORDER BY 1"


def _counted(key: str, period: Period) -> list[tuple[Any, dict[str, int]]]:
    """By key: the flows of the period and the stock at its end; keys without any of it are left out."""
    first, last = period.halves
    with store.cursor() as run:
        found = run.execute(
            _COUNTS.format(key=key, flows=_FLOWS, open=_OPEN), {"first": first, "last": last}
        ).fetchall()
    names = (*FLOWS, "open_in_time", "open_overdue", "open_waiting")
    rows = [(row[0], dict(zip(names, (each or 0 for each in row[1:]), strict=True))) for row in found]
    return [(key_, numbers) for key_, numbers in rows if any(numbers.values())]


def _cells(n: dict[str, int]) -> Row:
    answered = n["before_date"] + n["on_time"] + n["late"]
    return (
        n["received"], n["received_online"], answered, n["before_date"], n["on_time"], n["late"],
        *share_cells(answered - n["late"], answered),
        n["granted"], n["refused"], n["declined"], n["withdrawn"], n["stopped"], n["closed"],
        n["open_in_time"], n["open_overdue"], n["open_waiting"],
    )  # fmt: skip


def by_agency(period: Period, before: Before) -> Made:
    """One row an agency that received, answered or held anything."""
    rows = [(period.code, *agency_cells(number), *_cells(numbers)) for number, numbers in _counted("receiving", period)]
    return Made(sorted(rows))


def by_procedure(period: Period, before: Before) -> Made:
    """One row a procedure, over the whole city."""
    return Made(
        [(period.code, *procedure_cells(code), *_cells(numbers)) for code, numbers in _counted("procedure", period)]
    )
