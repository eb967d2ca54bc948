"""Finds who wants in by phone, e-mail or number, and checks the password, without telling whether there is such a one.

How often it may be tried is counted in `guarding`; second factors and the session are left to allauth.
"""

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Q

from motcua.accounts import guarding
from motcua.accounts.models import ResidentAccount
from motcua.accounts.refusals import too_often
from motcua.accounts.ways import Way
from motcua.law.persons import PersonNumber, check_personal_number
from motcua.law.refusal import Refusal
from motcua.law.telephones import normalise_phone
from motcua.organisation.models import Account

LONGEST = 254


def normalise_identifier(typed: str) -> str:
    """One spelling for each way to name an account: a mail address, a phone, a number. Empty when it is none."""
    typed = typed.strip()
    if not typed or len(typed) > LONGEST or "\x00" in typed:
        return ""
    if "@" in typed:
        return typed.lower()
    number = check_personal_number(typed)
    if isinstance(number, PersonNumber) and number.kind == "cccd12":
        return number.number
    # A tax code is no way in: many of them read like somebody's telephone.
    phone = normalise_phone(typed)
    return phone.number if phone is not None else ""


def find(identifier: str) -> ResidentAccount | None:
    """The resident with this normalised identifier."""
    if not identifier:
        return None
    named = Q(phone=identifier) | Q(number=identifier)
    if "@" in identifier:
        named = Q(email__iexact=identifier)
    # At most one: each is unique, a number has twelve digits and a phone eleven at most.
    return ResidentAccount.objects.select_related("account").filter(named, deleted_at=None).first()


def attempt(typed: str, password: str, way: Way, address: str) -> Account | Refusal | None:
    """One try to sign in: the account, a refusal when it was tried too often, or None when something is wrong.

    Tries are counted before the password is looked at, and given back when it was right. A browser known to the
    account has a count of its own, so that strangers who attack it do not lock its owner out.
    """
    identifier = normalise_identifier(typed)
    found = find(identifier)
    # Unknown names are counted like known ones: the answer to too many tries tells nothing either.
    about = found.account_id if found else f"?{identifier or typed[:LONGEST].casefold()}"
    if found and way.knows(found.account.username):
        tries: list[guarding.Try] = [("password_known", (about, way.device))]
    else:
        tries = [
            ("password_strange", (about, address)),
            ("password_strangers", (about,)),
            ("password_address", (address,)),
        ]
    verdict = guarding.take_all(tries)
    if not verdict:
        return too_often(verdict.wait)
    account = check(found, password)
    if account is not None:
        guarding.give_back(tries)
    return account


def check(found: ResidentAccount | None, password: str) -> Account | None:
    """The account when the password is right. Takes as long when there is no such account, or it has no password."""
    account = found.account if found else None
    if account is None or not account.has_usable_password():
        make_password(password)
        return None

    def renew(raw: str) -> None:
        account.set_password(raw)
        # The hash of the session follows the password's; nobody else is signed out by a renewed hash alone.
        account.save(update_fields=["password"])

    right = check_password(password, account.password, renew)
    return account if right and account.is_active else None
