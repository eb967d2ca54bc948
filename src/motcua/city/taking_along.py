"""The tables of the city's pages as files, for everybody: the numbers of the page and no others.

Where a page states no rate because there are too few cases, neither does its file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from motcua.exports.answers import PARAMETER, PART, TooLongError, asked_format, part_asked, table_response
from motcua.exports.figures import UntrustedError, figure_table
from motcua.reports.figures import Figures
from motcua.reports.naming import kind_name
from motcua.tables.table import Column, Table

Row = Mapping[str, Any]


def taken_along(request: HttpRequest, tables: Callable[[], Mapping[str, Table]], name: str) -> HttpResponseBase | None:
    """A table of a page as a file, or all of them as sheets; None when the page itself is asked.

    Where figures are known to be wrong, or there are too many, it leads back to the page, which says so. Raises
    Http404 for a table or a format there is not.
    """
    if not asked_format(request):
        return None
    try:
        return table_response(request, part_asked(request, tables()), request.GET.get(PART, "") or name)
    except (UntrustedError, TooLongError):
        query = request.GET.copy()
        query.pop(PARAMETER, None)
        return redirect(f"{request.path}?{query.urlencode()}")


def figure_tables(tables: Iterable[Row], notes: Sequence[str]) -> dict[str, Table]:
    """The tables of the first page, by their names in its address."""
    return {
        table["id"]: figure_table(
            table["title"],
            (
                Column("label", table["of"], width=46),
                Column("share", _("Đúng hạn"), "percent"),
                *(Column(cell["kind"], cell["label"], "int", total=True) for cell in table["rows"][0]["cells"]),
            ),
            [(row["label"], row["share"], *(cell["value"] for cell in row["cells"])) for row in table["rows"]],
            notes,
        )
        for table in tables
    }


def ranking_table(ranked: Iterable[Any], too_few: Iterable[Any], title: str, notes: Sequence[str]) -> Table:
    """The units in order with their margins, and below them those with too few cases for a rate."""
    columns = (
        Column("unit", title, width=46),
        Column("best", _("Hạng cao nhất"), "int"),
        Column("worst", _("Hạng thấp nhất"), "int"),
        Column("share", _("Đúng hạn"), "percent"),
        Column("low", _("Sai số, từ"), "percent"),
        Column("high", _("Sai số, đến"), "percent"),
        *(Column(kind, kind_name(kind), "int") for kind in ("not_late", "late", "answered")),
    )
    rows: list[tuple[Any, ...]] = [
        (each.name, each.best, each.worst, each.share, each.low, each.high, *_counts(each.numbers)) for each in ranked
    ]
    rows += [(each.name, None, None, None, None, None, None, None, each.numbers.answered) for each in too_few]
    return figure_table(_("Xếp hạng đúng hạn, kèm sai số"), columns, rows, notes)


def _counts(numbers: Figures) -> tuple[int, int, int]:
    return numbers.not_late, numbers.late, numbers.answered


def levels_table(rows: Iterable[Row], notes: Sequence[str]) -> Table:
    """Procedures by the level that is really possible, with what their files claim and what is missing."""
    columns = (
        Column("name", _("Thủ tục"), width=60),
        Column("level", _("Mức độ thật"), "int"),
        Column("best", _("Mức cao nhất ở một nơi nhận"), "int"),
        Column("claimed", _("Tự nhận"), "int"),
        Column("reached", _("Nơi nhận đạt mức 3, 4"), "int"),
        Column("agencies", _("Nơi nhận"), "int"),
        Column("why", _("Còn thiếu gì"), width=60),
    )
    told = [(*(row[column.key] for column in columns[:-1]), "; ".join(row["why"])) for row in rows]
    return figure_table(_("Làm trực tuyến được đến đâu"), columns, told, notes, from_journal=False)
