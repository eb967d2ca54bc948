"""The targets and the history of one as files: values, paths and goals as numbers, with the light they have."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from motcua.office.list_files import figure_table
from motcua.tables.table import Column, Table

HUNDREDTH = Decimal("0.01")
Row = Mapping[str, Any]


def targets_table(rows: Iterable[Row], groups: Mapping[str, str]) -> Table:
    """The board as it is shown, group by group."""
    shown = list(rows)
    columns = (
        Column("group", _("Nhóm"), width=24),
        Column("code", _("Mã"), width=16),
        Column("light", _("Đèn"), width=14),
        Column("name", _("Chỉ tiêu"), width=34),
        Column("unit", _("Đơn vị tính"), width=12),
        Column("value", _("Giá trị"), "decimal"),
        Column("day", _("Đến hết ngày"), "date"),
        Column("sample", _("Số hồ sơ"), "int"),
        Column("expected", _("Lộ trình lúc đó"), "decimal"),
        Column("goal", _("Cần đạt"), "decimal"),
        Column("due", _("Hạn"), "date"),
        Column("owner", _("Cơ quan"), width=24),
        Column("note", _("Ghi chú"), width=16),
    )
    told = [_target(row, title) for code, title in groups.items() for row in shown if row["group"] == code]
    return figure_table(_("Chỉ tiêu của thành phố"), columns, told, _demonstration(shown))


def _target(row: Row, group: str) -> tuple[Any, ...]:
    standing = row["standing"]
    target, last, expected = standing.target, standing.last, standing.light.expected
    marks = (_("giá trị minh họa") if row["is_demo"] else "", _("chờ ký") if row["unsigned"] else "")
    return (
        group, row["code"], row["says"], row["name"], row["unit"], last.value if last else None, row["day"],
        row["sample"], expected.quantize(HUNDREDTH) if expected else None, target.goal, target.due,
        row["owner"], "; ".join(each for each in marks if each),
    )  # fmt: skip


def history_table(row: Row, values: Iterable[Row]) -> Table:
    """Every value of a target, the newest first: also those that were replaced, or wait for a signature."""
    columns = (
        Column("day", _("Đến hết ngày"), "date"),
        Column("number", f"{_('Giá trị')} ({row['unit']})", "decimal"),
        Column("sample", _("Số hồ sơ"), "int"),
        Column("state", _("Tình trạng")),
        Column("by", _("Ai báo cáo"), width=28),
        Column("at", _("Lúc"), "instant"),
        Column("signed", _("Ai ký"), width=28),
        Column("signed_at", _("Ký lúc"), "instant"),
        Column("note", _("Nguồn, minh chứng"), width=50),
        Column("file_name", _("Tệp"), width=28),
    )
    told = [
        tuple(each["state"][1] if column.key == "state" else each[column.key] for column in columns) for each in values
    ]
    path = _("Từ %(baseline)s (%(since)s) đến %(goal)s (%(due)s)") % {
        "baseline": row["baseline"], "since": f"{row['since']:%d/%m/%Y}", "goal": row["goal"],
        "due": f"{row['due']:%d/%m/%Y}",
    }  # fmt: skip
    notes = (row["owner"], path, *_demonstration([row]))
    return figure_table(row["name"], columns, told, notes, from_journal=row["measured"])


def _demonstration(rows: Iterable[Row]) -> tuple[str, ...]:
    if not any(row["is_demo"] for row in rows):
        return ()
    words = _("Số của các chỉ tiêu có nhãn này không phải số liệu thật của thành phố.")
    return (f"“{_('giá trị minh họa')}”: {words}",)
