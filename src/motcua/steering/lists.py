"""The list behind a comparison: the dossiers of a stretch of days that is neither a day nor a month."""

from datetime import datetime
from typing import Any

from motcua.reports.figures import Filter
from motcua.reports.lists import Kind, Listing

FLOWING: tuple[Kind, ...] = ("received", "received_online", "answered", "not_late", "before_date", "on_time", "late")


class Stretched(Listing):
    """A list whose period is given by its two instants; its total is counted."""

    def __init__(self, which: Filter, kind: Kind, now: datetime, begin: datetime, end: datetime) -> None:
        super().__init__(which, kind, now)
        self._span = {"begin": begin, "end": end}

    def total(self) -> int:
        """How many dossiers are in it."""
        return self.counted()

    def _parameters(self) -> dict[str, Any]:
        return {**super()._parameters(), **self._span}
