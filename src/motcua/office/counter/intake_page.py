"""The intake page as data: what is asked, what was typed, what is wrong, and the receipt as it will print."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from motcua.calendars.lookup import calendar_for
from motcua.catalogue import versions
from motcua.dossiers import search
from motcua.filing.communes import communes
from motcua.filing.questions import Errors, shown_groups, when_words
from motcua.law.dossier import NATIONAL_STATUSES
from motcua.law.limits import deadline, limit_in_words
from motcua.law.procedure import Paper
from motcua.law.working_time import OutsideCalendarError
from motcua.office.counter.applicant import applicant_fields, kind_labels, party_rows, same_person
from motcua.office.counter.checking import Checked, sheet_fees
from motcua.office.counter.intake_sheet import IntakeSheet
from motcua.registry.models import Party

Row = dict[str, Any]


def page_context(sheet: IntakeSheet, read: Checked, *, parties: list[Party], tried: bool) -> dict[str, Any]:
    """What the template shows. `tried` says that somebody asked for the whole to be checked."""
    language = sheet.language
    errors: Errors = read.errors if tried else _always_shown(sheet)
    return {
        "code": sheet.procedure.code,
        "name": sheet.procedure.name.within(language),
        "cases": [(case.id, case.name.within(language)) for case in sheet.procedure.cases],
        "case": sheet.case.id,
        "places": [(str(place.number), place.name.within(language)) for place in sheet.places],
        "place": str(sheet.agency.number),
        "kinds": [(kind, kind_labels()[kind]) for kind in sheet.procedure.applicants],
        "kind": sheet.said("kind"),
        "find": sheet.typed.get("find", ""),
        "parties": party_rows(parties),
        "applicant": applicant_fields(sheet, errors),
        "behalf": bool(sheet.said("behalf")),
        "submitter": applicant_fields(sheet, errors, "submitter-"),
        "papers": [_paper_row(paper, sheet, read, errors) for paper in sheet.papers()],
        "groups": shown_groups(
            sheet.procedure, sheet.case.id, sheet.typed, errors, language, sheet.scans.kept, read.form
        ),
        "communes": [label for _code, label, _key in communes(sheet.day)],
        "fees": sheet_fees(sheet, read.form).rows(language),
        "counts": sheet_fees(sheet, read.form).count_fields(),
        "more": _more_fields(sheet, errors),
        "late": bool(sheet.said("late")),
        "late_fields": _late_fields(sheet, errors),
        "sheet_preview": receipt_preview(sheet, read),
        "remarks": read.remarks if tried else [],
        "duplicates": duplicates(sheet),
        "crumbs": [
            (pgettext("quầy", "Tiếp nhận"), reverse("office:counter")),
            (sheet.procedure.name.within(language), None),
        ],
    }


def _always_shown(sheet: IntakeSheet) -> dict[str, list[str]]:
    """A scan that could not be taken is said at once, before anybody asks for a check."""
    return {
        name if name.startswith("form-") else f"paper-{name.removeprefix('scan-')}": messages
        for name, messages in sheet.scans.errors.items()
    }


def _paper_row(paper: Paper, sheet: IntakeSheet, read: Checked, errors: Errors) -> Row:
    language = sheet.language
    asked = {"original": paper.original, "certified": paper.certified, "copy": paper.copy}
    first = not sheet.said("key")
    known = {field.id: field for field in sheet.fields()}
    return {
        "row": {
            "id": paper.id,
            "name": paper.name.within(language),
            "note": paper.note.within(language) if paper.note else "",
            "required": paper.required,
            "when": _("khi %(when)s") % {"when": when_words(paper.when, known, language)} if paper.when else "",
            **asked,
            "ticked": bool(sheet.said(f"paper-{paper.id}")),
            "has": {
                kind: count if first else sheet.typed.get(f"paper-{paper.id}-{kind}", "")
                for kind, count in asked.items()
            },
            "errors": errors.get(f"paper-{paper.id}", []),
        },
        "asked": paper.when is None or paper.when.holds(read.form) or bool(sheet.said(f"paper-{paper.id}")),
        "input": f"scan-{paper.id}",
        "label": _("Bản quét: %(paper)s") % {"paper": paper.name.within(language)},
        "kept": sheet.scans.kept.get(f"scan-{paper.id}", []),
    }


def _more_fields(sheet: IntakeSheet, errors: Errors) -> list[Row]:
    return [
        {"id": "sets", "name": "sets", "label": _("Số bộ hồ sơ"), "kind": "number", "width": 4, "required": True,
         "value": sheet.typed.get("sets", "1"), "errors": errors.get("sets", [])},
        {"id": "note", "name": "note", "label": _("Ghi chú cho người xử lý"), "kind": "textarea", "rows": 2,
         "value": sheet.typed.get("note", "")},
    ]  # fmt: skip


def _late_fields(sheet: IntakeSheet, errors: Errors) -> list[Row]:
    labels = {
        "late-day": (_("Ngày nhận trên giấy"), "date", 8),
        "late-time": (_("Giờ nhận trên giấy"), "text", 4),
        "late-reason": (_("Lý do nhập muộn"), "text", 20),
    }
    return [
        {"id": name, "name": name, "label": label, "kind": kind, "width": width, "required": True,
         "value": sheet.typed.get(name, ""), "errors": errors.get(name, [])}
        for name, (label, kind, width) in labels.items()
    ]  # fmt: skip


def receipt_preview(sheet: IntakeSheet, read: Checked) -> Row:
    """Form 01 as it will print, as far as it is known."""
    limit = sheet.case.limit("counter")
    try:
        reckoned = deadline(calendar_for(sheet.agency.number, sheet.agency.tier), sheet.now, limit)
    except OutsideCalendarError:
        reckoned = None
    names = {paper.id: paper.name.within(sheet.language) for paper in sheet.procedure.papers}
    fees = {fee.id: fee.name.within(sheet.language) for fee in sheet.procedure.fees}
    return {
        "agency": sheet.agency.name.within(sheet.language),
        "name": sheet.said("name"),
        "submitter": sheet.said("submitter-name") if sheet.said("behalf") else "",
        "address": sheet.said("address"),
        "phone": sheet.said("phone"),
        "subject": sheet.procedure.name.within(sheet.language),
        "papers": [(names[given.id], given) for given in read.papers],
        "sets": read.sets,
        "limit": limit_in_words(limit).within(sheet.language),
        "received": read.occurred_at or sheet.now,
        "due": reckoned.due if reckoned else None,
        "rule": reckoned.rule.within(sheet.language) if reckoned else "",
        "fees": [(fees[each.fee], each.amount) for each in read.charges if each.amount],
        "total": sum(each.amount for each in read.charges),
        "officer": sheet.actor.name,
    }


def duplicates(sheet: IntakeSheet) -> list[Row]:
    """Open dossiers of the same person for the same procedure: perhaps this one was handed in before."""
    number, key = same_person(sheet)
    if len(number) < 6 and len(key) < 2:
        return []
    english = sheet.language.startswith("en")
    found = search.earlier(sheet.actor, sheet.procedure.code, number if len(number) >= 6 else "", sheet.said("name"))
    return [
        {
            "href": reverse("office:dossier", args=[each.id]),
            "code": each.code or _("chưa cấp mã"),
            "name": each.applicant_name,
            "status": NATIONAL_STATUSES[each.status][int(english)],
            "lodged": each.lodged_at,
        }
        for each in found
    ]


def reason_choices(language: str) -> list[tuple[str, str]]:
    """The law's reasons for not accepting."""
    return [("", "")] + [(each.code, each.name.within(language)) for each in versions.reasons("decline")]


def give_focus(context: Row, element: str) -> None:
    """Puts the cursor into the question with this id, or the first whose id begins so."""
    blocks = [block for group in context["groups"] for block in group["blocks"]]
    for question in [*context["applicant"], *(each for block in blocks for each in _questions(block))]:
        if element and (question["id"] == element or (element.endswith(".") and question["id"].startswith(element))):
            question["attrs"] = {**question.get("attrs", {}), "autofocus": "autofocus"}
            return


def _questions(block: Row) -> list[Row]:
    if block["type"] == "field":
        return [block["field"]]
    if block["type"] == "table":
        return [each for row in block["rows"] for cell in row for each in _questions(cell)]
    return list(block["fields"])
