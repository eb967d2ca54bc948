"""Reads the sheet into a command of the law, and finds everything that is wrong with it, at once.

What the law refuses it refuses itself; here are the mistakes of typing, each with the element it belongs to.
"""

import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from motcua.filing.declared import Mistakes, read_applicant, read_day, spoken
from motcua.filing.questions import element_id, label_of, raw_answers
from motcua.law import commands as c
from motcua.law.dossier import Applicant, PaperGiven
from motcua.law.fees import Charge
from motcua.law.forms import check_form
from motcua.law.procedure import Paper
from motcua.law.working_time import CITY_ZONE
from motcua.office.counter.fees_due import FeesDue
from motcua.office.counter.intake_sheet import IntakeSheet

MOST_SETS = 99
_HOUR = re.compile(r"([01]?\d|2[0-3])[:hg.]([0-5]\d)", re.ASCII)


class Checked(Mistakes):
    """The sheet as read: answers, papers, money; mistakes in order and by element; remarks that stop nothing."""

    applicant: Applicant | None = None
    submitter: Applicant | None = None
    form: dict[str, Any] = {}
    papers: tuple[PaperGiven, ...] = ()
    missing: tuple[Paper, ...] = ()
    charges: tuple[Charge, ...] = ()
    sets: int = 1
    occurred_at: datetime | None = None
    late_reason: str = ""
    note: str = ""


def check(sheet: IntakeSheet) -> Checked:
    """Everything the sheet says, and everything that is wrong with it."""
    read = Checked(note=sheet.said("note"))
    if sheet.said("agency") not in ("", str(sheet.agency.number)):
        read.wrong("", _("Vị trí của bạn đã đổi. Hãy chọn lại nơi nhận."))
    read.applicant = read_applicant(sheet.said, _kind(sheet, read), sheet.day, read)
    if sheet.said("behalf"):
        read.submitter = read_applicant(sheet.said, "person", sheet.day, read, "submitter-")
    _form(sheet, read)
    _papers(sheet, read)
    _sets(sheet, read)
    _late(sheet, read)
    read.charges = sheet_fees(sheet, read.form).charges()
    return read


def lodging(sheet: IntakeSheet, read: Checked) -> c.Lodge:
    """The command that hands the dossier in. Needs an applicant."""
    if read.applicant is None:
        raise ValueError("a dossier without an applicant")
    return c.Lodge(
        case=sheet.case.id,
        channel="counter",
        agency=sheet.agency.number,
        applicant=read.applicant,
        submitter=read.submitter,
        form=read.form,
        papers=read.papers,
        sets=read.sets,
        note=read.note,
        occurred_at=read.occurred_at,
        late_reason=read.late_reason,
    )


def _kind(sheet: IntakeSheet, read: Checked) -> str:
    kind = sheet.said("kind")
    if kind in sheet.procedure.applicants:
        return kind
    read.wrong("kind", _("Thủ tục này không dành cho loại người nộp đã chọn."))
    return sheet.procedure.applicants[0]


def _form(sheet: IntakeSheet, read: Checked) -> None:
    fields = sheet.fields()
    answers = raw_answers(fields, sheet.typed, sheet.day)
    read.form, faults = check_form(fields, answers, sheet.day, sheet.case.id)
    for fault in faults:
        label = label_of(sheet.procedure, fault.path, sheet.language)
        read.wrong(element_id(sheet.procedure, fault.path), spoken(fault.reason), label)
    for name, messages in sheet.scans.errors.items():
        element = name if name.startswith("form-") else f"paper-{name.removeprefix('scan-')}"
        for message in messages:
            read.wrong(element, message)


def _papers(sheet: IntakeSheet, read: Checked) -> None:
    given, missing = [], []
    for paper in sheet.papers():
        files = sheet.scans.digests(f"scan-{paper.id}")
        ticked = bool(sheet.said(f"paper-{paper.id}"))
        if ticked or files:
            given.append(_given(paper, sheet, read, files, ticked))
        elif paper.required and paper.is_asked(sheet.case.id, read.form):
            missing.append(paper)
    read.papers, read.missing = tuple(given), tuple(missing)


def _given(paper: Paper, sheet: IntakeSheet, read: Checked, files: tuple[str, ...], ticked: bool) -> PaperGiven:
    counts = {}
    for kind in ("original", "certified", "copy"):
        said = sheet.said(f"paper-{paper.id}-{kind}")
        if said and not (said.isdecimal() and len(said) <= 2):
            read.wrong(f"paper-{paper.id}", _("Số bản phải là số từ 0 đến 99."))
        counts[kind] = int(said) if said.isdecimal() and len(said) <= 2 else 0
    if ticked and not any(counts.values()):
        counts = {"original": paper.original, "certified": paper.certified, "copy": paper.copy}
        if not any(counts.values()):
            counts["copy"] = 1
    if not ticked:
        counts = dict.fromkeys(counts, 0)
    return PaperGiven(
        id=paper.id,
        original=counts["original"],
        certified=counts["certified"],
        copy=counts["copy"],
        files=files,
    )


def _sets(sheet: IntakeSheet, read: Checked) -> None:
    said = sheet.said("sets") or "1"
    if not (said.isdecimal() and len(said) <= 2 and 1 <= int(said) <= MOST_SETS):
        read.wrong("sets", _("Số bộ hồ sơ phải là số từ 1 đến 99."))
        return
    read.sets = int(said)


def _late(sheet: IntakeSheet, read: Checked) -> None:
    """Taken in on paper and entered later: both times are kept, nothing is back-dated."""
    if not sheet.said("late"):
        return
    day, hour = read_day(sheet.said("late-day")), _HOUR.fullmatch(sheet.said("late-time"))
    read.late_reason = sheet.said("late-reason")
    if not day:
        read.wrong("late-day", _("Cần ghi ngày nhận trên giấy, như 07/01/2019."))
    if not hour:
        read.wrong("late-time", _("Cần ghi giờ nhận trên giấy, như 09:30."))
    if not read.late_reason:
        read.wrong("late-reason", _("Cần ghi lý do nhập muộn."))
    if not day or not hour:
        return
    moment = datetime.fromisoformat(f"{day}T{int(hour[1]):02}:{hour[2]}").replace(tzinfo=CITY_ZONE)
    if moment > sheet.now:
        read.wrong("late-day", _("Thời điểm nhận trên giấy chưa đến."))
    else:
        read.occurred_at = moment


def sheet_fees(sheet: IntakeSheet, form: dict[str, Any]) -> FeesDue:
    """The fees of this sheet as its form stands."""
    return FeesDue(sheet.procedure, sheet.case.id, "counter", form, sheet.typed)
