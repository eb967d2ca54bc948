"""A resident's dossiers in lists: those still open by their promised date, those answered newest first.

Counts are exact and pages go by key. The indexes they stand on are `dossier_account` and `dossier_filer`.
"""

from datetime import UTC, datetime
from typing import Any

from motcua.dossiers import store
from motcua.dossiers.rows import decode_state
from motcua.law.dossier import Dossier
from motcua.tables import page_keys

PAGE = 20
_BEYOND = 1 << 53
_BEFORE_ALL, _NEVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_OWN = """
    (SELECT id FROM dossiers_dossier WHERE account = ANY (%(accounts)s) AND account <> 0
     UNION SELECT id FROM dossiers_dossier WHERE filer = ANY (%(accounts)s) AND filer <> 0)
"""


def counts(accounts: list[int]) -> dict[str, int]:
    """How many are open and how many have ended or been answered, exactly."""
    with store.cursor() as run:
        row = run.execute(
            "SELECT count(*) FILTER (WHERE d.finished_at IS NULL), count(*) FILTER (WHERE d.finished_at IS NOT NULL)"  # noqa: S608  our own condition
            f" FROM {_OWN} own JOIN dossiers_dossier d ON d.id = own.id",
            {"accounts": accounts},
        ).fetchone()
    return {"open": row[0], "done": row[1]} if row else {"open": 0, "done": 0}


def open_ones(accounts: list[int], after: str = "", limit: int = PAGE) -> tuple[list[Dossier], str]:
    """Open dossiers, the earliest promised date first and those without a date last; and where the next page begins.

    Raises ValueError for a key that is none.
    """
    due, number = page_keys.read(after, page_keys.instant, page_keys.number) if after else (_BEFORE_ALL, 0)
    found = _states(
        "d.finished_at IS NULL AND (coalesce(d.due_at, %(never)s), d.id) > (%(due)s, %(number)s)",
        "coalesce(d.due_at, %(never)s), d.id",
        {"accounts": accounts, "due": due, "number": number, "never": _NEVER, "limit": limit + 1},
    )
    return page_keys.cut(found, limit, lambda last: page_keys.write(last.due_at or _NEVER, last.id))


def done_ones(accounts: list[int], before: str = "", limit: int = PAGE) -> tuple[list[Dossier], str]:
    """Answered and ended dossiers, the newest first; and where the next page begins. ValueError for a wrong key."""
    number = page_keys.number(before) if before else _BEYOND
    if not 0 < number <= _BEYOND:
        raise ValueError(before)
    found = _states(
        "d.finished_at IS NOT NULL AND d.id < %(number)s",
        "d.id DESC",
        {"accounts": accounts, "number": number, "limit": limit + 1},
    )
    return page_keys.cut(found, limit, lambda last: str(last.id))


def pressing_ones(accounts: list[int], limit: int = PAGE) -> list[Dossier]:
    """Dossiers that ask something of their owner before they go on or are handed over, the oldest first."""
    return _states(
        "(d.status IN (5, 6, 9) OR d.wake_at IS NOT NULL OR (d.finished_at IS NULL AND d.state LIKE %(owing)s))",
        "d.id",
        {"accounts": accounts, "limit": limit, "owing": '%"money":%'},
    )


def unrated_ones(accounts: list[int], limit: int = 3) -> list[Dossier]:
    """The newest answered and collected dossiers that nobody has rated."""
    return _states(
        "d.status = 10 AND d.outcome IN ('granted', 'refused') AND d.state NOT LIKE %(rated)s",
        "d.id DESC",
        {"accounts": accounts, "limit": limit, "rated": '%"rating":%'},
    )


def _states(condition: str, order: str, parameters: dict[str, Any]) -> list[Dossier]:
    with store.cursor() as run:
        rows = run.execute(
            f"SELECT d.state FROM {_OWN} own JOIN dossiers_dossier d ON d.id = own.id"  # noqa: S608  our own condition
            f" WHERE {condition} ORDER BY {order} LIMIT %(limit)s",
            parameters,
        ).fetchall()
    return [decode_state(row[0]) for row in rows]
