"""Time limits as the national catalogue gives them: numbers with units, and where there are none, words.

No limit is ever read as longer than what was given. Which of several holds is left to `national_procedure`.
"""

import math
import re

from motcua.law.limits import LONGEST, SAME_DAY, Limit, LimitError, Unit

HOURS_OF_WORK, HOURS_OF_A_DAY = 8, 24
_NUMBER = re.compile(
    r"(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:\([^)]{1,40}\)\s*)?(ngày\s+làm\s+việc|giờ\s+làm\s+việc|ngày|giờ|tháng)",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(r"(trong|ngay)\s+(trong\s+)?ngày(\s+làm\s+việc)?\b|ngay\s+(khi|sau\s+khi)", re.IGNORECASE)
_WORDS = {"ngày làm việc": "WORKING_DAY", "ngày": "DAY", "giờ làm việc": "WORKING_HOUR", "giờ": "HOUR",
          "tháng": "MONTH"}  # fmt: skip


def limit_of(amount: float | None, unit: str | None) -> Limit | None:
    """The limit of so many of a unit of the catalogue; None when it says none (`OTHER`, nought)."""
    if amount is None or isinstance(amount, bool) or not math.isfinite(amount) or amount <= 0:
        return None
    match unit:
        case "WORKING_DAY" if amount == int(amount):
            return _limit(amount, "working_days")
        case "WORKING_DAY":
            return _limit(amount * HOURS_OF_WORK, "working_hours")
        case "WORKING_HOUR":
            return _limit(amount, "working_hours")
        case "DAY":
            return _limit(amount, "calendar_days")
        case "MONTH" if amount == int(amount):
            return _limit(amount, "months")
        case "MONTH":
            return _limit(amount * 30, "calendar_days")
        case "YEAR":
            return _limit(amount * 12, "months")
        case "HOUR" if amount < HOURS_OF_A_DAY:
            return _limit(min(amount, HOURS_OF_WORK), "working_hours")
        case "HOUR":
            # Hours by the clock run through the night: so many whole days at most.
            return _limit(amount // HOURS_OF_A_DAY, "calendar_days")
    return None


def _limit(amount: float, unit: Unit) -> Limit | None:
    try:
        return Limit(min(int(amount), LONGEST[unit]), unit)
    except LimitError:
        return None


def limit_in_text(text: str | None) -> Limit | None:
    """The first limit named in words: `Không quá 03 ngày làm việc`, `trong ngày`."""
    if not text:
        return None
    found, at_once = _NUMBER.search(text), _AT_ONCE.search(text)
    if at_once and (found is None or at_once.start() < found.start()):
        return SAME_DAY
    if found is None:
        return None
    return limit_of(float(found[1].replace(",", ".")), _WORDS[" ".join(found[2].lower().split())])
