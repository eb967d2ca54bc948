"""What an application made online will cost, as far as its answers say it; exemptions count once they are proven.

The arithmetic is the law's; here saved claims and counts are put into its words. What is really owed is decided
when the dossier is accepted.
"""

from collections.abc import Mapping
from typing import Any

from motcua.law import fees
from motcua.law.fees import Charge, Fee
from motcua.law.procedure import Procedure


def fees_of(procedure: Procedure, case: str) -> list[Fee]:
    """The fees of a case."""
    return [fee for fee in procedure.fees if fee.is_due(case)]


def counts_needed(procedure: Procedure, case: str) -> tuple[str, ...]:
    """Which numbers the fees need that the form does not ask for: `pages`, `copies`."""
    return fees.counts_needed(procedure, case, "online")


def owed(
    procedure: Procedure, case: str, form: Mapping[str, Any], claims: Mapping[str, Any], counts: Mapping[str, Any]
) -> tuple[Charge, ...]:
    """Each fee that can be reckoned from the answers. `claims` by `fee.exemption`, proven when they have files."""
    claimed: dict[str, list[str]] = {}
    proven: dict[str, list[str]] = {}
    for name, saved in claims.items():
        fee, _dot, exemption = name.partition(".")
        claimed.setdefault(fee, []).append(exemption)
        if (saved or {}).get("files"):
            proven.setdefault(fee, []).append(exemption)
    said = {name: _count(value) for name, value in counts.items()}
    return fees.owed(procedure, case, "online", form, claimed, proven, said)


def _count(value: Any) -> int:
    text = str(value).strip()
    return int(text) if text.isdecimal() and len(text) <= 4 else 1
