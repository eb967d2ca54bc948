"""Appoints people to posts, lends posts to others for some days, and ends both; every act leaves its record.

Each verb checks, writes and records in one transaction, or refuses and changes nothing. Who may see or do
what with the post is left to `policy` and the law. Whoever acts is an `Actor`; the operator at the command
line is `law.actor.SYSTEM`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone

from motcua.law.actor import Actor
from motcua.law.directory import Agency as LawAgency
from motcua.law.refusal import Refusal
from motcua.organisation.directory import city_day, directory, roles
from motcua.organisation.models import Account, Appointment, Delegation
from motcua.organisation.policy import may_administer
from motcua.organisation.record import record
from motcua.organisation.refusals import refusal

ONE_DAY = timedelta(days=1)


class Post(msgspec.Struct, frozen=True):
    """An appointment to be made: the account's key, the agency's number, the role's code, both days included."""

    account: int
    agency: int
    role: str
    valid_from: date
    valid_to: date | None = None
    title: str = ""


def appoint(by: Actor, post: Post) -> Appointment | Refusal:
    """Appoints one person to one post."""
    return appoint_all(by, [post])[0]


def appoint_all(by: Actor, posts: Sequence[Post]) -> list[Appointment | Refusal]:
    """Appoints many; the answer at each place belongs to the post at that place. Refused ones stop no others."""
    with transaction.atomic():
        accounts = _locked_accounts({post.account for post in posts})
        held: dict[tuple[int, int, str], list[tuple[date, date | None]]] = {}
        for each in Appointment.objects.filter(account__in=accounts, cancelled_at=None).select_related("role"):
            key = (each.account_id, each.agency_id, each.role.code)
            held.setdefault(key, []).append((each.valid_from, each.valid_to))
        answers: list[Appointment | Refusal] = []
        for post in posts:
            no = _refuse_post(by, post, accounts.get(post.account))
            key = (post.account, post.agency, post.role)
            spans = held.setdefault(key, [])
            if no is None and any(_overlap(post.valid_from, post.valid_to, *span) for span in spans):
                no = refusal("held_already", **_words(post.agency, post.role, accounts[post.account]))
            if no is None:
                spans.append((post.valid_from, post.valid_to))
            answers.append(no or _new_appointment(post))
        made = [each for each in answers if isinstance(each, Appointment)]
        Appointment.objects.bulk_create(made, batch_size=1000)
        record(by, "appoint", ((f"appointment {each.pk}", _particulars(each)) for each in made))
    return answers


def end_appointment(by: Actor, appointment: int, last_day: date, *, today: date | None = None) -> Appointment | Refusal:
    """Ends an appointment after `last_day`, and with it what its holder delegated from it beyond that day.

    What was done while it held stands: `last_day` is yesterday at the earliest. An appointment that has not
    begun by then is cancelled.
    """
    today = today or city_day()
    with transaction.atomic():
        found = Appointment.objects.select_for_update().filter(pk=appointment, cancelled_at=None).first()
        if found is None:
            return refusal("not_found", number=appointment)
        no = _refuse_end(by, found, last_day, today)
        if no is not None:
            return no
        _end(found, last_day)
        record(by, "end_appointment", [(f"appointment {found.pk}", _particulars(found))])
        given = Delegation.objects.select_for_update().filter(
            from_account=found.account_id,
            agency=found.agency_id,
            role=found.role_id,
            valid_to__gt=last_day,
            cancelled_at=None,
        )
        for each in given.order_by("pk"):
            _end(each, last_day)
            record(by, "revoke_delegation", [(f"delegation {each.pk}", _particulars(each))])
    return found


