"""Checks the questions of a form: that each can be answered, shown, reckoned and bounded.

Cleaning what people answer is left to `forms`.
"""

import re
from collections.abc import Iterator, Sequence

from motcua.law.faults import Fault, fault
from motcua.law.forms import operands
from motcua.law.procedure import Condition, Field, Procedure

NUMERIC = ("number", "money")
MOST_FIELDS = 300
# What the population register can answer, and in which types of question. `wife` and `husband` are the two of the
# couple that the person belongs to, whichever of them asks.
TOPICS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("self", "spouse", "wife", "husband", "father", "mother"), ("person",)),
    "self.name": ("text",),
    "self.sex": ("choice",),
    "self.birth": ("date",),
    "self.ethnicity": ("text", "choice"),
    "self.residence": ("address",),
    "self.birthplace": ("address", "text"),
}
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")


def check_fields(procedure: Procedure) -> list[Fault]:
    """What is wrong with the form: ids, choices, columns, bounds, conditions and computed fields."""
    fields = procedure.fields()
    if len(fields) > MOST_FIELDS:
        return [fault("$.form", f"Mẫu đơn có quá {MOST_FIELDS} mục.", f"More than {MOST_FIELDS} fields.")]
    paths = [
        f"$.form[{at}].fields[{number}]"
        for at, group in enumerate(procedure.form)
        for number in range(len(group.fields))
    ]
    cases = {case.id for case in procedure.cases}
    found = [*_together(fields, paths)]
    for at, (field, path) in enumerate(zip(fields, paths, strict=True)):
        found += _alone(field, path)
        for each, name in enumerate(field.cases):
            if name not in cases:
                found.append(
                    fault(f"{path}.cases[{each}]", f"Không có trường hợp “{name}”.", f"There is no case “{name}”.")
                )
        if field.when is not None:
            found += condition(f"{path}.when", field.when, fields[:at])
        if field.type == "table":
            found += _columns(field, path)
    return found


def _together(fields: Sequence[Field], paths: Sequence[str]) -> Iterator[Fault]:
    """Unique ids, and computed fields that rest on numbers without going round in a circle."""
    known: set[str] = set()
    for field, path in zip(fields, paths, strict=True):
        if field.id in known:
            yield fault(f"{path}.id", f"“{field.id}” đã có rồi.", f"“{field.id}” is there already.")
        elif not _ID.fullmatch(field.id):
            yield fault(
                f"{path}.id",
                f"“{field.id}” phải bắt đầu bằng chữ thường và chỉ gồm chữ thường, chữ số, gạch dưới.",
                f"“{field.id}” must begin with a small letter and have only small letters, digits, underscores.",
            )
        if field.computed:
            yield from _computed(field, path, fields, known)
        known.add(field.id)


def _computed(field: Field, path: str, fields: Sequence[Field], before: set[str]) -> Iterator[Fault]:
    """Operands must be numbers asked for earlier: this keeps the reckoning in one pass and free of circles."""
    path = f"{path}.computed"
    if field.type not in NUMERIC:
        yield fault(path, "Chỉ tính được số hoặc tiền.", "Only numbers and money can be computed.")
    try:
        _, names = operands(field.computed)
    except ValueError:
        yield fault(
            path,
            f"“{field.computed}” phải có dạng “sum: a b” hoặc “product: a b”.",
            f"“{field.computed}” must be written “sum: a b” or “product: a b”.",
        )
        return
    for name in names:
        table, dot, column = name.partition(".")
        source = next((each for each in fields if each.id == table), None)
        if source is not None and dot:
            source = next((each for each in source.columns if each.id == column), None)
        if source is None:
            yield fault(path, f"Không có mục “{name}”.", f"There is no field “{name}”.")
        elif source.type not in NUMERIC:
            yield fault(
                path, f"Mục “{name}” không phải số hoặc tiền.", f"Field “{name}” is neither a number nor money."
            )
        elif table not in before:
            yield fault(
                path,
                f"Mục “{name}” phải đứng trước mục được tính từ nó, không được vòng tròn.",
                f"Field “{name}” must come before what is computed from it, never in a circle.",
            )


