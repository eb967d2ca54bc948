"""The facts the register keeps of a person: their names, what shape each has, and how a date of birth may be partial.

Pure. Where they are kept is `models`, who may ask for them `lookups`.
"""

import re
from datetime import date
from typing import Literal

from motcua.law.names import as_declared
from motcua.law.texts import Text
from motcua.registry.two_times import Value

Shape = Literal["text", "sex", "birth", "address", "person"]

# The number stands in the database beside each statement and is never used for another fact.
FACTS: dict[str, tuple[int, Shape, Text]] = {
    "name": (1, "text", Text("Họ, chữ đệm và tên", "Full name")),
    "sex": (2, "sex", Text("Giới tính", "Sex")),
    "birth": (3, "birth", Text("Ngày sinh", "Date of birth")),
    "ethnicity": (4, "text", Text("Dân tộc", "Ethnicity")),
    "birthplace": (5, "address", Text("Nơi sinh", "Place of birth")),
    "origin": (6, "address", Text("Quê quán", "Place of origin")),
    "permanent": (7, "address", Text("Nơi thường trú", "Permanent residence")),
    "temporary": (8, "address", Text("Nơi tạm trú", "Temporary residence")),
    "present": (9, "address", Text("Nơi ở hiện tại", "Present residence")),
    "father": (10, "person", Text("Cha", "Father")),
    "mother": (11, "person", Text("Mẹ", "Mother")),
    "spouse": (12, "person", Text("Vợ hoặc chồng", "Spouse")),
}
SEXES = ("male", "female")
ADDRESS_PARTS = ("text", "commune", "catalogue")
PERSON_PARTS = ("name", "number")
LONGEST = 300
EARLIEST = 1850

_BIRTH = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_DAY_FIRST = re.compile(r"(?:(\d{1,2})[/.-])?(?:(\d{1,2})[/.-])?(\d{4})", re.ASCII)
_COMMUNE = re.compile(r"\d{5}", re.ASCII)
_NUMBER = re.compile(r"\d{12}|\d{9}", re.ASCII)


class WrongFactError(ValueError):
    """A value that cannot be kept, and why."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(vi, en)


def read_fact(what: str, given: object, today: date) -> Value:
    """The value as it is kept: texts in NFC, a birth as `1980`, `1980-05` or `1980-05-02`, blocks of known parts.

    Raises WrongFactError for what cannot be that fact, and KeyError for a fact there is none of.
    """
    _no, shape, _name = FACTS[what]
    match shape:
        case "birth":
            return read_birth(_text(given), today)
        case "sex":
            return _sex(_text(given))
        case "address":
            return _block(given, ADDRESS_PARTS)
        case "person":
            return _block(given, PERSON_PARTS)
        case _:
            return _needed(_text(given))


def read_birth(text: str, today: date) -> str:
    """A date of birth whose day, or day and month, may be unknown: `1980`, `5/1980`, `2/5/1980`, or in ISO."""
    iso, spoken = _BIRTH.fullmatch(text), _DAY_FIRST.fullmatch(text)
    if iso:
        parts = [iso[1], iso[2], iso[3]]
    elif spoken:
        day, month = (spoken[1], spoken[2]) if spoken[2] else (None, spoken[1])
        parts = [spoken[3], month, day]
    else:
        raise WrongFactError("Không phải ngày sinh; ghi như 02/05/1980, 5/1980 hoặc 1980.", "This is no date of birth.")
    numbers = [int(each) for each in parts if each]
    try:
        first = date(numbers[0], *(numbers[1:2] or [1]), *(numbers[2:3] or [1]))
    except ValueError:
        raise WrongFactError("Không có ngày này.", "There is no such day.") from None
    if not first.year >= EARLIEST or first > today:
        raise WrongFactError("Ngày sinh không hợp lý.", "This cannot be a date of birth.")
    return "-".join(f"{each:02d}" for each in numbers)


def same_birth(one: str, other: str) -> bool:
    """True when two births may be the same: equal as far as both are known."""
    known = min(len(one), len(other))
    return bool(known) and one[:known] == other[:known]


def _sex(text: str) -> str:
    known = {"nam": "male", "male": "male", "m": "male", "nữ": "female", "nu": "female", "female": "female",
             "f": "female"}  # fmt: skip
    found = known.get(text.casefold())
    if found is None:
        raise WrongFactError("Giới tính ghi nam hoặc nữ.", "The sex is male or female.")
    return found


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise WrongFactError("Không phải chữ.", "This is not a text.")
    return as_declared(given)


def _needed(text: str) -> str:
    if not text:
        raise WrongFactError("Để trống.", "This is empty.")
    if len(text) > LONGEST:
        raise WrongFactError(f"Dài hơn {LONGEST} ký tự.", f"Longer than {LONGEST} characters.")
    if text[0] in "=+@\t":
        raise WrongFactError("Bắt đầu bằng ký hiệu công thức.", "It begins like a formula.")
    return text


def _block(given: object, parts: tuple[str, ...]) -> dict[str, str]:
    if isinstance(given, str):
        given = {parts[0]: given}
    if not isinstance(given, dict) or not set(given) <= set(parts):
        raise WrongFactError("Không đúng dạng.", "It has the wrong form.")
    block = {part: _text(given[part]) for part in parts if given.get(part)}
    if parts is ADDRESS_PARTS and "commune" in block and not _COMMUNE.fullmatch(block["commune"]):
        raise WrongFactError("Mã phường, xã có 5 chữ số.", "A commune's code has 5 digits.")
    if parts is PERSON_PARTS and "number" in block and not _NUMBER.fullmatch(block["number"]):
        raise WrongFactError("Số định danh có 12 chữ số.", "A personal number has 12 digits.")
    return {parts[0]: _needed(block.get(parts[0], "")), **block}


def said(what: str, value: Value, language: str) -> str:
    """A value in words for people."""
    if isinstance(value, dict):
        number = value.get("number", "")
        return f"{value.get(ADDRESS_PARTS[0]) or value.get('name', '')}{f' ({number})' if number else ''}"
    if what == "sex":
        words = {"male": Text("Nam", "Male"), "female": Text("Nữ", "Female")}
        return words[value].within(language) if value in words else value
    return "/".join(reversed(value.split("-"))) if what == "birth" else value
