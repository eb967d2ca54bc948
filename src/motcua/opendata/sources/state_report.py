"""The state's form II.06 of the whole city, row for row as the control office reports it: by field and procedure.

The same reckoning as the form itself, so that what is published is what was reported.
"""

from motcua.dossiers import clock
from motcua.opendata.sources.rows import Before, Made, procedure_name
from motcua.reports.periods import Period
from motcua.statutory.columns import cells
from motcua.statutory.reckoning import Part, counted
from motcua.statutory.scope import Scope


def by_procedure(period: Period, before: Before) -> Made:
    """One row a procedure of each field, with every column of the form."""
    found = counted(Part(Scope()), period, ("field", "procedure"), clock.now(), running=False)
    return Made(
        [
            (period.code, field, procedure, procedure_name(procedure), *cells(line))
            for (field, procedure), line in sorted(found.items())
        ]
    )
