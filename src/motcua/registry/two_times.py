"""What was true when, and what was known when: statements with two periods each, and how a new one changes them.

A statement says that a value held from one day to another (`valid`), and that we believed so from one instant to
another (`known`). Nothing is ever altered: what turns out wrong ends to be believed, and what remains of it is said
again. So "what did we hold on day K to be true on day D" has one answer for ever. Pure; storing is left to `record`.
"""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

Value = str | dict[str, str]


class Statement(msgspec.Struct, frozen=True):
    """One value of one fact. `valid_to` is the first day on which it no longer held; None: it still does."""

    value: Value
    valid_from: date
    valid_to: date | None
    known_from: datetime
    known_to: datetime | None = None
    id: int = 0

    def is_believed(self, at: datetime) -> bool:
        """True when we believed it at an instant."""
        return self.known_from <= at and (self.known_to is None or at < self.known_to)

    def holds(self, day: date) -> bool:
        """True when it says something of a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Change(msgspec.Struct, frozen=True):
    """Which statements end to be believed, and which are believed instead."""

    ended: tuple[Statement, ...]
    said: tuple[Statement, ...]


def true_on(statements: Iterable[Statement], day: date, known: datetime) -> Value | None:
    """What was held at `known` to be true on `day`; None when nothing was."""
    return next((each.value for each in statements if each.is_believed(known) and each.holds(day)), None)


def believed(statements: Iterable[Statement], known: datetime) -> list[Statement]:
    """The whole story as held at an instant, in order of days."""
    return sorted((each for each in statements if each.is_believed(known)), key=lambda each: each.valid_from)


def say(statements: Iterable[Statement], value: Value, valid_from: date, valid_to: date | None, at: datetime) -> Change:
    """From `at` on the value is held to be true from one day until another (None: from then on).

    What was believed of those days ends; what it said of days before and after is said again. Raises ValueError for
    a period without a day, and for an instant before the last change.
    """
    if valid_to is not None and valid_to <= valid_from:
        raise ValueError("a period has at least one day")
    ended: list[Statement] = []
    said = [Statement(value, valid_from, valid_to, at)]
    for old in statements:
        if old.known_from > at or (old.known_to is not None and old.known_to > at):
            raise ValueError("nothing is recorded before what was recorded last")
        if old.known_to is not None or not _meet(old, valid_from, valid_to):
            continue
        ended.append(msgspec.structs.replace(old, known_to=at))
        if old.valid_from < valid_from:
            said.append(Statement(old.value, old.valid_from, valid_from, at))
        if valid_to is not None and (old.valid_to is None or valid_to < old.valid_to):
            said.append(Statement(old.value, valid_to, old.valid_to, at))
    return Change(tuple(ended), tuple(sorted(said, key=lambda each: each.valid_from)))


def _meet(old: Statement, valid_from: date, valid_to: date | None) -> bool:
    begins_before_end = valid_to is None or old.valid_from < valid_to
    return begins_before_end and (old.valid_to is None or valid_from < old.valid_to)
