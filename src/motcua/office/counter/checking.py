"""Reads the sheet into a command of the law, and finds everything that is wrong with it, at once.

What the law refuses it refuses itself; here are the mistakes of typing, each with the element it belongs to.
"""

import re
from datetime import datetime
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.law import commands as c
from motcua.law.dossier import Address, Applicant, PaperGiven
from motcua.law.fees import Charge
from motcua.law.forms import check_form
from motcua.law.names import as_declared
from motcua.law.persons import check_personal_number, check_tax_code
from motcua.law.procedure import Paper
from motcua.law.refusal import Refusal
from motcua.law.telephones import normalise_phone
from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE
from motcua.office.counter.fees_due import FeesDue
from motcua.office.counter.intake_sheet import IntakeSheet
from motcua.office.counter.places import commune_code
from motcua.office.counter.questions import element_id, label_of, raw_answers

LONGEST_NAME = 200
MOST_SETS = 99
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_HOUR = re.compile(r"([01]?\d|2[0-3])[:hg.]([0-5]\d)", re.ASCII)
_PASSPORT = re.compile(r"[0-9A-Z]{6,20}", re.ASCII)


class Checked(msgspec.Struct):
    """The sheet as read: answers, papers, money; mistakes in order and by element; remarks that stop nothing."""

    faults: list[tuple[str, str]] = []
    errors: dict[str, list[str]] = {}
    remarks: list[str] = []
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

    def wrong(self, element: str, message: str, question: str = "") -> None:
        """Adds a mistake; away from its `question` the message begins with it."""
        self.faults.append((element, f"{question}: {message}" if question else message))
        self.errors.setdefault(element, []).append(message)

    def forget(self, *beginnings: str) -> None:
        """Drops the mistakes of elements that begin so: what is asked for now need not be right yet."""
        self.faults = [fault for fault in self.faults if not fault[0].startswith(beginnings)]
        self.errors = {name: said for name, said in self.errors.items() if not name.startswith(beginnings)}


def check(sheet: IntakeSheet) -> Checked:
    """Everything the sheet says, and everything that is wrong with it."""
    read = Checked(note=sheet.said("note"))
    if sheet.said("agency") not in ("", str(sheet.agency.number)):
        read.wrong("", _("Vị trí của bạn đã đổi. Hãy chọn lại nơi nhận."))
    read.applicant = _applicant(sheet, read, "", sheet.said("kind"))
    if sheet.said("behalf"):
        read.submitter = _applicant(sheet, read, "submitter-", "person")
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


def _applicant(sheet: IntakeSheet, read: Checked, prefix: str, kind: str) -> Applicant | None:
    """The applicant, or who hands in for them; None when there is no name."""

    def said(part: str) -> str:
        return as_declared(sheet.said(prefix + part))

    if kind not in sheet.procedure.applicants and not prefix:
        read.wrong("kind", _("Thủ tục này không dành cho loại người nộp đã chọn."))
        kind = sheet.procedure.applicants[0]
    name = said("name")
    if not name:
        read.wrong(f"{prefix}name", _("Cần ghi họ tên người đi nộp.") if prefix else _("Cần ghi họ tên, tên gọi."))
    elif len(name) > LONGEST_NAME:
        read.wrong(f"{prefix}name", _("Tên dài quá %(most)d ký tự.") % {"most": LONGEST_NAME})
    birth = _birth(said("birth"), sheet, read, prefix)
    number = _number(said("number"), kind, birth, read, prefix)
    phone, email = _phone(said("phone"), read, prefix), _email(said("email"), read, prefix)
    text, commune = said("address"), commune_code(said("commune"), sheet.day)
    if not text and not prefix:
        read.wrong("address", _("Cần ghi địa chỉ để liên hệ."))
    if commune and not re.fullmatch(r"\d{5}", commune):
        read.wrong(f"{prefix}commune", _("Chưa rõ phường, xã nào: hãy chọn trong danh sách."))
        commune = ""
    if not name:
        return None
    return Applicant(
        kind=kind if kind in ("person", "business", "organisation") else "person",  # type: ignore[arg-type]
        name=name[:LONGEST_NAME],
        number=number,
        birth=birth,
        phone=phone,
        email=email,
        address=Address(text=text[:500], commune=commune),
    )


def _number(said: str, kind: str, birth: str, read: Checked, prefix: str) -> str:
    """The number as stored. Contradictions with the birth are remarks; a wrong length is a mistake."""
    plain = re.sub(r"[\s.-]", "", said).upper()
    if not plain:
        if not prefix:
            read.remarks.append(_("Chưa ghi số giấy tờ: lần sau sẽ không tìm lại được người này theo số."))
        return ""
    if kind == "person" and not plain.isdecimal():
        if not _PASSPORT.fullmatch(plain):
            read.wrong(f"{prefix}number", _("Số hộ chiếu có 6 đến 20 chữ số, chữ cái không dấu."))
        return plain
    if kind == "organisation" and not plain.isdecimal():
        return plain[:40]
    year = int(birth[:4]) if birth else None
    found = check_personal_number(plain, birth_year=year) if kind == "person" else check_tax_code(said)
    if isinstance(found, Refusal):
        read.wrong(f"{prefix}number", _say(found.text) + ".")
        return plain
    read.remarks.extend(_say(warning) + "." for warning in found.warnings)
    return found.number


def _say(text: Text) -> str:
    return text.within(get_language() or "vi")


def read_day(said: str) -> str:
    """A day as typed (`7/1/2019`, `2019-01-07`) in ISO; '' when it is none."""
    found = _DAY.fullmatch(said.strip())
    if not found:
        return ""
    year, month, day = (found[3], found[2], found[1]) if found[1] else (found[4], found[5], found[6])
    try:
        return datetime(int(year), int(month), int(day), tzinfo=CITY_ZONE).date().isoformat()
    except ValueError:
        return ""


def _birth(said: str, sheet: IntakeSheet, read: Checked, prefix: str) -> str:
    if not said:
        return ""
    day = read_day(said)
    if not day or not "1850-01-01" <= day <= sheet.day.isoformat():
        read.wrong(f"{prefix}birth", _("“%(said)s” không phải ngày sinh; ghi như 07/01/1990.") % {"said": said[:40]})
        return ""
    return day


def _phone(said: str, read: Checked, prefix: str) -> str:
    if not said:
        return ""
    phone = normalise_phone(said)
    if phone is None:
        read.wrong(f"{prefix}phone", _("“%(said)s” không phải số điện thoại.") % {"said": said[:40]})
        return ""
    if phone.renumbered_from:
        read.remarks.append(
            _("Số %(old)s đã đổi thành %(new)s; ghi số mới.") % {"old": phone.renumbered_from, "new": phone.number}
        )
    return phone.number


def _email(said: str, read: Checked, prefix: str) -> str:
    if not said:
        return ""
    try:
        validate_email(said)
    except ValidationError:
        read.wrong(f"{prefix}email", _("“%(said)s” không phải địa chỉ thư điện tử.") % {"said": said[:60]})
        return ""
    return said


def _form(sheet: IntakeSheet, read: Checked) -> None:
    fields = sheet.fields()
    answers = raw_answers(fields, sheet.typed, sheet.day)
    read.form, faults = check_form(fields, answers, sheet.day, sheet.case.id)
    for fault in faults:
        label = label_of(sheet.procedure, fault.path, sheet.language)
        read.wrong(element_id(sheet.procedure, fault.path), _say(fault.reason), label)
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