def _alone(field: Field, path: str) -> Iterator[Fault]:
    if (field.type == "choice") != bool(field.choices):
        yield fault(
            f"{path}.choices",
            "Danh sách lựa chọn đi với loại choice, và loại choice phải có danh sách.",
            "Choices belong to the type choice, which must have some.",
        )
    values = [choice.value for choice in field.choices]
    for at, value in enumerate(values):
        if not value.strip() or value in values[:at]:
            yield fault(
                f"{path}.choices[{at}].value", f"“{value}” trống hoặc trùng.", f"“{value}” is empty or given twice."
            )
    if (field.type == "table") != bool(field.columns):
        yield fault(
            f"{path}.columns",
            "Các cột đi với loại table, và loại table phải có cột.",
            "Columns belong to the type table, which must have some.",
        )
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        yield fault(
            f"{path}.minimum",
            f"Nhỏ nhất {field.minimum} lớn hơn lớn nhất {field.maximum}.",
            f"The minimum {field.minimum} is above the maximum {field.maximum}.",
        )
    bounded = field.minimum is not None or field.maximum is not None
    if bounded and field.type not in (*NUMERIC, "table"):
        yield fault(
            f"{path}.type",
            "Chỉ số, tiền và bảng có giới hạn nhỏ nhất, lớn nhất.",
            "Only numbers, money and tables have a minimum or maximum.",
        )
    yield from _known(field, path)
    if field.not_after and field.type != "date":
        yield fault(f"{path}.not_after", "not_after chỉ dùng cho ngày.", "not_after is only for dates.")
    if field.max_length < 1:
        yield fault(f"{path}.max_length", "Độ dài phải từ 1.", "The length must be at least 1.")


def _known(field: Field, path: str) -> Iterator[Fault]:
    """What the register is to answer must be something it knows, asked for in a type that can hold it."""
    if not field.known:
        return
    types = TOPICS.get(field.known)
    if types is None:
        yield fault(
            f"{path}.known",
            f"“{field.known}” không phải điều cơ sở dữ liệu dân cư biết: {', '.join(TOPICS)}.",
            f"“{field.known}” is nothing the population register knows: {', '.join(TOPICS)}.",
        )
    elif field.type not in types or field.computed:
        yield fault(
            f"{path}.known",
            f"“{field.known}” chỉ điền được vào mục loại {' hoặc '.join(types)}.",
            f"“{field.known}” only fills a field of type {' or '.join(types)}.",
        )


def _columns(table: Field, path: str) -> Iterator[Fault]:
    paths = [f"{path}.columns[{at}]" for at in range(len(table.columns))]
    yield from _together(table.columns, paths)
    for at, column in enumerate(table.columns):
        yield from _alone(column, paths[at])
        if column.known:
            yield fault(f"{paths[at]}.known", "Trong bảng không điền sẵn.", "Columns are not filled from the register.")
        if column.type in ("table", "file"):
            yield fault(f"{paths[at]}.type", "Trong bảng không có bảng hoặc tệp.", "A table holds no tables or files.")
        if column.when is not None:
            yield from condition(f"{paths[at]}.when", column.when, table.columns[:at])


def condition(path: str, when: Condition, fields: Sequence[Field]) -> Iterator[Fault]:
    """A condition must ask about one of `fields` (those answered before), and about values it can have."""
    field = next((each for each in fields if each.id == when.field), None)
    if field is None:
        yield fault(
            f"{path}.field",
            f"Không có mục “{when.field}” trước chỗ này trong mẫu đơn.",
            f"There is no field “{when.field}” before this in the form.",
        )
        return
    if field.type == "yes_no":
        possible = {"yes", "no"}
        if not when.values:
            yield fault(
                f"{path}.values",
                f"“{when.field}” là có/không: phải ghi giá trị yes hoặc no.",
                f"“{when.field}” is yes or no: say which.",
            )
    elif field.type == "choice":
        possible = {choice.value for choice in field.choices}
    else:
        return
    for at, value in enumerate(when.values):
        if value not in possible:
            yield fault(
                f"{path}.values[{at}]",
                f"“{when.field}” không có giá trị “{value}”.",
                f"“{when.field}” has no value “{value}”.",
            )
