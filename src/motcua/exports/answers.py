"""Short tables answered at once: the page's own address with `?dinh-dang=xlsx|csv|pdf` gives the table as a file.

What is longer than a page of work (five thousand rows, a thousand on paper) is ordered instead, and made in the
background: `orders`.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

import msgspec
from django.http import FileResponse, Http404, HttpRequest

from motcua.exports.models import FORMATS
from motcua.tables import csv_text, pdf, xlsx
from motcua.tables.table import Row, Table, TooLongError

PARAMETER = "dinh-dang"
# Which of several tables of a page.
PART = "bang"
LONGEST = 5_000
IN_MEMORY = 2 * 1024 * 1024
_MEDIA = {"xlsx": xlsx.MEDIA_TYPE, "csv": csv_text.MEDIA_TYPE, "pdf": pdf.MEDIA_TYPE}


def asked_format(request: HttpRequest) -> str:
    """The format an address asks for; '' for the page itself. Raises Http404 for one there is not."""
    found = request.GET.get(PARAMETER, "")
    if found and found not in FORMATS:
        raise Http404
    return found


def fits(format: str, rows: int) -> bool:
    """Whether so many rows are answered at once."""
    return rows <= (min(pdf.LONGEST, LONGEST) if format == "pdf" else LONGEST)


def part_asked(request: HttpRequest, tables: Mapping[str, Table]) -> Table | list[Table]:
    """The table of a page that an address names, or all of them. Raises Http404 for one there is not."""
    name = request.GET.get(PART, "")
    if not tables or (name and name not in tables):
        raise Http404
    if len(tables) == 1:
        return next(iter(tables.values()))
    return tables[name] if name else list(tables.values())


def table_response(request: HttpRequest, table: Table | Sequence[Table], name: str) -> FileResponse:
    """The table as a file called `name`; several are sheets of one workbook, and only Excel has those.

    Raises Http404 when the address asks for no format there is, TooLongError for more rows than are answered at once.
    """
    format = asked_format(request)
    tables = [table] if isinstance(table, Table) else list(table)
    if not format or (format != "xlsx" and len(tables) != 1):
        raise Http404
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  the answer closes it
    try:
        _write(format, [msgspec.structs.replace(each, rows=_bounded(each)) for each in tables], file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file_response(file, f"{name}.{format}", format)


def file_response(file: IO[bytes], name: str, format: str) -> FileResponse:
    """A file as an answer to be saved under its name, kept by nobody on the way. The answer closes it."""
    found = FileResponse(file, as_attachment=True, filename=name, content_type=_MEDIA[format])
    found["Cache-Control"] = "private, no-store"
    if format != "csv":
        # Packed already: packing it once more only costs time.
        found["Content-Encoding"] = "identity"
    return found


def _write(format: str, tables: list[Table], file: Any) -> None:
    if format == "xlsx":
        xlsx.write_xlsx(tables, file)
    elif format == "csv":
        csv_text.write_csv(tables[0], file)
    else:
        pdf.write_pdf(tables[0], file)


def _bounded(table: Table) -> Iterator[Row]:
    source = iter(table.rows)
    try:
        for number, row in enumerate(source, 1):
            if number > LONGEST:
                raise TooLongError(f"more than {LONGEST} rows are not answered at once")
            yield row
    finally:
        # Its snapshot of the database ends with it.
        getattr(source, "close", lambda: None)()


__all__ = [
    "FORMATS", "LONGEST", "PARAMETER", "PART", "TooLongError", "asked_format", "file_response", "fits", "part_asked",
    "table_response",
]  # fmt: skip
