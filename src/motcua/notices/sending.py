"""Takes messages that are due and hands them to providers; no database connection is held while one is waited for.

The order is what makes it once: a row says `sending`, and to whom, before the provider is called; whoever finds it
so after the lease knows that the outcome is unknown, and asks, waits or leaves it, as the provider allows, before
anything is sent again. What a provider answers is written down by `outcomes`.
"""

import logging
import random
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection

from motcua.dossiers import clock
from motcua.files import store as files
from motcua.jobs import leasing
from motcua.notices import balancing, configuration, doubts, health, outcomes
from motcua.notices.channels.base import Answer, Attached, Outgoing, Provider
from motcua.notices.models import DOUBTFUL, EMAIL, EXPIRED, PUSH, SENDING, SENT, SMS, WAITING, Delivery
from motcua.notices.wording.loading import message_of
from motcua.notices.wording.rendering import Rendered, render

log = logging.getLogger("motcua.notices")

BATCH = 200
NOBODY_NOW, NO_BUDGET = timedelta(seconds=15), timedelta(seconds=60)
_rng = random.Random()  # noqa: S311 - spreads load, keeps no secret


def send_sms() -> int:
    """One batch of text messages."""
    return send(SMS)


def send_email() -> int:
    """One piece of mail: a server cannot be asked what became of it, so no more than one is ever in doubt."""
    return send(EMAIL, batch=1)


def send_push() -> int:
    """One batch for browsers."""
    return send(PUSH)


def send(channel: str, batch: int = BATCH) -> int:
    """Hands over one batch of a channel; returns how many messages and receipts were dealt with."""
    providers = configuration.providers(channel)
    if not providers:
        return 0
    did = _collect(providers)
    lease = timedelta(seconds=settings.MOTCUA_NOTICES_LEASE)
    until = time.monotonic() + lease.total_seconds() / 2
    rows = leasing.claim(Delivery, batch, lease, channel=channel)
    if not rows:
        return did
    now = clock.now()
    _with_notices(rows)
    open_rows = [row for row in rows if row.state not in (SENT,)]
    for row in rows:
        if row.state == SENT:
            outcomes.without_receipt(row, now)
    in_doubt = [row for row in open_rows if row.state in (SENDING, DOUBTFUL)]
    again, repeated = doubts.settle(in_doubt, providers, now, until)
    waiting = [row for row in open_rows if row.state == WAITING] + again
    shared = _shared_out(_still_worth_it(waiting, now), providers, now)
    bound = _to_the_same(_still_worth_it(repeated, now), providers, now)
    # Two lists, since what is in doubt stays in doubt when it is not taken the second time.
    _hand_over(shared, until, now)
    _hand_over(bound, until, now, in_doubt=True)
    health.rebalance(providers, now)
    return did + len(rows)


def _collect(providers: Sequence[Provider]) -> int:
    return sum(each.collect(partial(_keep, each)) for each in providers)


def _keep(provider: Provider, receipts: list[Any]) -> None:
    outcomes.keep_receipts(provider, receipts, clock.now())


def _with_notices(rows: Sequence[Delivery]) -> None:
    wanted = Delivery.objects.filter(pk__in=[row.pk for row in rows]).select_related("notice")
    notices = {each.pk: each.notice for each in wanted}
    for row in rows:
        row.notice = notices[row.pk]


def _still_worth_it(rows: Sequence[Delivery], now: datetime) -> list[Delivery]:
    worth = []
    for row in rows:
        if row.notice.expires_at <= now:
            outcomes.give_up(row, EXPIRED, "no longer worth sending", now)
        else:
            worth.append(row)
    return worth


def _shared_out(
    rows: Sequence[Delivery], providers: Sequence[Provider], now: datetime
) -> dict[str, tuple[Provider, list[Delivery]]]:
    """Each message to a provider, written down with it before anybody is called."""
    by_name = {each.name: each for each in providers}
    healths = health.healths(list(providers), now)
    on_trial = {each.name for each in healths if each.is_on_trial and not each.is_open(now)}
    shared: dict[str, tuple[Provider, list[Delivery]]] = {}
    for row in rows:
        tried = row.tries > 0
        open_ones = [each for each in healths if not (each.name in on_trial and each.name in shared)]
        name = balancing.chosen(open_ones, now, _rng, {row.provider} if tried else (), again=tried)
        if name is None:
            outcomes.put_off(row, "no provider now", NO_BUDGET if tried else NOBODY_NOW)
            continue
        shared.setdefault(name, (by_name[name], []))[1].append(row)
    for name, (_, chosen) in shared.items():
        _write_intent(name, chosen)
    return shared


