"""Makes, closes and reopens accounts for an administrator of posts; every act leaves its record.

Posts themselves are given and ended in `organisation.appointments`. An account is never deleted: the journal
names it.
"""

import secrets
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from motcua.law.actor import Actor
from motcua.law.names import as_declared
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.office.people.finding import at_work_or_later, place_name
from motcua.organisation.directory import city_day
from motcua.organisation.models import Account, Appointment, Change
from motcua.organisation.policy import may_administer
from motcua.organisation.record import record
from motcua.organisation.refusals import refusal

# Without what is mistaken for something else when it is read aloud or copied by hand.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class NewAccount(NamedTuple):
    """An account just made, and the password that is shown this once and kept nowhere."""

    account: Account
    password: str


def make_account(by: Actor, agency: int, username: str, full_name: str) -> NewAccount | Refusal:
    """A new account, made for somebody who is to work at `agency`; it holds no post yet."""
    if not may_administer(by, agency):
        return refusal("not_your_agency", agency=place_name(agency))
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    made = Account(username=as_declared(username).lower(), full_name=as_declared(full_name))
    made.set_password(password)
    try:
        made.clean_fields()
    except ValidationError as error:
        words = "; ".join(error.messages)
        return Refusal("account_not_valid", Text(words, words), details={"fields": sorted(error.message_dict)})
    with transaction.atomic():
        stored = Account.objects.bulk_create([made], ignore_conflicts=True)
        kept = Account.objects.filter(username=made.username, password=made.password).first()
        if not stored or kept is None:
            return _username_taken(made.username)
        details = {"account_id": kept.pk, "username": kept.username, "full_name": kept.full_name, "agency_id": agency}
        record(by, "new_account", [(f"account {kept.pk}", details)])
    return NewAccount(kept, password)


def close_account(by: Actor, account: int) -> Account | Refusal:
    """Nobody signs in with it any more, and whoever is signed in is out at once. Its posts stand, unused."""
    return _switch(by, account, active=False)


def reopen_account(by: Actor, account: int) -> Account | Refusal:
    """Makes a closed account usable again, with the posts that still stand."""
    return _switch(by, account, active=True)


def looks_after(by: Actor, account: int) -> bool:
    """True when the account holds or held a post where `by` administers, or was made for such a place."""
    places = set(Appointment.objects.filter(account=account).values_list("agency", flat=True))
    if not places:
        made = Change.objects.filter(subject=f"account {account}", verb="new_account")
        places = {each.details["agency_id"] for each in made}
    return any(may_administer(by, place) for place in places)


def _switch(by: Actor, account: int, *, active: bool) -> Account | Refusal:
    with transaction.atomic():
        found = Account.objects.select_for_update(no_key=True).filter(pk=account).first()
        if found is None or not looks_after(by, account):
            return refusal("account_unknown", account=account)
        no = _refuse_switch(by, found)
        if no is not None:
            return no
        if found.is_active != active:
            found.is_active = active
            found.save(update_fields=["is_active"])
            details = {"account_id": found.pk, "username": found.username, "is_active": active}
            record(by, "reopen_account" if active else "close_account", [(f"account {found.pk}", details)])
    return found


def _refuse_switch(by: Actor, found: Account) -> Refusal | None:
    if found.pk == by.account:
        words = Text("Không ai tự đóng tài khoản của mình.", "Nobody closes their own account.")
        return Refusal("own_account", words)
    if found.is_superuser or found.is_staff:
        words = Text(
            "Đây là tài khoản của người vận hành hệ thống; hãy nhờ người vận hành.",
            "This account belongs to an operator of the system; ask the operator.",
        )
        return Refusal("operators_account", words)
    held = Appointment.objects.filter(at_work_or_later(city_day()), account=found).order_by("agency_id")
    elsewhere = [each.agency_id for each in held if not may_administer(by, each.agency_id)]
    if elsewhere:
        place = place_name(elsewhere[0])
        words = Text(
            f"{found.full_name} còn giữ vị trí ở {place}, ngoài nơi bạn quản trị; hãy nhờ quản trị cấp trên.",
            f"{found.full_name} also holds a post at {place}, not administered by you; ask the administrator above.",
        )
        return Refusal("posts_elsewhere", words, details={"agency": elsewhere[0]})
    return None


def _username_taken(username: str) -> Refusal:
    words = Text(
        f"Tên đăng nhập “{username}” đã có người dùng; hãy chọn tên khác.",
        f"The user name “{username}” is taken; choose another.",
    )
    return Refusal("username_taken", words, details={"username": username})
