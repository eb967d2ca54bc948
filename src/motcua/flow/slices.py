"""Which dossiers and which work a page of this room is about: a procedure, a period, an agency, and who may see it.

Whose figures somebody may see is decided by the face and handed in as `scope`.
"""

from datetime import datetime
from typing import Any

import msgspec

# What is kept of a slice at one look goes by this name.
OVERVIEW = "flow.overview"
# Below so many a share or a median says nothing.
FEWEST = 10


class Slice(msgspec.Struct, frozen=True):
    """A procedure's dossiers that ended within a period, among the agencies of `scope` (None: all of the city).

    `agencies` narrows to an agency with its divisions; empty for all.
    """

    procedure: str
    begin: datetime
    end: datetime
    scope: tuple[int, ...] | None = None
    agencies: tuple[int, ...] = ()

    def parameters(self) -> dict[str, Any]:
        """For the statements of this room."""
        return {
            "procedure": self.procedure,
            "begin": self.begin,
            "end": self.end,
            "scope": None if self.scope is None else list(self.scope),
            "agencies": list(self.agencies),
        }


# Arrays are only looked at where a scope or an agency is asked for: the rest is answered from the index alone.
WAYS = """
    w.procedure = %(procedure)s AND w.finished_at >= %(begin)s AND w.finished_at < %(end)s
    AND (%(scope)s::int[] IS NULL OR w.receiving = ANY (%(scope)s::int[]) OR w.agencies && %(scope)s::int[])
    AND (%(agencies)s::int[] = '{}' OR w.receiving = ANY (%(agencies)s::int[]) OR w.agencies && %(agencies)s::int[])
"""
ANY_WORK = """
    s.closed >= %(begin)s AND s.closed < %(end)s AND s.kind = 'step'
    AND (%(scope)s::int[] IS NULL OR s.receiving = ANY (%(scope)s::int[]) OR s.agency = ANY (%(scope)s::int[]))
    AND (%(agencies)s::int[] = '{}' OR s.agency = ANY (%(agencies)s::int[]))
"""
WORK = f"s.procedure = %(procedure)s AND {ANY_WORK}"