def delegate(
    by: Actor,
    post: Post,
    receiver: int,
    *,
    reason: str,
    document: str = "",
    today: date | None = None,
) -> Delegation | Refusal:
    """Lends `post` (whose account is the giver) to the account `receiver` until `post.valid_to`.

    The giver must be appointed to it for all of these days, the receiver must work in the same house or
    below it, and what is held by delegation is not lent further. Nobody lends a post of others to themselves.
    """
    today = today or city_day()
    if post.valid_to is None or post.valid_to < post.valid_from:
        return refusal("dates_reversed", **{"from": post.valid_from, "to": post.valid_to})
    if not reason.strip():
        return refusal("reason_missing")
    if receiver == post.account:
        return refusal("to_oneself")
    with transaction.atomic():
        accounts = _locked_accounts({post.account, receiver})
        no = _refuse_place(post, accounts.get(post.account)) or _refuse_account(receiver, accounts.get(receiver))
        if no is None and by.account != post.account and not may_administer(by, post.agency):
            no = refusal("not_your_agency", **_words(post.agency, post.role))
        if no is None and by.account == receiver:
            # Or an administrator would come to any post below by lending somebody else's to themselves.
            no = refusal("own_post")
        if no is None and post.valid_from < today and by.kind != "system":
            no = refusal("backdated", day=post.valid_from)
        no = no or _refuse_giver(post, accounts[post.account]) or _refuse_receiver(post, accounts[receiver])
        if no is not None:
            return no
        made = Delegation.objects.create(
            from_account=accounts[post.account],
            to_account=accounts[receiver],
            agency_id=post.agency,
            role_id=roles()[post.role].number,
            valid_from=post.valid_from,
            valid_to=post.valid_to,
            reason=reason.strip(),
            document=document.strip(),
        )
        record(by, "delegate", [(f"delegation {made.pk}", _particulars(made))])
    return made


def revoke_delegation(by: Actor, delegation: int, last_day: date, *, today: date | None = None) -> Delegation | Refusal:
    """Ends a delegation after `last_day`, yesterday at the earliest; one not yet begun is cancelled.

    The giver may do it, and whoever administers the agency.
    """
    today = today or city_day()
    with transaction.atomic():
        found = Delegation.objects.select_for_update().filter(pk=delegation, cancelled_at=None).first()
        if found is None:
            return refusal("not_found", number=delegation)
        no = _refuse_end(by, found, last_day, today, giver=found.from_account_id)
        if no is not None:
            return no
        _end(found, last_day)
        record(by, "revoke_delegation", [(f"delegation {found.pk}", _particulars(found))])
    return found


def _locked_accounts(keys: Iterable[int]) -> dict[int, Account]:
    """The accounts, locked in one order, so that two acts on one person follow each other."""
    found = Account.objects.filter(pk__in=set(keys)).order_by("pk").select_for_update(no_key=True)
    return {account.pk: account for account in found}


def _new_appointment(post: Post) -> Appointment:
    return Appointment(
        account_id=post.account,
        agency_id=post.agency,
        role_id=roles()[post.role].number,
        title=post.title,
        valid_from=post.valid_from,
        valid_to=post.valid_to,
    )


def _refuse_post(by: Actor, post: Post, account: Account | None) -> Refusal | None:
    if post.valid_to is not None and post.valid_to < post.valid_from:
        return refusal("dates_reversed", **{"from": post.valid_from, "to": post.valid_to})
    no = _refuse_place(post, account)
    if no is not None:
        return no
    if not may_administer(by, post.agency):
        return refusal("not_your_agency", **_words(post.agency, post.role))
    if by.account == post.account:
        return refusal("own_post")
    return None


def _refuse_account(key: int, account: Account | None) -> Refusal | None:
    if account is None:
        return refusal("account_unknown", account=key)
    if account.side == "resident":
        return refusal("account_residents")
    return None if account.is_active else refusal("account_closed", account=account.full_name)


