"""The organisation as the law wants it, kept in memory, and the actor that an account is on a day.

The snapshot is checked against the database's revision at most every two seconds, so that a hot path pays
nothing for it. Changing the organisation is left to `appointments` and `loading`.
"""

import threading
import time
import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.db import connection, transaction

from motcua.law import directory as law
from motcua.law.actor import Actor, Grant
from motcua.law.texts import Text
from motcua.organisation.models import Account, Agency, AgencyName, Revision, Role

CITY_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
RECHECK_SECONDS = 2.0


class RoleCard(msgspec.Struct, frozen=True):
    """A role as shown to people, with the tiers of agencies where it can be held."""

    number: int
    code: str
    name: Text
    explanation: Text
    at: tuple[str, ...]


class _Snapshot(msgspec.Struct):
    database: str
    token: uuid.UUID | None
    day: date
    checked: float
    directory: law.Directory
    roles: dict[str, RoleCard]


_held: _Snapshot | None = None
_lock = threading.Lock()


def city_day(now: datetime | None = None) -> date:
    """The calendar day in the city, now or at `now` (an aware datetime)."""
    return (now or datetime.now(CITY_ZONE)).astimezone(CITY_ZONE).date()


def directory() -> law.Directory:
    """All agencies, past ones too, by their names of today. Shared: do not alter."""
    return _snapshot().directory


def roles() -> dict[str, RoleCard]:
    """All roles by code. Shared: do not alter."""
    return _snapshot().roles


def forget_directory() -> None:
    """Makes the next `directory()` of this process look into the database. For tests that roll back."""
    global _held
    _held = None


def mark_changed() -> None:
    """Tells every process that agencies or roles have changed. Call it in the transaction that changes them."""
    Revision.objects.update_or_create(id=1, defaults={"token": uuid.uuid4()})
    forget_directory()
    transaction.on_commit(forget_directory)


def actor_for(account: Account, day: date | None = None) -> Actor:
    """Who the account is on `day` (today in the city when None): its posts and what is delegated to it.

    A closed account holds nothing, and neither does a resident's. A post at an agency that does not exist on
    the day does not count, nor does a delegation whose giver no longer holds the post. One query.
    """
    rows: list[tuple[int, str, str, int | None]] = []
    if account.is_active and account.side == "official":
        with connection.cursor() as cursor:
            cursor.execute(_GRANTS, {"account": account.pk, "day": day or city_day()})
            rows = cursor.fetchall()
    grants = tuple(Grant(agency, role, title, giver) for agency, role, title, giver in rows)
    # Whoever holds no post stands before the office like any other resident.
    return Actor(account.pk, account.full_name, grants, "official" if grants else "resident")


_GRANTS = """
SELECT a.agency_id, r.code, a.title, NULL::bigint AS giver
FROM organisation_appointment a
JOIN organisation_role r ON r.number = a.role_id
JOIN organisation_agency g ON g.number = a.agency_id
WHERE a.account_id = %(account)s AND a.cancelled_at IS NULL
  AND a.valid_from <= %(day)s AND (a.valid_to IS NULL OR a.valid_to >= %(day)s)
  AND g.valid_from <= %(day)s AND (g.valid_to IS NULL OR g.valid_to >= %(day)s)
UNION ALL
SELECT d.agency_id, r.code, a.title, d.from_account_id
FROM organisation_delegation d
JOIN organisation_appointment a ON a.account_id = d.from_account_id AND a.agency_id = d.agency_id
  AND a.role_id = d.role_id AND a.cancelled_at IS NULL
  AND a.valid_from <= %(day)s AND (a.valid_to IS NULL OR a.valid_to >= %(day)s)
JOIN organisation_account giver ON giver.id = d.from_account_id AND giver.is_active
JOIN organisation_role r ON r.number = d.role_id
JOIN organisation_agency g ON g.number = d.agency_id
WHERE d.to_account_id = %(account)s AND d.cancelled_at IS NULL
  AND d.valid_from <= %(day)s AND d.valid_to >= %(day)s
  AND g.valid_from <= %(day)s AND (g.valid_to IS NULL OR g.valid_to >= %(day)s)
ORDER BY 1, 2, 4 NULLS FIRST
"""


def _snapshot() -> _Snapshot:
    global _held
    held, now = _held, time.monotonic()
    database = connection.settings_dict["NAME"]
    recheck = getattr(settings, "MOTCUA_DIRECTORY_RECHECK_SECONDS", RECHECK_SECONDS)
    if held is not None and held.database == database and now - held.checked < recheck:
        return held
    with _lock:
        # Read before the rows: if they change in between, the next check sees another token.
        token = Revision.objects.filter(id=1).values_list("token", flat=True).first()
        day = city_day()
        held = _held
        if held is not None and (held.database, held.token, held.day) == (database, token, day):
            held.checked = now
            return held
        fresh = _Snapshot(database, token, day, now, _load_directory(day), _load_roles())
        _held = fresh
        return fresh


def _load_directory(day: date) -> law.Directory:
    """All agencies under the names they bear on `day`."""
    named: dict[int, AgencyName] = {}
    # The earliest former name that still holds is the one of the day, so the last one to be set.
    for former in AgencyName.objects.filter(valid_to__gte=day).order_by("-valid_to"):
        named[former.agency_id] = former
    agencies = []
    for row in Agency.objects.order_by("number").iterator(chunk_size=2000):
        by = named.get(row.pk, row)
        agencies.append(
            law.Agency(
                number=row.number,
                code=row.code,
                name=Text(by.name_vi, by.name_en),
                tier=row.tier,
                parent=row.parent_id,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                unit=row.unit,
                identifier=row.identifier,
                identifier_is_demo=row.identifier_is_demo,
                successor=row.successor_id,
                serves=row.serves_id,
            )
        )
    return law.Directory(agencies)


def _load_roles() -> dict[str, RoleCard]:
    return {
        role.code: RoleCard(
            role.number,
            role.code,
            role.name,
            Text(role.explanation_vi, role.explanation_en),
            tuple(role.at),
        )
        for role in Role.objects.order_by("number")
    }
