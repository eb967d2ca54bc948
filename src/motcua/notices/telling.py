"""Writes down who is to be told what, once: notices and their destinations, within the limits of each agency.

Called by the follower inside its transaction, and by rooms that tell something which is no dossier's event. Sending
is left to `sending`.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import uuid4

import msgspec
from django.conf import settings
from django.db import connection, transaction
from psycopg.rows import tuple_row

from motcua.law.working_time import city_day
from motcua.notices import configuration
from motcua.notices.models import HELD, WAITING, Notice, Preference, Subscription
from motcua.notices.people import Person, address_hash
from motcua.notices.planning import QUIET_FROM, QUIET_UNTIL, Plan, Wishes, plan
from motcua.notices.wording.loading import current
from motcua.notices.wording.shapes import Message


class Telling(msgspec.Struct, frozen=True):
    """One event for one person. `event` is unique to what happened; told twice it is told once."""

    event: str
    person: Person
    kind: str
    values: dict[str, Any]
    at: datetime
    dossier_id: int = 0
    seq: int = 0
    agency: int = 0
    in_inbox: bool = True


_NOTICES = """
    INSERT INTO notices_notice (event, person, account, dossier_id, seq, agency, kind, version, language, "values",
                                required, created_at, expires_at, kept_in)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::int[], %s::int[], %s::text[],
                         %s::int[], %s::text[], %s::jsonb[], %s::bool[], %s::timestamptz[], %s::timestamptz[],
                         %s::text[])
    ON CONFLICT (event, person) DO NOTHING RETURNING id, event, person
"""
_DELIVERIES = """
    INSERT INTO notices_delivery (notice_id, rank, channel, address, address_hash, message, agency, state, next_at,
                                  provider, reference, last_error, fence, attempts, tries, segments, cost, proof)
    SELECT *, '', '', '', 0, 0, 0, 1, 0, 0 FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::text[],
                         %s::uuid[], %s::int[], %s::text[], %s::timestamptz[])
"""
_USED = """
    INSERT INTO notices_used (agency, day, messages) VALUES (%s, %s, %s)
    ON CONFLICT (agency, day) DO UPDATE SET messages = notices_used.messages + excluded.messages RETURNING messages
"""


def tell(tellings: Sequence[Telling], now: datetime) -> int:
    """Writes notices and destinations for what was not told yet; returns how many notices are new.

    Raises NoWordsError when the city has no words for a kind.
    """
    if not tellings:
        return 0
    words = current({each.kind for each in tellings})
    accounts = {each.person.account for each in tellings if each.person.account}
    wishes, browsers = _wishes(accounts), _browsers(accounts)
    available = configuration.channels()
    plans = {
        (each.event, each.person.key): (each, _plan(each, words[each.kind][1], wishes, browsers, available, now))
        for each in tellings
    }
    with transaction.atomic():
        new = _write_notices(list(plans.values()), words, wishes, now)
        _write_deliveries(new, plans, words, now)
    return len(new)


def wishes_of(account: int) -> Wishes:
    """How a person wants to be told."""
    return _wishes({account}).get(account, (Wishes(), ""))[0]


def _plan(
    telling: Telling,
    message: Message,
    wishes: Mapping[int, tuple[Wishes, str]],
    browsers: set[int],
    available: frozenset[str],
    now: datetime,
) -> Plan:
    account = telling.person.account
    wished = wishes[account][0] if account in wishes else Wishes()
    return plan(message, telling.person, wished, telling.at, now, available, account in browsers)


def _wishes(accounts: Iterable[int]) -> dict[int, tuple[Wishes, str]]:
    found = {}
    for row in Preference.objects.filter(account__in=list(accounts)):
        wishes = Wishes(
            sms=row.sms,
            email=row.email,
            push=row.push,
            progress=row.progress,
            quiet_from=row.quiet_from or QUIET_FROM,
            quiet_until=row.quiet_until or QUIET_UNTIL,
        )
        found[row.account] = (wishes, row.language)
    return found


def _browsers(accounts: Iterable[int]) -> set[int]:
    return set(Subscription.objects.filter(account__in=list(accounts)).values_list("account", flat=True))


def _write_notices(
    pairs: list[tuple[Telling, Plan]],
    words: Mapping[str, tuple[int, Message]],
    wishes: Mapping[int, tuple[Wishes, str]],
    now: datetime,
) -> list[tuple[int, str, str]]:
    columns: list[list[Any]] = [[] for _ in range(14)]
    for telling, planned in pairs:
        person, (version, message) = telling.person, words[telling.kind]
        language = wishes[person.account][1] if person.account in wishes else person.language
        row = (
            telling.event, person.key, person.account if telling.in_inbox else 0, telling.dossier_id, telling.seq,
            telling.agency, telling.kind, version, language, json.dumps(telling.values, ensure_ascii=False),
            message.required, now, planned.expires, planned.kept_in,
        )  # fmt: skip
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return _run(_NOTICES, columns)


def _write_deliveries(
    new: list[tuple[int, str, str]],
    plans: Mapping[tuple[str, str], tuple[Telling, Plan]],
    words: Mapping[str, tuple[int, Message]],
    now: datetime,
) -> None:
    leaving = [(number, *plans[event, person]) for number, event, person in new]
    leaving = sorted((each for each in leaving if each[2].destinations), key=lambda each: each[1].agency)
    columns: list[list[Any]] = [[] for _ in range(9)]
    for agency, group in groupby(leaving, key=lambda each: each[1].agency):
        for number, telling, planned in _within_limit(agency, list(group), words, now):
            for rank, (channel, address) in enumerate(planned.destinations):
                row = (
                    number, rank, channel, address, address_hash(address), uuid4(), telling.agency,
                    HELD if rank else WAITING, None if rank else planned.begin,
                )  # fmt: skip
                for column, value in zip(columns, row, strict=True):
                    column.append(value)
    if columns[0]:
        _run(_DELIVERIES, columns)


def _within_limit(
    agency: int, group: list[tuple[int, Telling, Plan]], words: Mapping[str, tuple[int, Message]], now: datetime
) -> list[tuple[int, Telling, Plan]]:
    """Those that may leave. A counter says how many did today: nothing is counted anew for each message."""
    if not agency:
        return group
    used = _run(_USED, [agency, city_day(now), len(group)])[0][0]
    over = used - settings.MOTCUA_NOTICES_DAILY
    if over <= 0:
        return group
    # What the law requires and what somebody waits for goes out all the same.
    bound = [each for each in group if words[each[1].kind][1].required or words[each[1].kind][1].urgent]
    free = [each for each in group if each not in bound]
    let = free[: max(0, len(free) - over)]
    kept = [each[0] for each in free[len(let) :]]
    if kept:
        Notice.objects.filter(pk__in=kept).update(kept_in="over_limit")
    return bound + let


def _run(query: str, parameters: Sequence[Any]) -> list[Any]:
    connection.ensure_connection()
    with connection.connection.cursor(row_factory=tuple_row) as run:
        run.execute(query, parameters)
        return run.fetchall() if run.description else []


def count_by_kind(tellings: Iterable[Telling]) -> Counter[str]:
    """How many of each kind, for a log that names nobody."""
    return Counter(each.kind for each in tellings)
