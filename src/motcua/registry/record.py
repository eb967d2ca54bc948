"""Writing what is said of a resident: the first record, and every change after it, dated both ways.

A change closes nothing silently: what was believed before stays, with the time until which it was. What is a right
value is asked of `facts`, how statements follow each other of `two_times`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from motcua.law.names import search_key
from motcua.law.working_time import city_day
from motcua.registry import two_times
from motcua.registry.facts import FACTS, read_fact
from motcua.registry.models import Resident, Statement
from motcua.registry.two_times import Value


class Source(NamedTuple):
    """On what a record rests: words, the dossier that decided it (0: none), and who wrote it down."""

    words: str
    dossier: int = 0
    by: str = ""


def first_record(number: str, facts: Mapping[str, Any], source: Source, since: date | None = None) -> Resident:
    """A person who was not in the register. Raises WrongFactError for what cannot be kept.

    `since` is the day from which it speaks; when not given, the day of birth, or today.
    """
    today = city_day(timezone.now())
    values = {what: read_fact(what, value, today) for what, value in facts.items() if value}
    resident = Resident(number=number, since=since or _birthday(values) or today, known_at=timezone.now())
    resident.source = source.words
    for what, value in values.items():
        _project(resident, what, value)
    resident.save(force_insert=True)
    return resident


def _birthday(values: Mapping[str, Value]) -> date | None:
    birth = values.get("birth")
    parts = [int(each) for each in birth.split("-")] if isinstance(birth, str) else []
    return date(parts[0], *(parts[1:2] or [1]), *(parts[2:3] or [1])) if parts else None


@transaction.atomic
def change(
    resident_id: int, what: str, given: Any, source: Source, valid_from: date, valid_to: date | None = None
) -> bool:
    """From now on the fact is held to be so from one day until another. False when that is what is held already.

    Raises WrongFactError for a value that cannot be kept, ValueError for a period without a day.
    """
    resident = Resident.objects.select_for_update().get(pk=resident_id)
    today, at = city_day(timezone.now()), timezone.now()
    value = read_fact(what, given, today)
    known = story(resident, what)
    if valid_to is None and two_times.true_on(known, valid_from, at) == value and _unbroken(known, valid_from, at):
        return False
    # Two changes within one tick of the clock keep their order.
    at = max([at, *(each.known_from for each in known), *(each.known_to for each in known if each.known_to)])
    changed = two_times.say(known, value, valid_from, valid_to, at)
    _write(resident, what, changed, source, at)
    _project(resident, what, two_times.true_on([*changed.said, *_untouched(known, changed)], today, at))
    resident.save()
    return True


def _unbroken(known: list[two_times.Statement], day: date, at: datetime) -> bool:
    """True when what holds on a day holds from then on."""
    return not any(each.valid_from > day for each in known if each.is_believed(at))


def _untouched(known: list[two_times.Statement], changed: two_times.Change) -> list[two_times.Statement]:
    ended = {each.valid_from for each in changed.ended}
    return [each for each in known if each.known_to is None and each.valid_from not in ended]


def story(resident: Resident, what: str) -> list[two_times.Statement]:
    """Everything ever said of a fact. What never changed has one statement: the first record's."""
    rows = Statement.objects.filter(resident=resident, fact=FACTS[what][0]).order_by("known_from", "valid_from")
    told = [
        two_times.Statement(row.value, row.valid_from, row.valid_to, row.known_from, row.known_to, row.pk)
        for row in rows
    ]
    if told:
        return told
    present = getattr(resident, what)
    return [two_times.Statement(present, resident.since, None, resident.known_at)] if present else []


def _write(resident: Resident, what: str, changed: two_times.Change, source: Source, at: datetime) -> None:
    fact = FACTS[what][0]
    for old in changed.ended:
        if old.id:
            Statement.objects.filter(pk=old.id).update(known_to=old.known_to)
        else:
            _insert(resident, fact, old, Source(resident.source or "first record"))
    for new in changed.said:
        _insert(resident, fact, new, source)


def _insert(resident: Resident, fact: int, said: two_times.Statement, source: Source) -> None:
    Statement.objects.create(
        resident=resident,
        fact=fact,
        value=said.value,
        valid_from=said.valid_from,
        valid_to=said.valid_to,
        known_from=said.known_from,
        known_to=said.known_to,
        source=source.words,
        dossier=source.dossier,
        by=source.by,
    )


def _project(resident: Resident, what: str, value: Value | None) -> None:
    """Puts what is true today where it is read."""
    if value is None:
        setattr(resident, what, "" if FACTS[what][1] in ("text", "sex", "birth") else None)
    else:
        setattr(resident, what, value)
    if what == "name":
        resident.name_key = search_key(resident.name)
    if what == "birth":
        resident.birth_year = int(resident.birth[:4]) if resident.birth else 0
