"""The applicant's part of the page: finding who was here before, and filling the sheet with it."""

from typing import Any

from django.utils.translation import gettext as _

from motcua.filing.communes import commune_said
from motcua.filing.questions import Errors
from motcua.law.dossier import Applicant
from motcua.law.names import search_key
from motcua.office.counter.intake_sheet import IntakeSheet
from motcua.registry.models import Party
from motcua.registry.parties import as_applicant, find_parties

PARTS = ("name", "number", "birth", "phone", "email", "address", "commune")


def kind_labels() -> dict[str, str]:
    """The kinds of applicant in words."""
    return {"person": _("Cá nhân"), "business": _("Doanh nghiệp, hộ kinh doanh"), "organisation": _("Tổ chức")}


def look_up(sheet: IntakeSheet) -> tuple[list[Party], str]:
    """Fills the sheet when one party matches; else gives those to choose from, and what to say."""
    query = sheet.said("find")
    if not query:
        return [], _("Hãy gõ số giấy tờ hoặc họ tên để tìm.")
    found = [party for party in find_parties(query) if party.kind in sheet.procedure.applicants]
    if len(found) == 1:
        fill(sheet, as_applicant(found[0]))
        return [], _("Đã điền theo lần nộp trước. Hãy đối chiếu với giấy tờ.")
    if found:
        return found, _("Có %(n)d người khớp. Hãy chọn một người, hoặc ghi người mới.") % {"n": len(found)}
    target = "number" if any(each.isdecimal() for each in query) else "name"
    sheet.typed[target] = query
    return [], _("Chưa có ai khớp: đã chép sang ô bên dưới, hãy ghi tiếp.")


def pick(sheet: IntakeSheet, chosen: str) -> None:
    """Fills the sheet with the party chosen from several."""
    party = Party.objects.filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 19 else None
    if party is not None and party.kind in sheet.procedure.applicants:
        fill(sheet, as_applicant(party))


def fill(sheet: IntakeSheet, applicant: Applicant) -> None:
    """Writes a known applicant into the sheet."""
    birth = "/".join(reversed(applicant.birth.split("-"))) if applicant.birth else ""
    known = {
        "kind": applicant.kind,
        "name": applicant.name,
        "number": applicant.number,
        "birth": birth,
        "phone": applicant.phone,
        "email": applicant.email,
        "address": applicant.address.text,
        "commune": commune_said(applicant.address.commune),
    }
    for name, value in known.items():
        sheet.typed[name] = value
    sheet.typed["find"] = ""


def copy_to(sheet: IntakeSheet, field: str) -> None:
    """Copies the applicant into a person or an address of the form."""
    kind = next((each.type for each in sheet.fields() if each.id == field), "")
    parts = {"person": {"name": "name", "number": "number", "birth": "birth"},
             "address": {"text": "address", "commune": "commune"}}.get(kind, {})  # fmt: skip
    for part, source in parts.items():
        sheet.typed[f"form-{field}.{part}"] = sheet.said(source)


def applicant_fields(sheet: IntakeSheet, errors: Errors, prefix: str = "") -> list[dict[str, Any]]:
    """The questions about the applicant, or about who hands in for them."""
    labels = {
        "name": _("Họ tên, tên gọi") if not prefix else _("Họ tên người đi nộp"),
        "number": _("Số định danh, hộ chiếu, mã số thuế"),
        "birth": _("Ngày sinh"),
        "phone": _("Điện thoại"),
        "email": _("Thư điện tử"),
        "address": _("Số nhà, đường, thôn"),
        "commune": _("Phường, xã"),
    }
    kinds = {"birth": "date", "phone": "tel", "email": "email"}
    widths = {"name": 20, "number": 12, "birth": 8, "phone": 12, "email": 20}
    parts = PARTS if not prefix else ("name", "number", "phone")
    return [
        {
            "id": prefix + part,
            "name": prefix + part,
            "label": labels[part],
            "kind": kinds.get(part, "text"),
            "value": sheet.typed.get(prefix + part, ""),
            "required": part == "name" or (part == "address" and not prefix),
            "errors": errors.get(prefix + part, []),
            "width": widths.get(part, ""),
            "attrs": {"list": "communes", "autocomplete": "off"} if part == "commune" else {"autocomplete": "off"},
        }
        for part in parts
    ]


def party_rows(parties: list[Party]) -> list[dict[str, Any]]:
    """Those to choose from: enough to tell two people of one name apart."""
    return [
        {"id": party.pk, "name": party.name, "number": party.number, "birth": party.birth, "address": party.address}
        for party in parties
    ]


def first_empty(sheet: IntakeSheet) -> str:
    """Where to go on typing after a look-up."""
    return next((part for part in ("name", "number", "birth", "phone", "address") if not sheet.said(part)), "name")


def same_person(sheet: IntakeSheet) -> tuple[str, str]:
    """The number and the searchable name by which earlier dossiers are looked for."""
    number = "".join(each for each in sheet.said("number") if each.isalnum()).upper()
    return number, search_key(sheet.said("name"))
