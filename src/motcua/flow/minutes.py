"""Limits in nominal worked minutes, so that measured minutes can be set against them: a day is eight hours."""

from motcua.law.limits import Limit, LimitError, parse_limit
from motcua.law.process_times import nominal_hours

DAY = 8 * 60


def limit_minutes(limit: Limit) -> int:
    """The limit in worked minutes; calendar days by their nominal share of working days."""
    return int(nominal_hours(limit) * 60)


def read_limit(words: str) -> int | None:
    """The minutes of a limit as written in a process; None for what is no limit."""
    try:
        return limit_minutes(parse_limit(words))
    except LimitError:
        return None
