"""What a KPI file says: plain data, no SQL. Which columns there are is in `columns`, reading files in `definitions`.

A KPI names its grain (what is counted), when a case belongs to a period, which cases count, and what of them is the
figure. A share says its denominator; a percentile and a mean say of what column.
"""

from typing import Literal

import msgspec

from motcua.law.texts import Text

Grain = Literal["dossier", "stage", "span", "open_day", "rating"]
Measure = Literal["count", "share", "percentile", "mean", "sums"]
When = Literal["accepted_at", "finished_at", "handed_at", "closed", "at", "day", "as_of"]
Dimension = Literal[
    "month", "half", "receiving", "district", "tier", "field", "procedure", "channel", "resolving", "agency", "step",
    "ground", "officer",
]  # fmt: skip
Viewer = Literal["public", "officials", "head", "control"]
Better = Literal["up", "down", "none"]
Unit = Literal["dossiers", "pieces", "share", "per_1000", "working_minutes", "minutes", "points", "each", "ratings"]

VIEWERS: tuple[Viewer, ...] = ("public", "officials", "head", "control")
OPERATORS = ("is", "not", "in", "at_least", "at_most", "more_than", "less_than")


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column and one thing said of it."""

    column: str
    is_: str | None = msgspec.field(default=None, name="is")
    not_: str | None = msgspec.field(default=None, name="not")
    in_: tuple[str, ...] | None = msgspec.field(default=None, name="in")
    at_least: float | None = None
    at_most: float | None = None
    more_than: float | None = None
    less_than: float | None = None

    def said(self) -> list[tuple[str, str | tuple[str, ...] | float]]:
        """The operators that are written, with their values; a right condition has one."""
        values = (self.is_, self.not_, self.in_, self.at_least, self.at_most, self.more_than, self.less_than)
        return [(name, value) for name, value in zip(OPERATORS, values, strict=True) if value is not None]

    def __str__(self) -> str:
        """As the page of a KPI writes it."""
        signs = {"is": "=", "not": "≠", "in": "∈", "at_least": "≥", "at_most": "≤", "more_than": ">", "less_than": "<"}
        written = []
        for name, value in self.said():
            shown = f"{{{', '.join(value)}}}" if isinstance(value, tuple) else _plain(value)
            written.append(f"{self.column} {signs[name]} {shown}")
        return " ∧ ".join(written)


def _plain(value: str | float) -> str:
    return f"{value:g}" if isinstance(value, float) else value


class Cohort(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Further cases of a KPI, which belong to a period by another instant."""

    when: When
    where: tuple[Condition, ...]


class Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns that are added up instead of counting rows. The denominator may be `days`: those of the period."""

    numerator: str
    denominator: str = ""


class Kpi(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One indicator. `target` is that of a law, shown with its source; `smallest_sample` the fewest cases shown;
    `order` its place in its group."""

    code: str
    group: str
    name: Text
    definition: Text
    grain: Grain
    measure: Measure
    when: When
    unit: Unit
    legal: Text
    visibility: Viewer
    by: tuple[Dimension, ...]
    count: tuple[Condition, ...] | None = None
    numerator: tuple[Condition, ...] | None = None
    denominator: tuple[Condition, ...] | None = None
    also: tuple[Cohort, ...] = ()
    of: str = ""
    share: float | None = None
    amount: Amount | None = None
    order: int = 1000
    better: Better = "none"
    smallest_sample: int = 10
    target: float | None = None

    @property
    def cohorts(self) -> tuple[Cohort, ...]:
        """The cases that count: the denominator of a share, what is counted, what a percentile is taken of."""
        return (Cohort(self.when, self.denominator or self.count or ()), *self.also)

    @property
    def is_stock(self) -> bool:
        """True when it says what is so at an instant, not what happened in a period."""
        return self.when == "as_of"

    @property
    def formula(self) -> str:
        """The reckoning in the names of columns."""
        cases = " ∪ ".join(_cases(each) for each in self.cohorts)
        if self.amount is not None:
            below = f" / Σ {self.amount.denominator}" if self.amount.denominator else ""
            return f"Σ {self.amount.numerator}{below} [{cases}]".replace("Σ days", "days")
        match self.measure:
            case "share":
                return f"n[{' ∧ '.join(map(str, self.numerator or ()))}] / n[{cases}]"
            case "percentile":
                return f"P{(self.share or 0) * 100:g}({self.of}) [{cases}]"
            case "mean":
                return f"Σ {self.of} / n [{cases}]"
            case _:
                return f"n[{cases}]"


def _cases(cohort: Cohort) -> str:
    instant = {"as_of": "as of", "day": "day"}.get(cohort.when, f"{cohort.when} ∈ T")
    return " ∧ ".join([instant, *map(str, cohort.where)])
