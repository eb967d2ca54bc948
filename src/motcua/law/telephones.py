"""Telephone numbers as people give them, old and new, brought to the one that rings today.

Mobile numbers of 11 digits became 10 in September to November 2018, Hanoi's landlines changed from 04 to 024 on
17 June 2017. Sending messages is left to others.
"""

import re
from typing import Literal

import msgspec

# 2018: old four-digit mobile prefixes and the three digits that replaced them.
_RENUMBERED = {
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038",
    "0169": "039", "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078", "0123": "083",
    "0124": "084", "0125": "085", "0127": "081", "0129": "082", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
_LONGEST = 40


class Phone(msgspec.Struct, frozen=True):
    """A telephone number. `number` is how it is dialled at home (`0912345678`), `international` with `+84`.

    `renumbered_from` is the old number when one was given. A foreign number has no other form than `+...`.
    """

    number: str
    international: str
    kind: Literal["mobile", "landline", "foreign"]
    renumbered_from: str = ""


def normalise_phone(text: str) -> Phone | None:
    """The number in what somebody typed, or None when it is none.

    Old Hồ Chí Minh City landlines (08 and eight digits) cannot be told from today's 08 mobile numbers and are
    read as those.
    """
    if len(text) > _LONGEST:
        return None
    typed = re.sub(r"[\s.()\-\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2060\ufeff]", "", text)
    if not re.fullmatch(r"\+?[0-9]{8,15}", typed):
        return None
    if typed.startswith("00"):
        typed = f"+{typed[2:]}"
    if typed.startswith("+") and not typed.startswith("+84"):
        return Phone(typed, typed, "foreign") if re.fullmatch(r"\+[1-9][0-9]{7,14}", typed) else None
    return _at_home(_home_form(typed))


def _home_form(typed: str) -> str:
    # +84 0912... is a common slip; 84912345678 without a plus is how spreadsheets keep it.
    if typed.startswith("+84"):
        typed = typed[3:]
    elif typed.startswith("84") and len(typed) in (11, 12):
        typed = typed[2:]
    return typed if typed.startswith("0") else f"0{typed}"


def _at_home(number: str) -> Phone | None:
    if re.fullmatch("0[35789][0-9]{8}", number):
        return _phone(number, "mobile")
    if re.fullmatch("02[0-9]{9}", number):
        return _phone(number, "landline")
    if len(number) == 11 and number[:4] in _RENUMBERED:
        return _phone(_RENUMBERED[number[:4]] + number[4:], "mobile", number)
    if re.fullmatch("04[0-9]{8}", number):
        return _phone(f"024{number[2:]}", "landline", number)
    return None


def _phone(number: str, kind: Literal["mobile", "landline"], renumbered_from: str = "") -> Phone:
    return Phone(number, f"+84{number[1:]}", kind, renumbered_from)
