"""The ledger in double entry: what was posted, once each, and what every account comes to.

Debits are positive, credits negative. `post` writes many postings in a fixed number of statements; the table keeps
the sums and refuses a posting that does not add up. What an event of money means for the accounts is said here too,
so that every caller posts the same; when it happens is left to the callers.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from motcua.dossiers import store


class Place(NamedTuple):
    """An account by its name: kind, agency, detail."""

    kind: str
    agency: int
    detail: str = ""


class Draft(msgspec.Struct, frozen=True):
    """A posting to be made: once under `key`, at `at`, with the amounts of its accounts (debit +, credit -)."""

    key: str
    kind: str
    at: datetime
    entries: tuple[tuple[Place, int], ...]
    dossier_id: int = 0

    def __post_init__(self) -> None:
        if sum(amount for _place, amount in self.entries) != 0:
            raise ValueError(f"posting {self.key} does not add up")


def post(drafts: Sequence[Draft]) -> int:
    """Writes the postings that were not written before; returns how many. Call it last in a transaction.

    The sums of the accounts stay locked until the commit.
    """
    wanted = [each for each in drafts if any(amount for _place, amount in each.entries)]
    if not wanted:
        return 0
    with store.cursor() as run:
        rows = run.execute(
            "INSERT INTO fees_posting (key, kind, at, dossier_id)"
            " SELECT * FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::bigint[])"
            " ON CONFLICT (key) DO NOTHING RETURNING key, id",
            (
                [each.key for each in wanted],
                [each.kind for each in wanted],
                [each.at for each in wanted],
                [each.dossier_id for each in wanted],
            ),
        ).fetchall()
        made = dict(rows)
        new = [each for each in wanted if each.key in made]
        if not new:
            return 0
        ids = _accounts({place for each in new for place, amount in each.entries if amount})
        lines = [(made[each.key], ids[place], amount) for each in new for place, amount in each.entries if amount]
        run.execute(
            "INSERT INTO fees_entry (posting_id, account_id, amount)"
            " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])",
            tuple(map(list, zip(*lines, strict=True))),
        )
    return len(new)


def _accounts(places: Iterable[Place]) -> dict[Place, int]:
    """The accounts' ids, opened where they are new; in one order, so that two who open them wait and do not cross."""
    names = sorted(set(places))
    columns = tuple(map(list, zip(*names, strict=True)))
    find = (
        "SELECT a.kind, a.agency, a.detail, a.id FROM fees_account a JOIN"
        " unnest(%s::text[], %s::int[], %s::text[]) AS w (kind, agency, detail) USING (kind, agency, detail)"
    )
    with store.cursor() as run:
        found = {Place(*row[:3]): row[3] for row in run.execute(find, columns).fetchall()}
        if len(found) < len(names):
            run.execute(
                "INSERT INTO fees_account (kind, agency, detail, balance, entries)"
                " SELECT kind, agency, detail, 0, 0"
                " FROM unnest(%s::text[], %s::int[], %s::text[]) AS w (kind, agency, detail)"
                " ON CONFLICT (kind, agency, detail) DO NOTHING",
                columns,
            )
            found = {Place(*row[:3]): row[3] for row in run.execute(find, columns).fetchall()}
    return found


def balance(kind: str, agency: int, detail: str | None = None) -> int:
    """What an account comes to; without `detail` all accounts of the kind at the agency together."""
    with store.cursor() as run:
        row = run.execute(
            "SELECT coalesce(sum(balance), 0) FROM fees_account WHERE kind = %s AND agency = %s"
            " AND (%s::text IS NULL OR detail = %s)",
            (kind, agency, detail, detail),
        ).fetchone()
    return int(row[0]) if row else 0


# --- What an event of money means ---------------------------------------------------------------------------


def asked(agency: int, amounts: dict[str, int]) -> tuple[tuple[Place, int], ...]:
    """A notice: payers owe it, each fee has earned it."""
    return (
        (Place("receivable", agency), sum(amounts.values())),
        *((Place("revenue", agency, fee), -amount) for fee, amount in sorted(amounts.items())),
    )


def no_longer_asked(agency: int, amounts: dict[str, int]) -> tuple[tuple[Place, int], ...]:
    """What of a notice nobody has to pay any more."""
    return tuple((place, -amount) for place, amount in asked(agency, amounts))


def came_in(
    into: Place, agency: int, *, amount: int, paid: int = 0, held: int = 0, back: int = 0
) -> tuple[tuple[Place, int], ...]:
    """Money that came in. `held` is what suspense gains by it (less than nothing when older money is released)."""
    return (
        (into, amount),
        (Place("receivable", agency), -paid),
        (Place("suspense", agency), -held),
        (Place("refunds", agency), -back),
    )


def undone(agency: int, amounts: dict[str, int]) -> tuple[tuple[Place, int], ...]:
    """What was paid for fees is owed back: the fees have not earned it."""
    return (
        *((Place("revenue", agency, fee), amount) for fee, amount in sorted(amounts.items())),
        (Place("refunds", agency), -sum(amounts.values())),
    )


def given_back(out_of: Place, agency: int, amount: int) -> tuple[tuple[Place, int], ...]:
    """Money that was owed back has been paid out."""
    return ((Place("refunds", agency), amount), (out_of, -amount))
