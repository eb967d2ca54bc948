"""What an application made online will cost, as far as its answers say it; exemptions count once they are proven.

The arithmetic is the law's. What is really owed is decided when the dossier is accepted.
"""

from collections.abc import Mapping
from typing import Any

from motcua.law.fees import Charge, Fee, FeeInputs, FeeRule, PerCopy, PerPage, charge
from motcua.law.procedure import Procedure


def _counted(rule: FeeRule) -> tuple[str, ...]:
    if isinstance(rule, PerPage):
        return ("pages", "copies")
    return ("copies",) if isinstance(rule, PerCopy) else ()


def fees_of(procedure: Procedure, case: str) -> list[Fee]:
    """The fees of a case."""
    return [fee for fee in procedure.fees if fee.is_due(case)]


def counts_needed(procedure: Procedure, case: str) -> tuple[str, ...]:
    """Which numbers the fees need that the form does not ask for: `pages`, `copies`."""
    asked = {field.id for field in procedure.fields() if not field.cases or case in field.cases}
    rules = [fee.by_channel.get("online", fee.rule) for fee in fees_of(procedure, case)]
    needed = dict.fromkeys(name for rule in rules for name in _counted(rule))
    return tuple(name for name in needed if name not in asked)


def owed(
    procedure: Procedure, case: str, form: Mapping[str, Any], claims: Mapping[str, Any], counts: Mapping[str, Any]
) -> tuple[Charge, ...]:
    """Each fee that can be reckoned from the answers. `claims` by `fee.exemption`, proven when they have files."""
    asked = {field.id for field in procedure.fields() if not field.cases or case in field.cases}
    found = []
    for fee in fees_of(procedure, case):
        if asked & set(_counted(fee.by_channel.get("online", fee.rule))) - set(form):
            continue
        mine = [name.partition(".")[2] for name in claims if name.partition(".")[0] == fee.id]
        inputs = FeeInputs(
            pages=_count("pages", form, counts),
            copies=_count("copies", form, counts),
            values={name: value for name, value in form.items() if isinstance(value, int) and value >= 0},
            channel="online",
            case=case,
            exemptions=tuple(mine),
            proven=tuple(name for name in mine if (claims[f"{fee.id}.{name}"] or {}).get("files")),
        )
        try:
            found.append(charge(fee, inputs))
        except (KeyError, ValueError):
            continue
    return tuple(found)


def _count(name: str, form: Mapping[str, Any], counts: Mapping[str, Any]) -> int:
    answered = form.get(name)
    if isinstance(answered, int):
        return max(answered, 0)
    said = str(counts.get(name, "")).strip()
    return int(said) if said.isdecimal() and len(said) <= 4 else 1
