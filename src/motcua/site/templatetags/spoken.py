"""Dates, spans of time, money and counts as people say them, in the active language and the city's own time.

The two languages stand side by side here because their order and grammar differ, not only their words.
Which instant or amount is meant is left to the callers.
"""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
INITIALS_VI = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
INITIALS_EN = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def in_english() -> bool:
    """True when the reader has chosen English."""
    return (get_language() or "vi").startswith("en")


def in_the_city(when: datetime) -> datetime:
    """`when` on the city's clock. Raises ValueError for an instant without a zone: it could be any hour."""
    if when.tzinfo is None:
        raise ValueError("an instant without its zone cannot be shown")
    return when.astimezone(CITY)


def city_day(when: date | datetime) -> date:
    """The city's calendar day of an instant; a plain date is itself."""
    return in_the_city(when).date() if isinstance(when, datetime) else when


def date_in_words(when: date | datetime) -> str:
    """`thứ Hai 7/1/2019` or `Monday 7 January 2019`."""
    day = city_day(when)
    if in_english():
        return f"{WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]} {day.year}"
    return f"{WEEKDAYS_VI[day.weekday()]} {day.day}/{day.month}/{day.year}"


def time_in_words(when: datetime) -> str:
    """`17:00`, on the city's clock."""
    return f"{in_the_city(when):%H:%M}"


def instant_in_words(when: datetime) -> str:
    """`thứ Hai 7/1/2019, 17:00` or `Monday 7 January 2019, 17:00`."""
    return f"{date_in_words(when)}, {time_in_words(when)}"


def short_instant(when: date | datetime, today: date | None = None) -> str:
    """`7/1, 17:00` or `7 Jan, 17:00`; with the year when it is not the year of `today` (the city's day)."""
    day = city_day(when)
    year_now = (today or datetime.now(UTC).astimezone(CITY).date()).year
    said = f"{day.day} {MONTHS_EN[day.month - 1][:3]}" if in_english() else f"{day.day}/{day.month}"
    if day.year != year_now:
        said += f" {day.year}" if in_english() else f"/{day.year}"
    return f"{said}, {time_in_words(when)}" if isinstance(when, datetime) else said


def day_box(day: date) -> tuple[str, str]:
    """The two short words of a day in a strip of days: `("T2", "7/1")` or `("Mo", "7/1")`."""
    initials = INITIALS_EN if in_english() else INITIALS_VI
    return initials[day.weekday()], f"{day.day}/{day.month}"


def span_in_words(minutes: float) -> str:
    """Minutes as `2 giờ 15 phút` or `2 hours 15 minutes`; calendar days of 24 hours from two days on."""
    whole = round(minutes)
    days, rest = divmod(whole, 1440) if whole >= 2880 else (0, whole)
    hours, left = divmod(rest, 60)
    if in_english():
        named = (("day", "days"), ("hour", "hours"), ("minute", "minutes"))
        parts = [f"{n} {name[n != 1]}" for n, name in zip((days, hours, left), named, strict=True) if n]
        return " ".join(parts[:2]) or "0 minutes"
    parts = [f"{n} {name}" for n, name in zip((days, hours, left), ("ngày", "giờ", "phút"), strict=True) if n]
    return " ".join(parts[:2]) or "0 phút"


def grouped(number: int | Decimal) -> str:
    """`12.345` in Vietnamese, `12,345` in English."""
    said = f"{number:,}"
    return said if in_english() else said.replace(",", ".")


def money_in_words(amount: int | float | Decimal) -> str:
    """Whole đồng: `1.500.000 đồng` or `1,500,000 VND`. Halves are rounded up."""
    whole = int(Decimal(str(amount)).quantize(Decimal(1), ROUND_HALF_UP))
    return f"{grouped(whole)} {'VND' if in_english() else 'đồng'}"


def percent_in_words(share: float | Decimal) -> str:
    """`98,2%` of a share between 0 and 1. Never rounded up to 100 % or down to 0 %."""
    tenths = (Decimal(str(share)) * 1000).quantize(Decimal(1), ROUND_HALF_UP)
    if tenths == 1000 and share < 1:
        tenths = Decimal(999)
    if tenths == 0 and share > 0:
        tenths = Decimal(1)
    whole, tenth = divmod(int(tenths), 10)
    said = f"{whole}.{tenth}" if tenth else str(whole)
    return f"{said if in_english() else said.replace('.', ',')}%"
