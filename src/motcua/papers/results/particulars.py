"""What a certificate states, taken from the form as it was accepted: labels and values as a person reads them.

Which results are certificates is told by what they are called. Setting them is left to `typeset`, who may see
them to the faces.
"""

from datetime import date
from typing import Any

from motcua.law.directory import Directory
from motcua.law.dossier import Dossier
from motcua.law.procedure import Field, Procedure
from motcua.papers.forms import Particulars
from motcua.papers.spoken import day

# Papers that state facts about a person or thing; the others grant or decide something.
CERTIFICATES = ("giấy khai sinh", "giấy chứng nhận", "giấy xác nhận", "trích lục", "bản sao trích lục", "phiếu lý lịch")
# Asked for the sake of the procedure; no part of what is certified.
SERVICE = frozenset({"copies", "filed_by", "relation", "birth_evidence", "parents_married", "lived_elsewhere"})
YES_NO = {"yes": "Có", "no": "Không"}


def is_certificate(name: str) -> bool:
    """True for the name of a result that states facts instead of granting or deciding."""
    return name.lower().startswith(CERTIFICATES)


def particulars(procedure: Procedure, state: Dossier, known: Directory) -> tuple[Particulars, ...]:
    """The parts of a certificate, in the order of the form; what was not answered is left out."""
    found = []
    for at, group in enumerate(procedure.form):
        rows: list[tuple[str, str]] = []
        for field in group.fields:
            value = state.form.get(field.id)
            if field.id in SERVICE or field.type == "file" or value in (None, "", [], {}):
                continue
            rows += _rows(field, value, known)
        if rows:
            found.append(Particulars("" if at == 0 else group.name.vi, tuple(rows), strong=at == 0))
    return tuple(found)


def _rows(field: Field, value: Any, known: Directory) -> list[tuple[str, str]]:
    if field.type == "table" and isinstance(value, list):
        return [
            (f"{field.label.vi} ({at})", "; ".join(_cells(field, row, known)))
            for at, row in enumerate(value, start=1)
            if isinstance(row, dict)
        ]
    return [(field.label.vi, said(field, value, known))]


def _cells(field: Field, row: dict[str, Any], known: Directory) -> list[str]:
    return [said(column, row[column.id], known) for column in field.columns if row.get(column.id) not in (None, "")]


def said(field: Field, value: Any, known: Directory) -> str:
    """One answer in words."""
    if field.type == "person" and isinstance(value, dict):
        parts = [str(value.get("name", ""))]
        if value.get("birth"):
            parts.append(f"sinh {_day(str(value['birth']))}")
        if value.get("number"):
            parts.append(f"số giấy tờ {value['number']}")
        return ", ".join(filter(None, parts))
    if field.type == "address" and isinstance(value, dict):
        return _place(value, known)
    if field.type == "date":
        return _day(str(value))
    if field.type == "choice":
        return next((each.name.vi for each in field.choices if each.value == value), str(value))
    if field.type == "yes_no":
        return YES_NO.get(str(value), str(value))
    if field.type == "money":
        return f"{int(value):,} đồng".replace(",", ".") if str(value).lstrip("-").isdigit() else str(value)
    return str(value)


def _day(text: str) -> str:
    """`1990-01-07` as `ngày 07 tháng 01 năm 1990`; what is known only in part stays as declared."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def _place(value: dict[str, Any], known: Directory) -> str:
    commune = known.by_code.get(str(value.get("commune", "")))
    parts = [str(value.get("text", ""))]
    if commune is not None:
        above = known.above(commune.number)
        parts += [each.name.vi[:1].lower() + each.name.vi[1:] for each in (commune, above) if each is not None]
    return ", ".join(filter(None, parts))
