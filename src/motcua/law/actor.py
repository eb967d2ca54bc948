"""Who acts: a person with the posts that hold today, a resident, or the system itself.

Grants come from dated appointments and delegations, which `organisation/` keeps; here they only decide.
"""

from typing import Literal

import msgspec


class Grant(msgspec.Struct, frozen=True):
    """One post held today: a role at an agency, by appointment or by somebody's delegation."""

    agency: int
    role: str
    title: str = ""
    by_delegation_of: int | None = None


class Actor(msgspec.Struct, frozen=True):
    """The person or process on whose behalf a command comes. `account` 0 is the system.

    `assurance` says how sure we are who a resident is: 0 not at all, 1 by their own word, 2 proven (Decree
    69/2024 calls the last two levels 01 and 02). A partner is another house's machine with an account of its own.
    """

    account: int
    name: str
    grants: tuple[Grant, ...] = ()
    kind: Literal["official", "resident", "system", "partner"] = "official"
    assurance: int = 0

    def grant(self, agency: int, *roles: str) -> Grant | None:
        """The first post of `roles` (any role when none is named) held at `agency`."""
        for each in self.grants:
            if each.agency == agency and (not roles or each.role in roles):
                return each
        return None

    def holds(self, agency: int, *roles: str) -> bool:
        """True when the actor holds one of `roles` at `agency`; the system holds every one."""
        return self.kind == "system" or self.grant(agency, *roles) is not None


SYSTEM = Actor(account=0, name="Hệ thống", kind="system")
