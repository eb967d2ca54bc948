"""Numbers of dossiers and agencies: the public code in the format of its regime, the id we keep it under.

Serials are drawn elsewhere, one atomic counter per agency and day; here they are only written and read.
People's numbers are in `persons`, telephones in `telephones`.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, NamedTuple

import msgspec

from motcua.law.texts import Text

FormatName = Literal["2018", "2025", "national"]
IdentifierShape = Literal["2016", "2020"]

_DAY_ZERO = date(2000, 1, 1)
_DAY_BITS, _AGENCY_BITS, _SERIAL_BITS = 17, 16, 20
_LONGEST_CODE = 64
_LONGEST_IDENTIFIER = 35

# QCVN 102:2016: V1V2V3.Z1Z2.Y1Y2.MX1X2, the first level at the right. Units with three characters for Y1Y2
# stand in the national catalogue, against the standard's own words. What begins like MX1X2 is of the new shape.
_OLD = re.compile(r"((?![A-Z][0-9]{2}\.)[0-9A-Z]{3})\.([0-9A-Z]{2})\.([0-9A-Z]{2}|(?!000)[0-9A-Z]{3})\.([A-Z][0-9]{2})")
# Decision 20/2020/QĐ-TTg, articles 4 to 6: groups of any width, the first level at the left.
_NEW = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9A-Z]{1,32})*")


class DossierCodeFormat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a dossier's public code (`mã số hồ sơ`) is written under one regime.

    `serial_width` is the least number of digits. A day's serial that needs more gets more: the code grows by a
    digit and never collides.
    """

    name: FormatName
    identifier: IdentifierShape
    day_width: Literal[6, 8]
    serial_width: int
    ground: Text


FORMATS: dict[str, DossierCodeFormat] = {
    "2018": DossierCodeFormat(
        "2018",
        "2016",
        6,
        4,
        Text("Điều 19 Thông tư 01/2018/TT-VPCP", "Circular 01/2018/TT-VPCP, article 19"),
    ),
    "2025": DossierCodeFormat(
        "2025",
        "2020",
        6,
        4,
        Text(
            "Điều 28 Nghị định 118/2025/NĐ-CP; Quyết định 20/2020/QĐ-TTg",
            "Decree 118/2025/NĐ-CP, article 28; Decision 20/2020/QĐ-TTg",
        ),
    ),
    "national": DossierCodeFormat(
        "national",
        "2020",
        8,
        7,
        Text("Cổng Dịch vụ công quốc gia", "National public service portal"),
    ),
}


class ParsedCode(NamedTuple):
    """A dossier code taken apart."""

    format: FormatName
    identifier: str
    day: date
    serial: int

    @property
    def text(self) -> str:
        """The code as it is printed."""
        return format_code(self.format, self.identifier, self.day, self.serial)


class PackedId(NamedTuple):
    """What a dossier's id says."""

    day: date
    agency: int
    serial: int


def format_code(format: DossierCodeFormat | str, identifier: str, day: date, serial: int) -> str:
    """A dossier's public code. An identifier of the other shape is written in the format's own.

    Raises ValueError for an identifier of neither shape or without a place in the format's, a day outside
    2000 to 2099 or a serial below 1, and KeyError for an unknown format.
    """
    how = FORMATS[format] if isinstance(format, str) else format
    if serial < 1:
        raise ValueError(f"serials begin at 1, not {serial}")
    if not 2000 <= day.year <= 2099:
        raise ValueError(f"no dossier code can name the year {day.year}")
    shown = day.strftime("%y%m%d" if how.day_width == 6 else "%Y%m%d")
    return f"{_shaped(identifier, how.identifier)}-{shown}-{serial:0{how.serial_width}d}"


def parse_code(text: str) -> ParsedCode | None:
    """The code in what somebody typed, in whichever format it is, or None when it is in none."""
    parts = normalise_code_input(text).split("-")
    if len(parts) != 3:
        return None
    return next((parsed for how in FORMATS.values() if (parsed := _READERS[how.name](how, *parts))), None)


def normalise_code_input(text: str) -> str:
    """A typed code with what people add by accident taken away: spaces, small letters, other dashes and dots.

    Missing leading zeros are not guessed. Empty when it is too long for any code.
    """
    if len(text) > 2 * _LONGEST_CODE:
        return ""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[\u2010-\u2015\u2212\u00ad_]", "-", re.sub(r"[\s\u200b-\u200f\u2060\ufeff]", "", plain))
    plain = re.sub(r"[,·]", ".", plain).strip(".-").upper()
    return plain if len(plain) <= _LONGEST_CODE else ""


def same_code(one: str, other: str) -> bool:
    """True when both are typed forms of one code."""
    wanted = normalise_code_input(one)
    return bool(wanted) and wanted == normalise_code_input(other)


def identifier_shape(identifier: str) -> IdentifierShape | None:
    """Which rule the agency identifier follows: `2016` (QCVN 102:2016), `2020` (Decision 20/2020), or None."""
    if _OLD.fullmatch(identifier):
        return "2016"
    if len(identifier) <= _LONGEST_IDENTIFIER and _NEW.fullmatch(identifier):
        return "2020"
    return None


