"""The roll-up as a file: every district or agency, row by row of the form, with what is missing said in it."""

import io
from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from motcua.law.working_time import CITY_ZONE
from motcua.office.campaigns import asking
from motcua.office.campaigns.rollup_pages import OVERSEERS, Asked
from motcua.office.campaigns.taking_along import complete_notes, rolled_kind
from motcua.office.door import official
from motcua.organisation.directory import directory
from motcua.tables.csv_text import write_csv
from motcua.tables.table import Column, Table
from motcua.tables.xlsx import write_xlsx

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WRITERS: dict[str, tuple[Callable[..., Any], str]] = {
    "xlsx": (write_xlsx, EXCEL),
    "csv": (write_csv, "text/csv; charset=utf-8"),
}


@official(*OVERSEERS)
def download(request: HttpRequest, number: int) -> HttpResponse:
    """The part of the campaign that an address names, as Excel or CSV."""
    asked, kind = Asked(request, number), request.GET.get("dang", "")
    if kind not in _WRITERS:
        raise Http404
    write, content_type = _WRITERS[kind]
    out = io.BytesIO()
    write(table_of(asked), out)
    found = HttpResponse(out.getvalue(), content_type=content_type)
    place = directory()[asked.district].code if asked.district else "thanh-pho"
    name = f"{asked.campaign.form.code}-{place}.{kind}"
    found["Content-Disposition"] = f'attachment; filename="{name}"'
    return found


def table_of(asked: Asked) -> Table:
    """The roll-up as a table."""
    found = asked.found
    head = asked.head()
    said = complete_notes(asked.campaign, found, head["complete"])
    columns = (
        Column("code", _("Mã")),
        Column("agency", _("Cơ quan"), width=32),
        Column("row", _("Dòng"), width=28),
        Column("answered", _("Số phiếu"), "int"),
        Column("asked", _("Phải trả lời"), "int"),
        *(Column(each.key, each.title.within(asking.language()), rolled_kind(each))
          for each in found.columns()),
    )  # fmt: skip
    return Table(
        title=f"{head['title']} · {head['place']}",
        columns=columns,
        rows=list(_rows(asked)),
        notes=(*said, f"{_('Lập lúc')} {head['now'].astimezone(CITY_ZONE):%H:%M %d/%m/%Y}"),
        made_at=head["now"],
        language=asking.language(),
    )


def _rows(asked: Asked) -> Iterator[list[object]]:
    found = asked.found
    titles = {row.key: row.title.within(asking.language()) for row in found.form.rows}
    for group in found.groups:
        for row in found.rows():
            yield [directory()[group.agency].code, asking.name_of(group.agency), titles.get(row, ""), group.answered,
                   group.asked, *(found.value(group.tallies, row, column) for column in found.columns())]  # fmt: skip
    for row in found.rows():
        yield ["", _("Tổng cộng"), titles.get(row, ""), found.answered, found.asked,
               *(found.value(found.tallies, row, column) for column in found.columns())]  # fmt: skip
