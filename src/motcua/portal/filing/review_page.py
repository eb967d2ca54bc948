"""The last page before handing in: everything that will be sent, each part with a way to change it."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.filing.communes import commune_said
from motcua.filing.handing_in import twin_of_draft
from motcua.filing.models import Draft
from motcua.filing.reading import FORM_SOURCE, Read
from motcua.filing.saying import claim_of, claim_words, say_day, say_value
from motcua.filing.steps import Step
from motcua.law.codes import reference
from motcua.law.dossier import Address
from motcua.law.procedure import Procedure
from motcua.portal.filing.papers_page import documents_of, file_rows

Row = dict[str, Any]


def review_part(draft: Draft, procedure: Procedure, read: Read, title: Callable[[Step, Procedure], str]) -> Row:
    """The whole application, and what still stops it."""
    parts = []
    for step in read.steps:
        if step.kind == "review":
            continue
        parts.append(
            {
                "title": title(step, procedure),
                "href": reverse("portal:draft_step", args=[draft.uuid, step.key]) + "?ve=xem-lai",
                "rows": _rows(draft, procedure, read, step),
                "papers": _papers(draft, procedure, read) if step.kind == "papers" else [],
                "wrong": [message for _element, message in read.pages.get(step.key, ())],
            }
        )
    twin = twin_of_draft(draft, procedure, read)
    return {
        "parts": parts,
        "ready": not read.faults,
        "twin": {
            "reference": reference(twin.dossier),
            "at": twin.at,
            "href": reverse("portal:my_dossier", args=[twin.dossier]),
        }
        if twin
        else None,
        "total": sum(each.amount for each in read.charges),
        "case": procedure.case(draft.case).name.within(get_language() or "vi") if len(procedure.cases) > 1 else "",
    }


def _rows(draft: Draft, procedure: Procedure, read: Read, step: Step) -> list[tuple[str, str, bool]]:
    """Key, value, and whether the register said it."""
    language = get_language() or "vi"
    if step.kind == "group":
        return [
            (field.label.within(language), say_value(field, read.form[field.id], language), field.id in draft.sources)
            for field in procedure.form[step.group].fields
            if field.id in read.form and field.type != "file"
        ]
    if step.kind == "about" and read.applicant is not None:
        who = read.applicant
        known = {name.partition(".")[2] for name in draft.sources if name.startswith("applicant.")}
        pairs = [
            (_("Họ tên"), who.name, "name"),
            (_("Số giấy tờ"), who.number, "number"),
            (_("Ngày sinh"), say_day(who.birth), "birth"),
            (_("Địa chỉ"), address_words(who.address), "address"),
            (_("Điện thoại"), who.phone, ""),
            (_("Thư điện tử"), who.email, ""),
        ]
        return [(key, value, part in known) for key, value, part in pairs if value]
    if step.kind == "money":
        names = {fee.id: fee.name.within(language) for fee in procedure.fees}
        return [(names[each.fee], _("%(amount)s đ") % {"amount": f"{each.amount:,}".replace(",", ".")}, False)
                for each in read.charges]  # fmt: skip
    if step.kind == "delivery" and read.delivery.way:
        return [(_("Cách nhận"), _delivery(read), False)]
    return []


def _delivery(read: Read) -> str:
    words = {
        "electronic": _("Bản điện tử trong tài khoản"),
        "person": _("Nhận tại quầy"),
        "post": _("Gửi qua bưu điện"),
    }
    to = read.delivery
    more = ", ".join(filter(None, (to.name, to.phone, address_words(to.address))))
    return f"{words[to.way]}: {more}" if more else words[to.way]


def address_words(address: Address) -> str:
    """An address with its commune's name."""
    return ", ".join(filter(None, (address.text, commune_said(address.commune) if address.commune else "")))


def _papers(draft: Draft, procedure: Procedure, read: Read) -> list[Row]:
    language = get_language() or "vi"
    given = {each.id: each for each in read.papers}
    titles = {each.digest: each.name for each in documents_of(draft)}
    rows = []
    for paper in procedure.papers:
        if not paper.is_asked(draft.case, read.form):
            continue
        one = given.get(paper.id)
        saved = draft.papers.get(paper.id) or {}
        words = _("chưa có")
        if one is not None and one.source == FORM_SOURCE:
            words = _("là tờ khai này")
        elif one is not None and one.source.startswith("register:"):
            words = _("cơ sở dữ liệu dân cư đã có, không cần nộp")
        elif one is not None and one.source.startswith("result:"):
            words = _("dùng lại: %(name)s") % {"name": titles.get(one.files[0], "")}
        elif one is not None:
            words = ""
        elif saved.get("how") == "bring":
            words = _("mang đến quầy sau")
        elif not paper.required:
            words = _("không nộp (không bắt buộc)")
        shown = saved.get("files") if one is not None and not one.source else ()
        rows.append({"name": paper.name.within(language), "words": words, "files": file_rows(draft, shown)})
    for one in read.papers:
        if (claim := claim_of(one.id)) is not None:
            saved = (draft.money.get("claims") or {}).get(".".join(claim)) or {}
            label = claim_words(procedure, one.id, language)
            rows.append({"name": label, "words": "", "files": file_rows(draft, saved.get("files"))})
    return rows
