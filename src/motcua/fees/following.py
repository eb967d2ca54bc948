"""The follower of the journal that makes payment notices, once for each event that asks for money.

`sync` takes dossier ids and brings what this room knows of them up to their journals: notices for what was asked,
payments that were recorded elsewhere (an old receipt typed in, a made-up history), and what nobody has to pay any
more because the dossier ended. It is also called before money is taken, so that a counter need not wait for the
worker. Run twice it changes nothing. A batch is a fixed number of statements, whatever its size.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

import msgspec
from django.db import transaction

from motcua.dossiers import store
from motcua.dossiers.journal import Entry, histories, history
from motcua.fees import ledger
from motcua.fees.models import Notice, Payment, Receipt
from motcua.law import events as e
from motcua.law.payments import reference

log = logging.getLogger("motcua.fees")

_ENDS = (e.Declined, e.Withdrawn, e.Stopped, e.Closed, e.HandedOver)


class _Asked(NamedTuple):
    dossier_id: int
    seq: int
    agency: int
    amounts: dict[str, int]
    at: datetime


class _Paid(NamedTuple):
    dossier_id: int
    seq: int
    amounts: dict[str, int]
    method: str
    receipt: str
    at: datetime


class _Story(NamedTuple):
    """What a dossier's journal says about money."""

    asked: list[_Asked]
    paid: list[_Paid]
    ended_at: datetime | None


def follow(dossier_ids: Sequence[int]) -> None:
    """The follower `fees`: called within its transaction."""
    sync(dossier_ids)


def notices_for(dossier_id: int) -> list[Notice]:
    """The notices of one dossier as its journal stands now, the oldest first."""
    sync([dossier_id])
    return list(Notice.objects.filter(dossier_id=dossier_id).order_by("seq"))


def sync(dossier_ids: Sequence[int]) -> None:
    """Brings notices, recorded payments and the ledger up to these dossiers' journals."""
    stories = [story for story in map(_story, _grouped(dossier_ids)) if story.asked]
    if not stories:
        return
    with transaction.atomic():
        _insert([asked for story in stories for asked in story.asked])
        notices = _locked([story.asked[0].dossier_id for story in stories])
        drafts = [_draft_of(notice) for each in notices.values() for notice in each]
        drafts += _record_elsewhere(stories, notices)
        drafts += _drop_ended(stories, notices)
        ledger.post(drafts)


def _grouped(dossier_ids: Sequence[int]) -> Iterable[tuple[int, list[Entry]]]:
    """The histories; a journal that cannot be read leaves out its own dossier only, and is named in the log."""
    try:
        return [
            (number, [entry for _, entry in rows])
            for number, rows in groupby(histories(dossier_ids), key=lambda row: row[0])
        ]
    except (msgspec.ValidationError, msgspec.DecodeError):
        return list(_readable(dossier_ids))


def _readable(dossier_ids: Sequence[int]) -> Iterator[tuple[int, list[Entry]]]:
    for number in dossier_ids:
        try:
            yield number, history(number)
        except (msgspec.ValidationError, msgspec.DecodeError):
            log.exception("an event of dossier %d cannot be decoded: no notice is made of it", number)


def _story(told: tuple[int, list[Entry]]) -> _Story:
    dossier_id, entries = told
    story = _Story([], [], None)
    collecting, refused = 0, False
    for entry in entries:
        event = entry.event
        match event:
            case e.Lodged():
                collecting = event.agency
            case e.Accepted(money=amounts) | e.PaymentRequested(amounts=amounts) if sum(amounts.values()) > 0:
                wanted = {fee: amount for fee, amount in amounts.items() if amount > 0}
                story.asked.append(_Asked(dossier_id, entry.seq, collecting, wanted, entry.at))
            case e.PaymentRecorded():
                story.paid.append(_Paid(dossier_id, entry.seq, event.amounts, event.method, event.receipt, entry.at))
            case e.Refused():
                refused = True
            case e.ResultDrafted():
                refused = event.refusal
        if isinstance(event, _ENDS) and (refused or not isinstance(event, e.HandedOver)):
            story = story._replace(ended_at=entry.at)
    return story


def _insert(asked: list[_Asked]) -> None:
    """Inserts the notices that are missing; their numbers come first, since their references follow from them."""
    found = set(
        Notice.objects.filter(dossier_id__in={each.dossier_id for each in asked}).values_list("dossier_id", "seq")
    )
    missing = [each for each in asked if (each.dossier_id, each.seq) not in found]
    if not missing:
        return
    with store.cursor() as run:
        numbers = run.execute(
            "SELECT nextval(pg_get_serial_sequence('fees_notice', 'id')) FROM generate_series(1, %s)", (len(missing),)
        ).fetchall()
    Notice.objects.bulk_create(
        [
            Notice(
                id=number,
                dossier_id=each.dossier_id,
                seq=each.seq,
                agency=each.agency,
                reference=reference(number),
                amounts=each.amounts,
                amount=sum(each.amounts.values()),
                asked_at=each.at,
            )
            for each, (number,) in zip(missing, numbers, strict=True)
        ],
        ignore_conflicts=True,
    )


