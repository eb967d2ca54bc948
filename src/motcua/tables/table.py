"""A typed table, before it is Excel, CSV or PDF: its columns, its rows as a stream, its notes, its form.

Rows are taken once, one after the other, and never gathered: who makes a table may hand in a generator over a
million rows. Words are in one language when they come here; only the writers' own few are chosen by `language`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE

Kind = Literal["text", "int", "decimal", "percent", "date", "instant", "minutes"]
NUMBERS: frozenset[Kind] = frozenset({"int", "decimal", "percent", "minutes"})
# A share is not added up, and neither is a day.
ADDED: frozenset[Kind] = frozenset({"int", "decimal", "minutes"})
_WIDTHS: dict[Kind, int] = {
    "text": 24, "int": 10, "decimal": 12, "percent": 10, "date": 12, "instant": 17, "minutes": 11,
}  # fmt: skip
_PHRASES: dict[str, Text] = {
    "total": Text("Tổng cộng", "Total"),
    "notes": Text("Ghi chú", "Notes"),
    "page": Text("Trang", "Page"),
    "unit": Text("Đơn vị tính", "Unit"),
    "true": Text("có", "yes"),
    "false": Text("không", "no"),
    "empty": Text("Không có dòng nào.", "There are no rows."),
}
Row = Sequence[object]


class Column(msgspec.Struct, frozen=True):
    """One column. `width` is in letters (0: what suits the kind); `total` adds the column up in a last row.

    `minutes` are whole minutes of working time: the title says so.
    """

    key: str
    title: str
    kind: Kind = "text"
    width: int = 0
    total: bool = False

    @property
    def wide(self) -> int:
        """Its width in letters."""
        return self.width or max(_WIDTHS[self.kind], min(len(self.title) + 2, 18))


class HeadCell(NamedTuple):
    """One cell of a head of several rows: over how many columns and rows it goes."""

    text: str
    across: int = 1
    down: int = 1


class Placed(NamedTuple):
    """A cell of the head where it stands, counted from 0."""

    row: int
    column: int
    text: str
    across: int
    down: int


class Signature(msgspec.Struct, frozen=True):
    """Who signs beneath: by what authority, how, and the name where it is known."""

    authority: str
    hint: str = ""
    name: str = ""


class Form(msgspec.Struct, frozen=True):
    """How a paper of the state stands around its table; every part is left out when it is empty.

    `left` and `right` are the blocks beside the title (the form's number, whom it comes from, whom it goes to),
    `under` the lines below it (the period), `head` the rows of the head in place of the columns' titles, `numbers`
    the row that numbers the columns, `unit` what is counted.
    """

    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    head: tuple[tuple[HeadCell, ...], ...] = ()
    numbers: tuple[str, ...] = ()
    unit: str = ""
    place_and_day: str = ""
    signatures: tuple[Signature, ...] = ()
    nation: bool = False


class Table(msgspec.Struct, frozen=True):
    """A table. `head` groups columns under common titles; `form` lays it out as a paper of the state.

    `length` is how many rows will come, where it is known: as a number, or asked when the rows are. `made_at` stands
    in the file's own record, so that the same table of the same hour is the same file.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    notes: tuple[str, ...] = ()
    head: tuple[tuple[str, int], ...] = ()
    form: Form | None = None
    length: int | Callable[[], int] | None = None
    made_at: datetime | None = None
    language: str = "vi"

    def count(self) -> int | None:
        """How many rows will come; None when nobody knows."""
        return self.length() if callable(self.length) else self.length

    def phrase(self, name: str) -> str:
        """A word of the writers' own in the table's language."""
        return _PHRASES[name].within(self.language)

    @property
    def totals(self) -> bool:
        """Whether there is a last row that adds up."""
        return any(column.total for column in self.columns)


class WrongRowError(ValueError):
    """A row that does not fit its columns: which row, which column; never what stands in it."""


def checked(table: Table) -> Iterator[Row]:
    """The rows one by one, each as long as there are columns. Raises WrongRowError."""
    width = len(table.columns)
    for number, row in enumerate(table.rows, 1):
        if len(row) != width:
            raise WrongRowError(f"row {number} has {len(row)} cells for {width} columns")
        yield row


def lay_out(table: Table) -> list[list[Placed]]:
    """The head's cells, row by row, where they stand. Raises ValueError when they do not fill it exactly."""
    rows = table.form.head if table.form is not None and table.form.head else _grouped(table)
    width, taken = len(table.columns), set[tuple[int, int]]()
    placed: list[list[Placed]] = []
    for at, cells in enumerate(rows):
        line: list[Placed] = []
        column = 0
        for cell in cells:
            while (at, column) in taken:
                column += 1
            covered = {(at + y, column + x) for y in range(cell.down) for x in range(cell.across)}
            if column + cell.across > width or at + cell.down > len(rows) or covered & taken:
                raise ValueError(f"{cell.text!r} does not fit into the head")
            taken |= covered
            line.append(Placed(at, column, *cell))
            column += cell.across
        placed.append(line)
    if len(taken) != width * len(rows):
        raise ValueError("the head leaves a hole")
    return placed


def _grouped(table: Table) -> tuple[tuple[HeadCell, ...], ...]:
    """Titles alone, or under their groups; a column under no name goes through both rows."""
    titles = [column.title for column in table.columns]
    if not table.head:
        return (tuple(HeadCell(title) for title in titles),)
    above: list[HeadCell] = []
    below: list[HeadCell] = []
    at = 0
    for name, across in table.head:
        mine = titles[at : at + across]
        at += across
        if name:
            above.append(HeadCell(name, across))
            below += [HeadCell(title) for title in mine]
        else:
            above += [HeadCell(title, 1, 2) for title in mine]
    return (tuple(above), tuple(below))


class Sums:
    """Adds up, row by row, the columns that want it."""

    def __init__(self, table: Table) -> None:
        self._wanted = [at for at, column in enumerate(table.columns) if column.total and column.kind in ADDED]
        self._sums: dict[int, int | Decimal] = dict.fromkeys(self._wanted, 0)
        self._width = len(table.columns)
        self._label = table.phrase("total")
        free = [at for at in range(self._width) if at not in self._sums]
        self._place = next((at for at in free if table.columns[at].kind == "text"), free[0] if free else None)

    def add(self, row: Row) -> None:
        """One row more."""
        for at in self._wanted:
            value = row[at]
            if value is not None:
                self._sums[at] += value if isinstance(value, int) else Decimal(str(value))

    def row(self) -> list[object]:
        """The last row; its words stand in the first column of text that is free."""
        found: list[object] = [self._sums.get(at) for at in range(self._width)]
        if self._place is not None:
            found[self._place] = self._label
        return found


def as_text(value: object, table: Table) -> str:
    """A value in a column of text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return table.phrase("true" if value else "false")
    if isinstance(value, datetime):
        return in_city(value).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value)


def in_city(value: datetime) -> datetime:
    """An instant by the city's clock, to the second. Raises ValueError for one without a zone."""
    if value.tzinfo is None:
        raise ValueError("an instant of a table has its time zone")
    return value.astimezone(CITY_ZONE).replace(microsecond=0)


def as_number(value: object, column: Column) -> int | float | Decimal | None:
    """A value in a column of numbers; None where there is none. Raises WrongRowError for what is no number."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise WrongRowError(f"{column.key} is to be a number, and has a {type(value).__name__}")
    if not isinstance(value, int) and not (value == value and abs(value) != float("inf")):
        return None
    return value


def as_day(value: object, column: Column) -> date | datetime | None:
    """A value in a column of days or instants, by the city's clock. Raises WrongRowError for what is none."""
    if value is None or value == "":
        return None
    if column.kind == "instant":
        if not isinstance(value, datetime):
            raise WrongRowError(f"{column.key} is to be an instant, and has a {type(value).__name__}")
        return in_city(value)
    if isinstance(value, datetime):
        return in_city(value).date()
    if not isinstance(value, date):
        raise WrongRowError(f"{column.key} is to be a day, and has a {type(value).__name__}")
    return value
