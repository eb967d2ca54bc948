"""The pages of an application in order: one group of questions a page, then who, papers, money, result, review.

What stands on a page is left to the faces; here it is which pages there are for a case and its answers.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from motcua.law.procedure import Field, FieldGroup, Procedure

Kind = Literal["group", "about", "papers", "money", "delivery", "review"]
ABOUT, PAPERS, MONEY, DELIVERY, REVIEW = "nguoi-nop", "giay-to", "phi", "nhan-ket-qua", "xem-lai"


class Step(msgspec.Struct, frozen=True):
    """One page: its place in the address, its kind, and for questions which group of the form it shows."""

    key: str
    kind: Kind
    group: int = -1


def group_key(number: int) -> str:
    """The place in the address of the form's group `number` (from 0)."""
    return f"muc-{number + 1}"


def asked_fields(group: FieldGroup, case: str, answers: Mapping[str, Any]) -> tuple[Field, ...]:
    """The questions of a group that are put in this case, once those of other groups are answered.

    A question whose condition rests on the same group is put on the page, with its condition.
    """
    here = {field.id for field in group.fields}
    return tuple(
        field
        for field in group.fields
        if (not field.cases or case in field.cases)
        and (field.when is None or field.when.field in here or field.when.holds(dict(answers)))
    )


def steps_of(procedure: Procedure, case: str, answers: Mapping[str, Any]) -> list[Step]:
    """The pages for a case, given the cleaned answers so far. Always ends with the review."""
    found = [
        Step(group_key(number), "group", number)
        for number, group in enumerate(procedure.form)
        if any(not field.computed for field in asked_fields(group, case, answers))
    ]
    found += [Step(ABOUT, "about"), Step(PAPERS, "papers")]
    if any(fee.is_due(case) for fee in procedure.fees):
        found.append(Step(MONEY, "money"))
    return [*found, Step(DELIVERY, "delivery"), Step(REVIEW, "review")]


def step_of_field(procedure: Procedure, path: str) -> str:
    """The page on which the answer at `path` (`owner.number`, `rooms[2].area`) is given."""
    name = path.split(".")[0].partition("[")[0]
    for number, group in enumerate(procedure.form):
        if any(field.id == name for field in group.fields):
            return group_key(number)
    return group_key(0)
