"""Agencies and procedures together, by quarter: the one table in which a small cell could point at a person.

Its measures are kept to three that do not add up to one another (received; answered and not late; answered late), so
that each has its own exact sums by agency and by procedure, and one pattern of hidden rows holds for all three.
"""

from django.conf import settings

from motcua.catalogue import versions
from motcua.dossiers import store
from motcua.opendata.sources.rows import Before, Made, Row, agency_cells, agency_code, procedure_name, share_cells
from motcua.opendata.suppression import Counts, Key, suppress
from motcua.reports.periods import Period

_COUNTS = """
    SELECT receiving, procedure, sum(received)::int, sum(before_date + on_time)::int, sum(late)::int
      FROM reports_cube WHERE half BETWEEN %(first)s AND %(last)s GROUP BY 1, 2
"""


def counted(period: Period) -> dict[tuple[int, str], Counts]:
    """Received, not late, late, by receiving agency and procedure; only where there is any."""
    first, last = period.halves
    with store.cursor() as run:
        found = run.execute(_COUNTS, {"first": first, "last": last}).fetchall()
    return {(row[0], row[1]): row[2:] for row in found if any(row[2:])}


def _possible(period: Period, there: dict[tuple[int, str], Counts]) -> dict[tuple[int, str], Counts]:
    """The same with the pairs that might have had a case and had none: they can stand in for others."""
    table, used = dict(there), {agency for agency, _ in there}
    for code in {procedure for _, procedure in there}:
        for agency in versions.offering_agencies(code, period.last_day):
            if agency in used:
                table.setdefault((agency, code), (0, 0, 0))
    return table


def by_agency_and_procedure(period: Period, before: Before) -> Made:
    """One row a pair that has cases or is hidden."""
    there = counted(period)
    numbers = {agency_code(agency): agency for agency, _ in there}
    table: dict[Key, Counts] = {
        (agency_code(agency), code): counts for (agency, code), counts in _possible(period, there).items()
    }
    hidden = suppress(table, settings.MOTCUA_OPENDATA_SMALLEST, before).cells
    rows: list[Row] = []
    for key, counts in sorted(table.items()):
        if key in hidden:
            cells: Row = (None, None, None, None, None, True)
        elif any(counts):
            received, not_late, late = counts
            answered = not_late + late
            cells = (received, answered, not_late, late, share_cells(not_late, answered)[0], False)
        else:
            continue
        rows.append((period.code, *agency_cells(numbers[key[0]])[:2], key[1], procedure_name(key[1]), *cells))
    return Made(rows, hidden)
