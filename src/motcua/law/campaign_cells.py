"""Reads one cell of a campaign's table, typed by hand or by a spreadsheet, and says in words why it cannot be read.

Numbers are written as in Vietnam: a dot or a space between thousands, a comma before decimals. What can be read two
ways is refused, never guessed. Bounds, required cells and sums are left to `campaign_check`.
"""

import math
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from motcua.law.campaign import Column, Value
from motcua.law.names import search_key
from motcua.law.texts import Text

LONGEST_NUMBER = 15
_PLAIN = re.compile(r"-?\d+")
_GROUPED = re.compile(r"-?\d{1,3}(?:(?:\.\d{3})+|(?: \d{3})+)")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YES, _NO = {"co", "yes", "true", "x", "dung"}, {"khong", "no", "false", "sai"}


class UnreadableCellError(ValueError):
    """A cell that cannot be read, and why."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(vi, en)


def read_words(column: Column, words: str) -> Value | None:
    """What is written, as the column's kind; None for an empty cell. Raises UnreadableCellError."""
    said = unicodedata.normalize("NFC", words).replace("\xa0", " ").replace("\u202f", " ").strip()
    if "\x00" in said:
        raise UnreadableCellError("có ký tự không đọc được", "has a sign that cannot be read")
    if not said:
        return None
    match column.kind:
        case "text":
            return _text(column, said)
        case "int" | "money":
            return _whole(said)
        case "decimal":
            return _decimal(column, said)
        case "date":
            return _date(said)
        case "choice":
            return _choice(column, said)
        case "yes_no":
            return _yes_no(said)


def read_typed(column: Column, value: object) -> Value | None:
    """What a spreadsheet holds in a cell, as the column's kind; None for an empty one. Raises UnreadableCellError."""
    if value is None or isinstance(value, str):
        return read_words(column, value or "")
    if isinstance(value, bool):
        if column.kind == "yes_no":
            return value
        raise UnreadableCellError("là giá trị đúng/sai, không phải điều cột hỏi", "is true or false, not what is asked")
    if isinstance(value, datetime | date):
        return _typed_date(column, value)
    if isinstance(value, int | float):
        return _typed_number(column, value)
    raise UnreadableCellError("là loại ô không nhận được", "is a kind of cell that is not taken")


def _typed_date(column: Column, value: datetime | date) -> Value:
    day = value.date() if isinstance(value, datetime) else value
    if column.kind == "date":
        return day
    if column.kind == "text":
        return _text(column, f"{day.day}/{day.month}/{day.year}")
    raise UnreadableCellError("là ngày, không phải điều cột hỏi", "is a date, not what is asked")


def _typed_number(column: Column, value: int | float) -> Value:
    if isinstance(value, float) and not math.isfinite(value):
        raise UnreadableCellError("không phải là số", "is no number")
    # Fifteen digits are what a spreadsheet keeps and shows: 0.1 + 0.2 is 0.3 there.
    exact = Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))
    whole = exact == exact.to_integral_value()
    match column.kind:
        case "int" | "money":
            if not whole:
                raise UnreadableCellError("phải là số nguyên", "must be a whole number")
            return _sized(int(exact))
        case "decimal":
            return _places(column, exact)
        case "text":
            return _text(column, str(int(exact)) if whole else f"{exact:f}".replace(".", ","))
        case "choice":
            return _choice(column, str(int(exact)) if whole else str(exact))
        case "date":
            raise UnreadableCellError(
                "là số, không phải ngày: hãy định dạng ô là ngày", "is a number, no date: format the cell as a date"
            )
        case "yes_no":
            raise UnreadableCellError("hãy ghi “có” hoặc “không”", "write “có” (yes) or “không” (no)")


def _text(column: Column, said: str) -> str:
    if len(said) > column.longest:
        raise UnreadableCellError(f"dài hơn {column.longest} ký tự", f"is longer than {column.longest} characters")
    return said


def _number_words(said: str) -> str:
    said = said.replace("\u2212", "-").replace("- ", "-")
    if len(said) > 40:
        raise UnreadableCellError(f"có hơn {LONGEST_NUMBER} chữ số", f"has more than {LONGEST_NUMBER} digits")
    if re.search(r"[^\W\d_]", said):
        raise UnreadableCellError("có chữ lẫn trong số; chỉ ghi số", "has letters in a number; write the number only")
    if said.startswith("="):
        raise UnreadableCellError("là công thức viết như chữ; hãy ghi số", "is a formula as text; write the number")
    if not said.isascii():
        raise UnreadableCellError("không phải là số", "is no number")
    return said


