"""The report forms as data, and assembling them: rows from counts, their numbers, their balance. Pure.

Form II.06a stands in Circular 02/2017/TT-VPCP and 01/2020/TT-VPCP; how II.06b and II.06c lay their rows out is
recalled and marked so. Reckoning the counts is left to `reckoning`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from motcua.law.texts import Text
from motcua.statutory.columns import NUMBERS, Line, cells, faults

Key = tuple[str, ...]
DEMONSTRATION = Text("Bố cục dòng là giá trị minh họa.", "How the rows are laid out is a demonstration value.")
TOTAL = Text("Tổng số", "Total")


class Layout(msgspec.Struct, frozen=True):
    """One form: its code and title, and by what its rows are grouped, the outer first."""

    code: str
    title: Text
    rows_of: Text
    by: tuple[str, ...]
    demonstration: bool = False

    @property
    def form(self) -> str:
        """The form's name as it stands on the paper."""
        return f"Biểu số {self.code}/VPCP/KSTT"


LAYOUTS: dict[str, Layout] = {
    each.code: each
    for each in (
        Layout(
            "II.06a",
            Text(
                "Tình hình, kết quả giải quyết thủ tục hành chính tại cơ quan, đơn vị",
                "Settling of administrative procedures at the agency",
            ),
            Text("Lĩnh vực, công việc giải quyết theo cấp", "Field, procedure"),
            ("field", "procedure"),
        ),
        Layout(
            "II.06b",
            Text(
                "Tổng hợp tình hình, kết quả giải quyết thủ tục hành chính theo cấp, cơ quan",
                "Settling of administrative procedures by tier and agency",
            ),
            Text("Cấp, cơ quan giải quyết", "Tier, agency"),
            ("tier", "receiving"),
            demonstration=True,
        ),
        Layout(
            "II.06c",
            Text(
                "Tổng hợp tình hình, kết quả giải quyết thủ tục hành chính theo lĩnh vực",
                "Settling of administrative procedures by field",
            ),
            Text("Lĩnh vực, cấp giải quyết", "Field, tier"),
            ("field", "tier"),
            demonstration=True,
        ),
    )
}


class Row(msgspec.Struct, frozen=True):
    """One row: its number in the form, its name, the part of the city it is, its figures.

    `level` is 0 for the total, 1 for a group, 2 within it. `cells` are in the order of the columns, with what was not
    accepted at the end.
    """

    level: int
    number: str
    label: Text
    part: tuple[tuple[str, str], ...]
    cells: tuple[int, ...]

    @property
    def key(self) -> str:
        """What names the row whatever its label is called today."""
        return " ".join(f"{name}={value}" for name, value in self.part)


class Fault(msgspec.Struct, frozen=True):
    """A row that does not balance, and the sum that differs."""

    label: Text
    sum: str


class Report(msgspec.Struct, frozen=True):
    """A form filled in: what is shown, exported and, once issued, kept for ever.

    `at` is the instant of its last column: the end of the period, or now where the period still runs (`running`).
    `complete_until` says until when the figures were complete when it was reckoned.
    """

    form: str
    title: Text
    scope: str
    scope_name: Text
    period: str
    period_name: Text
    at: datetime
    running: bool
    complete_until: datetime | None
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Text, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def total(self) -> Row:
        """The row of all."""
        return self.rows[0]

    @property
    def is_empty(self) -> bool:
        """True when there was no dossier at all."""
        return not any(self.total.cells)


Naming = Mapping[str, Callable[[str], Text]]
Order = Callable[[str, str], tuple[object, ...]]


def assembled(
    layout: Layout, counts: Mapping[Key, Line], naming: Naming, order: Order
) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    """The rows of a form from counts by its groups, total first; and the rows that do not balance.

    Groups are in the order of `order(dimension, value)` and numbered I, II; what is within them 1, 2, from 1 each.
    """
    outer, inner = layout.by
    groups: dict[str, dict[str, Line]] = {}
    for (group, within), line in counts.items():
        kept = groups.setdefault(group, {})
        kept[within] = kept.get(within, Line()) + line
    total = sum(counts.values(), Line())
    rows = [Row(0, "", TOTAL, (), cells(total))]
    wrong = [(TOTAL, each) for each in faults(total)]
    for at, group in enumerate(sorted(groups, key=lambda value: order(outer, value)), 1):
        lines = groups[group]
        summed, label = sum(lines.values(), Line()), naming[outer](group)
        rows.append(Row(1, roman(at), label, ((outer, group),), cells(summed)))
        wrong += [(label, each) for each in faults(summed)]
        for number, within in enumerate(sorted(lines, key=lambda value: order(inner, value)), 1):
            name = naming[inner](within)
            rows.append(Row(2, str(number), name, ((outer, group), (inner, within)), cells(lines[within])))
            wrong += [(name, each) for each in faults(lines[within])]
    return tuple(rows), tuple(Fault(*each) for each in wrong)


def roman(number: int) -> str:
    """1 to 3999 as the forms number their groups."""
    pairs = (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    )  # fmt: skip
    found = ""
    for value, letters in pairs:
        times, number = divmod(number, value)
        found += letters * times
    return found


class Difference(msgspec.Struct, frozen=True):
    """One cell that is no longer what it was: None where the row was not there."""

    label: Text
    column: str
    issued: int | None
    now: int | None


def differing(issued: Report, now: Report) -> list[Difference]:
    """Every cell in which two reports of the same form differ, row by row; nothing when they are the same."""
    before, after = ({row.key: row for row in report.rows} for report in (issued, now))
    found = []
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        label = (new or old or issued.total).label
        for at, number in enumerate((*NUMBERS, "")):
            one, other = old.cells[at] if old else None, new.cells[at] if new else None
            if (one or 0) != (other or 0) or (one is None) != (other is None):
                found.append(Difference(label, number, one, other))
    return found
