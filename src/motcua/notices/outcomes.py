"""Writes down what became of messages: answers, receipts, the next way where one failed, cost, proofs that are due.

Every change carries the fence of the lease it was made under, or raises it; whoever comes late changes nothing.
A final state stays: a second receipt, or one that contradicts the first, is not heard.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from psycopg.rows import tuple_row

from motcua.jobs import leasing
from motcua.law.working_time import city_day
from motcua.notices.channels.base import Answer, Provider, Receipt
from motcua.notices.models import (
    DELIVERED,
    DOUBTFUL,
    EXPIRED,
    FAILED,
    HELD,
    NEEDLESS,
    NO_PROOF,
    PROOF_DUE,
    SENDING,
    SENT,
    UNKNOWN,
    WAITING,
    Delivery,
)

MOST_TRIES = 8
# Afterwards a message that was taken charge of is left as it is: sent, and no receipt.
RECEIPTS_WITHIN = timedelta(hours=72)
FIRST_LOOK, SOON = timedelta(seconds=3), timedelta(seconds=2)
LATE_RECEIPT = timedelta(minutes=4)

_SENT = """
    UPDATE notices_delivery d SET state = 'sent', reference = given.reference, segments = given.segments,
           cost = given.cost, sent_at = %s, leased_until = NULL, next_at = %s, last_error = '',
           proof = CASE WHEN %s AND n.required THEN 1 ELSE proof END, done_at = %s
      FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::int[], %s::int[])
               AS given (id, fence, reference, segments, cost), notices_notice n
     WHERE d.id = given.id AND d.fence = given.fence AND d.leased_until IS NOT NULL AND n.id = d.notice_id
    RETURNING d.id, d.agency, d.notice_id
"""
# What most receipts say of most messages, in one statement: arrived, and nothing was open about it.
_ARRIVED = """
    UPDATE notices_delivery d SET state = 'delivered', done_at = %s, next_at = NULL, leased_until = NULL,
           fence = d.fence + 1, last_error = '', proof = CASE WHEN n.required THEN 1 ELSE d.proof END
      FROM notices_notice n
     WHERE n.id = d.notice_id AND d.provider = %s AND d.state = 'sent'
       AND (d.reference = ANY (%s) OR d.message = ANY (%s))
    RETURNING d.reference, d.message, d.notice_id, d.sent_at
