"""How long the work takes: by working agency and role, and by procedure and step, from the facts of the stages."""

from typing import Any

from motcua.dossiers import store
from motcua.opendata.sources.rows import Before, Made, Row, agency_cells, procedure_name, step_name
from motcua.reports.figures import FEWEST_TO_COMPARE
from motcua.reports.periods import Period

_WORK = """
    SELECT {keys}, max(version), count(*)::int, count(*) FILTER (WHERE late)::int,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY worked),
           percentile_cont(0.9) WITHIN GROUP (ORDER BY worked),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY waited)
      FROM reports_stagefact
     WHERE closed >= %(begin)s AND closed < %(end)s AND NOT replayed GROUP BY {keys} ORDER BY {keys}
"""


def _worked(keys: str, period: Period) -> list[tuple[Any, ...]]:
    with store.cursor() as run:
        return run.execute(_WORK.format(keys=keys), {"begin": period.begins, "end": period.ends}).fetchall()


def _cells(done: int, late: int, *minutes: float | None) -> Row:
    if done < FEWEST_TO_COMPARE:
        return done, late, None, None, None, None
    return done, late, round(late / done, 4), *(None if each is None else round(each) for each in minutes)


def by_agency(period: Period, before: Before) -> Made:
    """One row a role at an agency or division that finished any work."""
    found = _worked("agency, role", period)
    return Made(
        sorted((period.code, *agency_cells(agency)[:2], role, *_cells(*rest)) for agency, role, _, *rest in found)
    )


def by_procedure(period: Period, before: Before) -> Made:
    """One row a step of a procedure, over the whole city."""
    return Made([
        (period.code, code, procedure_name(code), step, step_name(version, step), *_cells(*rest))
        for code, step, version, *rest in _worked("procedure, step", period)
    ])  # fmt: skip