def _refuse_place(post: Post, account: Account | None) -> Refusal | None:
    """Refuses a post that cannot be: closed account, no such agency on those days, no such role there."""
    agency: LawAgency | None = directory().by_number.get(post.agency)
    role = roles().get(post.role)
    if agency is None:
        return refusal("agency_unknown", agency=post.agency)
    if role is None:
        return refusal("role_unknown", role=post.role)
    if agency.tier not in role.at:
        return refusal("role_not_here", **_words(post.agency, post.role))
    last = post.valid_to or agency.valid_to or post.valid_from
    if not agency.is_valid(post.valid_from) or not agency.is_valid(last):
        words = _words(post.agency, post.role) | {"from": post.valid_from, "to": post.valid_to}
        return refusal("agency_not_valid", **words)
    return _refuse_account(post.account, account)


def _refuse_giver(post: Post, giver: Account) -> Refusal | None:
    """The giver must hold the post by one appointment on every day of the delegation."""
    assert post.valid_to is not None
    role = roles()[post.role].number
    of_post = {"agency": post.agency, "role": role, "cancelled_at": None}
    for each in Appointment.objects.filter(account=giver, **of_post):
        if each.valid_from <= post.valid_from and (each.valid_to is None or post.valid_to <= each.valid_to):
            return None
    borrowed = Delegation.objects.filter(
        to_account=giver, valid_from__lte=post.valid_to, valid_to__gte=post.valid_from, **of_post
    )
    code = "not_delegated_further" if borrowed.exists() else "giver_not_appointed"
    return refusal(code, **_words(post.agency, post.role, giver))


def _refuse_receiver(post: Post, receiver: Account) -> Refusal | None:
    """The receiver must work in the giver's house or below, on every day, and not have the post already."""
    assert post.valid_to is not None
    known = directory()
    inside = set(known.below(known.house(post.agency)))
    words = _words(post.agency, post.role, receiver)
    works = False
    for each in Appointment.objects.filter(account=receiver, cancelled_at=None).select_related("role"):
        overlaps = _overlap(post.valid_from, post.valid_to, each.valid_from, each.valid_to)
        if overlaps and (each.agency_id, each.role.code) == (post.agency, post.role):
            return refusal("held_already", **words)
        covers = each.valid_from <= post.valid_from and (each.valid_to or post.valid_to) >= post.valid_to
        works = works or (covers and each.agency_id in inside)
    if not works:
        return refusal("receiver_outside", **words)
    same = Delegation.objects.filter(
        from_account=post.account,
        to_account=receiver,
        agency=post.agency,
        role=roles()[post.role].number,
        valid_from__lte=post.valid_to,
        valid_to__gte=post.valid_from,
        cancelled_at=None,
    )
    return refusal("delegated_already") if same.exists() else None


def _refuse_end(
    by: Actor, found: Appointment | Delegation, last_day: date, today: date, *, giver: int | None = None
) -> Refusal | None:
    if not (giver is not None and by.account == giver) and not may_administer(by, found.agency_id):
        return refusal("not_your_agency", agency=directory()[found.agency_id].name.vi)
    if found.valid_to is not None and found.valid_to <= last_day:
        return refusal("ended_already", to=found.valid_to)
    if last_day < today - ONE_DAY:
        return refusal("backdated", day=last_day)
    return None


def _end(found: Appointment | Delegation, last_day: date) -> None:
    if last_day < found.valid_from:
        found.cancelled_at = timezone.now()
    else:
        found.valid_to = last_day
    found.save(update_fields=["valid_to", "cancelled_at"])


def _overlap(first: date, last: date | None, other_first: date, other_last: date | None) -> bool:
    return (other_last is None or first <= other_last) and (last is None or other_first <= last)


def _words(agency: int, role: str, account: Account | None = None) -> dict[str, Any]:
    """The names a refusal speaks of."""
    words: dict[str, Any] = {"agency": directory()[agency].name.vi, "role": roles()[role].name.vi}
    return words | {"account": account.full_name} if account is not None else words


def _particulars(row: Appointment | Delegation) -> dict[str, Any]:
    """All of the row, so that the record can be read without it."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