"""

Given = tuple[Delivery, Answer, int]


def record(provider: Provider, given: Sequence[Given], now: datetime, in_doubt: bool = False) -> None:
    """Writes down the answers of one provider to one batch; `given` holds each message's parts.

    `in_doubt`: an earlier attempt may have arrived there, so that "not now" does not make them free for another.
    """
    with transaction.atomic():
        accepted = [each for each in given if each[1].outcome == "accepted"]
        if accepted:
            _accepted(provider, accepted, now)
        for row, answer, _ in given:
            match answer.outcome:
                case "busy" | "withheld" if in_doubt:
                    leasing.try_again(row, answer.reason, leasing.pause_after(row.tries), state=DOUBTFUL)
                case "refused":
                    give_up(row, FAILED, answer.reason, now)
                case "busy":
                    _again(row, answer.reason, now)
                case "doubtful":
                    leasing.try_again(row, answer.reason, FIRST_LOOK, state=DOUBTFUL)
                case "withheld":
                    # Never asked: it costs no try.
                    leasing.try_again(row, "", SOON, state=WAITING, provider="", tries=max(0, row.tries - 1))


def _accepted(provider: Provider, accepted: Sequence[Given], now: datetime) -> None:
    is_last_word = not provider.receipts
    parameters = [
        now,
        None if is_last_word else now + RECEIPTS_WITHIN,
        is_last_word,
        now if is_last_word else None,
        [row.pk for row, _, _ in accepted],
        [row.fence for row, _, _ in accepted],
        [answer.reference for _, answer, _ in accepted],
        [parts for _, _, parts in accepted],
        [parts * provider.price for _, _, parts in accepted],
    ]
    connection.ensure_connection()
    with connection.connection.cursor(row_factory=tuple_row) as run:
        written = run.execute(_SENT, parameters).fetchall()
    parts_of = {row.pk: parts for row, _, parts in accepted}
    messages: Counter[int] = Counter()
    parts: Counter[int] = Counter()
    for number, agency, _notice in written:
        messages[agency] += 1
        parts[agency] += parts_of[number]
    for agency in sorted(messages):
        _add_cost(agency, provider, messages[agency], parts[agency], now)
    if is_last_word:
        _rest_needless([notice for _, _, notice in written])


def _add_cost(agency: int, provider: Provider, messages: int, parts: int, now: datetime) -> None:
    with connection.cursor() as run:
        run.execute(
            "INSERT INTO notices_cost AS c (agency, month, channel, provider, messages, segments, dong)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (agency, month, channel, provider) DO UPDATE SET"
            " messages = c.messages + excluded.messages, segments = c.segments + excluded.segments,"
            " dong = c.dong + excluded.dong",
            (
                agency,
                city_day(now).replace(day=1),
                provider.channel,
                provider.name,
                messages,
                parts,
                parts * provider.price,
            ),
        )


def _again(row: Delivery, reason: str, now: datetime) -> None:
    if row.tries >= MOST_TRIES:
        give_up(row, FAILED, reason, now)
        return
    leasing.try_again(row, reason, leasing.pause_after(row.tries), state=WAITING)


def put_off(row: Delivery, reason: str, after: timedelta) -> None:
    """Not now: no provider could be asked. It costs no try."""
    leasing.try_again(row, reason, after)


def give_up(row: Delivery, state: str, reason: str, now: datetime) -> None:
    """This destination is at an end; the next one is tried while the message is worth it."""
    values: dict[str, Any] = {"state": state, "done_at": now}
    if row.notice.required:
        values["proof"] = PROOF_DUE
    if not leasing.give_up(row, reason, **values):
        return
    if state == EXPIRED or not next_way([row.notice_id], now):
        _rest_needless([row.notice_id])


def settle_unknown(row: Delivery, now: datetime) -> None:
    """Nobody can find out whether it was sent, and the law does not require sending it twice."""
    if leasing.give_up(row, "nobody knows whether it was sent", state=UNKNOWN, done_at=now):
        _rest_needless([row.notice_id])


def without_receipt(row: Delivery, now: datetime) -> None:
    """It was taken charge of and no receipt ever came: sent, which is all that can be said."""
    proof = PROOF_DUE if row.notice.required else NO_PROOF
    if leasing.finish(row, state=SENT, done_at=now, proof=proof):
        _rest_needless([row.notice_id])


def next_way(notices: Sequence[int], now: datetime) -> int:
    """Makes the next destination of each notice due, where there is one and the notice is still worth it."""
    begun = 0
    for notice in notices:
        row = (
            Delivery.objects.filter(notice=notice, state=HELD, notice__expires_at__gt=now)
            .order_by("rank")
            .values_list("pk", flat=True)
            .first()
        )
        if row is not None:
            begun += Delivery.objects.filter(pk=row, state=HELD).update(state=WAITING, next_at=Now())
    return begun


def _rest_needless(notices: Iterable[int]) -> None:
    chosen = list(notices)
    if chosen:
        Delivery.objects.filter(notice__in=chosen, state=HELD).update(state=NEEDLESS)


def keep_receipts(provider: Provider, receipts: Sequence[Receipt], now: datetime) -> int:
    """Writes down what a provider reports; returns how many messages changed."""
    with transaction.atomic():
        rest, changed, late = _most(provider, receipts, now)
        for receipt in rest:
            row = _meant(provider, receipt)
            if row is None or row.state not in (SENDING, DOUBTFUL, SENT, UNKNOWN):
                continue
            late += row.sent_at is not None and now - row.sent_at > LATE_RECEIPT
            _arrived(provider, row, receipt, now)
            changed += 1
    if late:
        from motcua.notices import health

        health.note_slow_receipts(provider.name, late)
    return changed


def _most(provider: Provider, receipts: Sequence[Receipt], now: datetime) -> tuple[list[Receipt], int, int]:
    """Deals with all plain receipts at once; returns those left, how many messages changed, and how many came late."""
    plain = [each for each in receipts if each.state == "delivered" and (each.reference or each.message)]
    references = [each.reference for each in plain if not each.message]
    messages = [UUID(each.message) for each in plain if each.message]
    connection.ensure_connection()
    with connection.connection.cursor(row_factory=tuple_row) as run:
        found = run.execute(_ARRIVED, (now, provider.name, references, messages)).fetchall() if plain else []
    dealt = {reference for reference, _, _, _ in found if reference} | {str(message) for _, message, _, _ in found}
    _rest_needless([notice for _, _, notice, _ in found])
    late = sum(sent_at is not None and now - sent_at > LATE_RECEIPT for _, _, _, sent_at in found)
    return [each for each in receipts if (each.message or each.reference) not in dealt], len(found), late


def _meant(provider: Provider, receipt: Receipt) -> Delivery | None:
    """The message a receipt speaks of, by the surest name it gives, its row locked."""
    ours = Delivery.objects.select_for_update(of=("self",)).select_related("notice").filter(provider=provider.name)
    if receipt.message:
        return ours.filter(message=receipt.message).first()
    if receipt.reference:
        found = ours.filter(reference=receipt.reference).order_by("-id").first()
        if found is not None:
            return found
    if receipt.mark < 0 or not receipt.address:
        return None
    # Whoever was to write its reference down was killed: of the few still open for this number, the one so marked.
    from motcua.notices.channels.smpp import mark_of

    open_ones = ours.filter(address=receipt.address, state__in=(SENDING, DOUBTFUL, UNKNOWN)).order_by("id")[:50]
    return next((each for each in open_ones if mark_of(each.message) == receipt.mark), None)


def _arrived(provider: Provider, row: Delivery, receipt: Receipt, now: datetime) -> None:
    state = {"delivered": DELIVERED, "failed": FAILED, "expired": EXPIRED}[receipt.state]
    values: dict[str, Any] = {
        "state": state,
        "done_at": now,
        "next_at": None,
        "leased_until": None,
        # Whoever still holds it finds that its lease is gone.
        "fence": F("fence") + 1,
        "last_error": receipt.reason[:500],
        "reference": row.reference or receipt.reference,
    }
    if row.notice.required:
        values["proof"] = PROOF_DUE
    if row.sent_at is None:
        # Its acceptance was never written down, nor what it cost.
        values |= {"sent_at": row.handed_at or now, "cost": row.segments * provider.price}
        _add_cost(row.agency, provider, 1, row.segments, now)
    Delivery.objects.filter(pk=row.pk).update(**values)
    if state == DELIVERED:
        _rest_needless([row.notice_id])
    else:
        next_way([row.notice_id], now)
