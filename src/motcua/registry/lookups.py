"""Asking about a person: for a purpose, by somebody with a name, and written down, whatever the answer is.

Each look-up is shown to the person asked about (Decree 69/2024, art. 17, 18). Without a purpose nothing is answered.
Who may ask at all is decided by whoever opens the door: a page, a draft, another house's token.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from motcua.law.actor import Actor
from motcua.law.dossier import Address
from motcua.law.names import search_key
from motcua.registry.facts import FACTS
from motcua.registry.models import Access, Alias, Resident
from motcua.registry.purposes import NoPurposeError, Purpose, purposed

MOST_FOUND = 20
__all__ = ["Known", "KnownPerson", "NoPurposeError", "accesses", "by_number", "children_of", "look_for", "look_up",
           "look_up_record", "topic"]  # fmt: skip
PLACES = ("birthplace", "origin", "permanent", "temporary", "present")


class KnownPerson(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody by name, as related to the person asked about."""

    name: str
    number: str = ""
    birth: str = ""


class Known(msgspec.Struct, frozen=True):
    """What the register holds of a person now, and since when it has held the newest of it."""

    id: int
    number: str
    name: str
    sex: str
    birth: str
    ethnicity: str
    birthplace: Address | None
    origin: Address | None
    permanent: Address | None
    temporary: Address | None
    present: Address | None
    father: KnownPerson | None
    mother: KnownPerson | None
    spouse: KnownPerson | None
    as_of: datetime

    @property
    def residence(self) -> Address | None:
        """Where the person lives in law: the permanent residence, else the temporary one, else where they are."""
        return self.permanent or self.temporary or self.present


def look_up(
    number: str, *, purpose: str, who: Actor, dossier: int = 0, reason: str = "", agency: int = 0
) -> Known | None:
    """The person with this number, current or former; None when the register has none. Recorded either way.

    Told is what the purpose allows; the rest is empty. Raises NoPurposeError without a purpose that this actor may
    have, or without the words or the dossier it needs.
    """
    asked_for = purposed(purpose, who, reason, dossier)
    return _told(by_number(number), number, asked_for, who, agency, reason, dossier)


def look_up_record(
    resident: int, *, purpose: str, who: Actor, dossier: int = 0, reason: str = "", agency: int = 0
) -> Known | None:
    """The same for a record by its id: one of two that may be one person, or one found by name."""
    asked_for = purposed(purpose, who, reason, dossier)
    found = Resident.objects.filter(pk=resident).first()
    return _told(found, f"#{resident}", asked_for, who, agency, reason, dossier)


def _told(
    found: Resident | None, asked: str, purpose: Purpose, who: Actor, agency: int, reason: str, dossier: int
) -> Known | None:
    _remember(who, agency, purpose, reason, dossier, asked, [found])
    return None if found is None else _known(found, purpose)


def look_for(
    name: str, birth_year: int, *, purpose: str, who: Actor, dossier: int = 0, reason: str = "", agency: int = 0
) -> list[Known]:
    """People by the beginning of their unaccented name and the year of birth, at most twenty. Each is recorded.

    Raises NoPurposeError as `look_up` does.
    """
    asked_for = purposed(purpose, who, reason, dossier)
    key = search_key(name)
    if len(key) < 3 or not birth_year:
        return []
    pattern = key.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    rows = list(
        Resident.objects.raw(
            "SELECT * FROM registry_resident WHERE birth_year = %s AND name_key LIKE %s AND merged_into_id IS NULL"
            " ORDER BY name_key, id LIMIT %s",
            [birth_year, pattern, MOST_FOUND],
        )
    )
    _remember(who, agency, asked_for, reason, dossier, f"{key} {birth_year}", rows or [None])
    return [_known(row, asked_for) for row in rows]


def by_number(number: str) -> Resident | None:
    """The record behind a number, current or former, followed to the one it was merged into. Recorded by nobody:
    for the room itself, and for checks that show nothing.
    """
    digits = "".join(each for each in number if each.isdecimal())[:12]
    if len(digits) not in (9, 12):
        return None
    found = Resident.objects.filter(number=digits).first() if len(digits) == 12 else None
    if found is None:
        alias = Alias.objects.filter(number=digits).select_related("resident").first()
        found = alias.resident if alias is not None else None
    seen = 0
    while found is not None and found.merged_into_id is not None and seen < 10:
        found, seen = found.merged_into, seen + 1
    return found


def _remember(
    who: Actor, agency: int, purpose: Purpose, reason: str, dossier: int, asked: str,
    found: Sequence[Resident | None],
) -> None:  # fmt: skip
    """One row for each person told about, or one for nobody, all in one statement."""
    at = agency or _agency(who, purpose)
    Access.objects.bulk_create(
        Access(
            account=who.account,
            name=who.name,
            agency=at,
            purpose=purpose.code,
            reason=reason.strip()[:300],
            dossier=dossier,
            asked=asked[:120],
            resident=row.pk if row is not None else 0,
            shown=[what for what in FACTS if row is not None and purpose.tells(what) and getattr(row, what)],
        )
        for row in found
    )


def _agency(who: Actor, purpose: Purpose) -> int:
    """The agency for whose post the purpose is open."""
    return next((grant.agency for grant in who.grants if not purpose.roles or grant.role in purpose.roles), 0)


def _known(row: Resident, purpose: Purpose) -> Known:
    def told(what: str) -> Any:
        return getattr(row, what) if purpose.tells(what) else None

    return Known(
        id=row.pk,
        number=row.number,
        name=told("name") or "",
        sex=told("sex") or "",
        birth=told("birth") or "",
        ethnicity=told("ethnicity") or "",
        **{place: _address(told(place)) for place in PLACES},
        **{person: _person(told(person)) for person in ("father", "mother", "spouse")},
        as_of=row.known_at.astimezone(UTC),
    )


def _address(value: Any) -> Address | None:
    return msgspec.convert(value, Address) if value else None


def _person(value: Any) -> KnownPerson | None:
    return msgspec.convert(value, KnownPerson) if value else None


def topic(known: Known, name: str) -> object:
    """One thing known, as forms ask for it: `self`, `self.name`, `self.residence`, `spouse`, `father`; else None."""
    if name == "self":
        return KnownPerson(known.name, known.number, known.birth if len(known.birth) == 10 else "")
    first, _dot, part = name.partition(".")
    if first == "self":
        return getattr(known, part, None) or None
    return getattr(known, first) if name in ("father", "mother", "spouse") else None


def accesses(resident: int, limit: int = 50, before: int = 0) -> list[Access]:
    """Who asked about a person, the newest first; `before` is the id of the last one shown."""
    rows = Access.objects.filter(resident=resident)
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[:limit])


def children_of(number: str) -> Iterable[Resident]:
    """Those in the same household whose father or mother has this number; for authority over minors."""
    parent = by_number(number)
    if parent is None:
        return []
    households = parent.memberships.filter(valid_to=None).values_list("household_id", flat=True)
    near = Resident.objects.filter(memberships__household__in=list(households), memberships__valid_to=None)
    numbers = {parent.number}
    return [
        each for each in near.distinct()
        if any((getattr(each, who) or {}).get("number") in numbers for who in ("father", "mother"))
    ]  # fmt: skip