def to_new_identifier(identifier: str) -> str:
    """`000.00.01.H26` becomes `H26.01`: groups reversed, padding dropped. Raises ValueError on another shape.

    A group of zeros between two others keeps its place, so that the way back is exact.
    """
    matched = _OLD.fullmatch(identifier)
    if matched is None:
        raise ValueError(f"{identifier!r} is not an identifier of QCVN 102:2016")
    groups = list(matched.groups())[::-1]
    while set(groups[-1]) == {"0"}:
        groups.pop()
    return ".".join(groups)


def to_old_identifier(identifier: str) -> str:
    """`H26.1.2` becomes `000.02.01.H26`: padded and reversed.

    Raises ValueError when it is of another shape, has more than four levels or a group too wide for its place.
    """
    if identifier_shape(identifier) != "2020":
        raise ValueError(f"{identifier!r} is not an identifier of Decision 20/2020")
    first, *below = identifier.split(".")
    below += ["0"] * (3 - len(below))
    old = ".".join([*(group.zfill(width) for group, width in zip(below, (2, 2, 3), strict=False))][::-1])
    if len(below) > 3 or not _OLD.fullmatch(f"{old}.{first}"):
        raise ValueError(f"{identifier!r} has no place in QCVN 102:2016")
    return f"{old}.{first}"


def pack_dossier_id(day: date, agency_number: int, serial: int) -> int:
    """The dossier's id: days since 2000-01-01, agency and the agency's serial of that day in one number.

    Below 2^53, so that any language and any JSON reader keeps it exactly; ids rise with the day. Holds until
    2358, 65,535 agencies and 1,048,575 dossiers per agency and day. Raises ValueError beyond.
    """
    days = (day - _DAY_ZERO).days
    for value, bits, what in (
        (days, _DAY_BITS, "day"),
        (agency_number, _AGENCY_BITS, "agency number"),
        (serial, _SERIAL_BITS, "serial"),
    ):
        if not 0 <= value < 1 << bits:
            raise ValueError(f"{what} {value} does not fit a dossier id")
    return days << _AGENCY_BITS + _SERIAL_BITS | agency_number << _SERIAL_BITS | serial


def unpack_dossier_id(dossier_id: int) -> PackedId:
    """What the id was packed from. Raises ValueError when it is no dossier's id."""
    if not 0 <= dossier_id < 1 << 53:
        raise ValueError(f"{dossier_id} is no dossier id")
    day = _DAY_ZERO + timedelta(days=dossier_id >> _AGENCY_BITS + _SERIAL_BITS)
    agency = dossier_id >> _SERIAL_BITS & (1 << _AGENCY_BITS) - 1
    return PackedId(day, agency, dossier_id & (1 << _SERIAL_BITS) - 1)


_REFERENCE = re.compile(r"T?([0-9]{6})-?([0-9]{5})-?([0-9]{4,7})")


def reference(dossier_id: int) -> str:
    """What a dossier filed online is called until it has its code: `T181008-00014-0007` (day, agency, serial)."""
    day, agency, serial = unpack_dossier_id(dossier_id)
    return f"T{day:%y%m%d}-{agency:05d}-{serial:04d}"


def parse_reference(text: str) -> int | None:
    """The dossier's id in a typed reference, or None when it is none."""
    found = _REFERENCE.fullmatch(normalise_code_input(text))
    if found is None:
        return None
    digits = found[1]
    try:
        day = date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
        return pack_dossier_id(day, int(found[2]), int(found[3]))
    except ValueError:
        return None


def _shaped(identifier: str, shape: IdentifierShape) -> str:
    own = identifier_shape(identifier)
    if own is None:
        raise ValueError(f"{identifier!r} is no agency identifier")
    if own == shape:
        return identifier
    return to_new_identifier(identifier) if shape == "2020" else to_old_identifier(identifier)


def _read_six_digit_day(how: DossierCodeFormat, identifier: str, day: str, serial: str) -> ParsedCode | None:
    return _read(how, identifier, f"20{day}" if len(day) == 6 else "", serial)


def _read_eight_digit_day(how: DossierCodeFormat, identifier: str, day: str, serial: str) -> ParsedCode | None:
    return _read(how, identifier, day if day.startswith("20") else "", serial)


def _read(how: DossierCodeFormat, identifier: str, day: str, serial: str) -> ParsedCode | None:
    if identifier_shape(identifier) != how.identifier or not re.fullmatch("[0-9]{8}", day):
        return None
    grown = len(serial) > how.serial_width
    if not re.fullmatch("[0-9]{1,12}", serial) or len(serial) < how.serial_width or (grown and serial[0] == "0"):
        return None
    try:
        lodged = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return None
    return ParsedCode(how.name, identifier, lodged, int(serial)) if int(serial) else None


# One reader per format, never one expression for all: formats differ in ways a pattern cannot tell.
_READERS: dict[FormatName, Callable[[DossierCodeFormat, str, str, str], ParsedCode | None]] = {
    "2018": _read_six_digit_day,
    "2025": _read_six_digit_day,
    "national": _read_eight_digit_day,
}
