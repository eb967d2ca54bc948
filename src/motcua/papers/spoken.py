"""Instants, days and numbers as Vietnamese papers say them.

Days follow Decree 30/2020: two figures below ten, and for January and February. How long something took and
when it is due is left to `law/`.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Ho_Chi_Minh")

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_FIGURES = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu", "tỷ")
_MONTHS_WRITTEN_WITH_TWO_FIGURES = 2


def day(value: date) -> str:
    """`ngày 07 tháng 01 năm 2019` (Decree 30/2020, Annex I, II.4)."""
    month = f"{value.month:02}" if value.month <= _MONTHS_WRITTEN_WITH_TWO_FIGURES else str(value.month)
    return f"ngày {value.day:02} tháng {month} năm {value.year}"


def moment(value: datetime) -> str:
    """`17 giờ 00, thứ Hai ngày 07 tháng 01 năm 2019`, by the city's clock. Refuses an instant without a zone."""
    local = in_city(value)
    return f"{hour(local)}, {weekday(local)} {day(local)}"


def hour(local: datetime) -> str:
    """`17 giờ 00`."""
    return f"{local.hour:02} giờ {local.minute:02}"


def weekday(value: date) -> str:
    """`thứ Hai` to `Chủ nhật`."""
    return _WEEKDAYS[value.weekday()]


def in_city(value: datetime) -> datetime:
    """The instant by the city's clock. Raises ValueError for one without a zone: it could be any hour."""
    if value.tzinfo is None:
        raise ValueError("an instant on a paper needs its time zone")
    return value.astimezone(CITY)


def number(value: int) -> str:
    """A whole number from 0 to 999 tỷ in words: 1005 is `một nghìn không trăm linh năm`."""
    if not 0 <= value < 1000 ** len(_SCALES):
        raise ValueError(f"cannot say {value} in words")
    if value == 0:
        return _FIGURES[0]
    words: list[str] = []
    for scale in range(len(_SCALES) - 1, -1, -1):
        group = value // 1000**scale % 1000
        if group:
            words += [*_hundreds(group, leading=not words), _SCALES[scale]]
    return " ".join(filter(None, words))


def _hundreds(group: int, *, leading: bool) -> list[str]:
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    words = [] if leading and not hundreds else [_FIGURES[hundreds], "trăm"]
    if tens == 0:
        if ones and words:
            words.append("linh")
    elif tens == 1:
        words.append("mười")
    else:
        words += [_FIGURES[tens], "mươi"]
    if ones:
        words.append(_ones(tens, ones))
    return words


def _ones(tens: int, ones: int) -> str:
    if ones == 1 and tens > 1:
        return "mốt"
    if ones == 4 and tens > 1:
        return "tư"
    if ones == 5 and tens >= 1:
        return "lăm"
    return _FIGURES[ones]
