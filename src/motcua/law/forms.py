"""Cleans the answers of a form: every field gets its one stored form, every mistake its sentence, all at once.

Stored values are texts, whole numbers, lists and blocks only, because they are sealed: dates as ISO texts,
yes and no as `yes` and `no`, numbers with decimals as texts (`72.5`). Showing the form is left to the faces,
checking its definition to `form_check`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

import msgspec

from motcua.law.procedure import Field
from motcua.law.texts import Text

LARGEST = 10**15
MOST_ROWS = 200
EARLIEST = date(1850, 1, 1)
PERSON = ("name", "number", "birth", "relation")
ADDRESS = ("text", "commune")
YES = frozenset({"yes", "y", "true", "1", "on", "có", "đúng"})
NO = frozenset({"no", "n", "false", "0", "off", "không", "sai"})

_GROUPED = re.compile(r"\d{1,3}(?:([., ])\d{3}(?:\1\d{3})*)?|\d+", re.ASCII)
_DECIMAL = re.compile(r"(\d{1,3}(?:([., ])\d{3})+|\d+)[.,](\d{1,2})", re.ASCII)
_CURRENCY = re.compile(r"\s*(?:đồng|vnđ|vnd|đ|₫)\.?$", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NUMBER = re.compile(r"[0-9A-Z]{6,20}", re.ASCII)
_COMMUNE = re.compile(r"\d{5}", re.ASCII)
_COMPUTED = re.compile(r"(sum|product): *([\w.]+(?: +[\w.]+)*)", re.ASCII)


class FormFault(msgspec.Struct, frozen=True):
    """One mistake in a form. `path` names the answer: `floor_area`, `owner.number`, `rooms[2].area`."""

    path: str
    reason: Text


class WrongAnswerError(ValueError):
    """An answer that cannot be taken; carries where within the value and why."""

    def __init__(self, vi: str, en: str, within: str = "") -> None:
        super().__init__(en)
        self.reason = Text(vi, en)
        self.within = within


def check_form(
    fields: Iterable[Field], values: Mapping[str, object], today: date, case: str = ""
) -> tuple[dict[str, object], list[FormFault]]:
    """The cleaned answers and everything that is wrong with them.

    `fields` in order; those of other cases than `case` and those whose condition does not hold are left out,
    with whatever was answered there. Computed fields are reckoned here; an answer sent for one is not read.
    `today` is the city's day, which no date marked `not_after: today` may pass. Cleaning what was cleaned
    changes nothing.
    """
    asked = tuple(fields)
    cleaned: dict[str, object] = {}
    faults: list[FormFault] = []
    for field in asked:
        shown = (not field.cases or case in field.cases) and (field.when is None or field.when.holds(cleaned))
        if not shown:
            continue
        if field.computed:
            _take_computed(field, cleaned, faults)
        else:
            _take(field, values.get(field.id), today, cleaned, faults)
    known = {field.id for field in asked}
    for name in values:
        if name not in known:
            reason = Text("Mẫu đơn không có mục này.", "The form has no such field.")
            faults.append(FormFault(str(name)[:100], reason))
    return cleaned, faults


def _take(field: Field, given: object, today: date, cleaned: dict[str, object], faults: list[FormFault]) -> None:
    """Cleans one answer into `cleaned`, or adds what is wrong with it to `faults`."""
    before = len(faults)
    try:
        if field.type == "table":
            value: object = _table(field, given, today, faults)
        elif field.type in ("person", "address"):
            value = _block(field, given, today, faults)
        else:
            value = None if _is_blank(given) else _SIMPLE[field.type](field, given, today)
            _check_bounds(field, value)
    except WrongAnswerError as error:
        faults.append(FormFault(f"{field.id}{error.within}", error.reason))
        return
    if value not in (None, "", [], {}):
        cleaned[field.id] = value
    elif field.required and len(faults) == before:
        faults.append(FormFault(field.id, Text("Cần trả lời mục này.", "This must be answered.")))


def _is_blank(given: object) -> bool:
    return given is None or (isinstance(given, str) and not _plain(given))


def _plain(text: str) -> str:
    """One line in NFC, without control characters and needless spaces."""
    kept = "".join(each for each in text if each.isspace() or unicodedata.category(each) not in _UNSEEN)
    return " ".join(unicodedata.normalize("NFC", kept).split())


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def _text_of(given: object) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise WrongAnswerError("Không phải chữ.", "This is not a text.")
    return _plain(str(given))


def _text(field: Field, given: object, today: date) -> str:
    return _bounded(_text_of(given), field.max_length)


def _long_text(field: Field, given: object, today: date) -> str:
    if not isinstance(given, str):
        raise WrongAnswerError("Không phải chữ.", "This is not a text.")
    lines = [_plain(line) for line in given.splitlines()]
    return _bounded(re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n"), field.max_length)


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        raise WrongAnswerError(
            f"Dài {len(text)} ký tự, tối đa {most}.", f"This has {len(text)} characters; at most {most}."
        )
    return text


def _whole(text: str) -> int | None:
    """`1500000`, `1.500.000`, `1,500,000`, `1 500 000` as a whole number, otherwise None."""
    sign, digits = (-1, text[1:].strip()) if text.startswith("-") else (1, text)
    if not _GROUPED.fullmatch(digits):
        return None
    return sign * int(re.sub(r"[^0-9]", "", digits)[:20])


def _number(field: Field, given: object, today: date) -> int | str:
    """A number: groups of three digits are thousands; one or two digits after the last mark are decimals."""
    text = _text_of(given)
    whole = _whole(text)
    if whole is not None:
        return whole
    found = _DECIMAL.fullmatch(text.removeprefix("-"))
    if not found:
        raise WrongAnswerError(
            f"“{text[:40]}” không phải số; ghi như 1.500 hoặc 72,5.",
            f"“{text[:40]}” is not a number; write 1500 or 72.5.",
        )
    digits = re.sub(r"[^0-9]", "", found[1])
    return stored_number(Decimal(f"{'-' if text.startswith('-') else ''}{digits}.{found[3]}"))


def _money(field: Field, given: object, today: date) -> int:
    """An amount in đồng: `1.500.000`, `1,500,000 đ`, `1500000`; never a fraction, never below zero."""
    text = _text_of(given)
    amount = _whole(_CURRENCY.sub("", text))
    if amount is None:
        raise WrongAnswerError(
            f"“{text[:40]}” không phải số tiền; ghi như 1.500.000.",
            f"“{text[:40]}” is not an amount of money; write 1,500,000.",
        )
    if amount < 0:
        raise WrongAnswerError("Số tiền không được âm.", "An amount cannot be negative.")
    return amount


def _day(given: object) -> date:
    text = _text_of(given)
    day_first, iso = _DAY_FIRST.fullmatch(text), _ISO.fullmatch(text)
    try:
        if day_first:
            return date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        raise WrongAnswerError(f"Không có ngày {text}.", f"There is no day {text}.") from None
    raise WrongAnswerError(
        f"“{text[:40]}” không phải ngày; ghi đủ ngày/tháng/năm, như 07/01/2019.",
        f"“{text[:40]}” is not a date; write day/month/year in full, like 07/01/2019.",
    )


def _date(field: Field, given: object, today: date) -> str:
    day = _day(given)
    if day < EARLIEST:
        raise WrongAnswerError("Ngày quá xa trong quá khứ.", "This day is too far in the past.")
    if field.not_after == "today" and day > today:
        raise WrongAnswerError("Ngày này chưa đến.", "This day has not come yet.")
    return day.isoformat()


def _choice(field: Field, given: object, today: date) -> str:
    text = _text_of(given)
    if text not in {choice.value for choice in field.choices}:
        raise WrongAnswerError(f"“{text[:40]}” không có trong danh sách.", f"“{text[:40]}” is not one of the choices.")
    return text


def _yes_no(field: Field, given: object, today: date) -> str:
    text = str(given).lower() if isinstance(given, bool) else _text_of(given).lower()
    if text in YES:
        return "yes"
    if text in NO:
        return "no"
    raise WrongAnswerError("Hãy trả lời có hoặc không.", "Answer yes or no.")


def _file(field: Field, given: object, today: date) -> str:
    text = _text_of(given).lower()
    if not _DIGEST.fullmatch(text):
        raise WrongAnswerError("Tệp chưa được tải lên xong.", "The file has not been uploaded completely.")
    return text


_SIMPLE: dict[str, Callable[[Field, object, date], str | int]] = {
    "text": _text,
    "long_text": _long_text,
    "number": _number,
    "money": _money,
    "date": _date,
    "choice": _choice,
    "yes_no": _yes_no,
    "file": _file,
}


def _block(field: Field, given: object, today: date, faults: list[FormFault]) -> dict[str, object]:
    """A person or an address: a block of texts, of which the first is needed once any other is given."""
    if given is None or given == "":
        return {}
    if not isinstance(given, Mapping):
        raise WrongAnswerError("Câu trả lời không đúng dạng.", "The answer has the wrong form.")
    parts = PERSON if field.type == "person" else ADDRESS
    block: dict[str, object] = {}
    before = len(faults)
    for name in given:
        if name not in parts:
            raise WrongAnswerError(
                "Câu trả lời có mục lạ.", "The answer has a part that is not known.", f".{str(name)[:40]}"
            )
    for name in parts:
        if _is_blank(given.get(name)):
            continue
        try:
            block[name] = _part(name, given[name], field, today)
        except WrongAnswerError as error:
            faults.append(FormFault(f"{field.id}.{name}", error.reason))
    if parts[0] not in block and block and len(faults) == before:
        faults.append(
            FormFault(
                f"{field.id}.{parts[0]}",
                Text("Cần ghi họ tên.", "A name is needed.")
                if field.type == "person"
                else Text("Cần ghi số nhà, đường, thôn.", "House and street are needed."),
            )
        )
    return block


def _part(name: str, given: object, field: Field, today: date) -> str:
    if name == "birth":
        day = _day(given)
        if not EARLIEST <= day <= today:
            raise WrongAnswerError("Ngày sinh không hợp lý.", "This cannot be a day of birth.")
        return day.isoformat()
    text = _text_of(given)
    if name == "number":
        number = re.sub(r"[ .-]", "", text).upper()
        if not _NUMBER.fullmatch(number):
            raise WrongAnswerError(
                "Số giấy tờ phải có 6 đến 20 chữ số hoặc chữ cái.",
                "The number must have 6 to 20 digits or letters.",
            )
        return number
    if name == "commune":
        if not _COMMUNE.fullmatch(text):
            raise WrongAnswerError("Hãy chọn phường, xã trong danh sách.", "Choose the commune from the list.")
        return text
    return _bounded(text, min(field.max_length, 200) if name in ("name", "relation") else field.max_length)


def _table(field: Field, given: object, today: date, faults: list[FormFault]) -> list[dict[str, object]]:
    """The rows that hold anything, each cleaned by the columns; `minimum` and `maximum` count rows."""
    if given is None or given == "":
        return []
    if not isinstance(given, list | tuple) or not all(isinstance(row, Mapping) for row in given):
        raise WrongAnswerError("Bảng không đúng dạng.", "The table has the wrong form.")
    if len(given) > MOST_ROWS:
        raise WrongAnswerError(
            f"Bảng có {len(given)} dòng, tối đa {MOST_ROWS}.",
            f"The table has {len(given)} rows; at most {MOST_ROWS}.",
        )
    rows: list[dict[str, object]] = []
    before = len(faults)
    for at, row in enumerate(given):
        if all(_is_blank(cell) or cell in ([], {}) for cell in row.values()):
            continue
        cleaned, wrong = check_form(field.columns, row, today)
        faults.extend(FormFault(f"{field.id}[{at}].{each.path}", each.reason) for each in wrong)
        if cleaned:
            rows.append(cleaned)
    if rows and len(faults) == before:
        _check_size(field, len(rows))
    return rows


def _check_size(field: Field, rows: int) -> None:
    if field.minimum is not None and rows < field.minimum:
        raise WrongAnswerError(f"Cần ít nhất {field.minimum} dòng.", f"At least {field.minimum} row(s) are needed.")
    if field.maximum is not None and rows > field.maximum:
        raise WrongAnswerError(f"Tối đa {field.maximum} dòng.", f"At most {field.maximum} row(s).")


def _check_bounds(field: Field, value: object) -> None:
    if field.type not in ("number", "money") or value is None:
        return
    amount = Decimal(str(value))
    low = -LARGEST if field.minimum is None else field.minimum
    high = LARGEST if field.maximum is None else field.maximum
    if amount < low:
        raise WrongAnswerError(f"Không được nhỏ hơn {low}.", f"This must not be less than {low}.")
    if amount > high:
        raise WrongAnswerError(f"Không được lớn hơn {high}.", f"This must not be more than {high}.")


def stored_number(number: Decimal) -> int | str:
    """A number as it is stored: whole as an int, otherwise as a text with at most two decimals."""
    rounded = number.quantize(Decimal("0.01"))
    if rounded == rounded.to_integral_value():
        return int(rounded)
    return format(rounded, "f").rstrip("0")


def operands(computed: str) -> tuple[str, tuple[str, ...]]:
    """`sum: a b` as `("sum", ("a", "b"))`; a table's column is `rooms.area`. ValueError for anything else."""
    found = _COMPUTED.fullmatch(computed.strip())
    if not found:
        raise ValueError(computed)
    return found[1], tuple(found[2].split())


def _take_computed(field: Field, cleaned: dict[str, object], faults: list[FormFault]) -> None:
    """A sum of what was answered, or a product once every factor was; nothing when nothing was answered."""
    how, names = operands(field.computed)
    found = [each for name in names for each in _numbers(cleaned, name)]
    complete = all(_numbers(cleaned, name) for name in names)
    if not found or (how == "product" and not complete):
        return
    total = sum(found, Decimal(0))
    if how == "product":
        total = Decimal(1)
        for each in found:
            total *= each
    try:
        _check_bounds(field, total)
    except WrongAnswerError as error:
        faults.append(FormFault(field.id, error.reason))
        return
    cleaned[field.id] = stored_number(total)


def _numbers(cleaned: dict[str, object], name: str) -> list[Decimal]:
    table, _, column = name.partition(".")
    value = cleaned.get(table)
    cells = [row.get(column) for row in value if isinstance(row, dict)] if isinstance(value, list) else [value]
    return [Decimal(str(cell)) for cell in cells if isinstance(cell, int | str)]
