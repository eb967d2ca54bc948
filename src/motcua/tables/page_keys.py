"""Where the next page of a long list begins: what the last row is ordered by, written into an address and read again.

A page goes by key and never by offset, so that the last is as quick as the first. What is read may be handed to the
database: an instant has a zone, a number fits its column.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, overload

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
Row = TypeVar("Row")
_SEAM = "~"
_NUMBER = re.compile(r"-?[0-9]{1,19}")
# As keys were written before: seconds since 1970 with six digits, or microseconds. Such addresses are kept somewhere.
_SINCE_1970 = re.compile(r"(-?[0-9]{1,12})\.([0-9]{6})|([0-9]{15,18})")


class WrongKeyError(ValueError):
    """What is no key of a list."""


def write(*parts: datetime | float | str | None) -> str:
    """The key of these parts; nothing for None. Raises ValueError for an instant without a zone."""
    return _SEAM.join(_written(each) for each in parts)


def _written(part: datetime | float | str | None) -> str:
    if not isinstance(part, datetime):
        return "" if part is None else str(part)
    if part.tzinfo is None:
        raise ValueError("an instant of a key has its time zone")
    return part.isoformat()


def cut(rows: list[Row], limit: int, key: Callable[[Row], str]) -> tuple[list[Row], str]:
    """The page, of rows asked for with one more than its limit, and the key of the next ('' when this is the last)."""
    return rows[:limit], key(rows[limit - 1]) if len(rows) > limit else ""


@overload
def read(key: str, first: Callable[[str], A], second: Callable[[str], B], /) -> tuple[A, B]: ...
@overload
def read(
    key: str, first: Callable[[str], A], second: Callable[[str], B], third: Callable[[str], C], /
) -> tuple[A, B, C]: ...
def read(key: str, *kinds: Callable[[str], Any]) -> tuple[Any, ...]:
    """The parts of a key, each by what reads its kind. Raises WrongKeyError for what is none."""
    try:
        return tuple(kind(words) for kind, words in zip(kinds, key.split(_SEAM), strict=True))
    except (ValueError, OverflowError):
        raise WrongKeyError(f"{key!r} is no key of this list") from None


def instant(words: str) -> datetime:
    """An instant with its zone. Raises WrongKeyError."""
    try:
        if old := _SINCE_1970.fullmatch(words):
            return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(old[3] or old[1] + old[2]))
        found = datetime.fromisoformat(words)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise WrongKeyError(f"{words!r} is no instant of a key")


def number(words: str, bits: int = 64) -> int:
    """A whole number of a column of so many bits. Raises WrongKeyError."""
    if _NUMBER.fullmatch(words) and -(1 << bits - 1) <= (found := int(words)) < 1 << bits - 1:
        return found
    raise WrongKeyError(f"{words!r} is no number of a key")


def small(words: str) -> int:
    """A whole number of 32 bits. Raises WrongKeyError."""
    return number(words, 32)
