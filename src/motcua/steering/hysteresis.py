"""When an alert begins and when it ends: two limits instead of one, so that a figure near its limit does not flap.

Pure. A figure nobody can speak of (nothing to count, or too few) neither begins an alert nor ends one.
"""

from decimal import Decimal
from typing import Literal, get_args

import msgspec

Comparison = Literal["above", "below"]
COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)
Step = Literal["fire", "end", "stay"]


class Rule(msgspec.Struct, frozen=True):
    """Begins beyond `threshold`, ends at `release` or on its good side; `smallest` is the least sample that counts."""

    comparison: Comparison
    threshold: Decimal
    release: Decimal
    smallest: int = 0

    @property
    def holds_together(self) -> bool:
        """True when the end lies on the good side of the beginning."""
        if self.comparison == "above":
            return self.release <= self.threshold
        return self.release >= self.threshold


def step(rule: Rule, firing: bool, number: Decimal | None, sample: int) -> Step:
    """What a figure does to an alert that is `firing` or not."""
    if number is None or sample < rule.smallest:
        return "stay"
    if rule.comparison == "above":
        beyond, back = number > rule.threshold, number <= rule.release
    else:
        beyond, back = number < rule.threshold, number >= rule.release
    if firing:
        return "end" if back and not beyond else "stay"
    return "fire" if beyond else "stay"
