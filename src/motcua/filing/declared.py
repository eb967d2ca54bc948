"""Reads what somebody declares of a person or a business: name, number, birth, telephone, mail and address.

The mistakes are those of typing, each with the element of the page it belongs to. What the register says of
the same person is left to `prefill`, what the law refuses to the law.
"""

import re
from collections.abc import Callable
from datetime import date, datetime

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.filing.communes import commune_code
from motcua.law.dossier import Address, Applicant
from motcua.law.names import as_declared
from motcua.law.persons import check_personal_number, check_tax_code
from motcua.law.refusal import Refusal
from motcua.law.telephones import normalise_phone
from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE

LONGEST_NAME = 200
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_PASSPORT = re.compile(r"[0-9A-Z]{6,20}", re.ASCII)


class Mistakes(msgspec.Struct):
    """What is wrong with a page: in order, and by element; and remarks that stop nothing."""

    faults: list[tuple[str, str]] = []
    errors: dict[str, list[str]] = {}
    remarks: list[str] = []

    def wrong(self, element: str, message: str, question: str = "") -> None:
        """Adds a mistake; away from its `question` the message begins with it."""
        self.faults.append((element, f"{question}: {message}" if question else message))
        self.errors.setdefault(element, []).append(message)

    def forget(self, *beginnings: str) -> None:
        """Drops the mistakes of elements that begin so: what is asked for now need not be right yet."""
        self.faults = [fault for fault in self.faults if not fault[0].startswith(beginnings)]
        self.errors = {name: said for name, said in self.errors.items() if not name.startswith(beginnings)}


def read_applicant(
    typed: Callable[[str], str], kind: str, day: date, read: Mistakes, prefix: str = ""
) -> Applicant | None:
    """The applicant as `typed` under their parts' names; None when there is no name.

    With a `prefix` it is whoever hands in for them, of whom less is asked. `day` is the city's today.
    """

    def said(part: str) -> str:
        return as_declared(typed(prefix + part))

    name = said("name")
    if not name:
        read.wrong(f"{prefix}name", _("Cần ghi họ tên người đi nộp.") if prefix else _("Cần ghi họ tên, tên gọi."))
    elif len(name) > LONGEST_NAME:
        read.wrong(f"{prefix}name", _("Tên dài quá %(most)d ký tự.") % {"most": LONGEST_NAME})
    birth = _birth(said("birth"), day, read, prefix)
    number = _number(said("number"), kind, birth, read, prefix)
    phone, email = read_phone(said("phone"), read, prefix), read_email(said("email"), read, prefix)
    text, commune = said("address"), commune_code(said("commune"), day)
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


def _number(said: str, kind: str, birth: str, read: Mistakes, prefix: str) -> str:
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
        read.wrong(f"{prefix}number", spoken(found.text) + ".")
        return plain
    read.remarks.extend(spoken(warning) + "." for warning in found.warnings)
    return found.number


def spoken(text: Text) -> str:
    """A text in the reader's language."""
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


def _birth(said: str, today: date, read: Mistakes, prefix: str) -> str:
    if not said:
        return ""
    day = read_day(said)
    if not day or not "1850-01-01" <= day <= today.isoformat():
        read.wrong(f"{prefix}birth", _("“%(said)s” không phải ngày sinh; ghi như 07/01/1990.") % {"said": said[:40]})
        return ""
    return day


def read_phone(said: str, read: Mistakes, prefix: str = "") -> str:
    """The telephone number as it is dialled today; '' when it is none."""
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


def read_email(said: str, read: Mistakes, prefix: str = "") -> str:
    """The mail address; '' when it is none."""
    if not said:
        return ""
    try:
        validate_email(said)
    except ValidationError:
        read.wrong(f"{prefix}email", _("“%(said)s” không phải địa chỉ thư điện tử.") % {"said": said[:60]})
        return ""
    return said
