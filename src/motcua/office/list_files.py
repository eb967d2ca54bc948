"""The list behind a figure as a file: all of its pages, one after the other, in the columns that the page shows.

Short lists are answered at once, as `exports.answers` says what is short; a longer one is ordered instead.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _

from motcua.exports.answers import (
    FORMATS,
    LONGEST,
    PARAMETER,
    PART,
    TooLongError,
    asked_format,
    fits,
    part_asked,
    table_response,
)
from motcua.exports.figures import UntrustedError, figure_table, trusted
from motcua.law.names import search_key
from motcua.tables.table import Column, Kind, Table

Item = TypeVar("Item")
_KINDS: dict[str, Kind] = {
    "when": "instant", "day": "date", "number": "int", "money": "int", "percent": "percent", "minutes": "minutes",
    "worked": "minutes",
}  # fmt: skip
# A list is read so many rows at a time for a file: some are cut from the whole anew for each page.
AT_A_TIME = 1000
_WIDTHS = {"words": 60, "text": 34, "clock": 26, "code": 26}


def downloads_of(total: int) -> dict[str, Any]:
    """What `figure_list.html` offers below so many rows: the formats answered at once, or where to order."""
    return {"formats": ",".join(each for each in FORMATS if fits(each, total)), "is_long": total > LONGEST}


def list_file(
    request: HttpRequest,
    title: str,
    page: Callable[..., tuple[list[Item], str]],
    table: Callable[[list[Item]], Mapping[str, Any]],
    notes: tuple[str, ...] = (),
) -> HttpResponseBase | None:
    """The whole list as the file the address asks for; None when it asks for the page itself.

    `page` gives at most `limit` items behind a key and the next key, `table` what the page shows of them. Raises
    Http404 for a format or a table there is not.
    """
    return parts_file(request, lambda: {"": list_table(title, page, table, notes)})


def list_table(
    title: str,
    page: Callable[..., tuple[list[Item], str]],
    table: Callable[[list[Item]], Mapping[str, Any]],
    notes: tuple[str, ...] = (),
) -> Table:
    """The whole list as a table; its rows are asked page by page when they are taken."""
    columns = tuple(
        Column(each["key"], _label(each), _KINDS.get(each["kind"], "text"), _WIDTHS.get(each["kind"], 0))
        for each in table([])["columns"]
    )
    return figure_table(title, columns, _rows(page, table), notes)


def parts_file(
    request: HttpRequest, tables: Callable[[], Mapping[str, Table]], name: str = ""
) -> HttpResponseBase | None:
    """One of a page's tables by its name in the address, or all of them as sheets; None when the page itself is asked.

    Raises Http404 for a table or a format there is not.
    """
    if not asked_format(request):
        return None
    try:
        return sent(request, part_asked(request, tables()), request.GET.get(PART, "") or name)
    except UntrustedError:
        return _back(request, _("Số liệu đang có chỗ mất hoặc chưa dựng lại, chưa tải về được."))


def worked(title: str) -> str:
    """The title of a column whose minutes are those that offices work."""
    return _("%(title)s (phút làm việc)") % {"title": title}


def _label(column: Mapping[str, Any]) -> str:
    label = str(column["label"])
    return worked(label) if column["kind"] == "worked" else label


def sent(request: HttpRequest, table: Table | list[Table], name: str = "") -> HttpResponseBase:
    """A table as the file the address asks for, called by its title where it has no name; or back to its page with
    the reason. Several tables are sheets of one workbook.
    """
    title = table.title if isinstance(table, Table) else table[0].title
    try:
        return table_response(request, table, name or slugify(search_key(title))[:60] or "danh-sach")
    except TooLongError:
        return _back(request, _("Danh sách dài quá để tải ngay. Hãy thu hẹp điều kiện lọc, hoặc lập ở phía sau."))


def _back(request: HttpRequest, why: str) -> HttpResponseBase:
    messages.error(request, why)
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    return redirect(f"{request.path}?{query.urlencode()}")


def plain(column: Mapping[str, Any], cells: Mapping[str, Any]) -> Any:
    """A cell without its dress: the words of a clock or a tag, everything else as it is."""
    value = cells.get(column["key"])
    if value is None or value == "":
        return None
    match column["kind"]:
        case "clock":
            return str(value["words"])
        case "tag":
            return str(value[1])
    return value if column["kind"] in _KINDS else str(value)


def _rows(
    page: Callable[..., tuple[list[Item], str]], table: Callable[[list[Item]], Mapping[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    after = ""
    while True:
        items, after = page(after, limit=AT_A_TIME)
        shown = table(items)
        for row in shown["rows"]:
            yield tuple(plain(each, row["cells"]) for each in shown["columns"])
        if not after:
            return


__all__ = [
    "downloads_of", "figure_table", "list_file", "list_table", "parts_file", "plain", "sent", "trusted", "worked",
]  # fmt: skip
