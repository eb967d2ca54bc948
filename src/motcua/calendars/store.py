"""Stores calendars: a changed content file or a decree makes a new version, never a change to an old one.

Every change adds a revision, by which other processes notice. Reckoning the open deadlines anew after a
change is left to `dossiers/`.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import msgspec
from django.db import connection, transaction
from django.utils import timezone

from motcua.calendars.lookup import forget
from motcua.calendars.models import AgencyCalendar, Calendar, Revision
from motcua.calendars.reading import read_calendars
from motcua.law.calendar_data import (
    AppliesTo,
    CalendarData,
    CalendarDataError,
    Decree,
    Order,
    with_decrees,
)
from motcua.organisation.content_files import Problem, line_of
from motcua.organisation.models import Agency

# Any number will do that no other advisory lock of this database uses: the letters of "lich".
_STORING = 0x6C696368


class Stored(msgspec.Struct, frozen=True):
    """Which version holds now, and whether it is new."""

    code: str
    version: int
    created: bool


class LoadReport(msgspec.Struct, frozen=True):
    """What became of each calendar file. A file with problems is not stored; the others are."""

    stored: tuple[Stored, ...]
    problems: tuple[Problem, ...]


class UnknownAgencyError(LookupError):
    """A calendar that applies to agencies no one has heard of. `places` says where it names them."""

    def __init__(self, places: dict[str, str]) -> None:
        self.places = places
        super().__init__("no agency has the code " + ", ".join(places.values()))


def load_calendars(path: Path) -> LoadReport:
    """Reads and stores the calendar files of a folder (or one file). Loading twice changes nothing.

    Needs the agencies that the files name to be stored already.
    """
    stored: list[Stored] = []
    problems: list[Problem] = []
    for file, data, wrong in read_calendars(path):
        problems += wrong
        if data is None:
            continue
        try:
            stored.append(store_calendar(data))
        except UnknownAgencyError as error:
            problems += [
                Problem(str(file), line_of(file, where), f"no agency has the code “{code}”")
                for where, code in error.places.items()
            ]
        except CalendarDataError as error:
            problems += [
                Problem(str(file), 1, f"together with a decree stored since: {fault.text.en}") for fault in error.faults
            ]
    return LoadReport(tuple(stored), tuple(problems))


@transaction.atomic
def store_calendar(data: CalendarData) -> Stored:
    """Stores a calendar as its content file states it; unchanged when the file said the same last time.

    Decrees stored since the first version hold on: days the file does not state yet are added to it.
    Raises CalendarDataError for a calendar that contradicts itself or such a decree, UnknownAgencyError.
    """
    _one_at_a_time()
    digest = hashlib.sha256(msgspec.json.encode(data)).hexdigest()
    last = Calendar.objects.filter(code=data.id).order_by("-version").first()
    if last is not None and last.content_digest == digest:
        return Stored(data.id, last.version, created=False)
    _assign_all(data.id, data.applies_to)
    decrees = Calendar.objects.filter(code=data.id).exclude(decree="").order_by("version")
    since = [msgspec.json.decode(text, type=Decree) for text in decrees.values_list("decree", flat=True)]
    return _add_version(with_decrees(data, *since), last, digest, _newest_order(data, last))


@transaction.atomic
def store_decree(code: str, decree: Decree) -> Stored:
    """Makes a new version of a calendar in which a decree holds; storing it twice changes nothing.

    Raises Calendar.DoesNotExist, and CalendarDataError when the decree contradicts the calendar.
    """
    _one_at_a_time()
    last = Calendar.objects.filter(code=code).latest("version")
    data = msgspec.json.decode(last.data, type=CalendarData)
    changed = with_decrees(data, decree)
    if changed == data:
        return Stored(code, last.version, created=False)
    return _add_version(changed, last, last.content_digest, decree.order, msgspec.json.encode(decree).decode())


@transaction.atomic
def assign_calendar(code: str, whom: AppliesTo) -> None:
    """From `whom.valid_from` on, an agency, a tier or everybody keeps to the calendar `code`.

    An earlier assignment of the same one ends the day before; a later one stays and bounds this one.
    Raises UnknownAgencyError.
    """
    _one_at_a_time()
    _assign_all(code, [whom])
    _add_revision(f"{whom.agency or whom.tier}: {code}")


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_STORING])


def _add_version(
    data: CalendarData, last: Calendar | None, content_digest: str, document: Order, decree: str = ""
) -> Stored:
    version = last.version + 1 if last else 1
    Calendar.objects.create(
        code=data.id,
        version=version,
        data=msgspec.json.encode(data).decode(),
        content_digest=content_digest,
        decree=decree,
        document_name=document.name.vi[:300],
        document_number=document.number[:100],
        document_issued=document.issued,
        document_effective=document.effective,
        loaded_at=timezone.now(),
    )
    _add_revision(f"{data.id} {version}")
    return Stored(data.id, version, created=True)


def _add_revision(what: str) -> None:
    Revision.objects.create(at=timezone.now(), what=what[:200])
    forget()
    transaction.on_commit(forget)


def _newest_order(data: CalendarData, last: Calendar | None) -> Order:
    """The document issued last among those that the version before did not know."""
    known = msgspec.json.decode(last.data, type=CalendarData).orders if last else {}
    fresh = [order for key, order in data.orders.items() if key not in known] or [*data.orders.values()]
    return max(fresh, key=lambda order: order.issued or date.min)


def _assign_all(code: str, applies_to: Iterable[AppliesTo]) -> None:
    spans = list(applies_to)
    asked = {each.agency for each in spans if each.agency}
    numbers = dict(Agency.objects.filter(code__in=asked).values_list("code", "number"))
    unknown = {
        f"applies_to[{index}].agency": each.agency
        for index, each in enumerate(spans)
        if each.agency and each.agency not in numbers
    }
    if unknown:
        raise UnknownAgencyError(unknown)
    for each in spans:
        _assign(code, numbers.get(each.agency), each)


def _assign(code: str, number: int | None, span: AppliesTo) -> None:
    of_same = AgencyCalendar.objects.filter(agency_number=number, tier=span.tier)
    day_before = span.valid_from - timedelta(days=1)
    for earlier in of_same.filter(valid_from__lt=span.valid_from):
        if earlier.valid_to is None or earlier.valid_to > day_before:
            earlier.valid_to = day_before
            earlier.save(update_fields=["valid_to"])
    later = of_same.filter(valid_from__gt=span.valid_from).order_by("valid_from").first()
    valid_to = span.valid_to
    if later is not None and (valid_to is None or valid_to >= later.valid_from):
        valid_to = later.valid_from - timedelta(days=1)
    of_same.update_or_create(
        valid_from=span.valid_from,
        defaults={"calendar_code": code, "valid_to": valid_to},
        create_defaults={
            "calendar_code": code,
            "valid_to": valid_to,
            "agency_number": number,
            "tier": span.tier,
        },
    )
