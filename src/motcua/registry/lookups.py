"""Asking about a person: for a purpose, by somebody with a name, and written down, whatever the answer is.

Each look-up is shown to the person asked about (Decree 69/2024, art. 17, 18). Without a purpose nothing is answered.
Who may ask at all is decided by whoever opens the door: a page, a draft, another house's token.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from motcua.law.actor import Actor
from motcua.law.dossier import Address
from motcua.law.names import search_key
from motcua.law.texts import Text
from motcua.registry.facts import FACTS
from motcua.registry.models import Access, Alias, Resident

PURPOSES: dict[str, Text] = {
    "online_filing": Text("Điền sẵn khi nộp trực tuyến", "Filling in an online application"),
    "counter_intake": Text("Tiếp nhận hồ sơ tại quầy", "Taking a dossier in at the counter"),
    "appraisal": Text("Thẩm tra hồ sơ", "Appraising a dossier"),
    "identity": Text("Xác thực danh tính cho tài khoản", "Proving who somebody is for an account"),
    "correction": Text("Sửa dữ liệu theo hồ sơ", "Correcting data after a dossier"),
    "own": Text("Xem dữ liệu của chính mình", "Looking at one's own data"),
    "inspection": Text("Thanh tra, kiểm tra", "Inspection"),
}
# Those for which an official says in words why, since no dossier says it.
IN_WORDS = frozenset({"appraisal", "identity", "correction", "inspection"})
LEAST_WORDS = 8
MOST_FOUND = 20
PLACES = ("birthplace", "origin", "permanent", "temporary", "present")


class NoPurposeError(ValueError):
    """A look-up without a reason that the law knows; nothing is answered."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


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

    Raises NoPurposeError without a purpose that is known, or without words where it needs them.
    """
    _purposed(purpose, reason, dossier)
    found = by_number(number)
    shown = [what for what in FACTS if found is not None and getattr(found, what)]
    _remember(who, agency, purpose, reason, dossier, number, found, shown)
    return None if found is None else _known(found)


def look_for(
    name: str, birth_year: int, *, purpose: str, who: Actor, dossier: int = 0, reason: str = "", agency: int = 0
) -> list[Known]:
    """People by the beginning of their unaccented name and the year of birth, at most twenty. Each is recorded.

    Raises NoPurposeError as `look_up` does.
    """
    _purposed(purpose, reason, dossier)
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
    for row in rows:
        _remember(who, agency, purpose, reason, dossier, f"{key} {birth_year}", row, ["name", "birth", "permanent"])
    if not rows:
        _remember(who, agency, purpose, reason, dossier, f"{key} {birth_year}", None, [])
    return [_known(row) for row in rows]


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


def _purposed(purpose: str, reason: str, dossier: int) -> None:
    if purpose not in PURPOSES:
        raise NoPurposeError(Text("Tra cứu phải có mục đích theo quy định.", "A look-up needs a lawful purpose."))
    if purpose in IN_WORDS and not dossier and len(reason.strip()) < LEAST_WORDS:
        raise NoPurposeError(Text("Hãy ghi rõ lý do tra cứu, hoặc hồ sơ liên quan.", "Say why, or for which dossier."))


def _remember(
    who: Actor, agency: int, purpose: str, reason: str, dossier: int, asked: str, found: Resident | None,
    shown: list[str],
) -> None:  # fmt: skip
    Access.objects.create(
        account=who.account,
        name=who.name,
        agency=agency or (who.grants[0].agency if who.grants else 0),
        purpose=purpose,
        reason=reason.strip()[:300],
        dossier=dossier,
        asked=asked[:120],
        resident=found.pk if found is not None else 0,
        shown=shown,
    )


def _known(row: Resident) -> Known:
    return Known(
        id=row.pk,
        number=row.number,
        name=row.name,
        sex=row.sex,
        birth=row.birth,
        ethnicity=row.ethnicity,
        **{place: _address(getattr(row, place)) for place in PLACES},
        **{person: _person(getattr(row, person)) for person in ("father", "mother", "spouse")},
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