def _to_the_same(
    rows: Sequence[Delivery], providers: Sequence[Provider], now: datetime
) -> dict[str, tuple[Provider, list[Delivery]]]:
    """Those whose provider knows our id again, to that one."""
    if not rows:
        return {}
    open_ones = {each.name for each in health.healths(list(providers), now) if not each.is_open(now)}
    shared: dict[str, tuple[Provider, list[Delivery]]] = {}
    for row in rows:
        if row.provider in open_ones:
            provider = next(each for each in providers if each.name == row.provider)
            shared.setdefault(row.provider, (provider, []))[1].append(row)
        else:
            outcomes.put_off(row, "no provider now", NOBODY_NOW)
    for name, (_, chosen) in shared.items():
        _write_intent(name, chosen)
    return shared


def _write_intent(provider: str, rows: list[Delivery]) -> None:
    with connection.cursor() as run:
        run.execute(
            "UPDATE notices_delivery d SET state = 'sending', provider = %s, tries = tries + 1, handed_at = now(),"
            " reference = '' FROM unnest(%s::bigint[], %s::int[]) AS held (id, fence)"
            " WHERE d.id = held.id AND d.fence = held.fence AND d.leased_until > now() RETURNING d.id",
            (provider, [row.pk for row in rows], [row.fence for row in rows]),
        )
        kept = {number for (number,) in run.fetchall()}
    for row in rows:
        row.provider, row.state, row.tries = provider, SENDING, row.tries + 1
    # Whoever lost its lease meanwhile must not be sent by us.
    rows[:] = [row for row in rows if row.pk in kept]


def _hand_over(
    shared: dict[str, tuple[Provider, list[Delivery]]], until: float, now: datetime, in_doubt: bool = False
) -> None:
    if not shared:
        return
    prepared = [(provider, [(row, *_prepared(row)) for row in rows]) for provider, rows in shared.values()]
    # From here on somebody else's server sets the pace: nothing of the database is held.
    connection.close()
    if len(prepared) > 1:
        with ThreadPoolExecutor(len(prepared), thread_name_prefix="notices") as pool:
            answers = list(pool.map(lambda each: _ask(each[0], each[1], until), prepared))
    else:
        answers = [_ask(provider, rows, until) for provider, rows in prepared]
    for (provider, rows), given in zip(prepared, answers, strict=True):
        parts = {row.pk: (rendered.size.parts if rendered.size else 1) for row, _, rendered in rows}
        done = [(row, given.get(row.pk, Answer("doubtful", reason="no answer")), parts[row.pk]) for row, _, _ in rows]
        after = clock.now()
        outcomes.record(provider, done, after, in_doubt)
        health.note(provider.name, _figures(provider, done), after)
    if prepared:
        _collect([provider for provider, _ in prepared])


def _ask(provider: Provider, rows: Sequence[tuple[Delivery, Outgoing, Rendered]], until: float) -> dict[int, Answer]:
    given: dict[int, Answer] = {}

    def keep(outgoing: Outgoing, answer: Answer) -> None:
        given[outgoing.id] = answer

    try:
        provider.send([outgoing for _, outgoing, _ in rows], until, keep)
    except Exception:
        # A fault of ours in the middle of a batch: what has no answer yet is in doubt, and is looked into.
        log.exception("%s failed", provider.name)
    return given


def _prepared(row: Delivery) -> tuple[Outgoing, Rendered]:
    notice = row.notice
    said = render(message_of(notice.kind, notice.version), row.channel, notice.language, notice.values)
    outgoing = Outgoing(
        id=row.pk,
        message=row.message,
        address=row.address,
        title=said.title,
        text=said.text,
        parts=said.size.parts if said.size else 1,
        expires=notice.expires_at,
        link=str(notice.values.get("link", "")),
        attached=_attached(notice.values) if row.channel == EMAIL else (),
    )
    return outgoing, said


def _attached(values: Mapping[str, Any]) -> tuple[Attached, ...]:
    """The files a notice names. One that is no longer stored is left out: its words still say what there was."""
    found = []
    for each in values.get("attached", ()):
        path = files.path_of(str(each["digest"]))
        if path.is_file():
            found.append(Attached(str(each["name"]), str(each["media"]), path))
    return tuple(found)


def _figures(provider: Provider, done: Sequence[tuple[Delivery, Answer, int]]) -> health.Batch:
    batch = health.Batch()
    for row, answer, _ in done:
        if answer.outcome == "withheld":
            continue
        batch.asked += 1
        batch.retried += row.tries > 1
        batch.good += answer.outcome in ("accepted", "refused")
        batch.failed += answer.outcome in ("busy", "doubtful")
        batch.slow += answer.seconds > provider.slow_after or answer.outcome == "doubtful"
    return batch
