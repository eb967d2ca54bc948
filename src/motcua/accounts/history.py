"""What happened to a resident's account, for its owner to read: recorded by the verbs, in the transaction of the act.

Phone numbers and addresses are masked before they come here, so that the history may outlive them.
"""

from dataclasses import dataclass
from typing import Any

from motcua.accounts.models import AccountEvent
from motcua.law.actor import Actor

LONGEST_DEVICE = 200


@dataclass(frozen=True, slots=True)
class Origin:
    """From where an act came: the network address and what the browser says of itself. Empty for the system."""

    address: str | None = None
    device: str = ""


NOWHERE = Origin()


def record(account: int, verb: str, origin: Origin = NOWHERE, by: Actor | None = None, **details: Any) -> None:
    """Adds a row. `by` is who acted when it was not the owner."""
    other = by if by is not None and by.account != account else None
    AccountEvent.objects.create(
        account_id=account,
        verb=verb,
        details=details,
        address=origin.address,
        device=origin.device[:LONGEST_DEVICE],
        by_id=(other.account or None) if other else None,
        by_name=other.name if other else "",
    )


def masked(address: str) -> str:
    """A phone number or e-mail address of which its owner knows which one it is, and nobody else does."""
    if "@" in address:
        name, _at, domain = address.partition("@")
        return f"{name[:1]}•••@{domain}"
    return f"{address[:3]}••••{address[-3:]}" if len(address) > 7 else "•••"
