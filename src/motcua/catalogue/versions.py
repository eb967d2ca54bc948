"""Reads the catalogue: versions, what holds on a day, who offers what, and the regimes of the law.

Versions are kept in memory for ever, since they never change; what holds when is compared with the database's
revision at most every two seconds. Publishing is left to `publishing`.
"""

import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property, lru_cache

import msgspec
from django.db import connection

from motcua.catalogue import models
from motcua.catalogue.word_index import WordIndex
from motcua.law.directory import Directory
from motcua.law.procedure import Procedure
from motcua.law.regimes import Regime
from motcua.law.texts import Text
from motcua.organisation.directory import directory

RECHECK_SECONDS = 2.0
VERSIONS_KEPT = 4096
DAYS_KEPT = 1000


class UnknownProcedureError(LookupError):
    """No procedure has this code, or none of its versions holds on the day."""


class Card(msgspec.Struct, frozen=True):
    """A version as lists show it."""

    version_id: int
    code: str
    version: int
    name: Text
    field: str
    origin: str
    online_level: int
    life_events: tuple[str, ...]
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        """True when the version may be applied for on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Offer(msgspec.Struct, frozen=True):
    """Who offers a procedure in some days: a whole tier, or one agency."""

    tier: str
    agency: int | None
    valid_from: date
    valid_to: date | None
    online_level: int | None

    def holds(self, day: date) -> bool:
        """True when it is offered so on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Online(msgspec.Struct, frozen=True):
    """What some agencies offer online in some days; `procedure` '' stands for all they receive."""

    what: str
    procedure: str
    tier: str
    agency: int | None
    valid_from: date
    valid_to: date | None
    demonstration: bool = False

    def holds(self, day: date) -> bool:
        """True when it is offered so on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Claim(msgspec.Struct, frozen=True):
    """What an authority said of its own online services on a day."""

    day: date
    at_level_3_or_4: int
    of: int
    source: Text


class Named(msgspec.Struct, frozen=True):
    """A field, a life event or a reason: its code, its name, and what more is said of it."""

    code: str
    name: Text
    more: Text = Text("")
    use: tuple[str, ...] = ()
    ground: str = ""


class Snapshot:
    """The catalogue at one revision. Shared by all readers: do not alter."""

    def __init__(self, database: str, token: uuid.UUID | None) -> None:
        self.key = (database, token)
        self.checked = 0.0
        self._offered: dict[tuple[int, date], list[Card]] = {}
        self._directory: Directory | None = None
        self.regimes = tuple(
            msgspec.json.decode(content, type=Regime)
            for content in models.RegimeRow.objects.order_by("valid_from").values_list("content", flat=True)
        )
        self.fields = {row.code: row.name for row in models.Field.objects.all()}
        self.cards: dict[str, list[Card]] = {}
        for card in _cards():
            self.cards.setdefault(card.code, []).append(card)
        self.aliases: dict[str, list[models.ProcedureAlias]] = {}
        for alias in models.ProcedureAlias.objects.order_by("valid_from"):
            self.aliases.setdefault(alias.alias, []).append(alias)
        self.offers: dict[str, list[Offer]] = {}
        for row in models.Offering.objects.order_by("procedure", "agency"):
            offer = Offer(row.tier, row.agency_id, row.valid_from, row.valid_to, row.online_level)
            self.offers.setdefault(row.procedure_id, []).append(offer)
        self.online = tuple(
            Online(
                row.what,
                row.procedure_id or "",
                row.tier,
                row.agency_id,
                row.valid_from,
                row.valid_to,
                row.demonstration,
            )
            for row in models.OnlineOffering.objects.order_by("id")
        )
        self.claims = tuple(
            Claim(row.day, row.at_level_3_or_4, row.of, Text(row.source_vi, row.source_en))
            for row in models.OnlineClaim.objects.all()
        )

    def offered(self, agency: int, day: date) -> list[Card]:
        """What `agency` receives on `day`; kept while neither the catalogue nor the organisation changes."""
        present = directory()
        if self._directory is not present or len(self._offered) >= DAYS_KEPT:
            self._directory, self._offered = present, {}
        if (agency, day) not in self._offered:
            self._offered[agency, day] = [
                msgspec.structs.replace(card, online_level=offer.online_level or card.online_level)
                for code in sorted(self.offers)
                if (offer := self.offer(code, agency, day)) and (card := self.current(code, day))
            ]
        return self._offered[agency, day]

    @cached_property
    def index(self) -> WordIndex:
        """Finds codes by words; built when somebody first searches."""
        rows = models.SearchWord.objects.order_by("id").values_list("procedure_id", "text")
        return WordIndex(rows.iterator(chunk_size=2000))

    @cached_property
    def life_events(self) -> tuple[Named, ...]:
        """In the order shown."""
        return tuple(
            Named(row.code, Text(row.name_vi, row.name_en), Text(row.summary_vi, row.summary_en))
            for row in models.LifeEvent.objects.all()
        )

    @cached_property
    def reasons(self) -> tuple[Named, ...]:
        """In the order shown."""
        return tuple(
            Named(row.code, Text(row.name_vi, row.name_en), use=tuple(row.use), ground=row.ground)
            for row in models.Reason.objects.all()
        )

    def current(self, code: str, day: date) -> Card | None:
        """The newest version of `code` that holds on `day`."""
        return max(
            (card for card in self.cards.get(code, ()) if card.holds(day)), key=lambda card: card.version, default=None
        )

    def resolve(self, code: str) -> str:
        """The present code of a procedure asked for by any of its codes."""
        if code in self.cards or code not in self.aliases:
            return code
        return self.aliases[code][-1].procedure_id

    def offer(self, code: str, agency: int, day: date) -> Offer | None:
        """By what `agency` offers `code` on `day`; what was decided for the agency itself comes first."""
        place = directory().by_number.get(agency)
        if place is None or not place.is_valid(day):
            return None
        found = [
            each
            for each in self.offers.get(code, ())
            if each.holds(day) and (each.agency == agency or (each.tier and each.tier == place.tier))
        ]
        return min(found, key=lambda each: (each.agency is None, each.online_level is None), default=None)


_held: Snapshot | None = None
_lock = threading.Lock()


def forget_catalogue() -> None:
    """Makes the next reader of this process look into the database."""
    global _held
    _held = None


def snapshot() -> Snapshot:
    """The catalogue as it is now, at most two seconds old."""
    global _held
    held, now, database = _held, time.monotonic(), str(connection.settings_dict["NAME"])
    if held is not None and held.key[0] == database and now - held.checked < RECHECK_SECONDS:
        return held
    with _lock:
        # Read before the rows: if they change in between, the next check sees another token.
        token = models.Revision.objects.filter(id=1).values_list("token", flat=True).first()
        held = _held
        if held is None or held.key != (database, token):
            held = Snapshot(database, token)
        held.checked = now
        _held = held
        return held


def procedure_version(version_id: int) -> Procedure:
    """The version with this id. Raises UnknownProcedureError when there is none."""
    return _version(str(connection.settings_dict["NAME"]), version_id)


def procedure_versions(version_ids: Iterable[int]) -> dict[int, Procedure]:
    """Many versions by their ids, in one query; those there are none of are left out."""
    rows = models.ProcedureVersion.objects.filter(id__in=list(version_ids)).values_list("id", "content")
    return {number: msgspec.json.decode(content, type=Procedure) for number, content in rows}


@lru_cache(maxsize=VERSIONS_KEPT)
def _version(database: str, version_id: int) -> Procedure:
    content = models.ProcedureVersion.objects.filter(id=version_id).values_list("content", flat=True).first()
    if content is None:
        raise UnknownProcedureError(f"there is no version with the id {version_id}")
    return msgspec.json.decode(content, type=Procedure)


def current_version(code: str, day: date) -> tuple[int, Procedure]:
    """The version that holds on `day` for a procedure named by any of its codes, with its id.

    Raises UnknownProcedureError when the code is unknown or no version holds.
    """
    found = snapshot()
    card = found.current(found.resolve(code), day)
    if card is None:
        raise UnknownProcedureError(f"no version of {code} holds on {day.isoformat()}")
    return card.version_id, procedure_version(card.version_id)


def cards_on(day: date) -> Iterator[Card]:
    """Every procedure by the version that holds on `day`, in order of codes."""
    found = snapshot()
    for code in sorted(found.cards):
        card = found.current(code, day)
        if card is not None:
            yield card


def agencies_offering(day: date) -> set[int]:
    """The numbers of the agencies that receive any procedure at all on `day`."""
    found = snapshot()
    offers = [
        each
        for code, some in found.offers.items()
        if found.current(code, day) is not None
        for each in some
        if each.holds(day)
    ]
    tiers = {each.tier for each in offers if each.tier}
    named = {each.agency for each in offers if each.agency is not None}
    return {
        number
        for number, agency in directory().by_number.items()
        if agency.is_valid(day) and (agency.tier in tiers or number in named)
    }


def offered_at(agency: int, day: date) -> list[Card]:
    """What `agency` (its number) receives on `day`, with the online level that holds there."""
    return list(snapshot().offered(agency, day))


def offering_agencies(code: str, day: date) -> list[int]:
    """The numbers of the agencies that receive the procedure (named by any of its codes) on `day`, ascending."""
    found = snapshot()
    offers = [each for each in found.offers.get(found.resolve(code), ()) if each.holds(day)]
    tiers = {each.tier for each in offers if each.tier}
    named = {each.agency for each in offers if each.agency is not None}
    return sorted(
        number
        for number, agency in directory().by_number.items()
        if agency.is_valid(day) and (agency.tier in tiers or number in named)
    )


def regimes() -> tuple[Regime, ...]:
    """The law's regimes, the earliest first."""
    return snapshot().regimes


def fields() -> dict[str, Text]:
    """The names of the fields of activity by code, in the order shown."""
    return snapshot().fields


def life_events() -> tuple[Named, ...]:
    """The events of a life by which the portal groups procedures."""
    return snapshot().life_events


def reasons(use: str) -> tuple[Named, ...]:
    """The law's reasons for an act: supplement, decline, refuse, send_back, extension, suspend, withdraw, stop."""
    return tuple(each for each in snapshot().reasons if use in each.use)


def _cards() -> Iterator[Card]:
    rows = models.ProcedureVersion.objects.order_by("procedure", "version").select_related("procedure")
    for row in rows.defer("content", "sha256").iterator(chunk_size=2000):
        yield Card(
            version_id=row.pk,
            code=row.procedure_id,
            version=row.version,
            name=row.name,
            field=row.procedure.field_id,
            origin=row.procedure.origin,
            online_level=row.online_level,
            life_events=tuple(row.life_events),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
