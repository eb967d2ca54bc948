"""The index of Decision 766/QĐ-TTg (2022) as arithmetic: a criterion's points from a share and its target.

A criterion that has nothing to measure is not applicable: it is said, and neither its points nor its maximum count.
The criteria themselves are data; measuring them is left to `statutory/`.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import msgspec

from motcua.law.texts import Text

_HUNDREDTH = Decimal("0.01")
Verdict = Literal["late", "not_late"]


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One criterion: its most points, the share at which they are reached, what it measures.

    `why_not` says why it cannot be measured here; `demonstration` that a number of it is no number of the decision.
    """

    code: str
    name: Text
    most: Decimal
    target: Decimal = Decimal(1)
    measure: str = ""
    why_not: Text | None = None
    demonstration: bool = False


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Criteria that belong together, with the most points of them all."""

    code: str
    name: Text
    most: Decimal
    criteria: tuple[Criterion, ...]


class Share(msgspec.Struct, frozen=True):
    """What was measured: so many of so many."""

    part: int
    whole: int


class Scored(msgspec.Struct, frozen=True):
    """A criterion with what was measured and its points; None where it is not applicable."""

    criterion: Criterion
    share: Share | None
    points: Decimal | None


def points(criterion: Criterion, share: Share | None) -> Decimal | None:
    """All points from the target on, below it in proportion, to a hundredth; None when there is nothing to measure."""
    if share is None or not share.whole:
        return None
    reached = Decimal(share.part) / share.whole
    if reached >= criterion.target:
        return criterion.most
    return (reached * criterion.most / criterion.target).quantize(_HUNDREDTH, ROUND_HALF_UP)


def scored(group: Group, measured: Mapping[str, Share]) -> tuple[Scored, ...]:
    """The criteria of a group with their points, from what was measured by its name."""
    found = []
    for each in group.criteria:
        share = measured.get(each.measure) if each.measure else None
        found.append(Scored(each, share, points(each, share)))
    return tuple(found)


def summed(scores: Iterable[Scored]) -> tuple[Decimal, Decimal]:
    """The points of what is applicable, and the most that could be reached there."""
    kept = [each for each in scores if each.points is not None]
    return sum((each.points for each in kept if each.points is not None), Decimal(0)), sum(
        (each.criterion.most for each in kept), Decimal(0)
    )
