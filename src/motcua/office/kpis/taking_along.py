"""The tables of the indicators to take along: the rows of the pages with their values as numbers.

A value of too few cases is not in the file, as it is not on the page; the words that stand in its place are.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from motcua.kpis.reading import Reading, say
from motcua.kpis.shapes import Dimension, Kpi, Unit
from motcua.office.kpis.seen import Seen, dimension_name, scope_name
from motcua.office.list_files import figure_table, worked
from motcua.reports.naming import said
from motcua.tables.table import Column, Kind, Table

# In what one indicator's column counts: a share is written as one, a rate in cases of a thousand.
_KINDS: dict[Unit, Kind] = {"share": "percent"}
_SCALES: dict[Unit, int] = {"per_1000": 1000}


def overview_table(groups: list[dict[str, Any]], asked: Seen, *notes: str) -> Table:
    """Every indicator of the list, with the unit in which its value counts."""
    columns = (
        Column("group", _("Nhóm"), width=26),
        Column("code", _("Mã"), width=26),
        Column("name", _("Chỉ số"), width=44),
        Column("value", _("Giá trị"), "decimal"),
        Column("unit", _("Đơn vị tính"), width=16),
        Column("of", _("Mẫu số"), "int"),
        Column("remark", _("Ghi chú"), width=28),
        Column("definition", _("Định nghĩa"), width=80),
    )
    rows = [_of_overview(group["title"], row) for group in groups for row in group["rows"]]
    return figure_table(_("Chỉ số"), columns, rows, (scope_name(asked), said(asked.period.name), *notes))


def _of_overview(group: str, row: dict[str, Any]) -> tuple[object, ...]:
    kpi: Kpi = row["kpi"]
    found: Reading | None = row["reading"]
    scale = 100 if kpi.unit == "share" else _SCALES.get(kpi.unit, 1)
    value = None if found is None or found.shown is None else round(found.shown * scale, 6)
    remark = _("không tính theo phần này") if found is None else _missing(kpi, found)
    if row["corrected"]:
        remark = ", ".join(each for each in (remark, _("đã đính chính")) if each)
    return group, kpi.code, row["name"], value, _unit_words(kpi.unit), row["of"], remark, row["definition"]


def _unit_words(unit: Unit) -> str:
    return {
        "share": "%", "per_1000": _("trên 1.000"), "working_minutes": _("phút làm việc"), "minutes": _("phút"),
        "points": _("điểm"), "dossiers": pgettext("đơn vị tính", "hồ sơ"),
        "pieces": pgettext("đơn vị tính", "việc"), "ratings": _("lượt đánh giá"),
    }.get(unit, "")  # fmt: skip


def single_tables(
    kpi: Kpi, asked: Seen, by: Dimension, months: list[dict[str, Any]], units: list[dict[str, Any]], *,
    ranked: bool, published: list[dict[str, Any]],
) -> dict[str, Table]:  # fmt: skip
    """The months, the units and the published values of one indicator, by their names in its address."""
    notes = (said(kpi.name), scope_name(asked), said(asked.period.name), said(kpi.definition), said(kpi.legal))
    tables = {"thang": _months(kpi, months, notes)}
    if units:
        tables["don-vi"] = _units(kpi, dimension_name(by), units, ranked, notes)
    if published:
        tables["cong-bo"] = _published(kpi, published, notes)
    return tables


def _months(kpi: Kpi, months: list[dict[str, Any]], notes: tuple[str, ...]) -> Table:
    columns = (Column("month", _("Tháng (ngày đầu)"), "date"), *_value_columns(kpi, months))
    rows = [(each["month"], *_value(kpi, each)) for each in months]
    return figure_table(_("Theo tháng"), columns, _even(rows, columns), notes)


def _units(
    kpi: Kpi, of: str, units: list[dict[str, Any]], ranked: bool, notes: tuple[str, ...]
) -> Table:  # fmt: skip
    places = (Column("best", _("Hạng cao nhất"), "int"), Column("worst", _("Hạng thấp nhất"), "int")) if ranked else ()
    columns = (*places, Column("name", of, width=46), *_value_columns(kpi, units))
    rows = []
    for each in units:
        place = each["rank"]
        ranks = ((place.best, place.worst) if place else (None, None)) if ranked else ()
        rows.append((*ranks, each["name"], *_value(kpi, each)))
    return figure_table(_("Theo đơn vị"), columns, _even(rows, columns), notes)


def _published(kpi: Kpi, published: list[dict[str, Any]], notes: tuple[str, ...]) -> Table:
    columns = (
        Column("period", _("Kỳ")),
        Column("version", _("Bản"), "int"),
        _value_column(kpi),
        Column("remark", _("Ghi chú"), width=28),
        Column("at", _("Công bố lúc"), "instant"),
        Column("until", _("Đầy đủ đến"), "instant"),
    )
    rows = [
        (each["period"], each["version"], number_of(kpi, each["reading"].shown), _missing(kpi, each["reading"]),
         each["at"], each["until"])
        for each in published
    ]  # fmt: skip
    return figure_table(_("Đã công bố"), columns, rows, notes)


def number_of(kpi: Kpi, value: float | None) -> float | None:
    """A value as its column counts it."""
    return None if value is None else value * _SCALES.get(kpi.unit, 1)


def _value_column(kpi: Kpi) -> Column:
    title = _("Giá trị")
    if kpi.unit == "working_minutes":
        title = worked(title)
    elif kpi.unit in ("minutes", "per_1000"):
        title = f"{title} ({_unit_words(kpi.unit)})"
    return Column("value", title, "int" if kpi.measure == "count" else _KINDS.get(kpi.unit, "decimal"))


def _value_columns(kpi: Kpi, rows: list[dict[str, Any]]) -> tuple[Column, ...]:
    """The value, its margin where there is any, what it was made of, and what is to be said of it."""
    value = _value_column(kpi)
    margin = (
        Column("low", _("Khoảng tin cậy 95%, từ"), value.kind),
        Column("high", _("Khoảng tin cậy 95%, đến"), value.kind),
    )
    below = _("Mẫu số (ngày)") if kpi.amount is not None and kpi.amount.denominator == "days" else _("Mẫu số")
    two = any(len(row["parts"]) > 1 for row in rows)
    parts = (_("Tử số"), below) if two else (_("Hồ sơ"),)
    return (
        value,
        *(margin if kpi.measure != "count" else ()),
        *(Column(f"part{at}", title, "int") for at, title in enumerate(parts)),
        Column("remark", _("Ghi chú"), width=28),
    )


def _value(kpi: Kpi, row: dict[str, Any]) -> tuple[object, ...]:
    """The cells of `_value_columns`, the remark last."""
    found: Reading = row["reading"]
    shown = found.shown is not None
    ends = [number_of(kpi, each) if shown else None for each in (found.low, found.high)]
    parts = [part["value"] for part in row["parts"]]
    return (number_of(kpi, found.shown), *(ends if kpi.measure != "count" else ()), *parts, _missing(kpi, found))


def _even(rows: list[tuple[object, ...]], columns: tuple[Column, ...]) -> list[tuple[object, ...]]:
    """Rows whose value was made of nothing more are filled up before the remark."""
    return [(*row[:-1], *[None] * (len(columns) - len(row)), row[-1]) for row in rows]


def _missing(kpi: Kpi, found: Reading) -> str:
    """What stands in place of a value; '' where there is one."""
    return say(kpi, found) if found.shown is None else ""