def _digits(said: str) -> int:
    if not (_PLAIN.fullmatch(said) or _GROUPED.fullmatch(said)):
        if re.fullmatch(r"-?\d+\.\d+", said):
            raise UnreadableCellError(
                "đọc được hai cách: phần thập phân viết sau dấu phẩy (1,5), hàng nghìn cách ba chữ số (1.500)",
                "can be read two ways: decimals follow a comma (1,5), thousands are three digits apart (1.500)",
            )
        raise UnreadableCellError("không phải là số", "is no number")
    return _sized(int(said.replace(".", "").replace(" ", "")))


def _sized(number: int) -> int:
    if len(str(abs(number))) > LONGEST_NUMBER:
        raise UnreadableCellError(f"có hơn {LONGEST_NUMBER} chữ số", f"has more than {LONGEST_NUMBER} digits")
    return number


def _whole(said: str) -> int:
    said = _number_words(said)
    if "," in said:
        raise UnreadableCellError(
            "phải là số nguyên; hàng nghìn viết 1.234", "must be a whole number; thousands are written 1.234"
        )
    return _digits(said)


def _decimal(column: Column, said: str) -> Decimal:
    said = _number_words(said)
    whole, comma, rest = said.partition(",")
    if not comma:
        return _places(column, Decimal(_digits(said)))
    if not (rest.isascii() and rest.isdecimal()):
        raise UnreadableCellError(
            "không phải là số; viết như 1.234,5", "is no number; write it like 1.234,5"
        )  # fmt: skip
    try:
        return _places(column, Decimal(f"{'-' if whole.startswith('-') else ''}{abs(_digits(whole))}.{rest}"))
    except InvalidOperation:
        raise UnreadableCellError("không phải là số", "is no number") from None


def _places(column: Column, number: Decimal) -> Decimal:
    digits = number.normalize().as_tuple()
    places = -int(digits.exponent) if isinstance(digits.exponent, int) else 0
    if places > column.decimals:
        raise UnreadableCellError(
            f"có hơn {column.decimals} chữ số sau dấu phẩy", f"has more than {column.decimals} decimals"
        )
    _sized(int(number))
    return number.quantize(Decimal(1).scaleb(-column.decimals))


def _date(said: str) -> date:
    found = _DAY.fullmatch(said)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(said)
    except ValueError:
        raise UnreadableCellError(
            "không phải ngày; viết như 31/12/2018", "is no date; write it like 31/12/2018"
        ) from None
    if not 1900 <= day.year <= 2200:
        raise UnreadableCellError("có năm ngoài 1900 đến 2200", "has a year outside 1900 to 2200")
    return day


def _choice(column: Column, said: str) -> str:
    key = search_key(said)
    for each in column.choices:
        if said == each.code or key in (search_key(each.name.vi), search_key(each.name.en)):
            return each.code
    known = "; ".join(each.name.vi for each in column.choices)
    raise UnreadableCellError(f"không phải một trong: {known}", f"is none of: {known}")


def _yes_no(said: str) -> bool:
    key = search_key(said)
    if key in _YES:
        return True
    if key in _NO:
        return False
    raise UnreadableCellError("hãy ghi “có” hoặc “không”", "write “có” (yes) or “không” (no)")


def kept(value: Value) -> str | int | bool:
    """A value as JSON keeps it: decimals and dates as words, so that nothing is lost."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def value_of(column: Column, stored: str | int | bool) -> Value:
    """What JSON kept, as the column's kind."""
    if column.kind == "decimal":
        return Decimal(str(stored))
    return date.fromisoformat(str(stored)) if column.kind == "date" else stored


def written(column: Column, stored: str | int | bool | None) -> str:
    """A stored value as people write it, so that `read_words` reads it back."""
    if stored is None:
        return ""
    match column.kind:
        case "decimal":
            words = f"{Decimal(str(stored)):f}"
            return (words.rstrip("0").rstrip(".") if "." in words else words).replace(".", ",")
        case "date":
            day = date.fromisoformat(str(stored))
            return f"{day.day}/{day.month}/{day.year}"
        case "yes_no":
            return "có" if stored else "không"
        case _:
            return str(stored)
