"""An assessment as a file: Excel with typed cells, or CSV that no spreadsheet takes for a formula."""

import csv
import io
from decimal import Decimal

import xlsxwriter
from django.http import Http404, HttpRequest, HttpResponse

from motcua.office.door import official
from motcua.office.steering.reform import file_stem, heads, rows_of, seen_or_404
from motcua.reports.naming import agency_name
from motcua.steering import reform_index

_WIDTHS = (8, 60, 12, 12, 40, 12, 40, 16)
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@official()
def reform_file(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """`bang.xlsx` or `bang.csv`."""
    if kind not in MEDIA:
        raise Http404
    assessment = seen_or_404(request, number)
    rows = [tuple(row) for row in rows_of(reform_index.sheet(assessment))]
    title = f"{agency_name(assessment.agency)}, {assessment.year}"
    made = _csv(rows) if kind == "csv" else _xlsx(rows, title)
    found = HttpResponse(made, content_type=MEDIA[kind])
    found["Content-Disposition"] = f'attachment; filename="{file_stem(assessment)}.{kind}"'
    return found


def _csv(rows: list[tuple[object, ...]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(heads())
    for row in rows:
        writer.writerow([_harmless(each) if isinstance(each, str) else "" if each is None else each for each in row])
    return stream.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _xlsx(rows: list[tuple[object, ...]], title: str) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(title[:31].replace("/", "-"))
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        area = book.add_format({"bold": True, "bg_color": "#f0f0ee"})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        for at, (name, width) in enumerate(zip(heads(), _WIDTHS, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, name, head)
        for line, row in enumerate(rows, 1):
            # The areas' own lines have a code without a point.
            form = text if "." in str(row[0]) else area
            for at, value in enumerate(row):
                if isinstance(value, (Decimal, int)):
                    sheet.write_number(line, at, float(value), form)
                else:
                    sheet.write_string(line, at, "" if value is None else str(value), form)
        sheet.freeze_panes(1, 2)
    return stream.getvalue()
