"""The form of a reporting campaign as data: typed columns, fixed or free rows, checks, how columns are rolled up.

A form is written by the city (in a content pack or in the browser) and never changed once a campaign was opened
with it. Reading cells is left to `campaign_cells`, checking a filled table to `campaign_check`.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from motcua.law.faults import Fault, fault
from motcua.law.texts import Text

Kind = Literal["text", "int", "decimal", "money", "date", "choice", "yes_no"]
RollUp = Literal["none", "sum", "count", "average", "min", "max"]
Value = str | int | bool | Decimal | date

NUMBERS = ("int", "decimal", "money")
MOST_COLUMNS, MOST_FIXED_ROWS, MOST_FREE_ROWS = 40, 500, 10_000
MOST_DECIMALS, LONGEST_TEXT = 6, 2000
_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the answers of a column of choices."""

    code: str
    name: Text


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One column. `jump` warns when an answer differs from the last campaign's by more than so many percent.

    An average is weighted by the column `weight` names, or by nothing. Money is in whole đồng. `plain` numbers (years)
    are said without a mark between thousands.
    """

    key: str
    title: Text
    kind: Kind
    help: Text | None = None
    required: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    earliest: date | None = None
    latest: date | None = None
    choices: tuple[Choice, ...] = ()
    decimals: int = 2
    longest: int = 200
    rollup: RollUp = "none"
    weight: str = ""
    jump: int | None = None
    plain: bool = False

    @property
    def is_number(self) -> bool:
        """True when it holds numbers."""
        return self.kind in NUMBERS


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fixed row of a form."""

    key: str
    title: Text


class Sum(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`total` equals the sum of `parts` in every row, or is at least as large."""

    total: str
    parts: tuple[str, ...]
    relation: Literal["equal", "at_most"] = "equal"


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A form. With `rows` these and no others are answered; without, everybody adds up to `most_rows` rows."""

    code: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    sums: tuple[Sum, ...] = ()
    most_rows: int = 200
    ground: str = ""
    help: Text | None = None
    demonstration: bool = False

    def column(self, key: str) -> Column | None:
        """The column called `key`, or None."""
        return next((each for each in self.columns if each.key == key), None)

    def row(self, key: str) -> Row | None:
        """The fixed row called `key`, or None."""
        return next((each for each in self.rows if each.key == key), None)


def check_form(form: Form) -> Iterator[Fault]:
    """What is wrong with a form, by the path of the value."""
    if not _CODE.fullmatch(form.code):
        yield fault("$.code", "mã biểu gồm chữ thường không dấu, số và gạch nối", "a code is small letters, digits, -")
    if not form.title.vi.strip():
        yield fault("$.title", "biểu cần có tên", "a form needs a title")
    if not 1 <= len(form.columns) <= MOST_COLUMNS:
        yield fault("$.columns", f"biểu cần từ 1 đến {MOST_COLUMNS} cột", f"a form has 1 to {MOST_COLUMNS} columns")
    if len(form.rows) > MOST_FIXED_ROWS:
        yield fault("$.rows", f"quá {MOST_FIXED_ROWS} dòng cố định", f"more than {MOST_FIXED_ROWS} fixed rows")
    if not 1 <= form.most_rows <= MOST_FREE_ROWS:
        yield fault("$.most_rows", f"số dòng tối đa từ 1 đến {MOST_FREE_ROWS}", f"1 to {MOST_FREE_ROWS} rows")
    yield from _keys("columns", [each.key for each in form.columns])
    yield from _keys("rows", [each.key for each in form.rows])
    for at, column in enumerate(form.columns):
        yield from _column_faults(form, column, f"$.columns[{at}]")
    for at, one in enumerate(form.sums):
        for key in (one.total, *one.parts):
            named = form.column(key)
            if named is None or not named.is_number:
                yield fault(f"$.sums[{at}]", f"“{key}” không phải cột số", f"“{key}” is no column of numbers")
        if not one.parts or one.total in one.parts or len(set(one.parts)) < len(one.parts):
            yield fault(f"$.sums[{at}]", "tổng cần các cột khác nhau", "a sum needs different columns")


def _keys(name: str, keys: list[str]) -> Iterator[Fault]:
    for at, key in enumerate(keys):
        if not _KEY.fullmatch(key):
            yield fault(
                f"$.{name}[{at}].key",
                f"mã “{key}” phải là chữ thường không dấu, số, gạch dưới",
                f"the key “{key}” must be small letters, digits, _",
            )
        if key in keys[:at]:
            yield fault(f"$.{name}[{at}].key", f"mã “{key}” ghi hai lần", f"the key “{key}” is given twice")


def _column_faults(form: Form, column: Column, path: str) -> Iterator[Fault]:
    if not column.title.vi.strip():
        yield fault(f"{path}.title", "cột cần có tên", "a column needs a title")
    if (column.kind == "choice") != bool(column.choices):
        yield fault(f"{path}.choices", "chỉ cột lựa chọn có các lựa chọn", "choices go with a column of choices")
    codes = [each.code for each in column.choices]
    if len(set(codes)) < len(codes):
        yield fault(f"{path}.choices", "một lựa chọn ghi hai lần", "a choice is given twice")
    if (column.minimum, column.maximum) != (None, None) and not column.is_number:
        yield fault(path, "chỉ cột số có nhỏ nhất, lớn nhất", "only numbers have a smallest and a largest")
    if column.minimum is not None and column.maximum is not None and column.minimum > column.maximum:
        yield fault(f"{path}.minimum", "nhỏ nhất lớn hơn lớn nhất", "the smallest is larger than the largest")
    if (column.earliest, column.latest) != (None, None) and column.kind != "date":
        yield fault(path, "chỉ cột ngày có ngày sớm nhất, muộn nhất", "only dates have an earliest and a latest")
    if not 0 <= column.decimals <= MOST_DECIMALS or not 1 <= column.longest <= LONGEST_TEXT:
        yield fault(path, "số chữ số hoặc độ dài ngoài giới hạn", "decimals or length out of bounds")
    if column.rollup in ("sum", "average") and not column.is_number:
        yield fault(f"{path}.rollup", "chỉ cộng hoặc tính trung bình cột số", "only numbers are summed or averaged")
    if column.rollup in ("min", "max") and not (column.is_number or column.kind == "date"):
        yield fault(f"{path}.rollup", "chỉ số và ngày có nhỏ nhất, lớn nhất", "only numbers and dates are ordered")
    if column.jump is not None and (not column.is_number or column.jump < 1):
        yield fault(f"{path}.jump", "ngưỡng chênh lệch là số phần trăm của cột số", "a jump is a percentage of numbers")
    if column.weight:
        weighing = form.column(column.weight)
        if column.rollup != "average" or weighing is None or not weighing.is_number or column.weight == column.key:
            yield fault(f"{path}.weight", "trọng số phải là một cột số khác", "a weight is another column of numbers")