def _locked(dossier_ids: Sequence[int]) -> dict[int, list[Notice]]:
    found: dict[int, list[Notice]] = defaultdict(list)
    for notice in Notice.objects.select_for_update(no_key=True).filter(dossier_id__in=dossier_ids).order_by("id"):
        found[notice.dossier_id].append(notice)
    return found


def _draft_of(notice: Notice) -> ledger.Draft:
    return ledger.Draft(
        key=f"asked/{notice.id}",
        kind="asked",
        at=notice.asked_at,
        dossier_id=notice.dossier_id,
        entries=ledger.asked(notice.agency, notice.amounts),
    )


def _record_elsewhere(stories: list[_Story], notices: dict[int, list[Notice]]) -> list[ledger.Draft]:
    """Payments that the journal has and this room did not take: booked under the receipt that was typed."""
    told = [paid for story in stories for paid in story.paid]
    if not told:
        return []
    numbers = {each.dossier_id for each in told}
    ours = {
        (receipt.dossier_id, receipt.name) for receipt in Receipt.objects.filter(dossier_id__in=numbers).only(
            "dossier_id", "series", "number"
        )
    }  # fmt: skip
    keys = [f"journal/{each.dossier_id}/{each.seq}" for each in told]
    known = set(Payment.objects.filter(key__in=keys).values_list("key", flat=True))
    drafts: list[ledger.Draft] = []
    payments: list[Payment] = []
    changed: dict[int, Notice] = {}
    for key, paid in zip(keys, told, strict=True):
        if key in known or (paid.dossier_id, paid.receipt) in ours:
            continue
        for notice, amounts in _over(notices[paid.dossier_id], paid.amounts):
            notice.settle(amounts)
            changed[notice.id] = notice
            payments.append(_as_recorded(notice, key if not payments or payments[-1].key != key else
                                         f"{key}/{notice.id}", paid, sum(amounts.values())))  # fmt: skip
            into = "bank" if paid.method == "transfer" else "drawer"
            drafts.append(
                ledger.Draft(
                    key=f"paid/{payments[-1].key}",
                    kind="paid",
                    at=paid.at,
                    dossier_id=paid.dossier_id,
                    entries=ledger.came_in(
                        ledger.Place(into, notice.agency, "journal"),
                        notice.agency,
                        amount=sum(amounts.values()),
                        paid=sum(amounts.values()),
                    ),
                )
            )
    Payment.objects.bulk_create(payments)
    Notice.objects.bulk_update(changed.values(), ["settled", "paid"])
    return drafts


def _as_recorded(notice: Notice, key: str, paid: _Paid, amount: int) -> Payment:
    return Payment(
        notice=notice, provider="journal", key=key, amount=amount, state="succeeded", theirs=paid.receipt[:100],
        created_at=paid.at, done_at=paid.at, next_at=None,
    )  # fmt: skip


def _over(notices: list[Notice], amounts: dict[str, int]) -> Iterator[tuple[Notice, dict[str, int]]]:
    """Spreads what was paid by fee over the notices that ask for it, the oldest first."""
    left = dict(amounts)
    for notice in notices:
        part = {fee: min(open_, left.get(fee, 0)) for fee, open_ in notice.open_amounts().items()}
        part = {fee: amount for fee, amount in part.items() if amount > 0}
        if part:
            for fee, amount in part.items():
                left[fee] -= amount
            yield notice, part


def _drop_ended(stories: list[_Story], notices: dict[int, list[Notice]]) -> list[ledger.Draft]:
    """What is still open of dossiers that ended is asked for no more."""
    drafts: list[ledger.Draft] = []
    changed: list[Notice] = []
    for story in stories:
        if story.ended_at is None:
            continue
        for notice in notices[story.asked[0].dossier_id]:
            open_ = notice.open_amounts()
            if notice.open <= 0 or not open_:
                continue
            notice.settle(open_, dropped=True)
            changed.append(notice)
            drafts.append(
                ledger.Draft(
                    key=f"dropped/{notice.id}",
                    kind="dropped",
                    at=story.ended_at,
                    dossier_id=notice.dossier_id,
                    entries=ledger.no_longer_asked(notice.agency, open_),
                )
            )
    Notice.objects.bulk_update(changed, ["settled", "dropped"])
    return drafts
