"""An assessment as a file: Excel with typed cells, CSV that no spreadsheet takes for a formula, or PDF."""

import io

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from motcua.office.door import official
from motcua.office.steering import words
from motcua.office.steering.reform import file_stem, heads, rows_of, seen_or_404
from motcua.reports.naming import agency_name
from motcua.steering import reform_index
from motcua.steering.models import Assessment
from motcua.tables.csv_text import write_csv
from motcua.tables.pdf import write_pdf
from motcua.tables.table import Column, Kind, Table
from motcua.tables.xlsx import write_xlsx

_KINDS: tuple[Kind, ...] = ("text", "text", "decimal", "decimal", "text", "decimal", "text", "int")
_WIDTHS = (8, 60, 12, 12, 40, 12, 40, 16)
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@official()
def reform_file(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """`bang.xlsx`, `bang.csv` or `bang.pdf`."""
    if kind not in MEDIA:
        raise Http404
    assessment = seen_or_404(request, number)
    stream, table = io.BytesIO(), _table(assessment)
    if kind == "csv":
        write_csv(table, stream)
    elif kind == "xlsx":
        write_xlsx(table, stream)
    else:
        write_pdf(table, stream)
    found = HttpResponse(stream.getvalue(), content_type=MEDIA[kind])
    found["Content-Disposition"] = f'attachment; filename="{file_stem(assessment)}.{kind}"'
    return found


def _table(assessment: Assessment) -> Table:
    sheet = reform_index.sheet(assessment)
    columns = zip(heads(), _KINDS, _WIDTHS, strict=True)
    note = _("Điểm và tiêu chí là giá trị minh họa.") if sheet.index.is_demo else ""
    return Table(
        title=f"{agency_name(assessment.agency)}, {assessment.year}",
        columns=tuple(Column(str(at), name, kind, width) for at, (name, kind, width) in enumerate(columns)),
        rows=list(rows_of(sheet)),
        notes=(note,) if note else (),
        language=words.language(),
    )
