"""A report as the paper of the state: head, numbered columns, notes, signatures; for Excel and PDF alike.

For a machine it is CSV: the same rows under the columns' numbers and titles. All are written by the room `tables` from
the same table, so their figures cannot differ. A report that does not balance is no paper: `UnbalancedError`.
"""

from io import BytesIO
from typing import Literal, NamedTuple

import msgspec

from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE
from motcua.statutory import columns, processes
from motcua.statutory.forms import LAYOUTS, Report, Row
from motcua.tables.csv_text import MEDIA_TYPE as CSV
from motcua.tables.csv_text import write_csv
from motcua.tables.pdf import write_pdf
from motcua.tables.table import Column, Form, HeadCell, Signature, Table
from motcua.tables.xlsx import write_xlsx

Format = Literal["xlsx", "pdf", "csv"]


class Shape(NamedTuple):
    """What is printed around the figures: the form's name, its first column, the columns' titles and groups."""

    form: str
    rows_of: Text
    titles: tuple[Text, ...]
    groups: tuple[tuple[Text, int], ...]
    unit: Text


UNIT = Text("Số hồ sơ TTHC", "Dossiers")
RECEIVES = Text("UBND Thành phố, Văn phòng Chính phủ", "People's Committee of the city, Government Office")
PROCEDURES = Text("Thủ tục hành chính", "Procedures")
MEDIA_TYPES: dict[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": CSV,
}


class UnbalancedError(ValueError):
    """A report with rows that do not balance; the message names them."""


def shape_of(form: str) -> Shape:
    """How a form is laid out. Raises KeyError for an unknown one."""
    if form == processes.FORM:
        name = f"Biểu số {form}/VPCP/KSTT"
        return Shape(name, processes.ROWS_OF, processes.TITLES, processes.GROUPS, PROCEDURES)
    layout = LAYOUTS[form]
    titles = tuple(column.title for column in columns.COLUMNS)
    return Shape(layout.form, layout.rows_of, titles, columns.GROUPS, UNIT)


def written(report: Report, as_file: Format, *, issued: str = "", language: str = "vi") -> bytes:
    """The file. `issued` says which issued version it is and its digest. Raises UnbalancedError."""
    if report.faults:
        raise UnbalancedError("; ".join(f"{fault.label.vi}: {fault.sum}" for fault in report.faults))
    stream = BytesIO()
    if as_file == "pdf":
        write_pdf(paper(report, issued, language), stream, longest=2_000)
    elif as_file == "csv":
        write_csv(plain(report, language), stream)
    else:
        sheets = [paper(report, issued, language)]
        if report.form in LAYOUTS:
            sheets.append(balance(report, language))
        write_xlsx(sheets, stream)
    return stream.getvalue()


def file_name(report: Report, as_file: Format) -> str:
    """`II.06a-2018-Q3r-own-001.xlsx`."""
    return f"{report.form}-{report.period}-{report.scope.replace(':', '-').replace('/', '-')}.{as_file}"


def paper(report: Report, issued: str, language: str) -> Table:
    """The form itself."""
    shape = shape_of(report.form)
    until = report.complete_until or report.at
    made = until.astimezone(CITY_ZONE)
    notes = [each.within(language) for each in report.notes]
    if report.form in LAYOUTS:
        said = Text(
            f"Số liệu đầy đủ đến {made:%H:%M ngày %d/%m/%Y}. Cân đối 3 = 7 + 11 đúng ở cả {len(report.rows)} dòng.",
            f"Figures complete up to {made:%H:%M %d/%m/%Y}. 3 = 7 + 11 holds in all {len(report.rows)} rows.",
        )
        notes.append(said.within(language))
    if issued:
        notes.append(issued)
    signed = made.date()
    return Table(
        title=report.title.within(language).upper(),
        columns=(
            Column("no", "STT", "text", 6),
            Column("label", shape.rows_of.within(language), "text", 40),
            *(Column(number, title.within(language), "int", 11)
              for number, title in zip(report.columns, shape.titles, strict=True)),
        ),
        rows=[_cells(row, len(report.columns), language) for row in report.rows],
        notes=tuple(notes),
        form=Form(
            left=(shape.form, *_said("Đơn vị báo cáo", "Reporting agency", report.scope_name, language),
                  *_said("Đơn vị nhận báo cáo", "Reported to", RECEIVES, language)),
            under=_said("Kỳ báo cáo", "Period", report.period_name, language),
            head=_head(shape, language),
            numbers=("1", "2", *report.columns),
            unit=shape.unit.within(language),
            place_and_day=f"..., ngày {signed.day:02d} tháng {signed.month:02d} năm {signed.year}",
            signatures=(
                Signature("Người lập biểu", "(Ký, ghi rõ họ tên)"),
                Signature("Thủ trưởng đơn vị", "(Ký, đóng dấu, ghi rõ họ tên)"),
            ),
            nation=True,
        ),
        length=len(report.rows),
        made_at=report.at,
        language=language,
    )  # fmt: skip


def plain(report: Report, language: str) -> Table:
    """The same rows for a machine: no paper around them, and each title with its number and what stands above it."""
    made, shape = paper(report, "", language), shape_of(report.form)
    above = ["", "", *(name.within(language) for name, across in shape.groups for _ in range(across))]
    titled = [
        msgspec.structs.replace(column, title=f"{column.key}. {over}: {column.title}") if over else column
        for column, over in zip(made.columns, above, strict=True)
    ]
    return msgspec.structs.replace(made, columns=tuple(titled), form=None)


def _said(vi: str, en: str, value: Text, language: str) -> tuple[str]:
    return (f"{Text(vi, en).within(language)}: {value.within(language)}",)


def _head(shape: Shape, language: str) -> tuple[tuple[HeadCell, ...], ...]:
    above = [HeadCell("STT", 1, 2), HeadCell(shape.rows_of.within(language), 1, 2)]
    above += [HeadCell(name.within(language), across) for name, across in shape.groups]
    return tuple(above), tuple(HeadCell(title.within(language)) for title in shape.titles)


def _cells(row: Row, width: int, language: str) -> list[object]:
    label = row.label.within(language)
    return [row.number, f"  {label}" if row.level == 2 else label, *row.cells[:width]]


def balance(report: Report, language: str = "vi") -> Table:
    """The balance line by line: what is received must be what is settled and what is left."""
    at = {column.number: place for place, column in enumerate(columns.COLUMNS)}
    rows = [
        [row.number, row.label.within(language), *(row.cells[at[each]] for each in ("3", "7", "11")),
         row.cells[at["3"]] - row.cells[at["7"]] - row.cells[at["11"]]]
        for row in report.rows
    ]  # fmt: skip
    return Table(
        title=Text("Cân đối", "Balance").within(language),
        columns=(
            Column("no", "STT", "text", 6),
            Column("label", LAYOUTS[report.form].rows_of.within(language), "text", 40),
            Column("3", "3", "int"),
            Column("7", "7", "int"),
            Column("11", "11", "int"),
            Column("difference", "3 − 7 − 11", "int", 12),
        ),
        rows=rows,
        length=len(rows),
        made_at=report.at,
        language=language,
    )
