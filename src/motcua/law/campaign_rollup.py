"""Rolls answers up: what many agencies gave, put together column by column, exactly and in any order.

A tally can be merged with another, so that a district's is the sum of its communes' and the city's that of its
districts. What was not answered adds nothing: it is counted as missing and never as nought.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import msgspec

from motcua.law.campaign import Column, Form, Value
from motcua.law.campaign_cells import value_of
from motcua.law.campaign_check import Line

Key = tuple[str, str]


class Tally(msgspec.Struct, frozen=True):
    """What was gathered of one cell: how many agencies gave something, how many values, their sum, weight and ends."""

    agencies: int = 0
    values: int = 0
    total: Fraction = Fraction(0)
    weight: Fraction = Fraction(0)
    least: Value | None = None
    most: Value | None = None

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(
            self.agencies + other.agencies,
            self.values + other.values,
            self.total + other.total,
            self.weight + other.weight,
            _end(self.least, other.least, smaller=True),
            _end(self.most, other.most, smaller=False),
        )


NOTHING = Tally()


def _end(one: Value | None, other: Value | None, *, smaller: bool) -> Value | None:
    if one is None or other is None:
        return other if one is None else one
    first = one <= other if smaller else one >= other  # type: ignore[operator]
    return one if first else other


def tally_answer(form: Form, lines: Sequence[Line]) -> dict[Key, Tally]:
    """One agency's answer: of fixed rows each cell by itself, of free rows each column over all rows."""
    found: dict[Key, Tally] = {}
    for line in lines:
        for column in form.columns:
            one = _one(form, column, line)
            if one is not None:
                key = (line.key if form.rows else "", column.key)
                found[key] = found[key].plus(one) if key in found else one
    # However many rows it gave, it is one agency.
    return {key: msgspec.structs.replace(each, agencies=1) for key, each in found.items()}


def _one(form: Form, column: Column, line: Line) -> Tally | None:
    stored = line.cells.get(column.key)
    if column.rollup == "none" or stored is None:
        return None
    value = value_of(column, stored)
    if column.rollup == "count":
        return Tally(values=0 if value is False else 1)
    if column.rollup in ("min", "max"):
        return Tally(values=1, least=value, most=value)
    weight = Fraction(1)
    if column.rollup == "average" and column.weight:
        by = line.cells.get(column.weight)
        if by is None:
            return None
        weight = Fraction(str(by))
    return Tally(values=1, total=Fraction(str(stored)) * weight, weight=weight)


def together(tallies: Iterable[dict[Key, Tally]]) -> dict[Key, Tally]:
    """Several agencies' tallies as one."""
    found: dict[Key, Tally] = {}
    for each in tallies:
        for key, tally in each.items():
            found[key] = found[key].plus(tally) if key in found else tally
    return found


def rolled(column: Column, tally: Tally) -> Value | None:
    """What stands in the rolled-up cell; None where nobody gave anything."""
    if not tally.values and column.rollup != "count":
        return None
    match column.rollup:
        case "sum":
            return _exact(column, tally.total)
        case "count":
            return tally.values if tally.agencies else None
        case "average":
            return _rounded(tally.total / tally.weight, 2) if tally.weight else None
        case "min":
            return tally.least
        case "max":
            return tally.most
        case "none":
            return None


def _exact(column: Column, total: Fraction) -> Value:
    return _rounded(total, column.decimals) if column.kind == "decimal" else int(total)


def _rounded(number: Fraction, places: int) -> Decimal:
    """Halves away from nought, as people round."""
    scaled = abs(number) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return (Decimal(-whole) if number < 0 else Decimal(whole)).scaleb(-places)


def balances(whole: dict[Key, Tally], parts: Iterable[dict[Key, Tally]]) -> bool:
    """True when the parts add up to the whole, cell for cell."""
    return together(parts) == whole


class Completeness(msgspec.Struct, frozen=True):
    """How many of those asked have answered. A roll-up is whole only when all have."""

    answered: int
    asked: int
    until: date | None = None

    @property
    def is_whole(self) -> bool:
        """True when nothing is missing."""
        return self.answered == self.asked
