"""The columns of form II.06, and the counts they are made of: pure data.

Every column is a sum of parts, and every part is one list of dossiers, so that any figure of the form opens the
dossiers it counts. What ended without an answer (7a) and what waits lawfully (11a) stand apart and count in the
totals: nothing of it can pass for "on time". What was never accepted is no dossier received, and stands beside.
"""

from typing import Literal, get_args

import msgspec

from motcua.law.texts import Text

Part = Literal[
    "taken_in_time", "taken_overdue", "taken_waiting", "online", "counter", "before_date", "on_time", "late", "ended",
    "in_time", "overdue", "waiting", "not_accepted",
]  # fmt: skip
PARTS: tuple[Part, ...] = get_args(Part)
TAKEN: tuple[Part, ...] = ("taken_in_time", "taken_overdue", "taken_waiting")
DONE: tuple[Part, ...] = ("before_date", "on_time", "late", "ended")
OPEN: tuple[Part, ...] = ("in_time", "overdue", "waiting")


class Line(msgspec.Struct, frozen=True):
    """One row's counts, part by part. `granted` and `refused` are the answers once more, by what they said."""

    taken_in_time: int = 0
    taken_overdue: int = 0
    taken_waiting: int = 0
    online: int = 0
    counter: int = 0
    before_date: int = 0
    on_time: int = 0
    late: int = 0
    ended: int = 0
    in_time: int = 0
    overdue: int = 0
    waiting: int = 0
    not_accepted: int = 0
    granted: int = 0
    refused: int = 0

    def __add__(self, other: "Line") -> "Line":
        pairs = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return Line(*(one + more for one, more in pairs))

    def of(self, parts: tuple[Part, ...]) -> int:
        """The sum of some parts."""
        return sum(int(getattr(self, part)) for part in parts)


class Column(msgspec.Struct, frozen=True):
    """One column: its number in the form, its name in an address, its title, the parts it adds up."""

    number: str
    slug: str
    title: Text
    parts: tuple[Part, ...]


COLUMNS: tuple[Column, ...] = (
    Column("3", "nhan", Text("Tổng số", "Total"), (*TAKEN, "counter", "online")),
    Column("4", "truc-tuyen", Text("Trực tuyến", "Online"), ("online",)),
    Column("5", "truc-tiep", Text("Trực tiếp, dịch vụ bưu chính", "Counter or post"), ("counter",)),
    Column("6", "ky-truoc", Text("Từ kỳ trước", "From before"), TAKEN),
    Column("7", "da-giai-quyet", Text("Tổng số", "Total"), DONE),
    Column("8", "truoc-han", Text("Trước hạn", "Before the date"), ("before_date",)),
    Column("9", "dung-han", Text("Đúng hạn", "On time"), ("on_time",)),
    Column("10", "qua-han", Text("Quá hạn", "Late"), ("late",)),
    Column("7a", "ket-thuc-khac", Text("Rút, dừng, đóng", "Withdrawn, stopped, closed"), ("ended",)),
    Column("11", "dang-giai-quyet", Text("Tổng số", "Total"), OPEN),
    Column("12", "trong-han", Text("Trong hạn", "In time"), ("in_time",)),
    Column("13", "dang-qua-han", Text("Quá hạn", "Overdue"), ("overdue",)),
    Column("11a", "cho", Text("Tạm dừng theo luật", "Waiting lawfully"), ("waiting",)),
)
BESIDE = Column(
    "", "khong-tiep-nhan", Text("Không tiếp nhận (ngoài biểu)", "Not accepted (beside the form)"), ("not_accepted",)
)
BY_SLUG = {column.slug: column for column in (*COLUMNS, BESIDE)}
NUMBERS = tuple(column.number for column in COLUMNS)
# The head of the form over its columns: the name of a group, and how many columns it goes over.
GROUPS: tuple[tuple[Text, int], ...] = (
    (Text("Số hồ sơ nhận giải quyết", "Received for settling"), 4),
    (Text("Số lượng hồ sơ đã giải quyết", "Settled"), 5),
    (Text("Số lượng hồ sơ đang giải quyết", "Being settled"), 4),
)


def cells(line: Line) -> tuple[int, ...]:
    """The figures of a row, in the order of `COLUMNS`, with what stands beside at the end."""
    return tuple(line.of(column.parts) for column in (*COLUMNS, BESIDE))


def faults(line: Line) -> tuple[str, ...]:
    """Where a row does not balance, as the sums that differ; nothing when it does."""
    found = []
    handled, done, left = line.of(COLUMNS[0].parts), line.of(DONE), line.of(OPEN)
    if handled != done + left:
        found.append(f"3 = 7 + 11: {handled} ≠ {done} + {left}")
    answered = line.before_date + line.on_time + line.late
    if answered != line.granted + line.refused:
        found.append(f"8 + 9 + 10: {answered} ≠ {line.granted} + {line.refused}")
    found += [f"{part}: {value} < 0" for part in PARTS if (value := int(getattr(line, part))) < 0]
    return tuple(found)
