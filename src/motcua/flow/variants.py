"""The ways that dossiers really took, counted against the process: which, how many, how long, and where they leave it.

Every figure has a list of exactly the dossiers it counts, a page at a time. What a way is stands in `ways`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from motcua.dossiers import store
from motcua.flow.slices import WAYS, Slice
from motcua.tables import page_keys

SHOWN = 12
PAGE = 50
Kind = Literal["all", "late", "fitting", "unfitting", "returned", "repeated", "to_and_fro", "late_crossing"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_CONDITIONS: dict[str, str] = {
    "all": "true",
    "late": "w.late",
    "fitting": "v.fits",
    "unfitting": "NOT v.fits",
    "returned": "w.returned > 0",
    "repeated": "w.repeats > 0",
    "to_and_fro": "w.to_and_fro > 0",
    "late_crossing": "w.crossings_late > 0",
}


class VariantRow(msgspec.Struct, frozen=True):
    """One way and the dossiers that took it; `median` in minutes of the legal clock."""

    id: int
    steps: tuple[str, ...]
    version: int
    answered: bool
    fits: bool
    left_after: str
    left_to: str
    n: int
    late: int
    median: float


class Leaving(msgspec.Struct, frozen=True):
    """A place where ways leave the process: after which step they went where, and how many dossiers did."""

    after: str
    to: str
    n: int
    late: int


class Tally(msgspec.Struct, frozen=True):
    """A slice in numbers: dossiers by kind, all hand-overs between agencies and the late ones."""

    counts: dict[str, int]
    variants: int
    median: float | None
    crossings: int
    crossings_late: int

    @property
    def total(self) -> int:
        """All dossiers of the slice."""
        return self.counts["all"]


def tally(part: Slice) -> Tally:
    """Counts every kind at once."""
    counts = ", ".join(f"count(*) FILTER (WHERE {_CONDITIONS[kind]})" for kind in KINDS)
    query = (
        f"SELECT {counts}, count(DISTINCT w.variant), percentile_cont(0.5) WITHIN GROUP (ORDER BY w.minutes),"
        " coalesce(sum(w.crossings), 0), coalesce(sum(w.crossings_late), 0)"
        f" FROM flow_way w JOIN flow_variant v ON v.id = w.variant WHERE {WAYS}"
    )
    with store.cursor() as run:
        row: Any = run.execute(query, part.parameters()).fetchone()
    return Tally(dict(zip(KINDS, row, strict=False)), *row[len(KINDS) :])


def variants(part: Slice, limit: int = SHOWN) -> list[VariantRow]:
    """The ways most taken."""
    query = f"""
        SELECT v.id, v.steps, v.version, v.answered, v.fits, v.left_after, v.left_to, g.n, g.late, g.median
          FROM (SELECT w.variant, count(*) AS n, count(*) FILTER (WHERE w.late) AS late,
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY w.minutes) AS median
                  FROM flow_way w WHERE {WAYS} GROUP BY w.variant ORDER BY n DESC, w.variant LIMIT %(limit)s) AS g
          JOIN flow_variant v ON v.id = g.variant ORDER BY g.n DESC, v.id
    """
    with store.cursor() as run:
        rows = run.execute(query, {**part.parameters(), "limit": limit}).fetchall()
    return [VariantRow(row[0], tuple(row[1]), *row[2:]) for row in rows]


def leavings(part: Slice, limit: int = SHOWN) -> list[Leaving]:
    """Where ways leave the process, the most frequent first."""
    query = f"""
        SELECT v.left_after, v.left_to, count(*), count(*) FILTER (WHERE w.late)
          FROM flow_way w JOIN flow_variant v ON v.id = w.variant WHERE NOT v.fits AND {WAYS}
         GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT %(limit)s
    """
    with store.cursor() as run:
        return [Leaving(*row) for row in run.execute(query, {**part.parameters(), "limit": limit}).fetchall()]


class Row(msgspec.Struct, frozen=True):
    """A dossier in a list: no name."""

    dossier_id: int
    code: str
    version: int
    receiving: int
    resolving: int
    accepted_at: datetime
    finished_at: datetime
    timeliness: str
    outcome: str
    minutes: int
    returned: int
    crossings_late: int
    steps: tuple[str, ...]


_ROW = """
    w.dossier_id, f.code, w.version, w.receiving, f.resolving, f.accepted_at, w.finished_at, f.timeliness, w.outcome,
    w.minutes, w.returned, w.crossings_late, v.steps
"""


def listing(
    part: Slice, kind: Kind = "all", *, variant: int = 0, leaving: tuple[str, str] | None = None, after: str = "",
    limit: int = PAGE,
) -> tuple[list[Row], str]:  # fmt: skip
    """One page of the dossiers of a figure, the oldest first, and the key of the next ('' when it is the last).

    Raises ValueError on a key that is none.
    """
    parameters: dict[str, Any] = {**part.parameters(), "limit": limit + 1, "variant": variant}
    conditions = [WAYS, _CONDITIONS[kind], *(["w.variant = %(variant)s"] if variant else [])]
    if leaving is not None:
        parameters |= {"left_after": leaving[0], "left_to": leaving[1]}
        conditions.append("NOT v.fits AND v.left_after = %(left_after)s AND v.left_to = %(left_to)s")
    if after:
        parameters["a_at"], parameters["a_id"] = page_keys.read(after, page_keys.instant, page_keys.number)
        conditions.append("(w.finished_at, w.dossier_id) > (%(a_at)s, %(a_id)s)")
    # The page is cut before the names are looked up.
    query = (
        f"SELECT {_ROW} FROM flow_way w JOIN flow_variant v ON v.id = w.variant"
        " JOIN reports_dossierfact f ON f.dossier_id = w.dossier_id"
        f" WHERE {' AND '.join(conditions)} ORDER BY w.finished_at, w.dossier_id LIMIT %(limit)s"
    )
    with store.cursor() as run:
        rows = [Row(*(*row[:-1], tuple(row[-1]))) for row in run.execute(query, parameters).fetchall()]
    return page_keys.cut(rows, limit, lambda row: page_keys.write(row.finished_at, row.dossier_id))


def dossiers(dossier_ids: Sequence[int]) -> list[Row]:
    """These dossiers as the lists show them, in the order of their ids."""
    query = f"""
        SELECT {_ROW} FROM flow_way w JOIN flow_variant v ON v.id = w.variant
          JOIN reports_dossierfact f ON f.dossier_id = w.dossier_id
         WHERE w.dossier_id = ANY (%s) ORDER BY w.dossier_id
    """
    with store.cursor() as run:
        return [Row(*(*row[:-1], tuple(row[-1]))) for row in run.execute(query, (list(dossier_ids),)).fetchall()]
