"""The tables of the desk and the targets as files: what their pages show, nothing folded away, typed.

Shares stand only where the page states them: too few answers are an empty cell.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from motcua.office.list_files import figure_table
from motcua.reports.naming import kind_name
from motcua.tables.table import Column, Table

Row = Mapping[str, Any]


def desk_tables(desk: Mapping[str, Any], place: str, period: str) -> dict[str, Table]:
    """Everything counted on the desk; `desk` is what its page shows. Only what is of the period names it."""
    notes = (_("Bàn điều hành"), place)
    found = {"cung-ky": _compared(desk["compared"], notes), "thang": _trend(desk["trend"], notes)}
    if desk["tiles"]:
        found["tung-noi"] = _tiles(desk["tiles"]["units"], (*notes, period))
    if desk["waits"]:
        found["qua-han"] = _waits(desk["waits"], (*notes, _("ngay bây giờ")))
    if desk["spent"]:
        days = _("Việc xong trong %(days_of_work)s ngày qua, giờ làm việc.") % {"days_of_work": desk["days_of_work"]}
        found["khau"] = _spent(desk["spent"], (*notes, days))
    for table in desk["tables"]:
        found[table["id"]] = _figures(table["title"], table["of"], [*table["rows"], *table["more"]], (*notes, period))
    return found


def _compared(compared: Row, notes: tuple[str, ...]) -> Table:
    columns = (
        Column("month", _("Tháng"), "date"),
        Column("until", _("Đến"), "instant"),
        *(Column(kind, kind_name(kind), "int") for kind in ("received", "answered", "not_late", "late")),
        Column("share", _("Tỷ lệ đúng hạn"), "percent"),
        Column("online", _("Nộp trực tuyến"), "int"),
    )
    rows = [
        (
            each["month"], each["until"], *(cell["value"] for cell in each["cells"]), each["share"],
            each["online"]["value"],
        )
        for each in compared["columns"]
    ]  # fmt: skip
    return figure_table(_("Tháng này so với cùng kỳ"), columns, rows, (*notes, _("Cùng số ngày, đến cùng giờ.")))


def _trend(months: Sequence[Row], notes: tuple[str, ...]) -> Table:
    columns = (
        Column("month", _("Tháng"), "date"),
        Column("share", _("Đúng hạn"), "percent"),
        *(Column(kind, kind_name(kind), "int", total=True) for kind in ("received", "answered", "late")),
        Column("online", _("Nộp trực tuyến"), "int", total=True),
    )
    rows = [
        (row["month"], row["share"], *(cell["value"] for cell in row["cells"]), row["online"])
        for row in reversed(months)
    ]  # fmt: skip
    return figure_table(_("24 tháng"), columns, rows, notes)


def _tiles(units: Iterable[Row], notes: tuple[str, ...]) -> Table:
    columns = (
        Column("unit", _("Nơi"), width=34),
        Column("not_late", kind_name("not_late"), "int", total=True),
        Column("answered", kind_name("answered"), "int", total=True),
        Column("share", _("Tỷ lệ đúng hạn"), "percent"),
    )
    rows = [
        (each["name"], each["value"], each["of"], None if each["too_few"] else each["value"] / each["of"])
        for each in units
    ]  # fmt: skip
    return figure_table(_("Tỷ lệ đúng hạn của từng nơi"), columns, rows, notes)


def _waits(waits: Iterable[Row], notes: tuple[str, ...]) -> Table:
    columns = (
        Column("code", _("Mã hồ sơ"), width=26),
        Column("late", _("Trễ"), width=26),
        Column("procedure", _("Thủ tục"), width=46),
        Column("where", _("Đang ở"), width=46),
        Column("receiving", _("Nơi nhận"), width=34),
        Column("due", _("Hẹn trả"), "instant"),
    )
    rows = [tuple(row[column.key] for column in columns) for row in waits]
    return figure_table(_("Quá hạn lâu nhất"), columns, rows, notes)


def _spent(posts: Iterable[Row], notes: tuple[str, ...]) -> Table:
    columns = (
        Column("post", _("Vị trí"), width=30),
        Column("pieces", _("Đã xong"), "int", total=True),
        Column("late", _("Xong trễ"), "int", total=True),
        Column("worked", _("Làm (phút làm việc)"), "minutes", total=True),
        Column("waited", _("Chờ theo luật (phút làm việc)"), "minutes", total=True),
        Column("moved", _("Trên đường (phút làm việc)"), "minutes", total=True),
    )
    rows = [(row["label"], row["pieces"], row["late"], *row["minutes"]) for row in posts]
    return figure_table(_("Thời gian nằm ở khâu nào"), columns, rows, notes)


def _figures(title: str, of: str, rows: Sequence[Row], notes: tuple[str, ...]) -> Table:
    columns = (
        Column("label", of, width=46),
        Column("share", _("Đúng hạn"), "percent"),
        *(Column(cell["kind"], cell["label"], "int", total=True) for cell in rows[0]["cells"]),
    )
    told = [(row["label"], row["share"], *(cell["value"] for cell in row["cells"])) for row in rows]
    return figure_table(title, columns, told, notes)
