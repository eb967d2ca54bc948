"""Finds who wants in by phone, e-mail or number, and checks the password, without telling whether there is such a one.

How often it may be tried is counted in `guarding`; second factors and the session are left to allauth.
"""

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Q

from motcua.accounts.models import ResidentAccount
from motcua.law.persons import PersonNumber, TaxCode, check_personal_number, check_tax_code
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
    phone = normalise_phone(typed)
    if phone is not None:
        return phone.number
    code = check_tax_code(typed)
    return code.number if isinstance(code, TaxCode) else ""


def find(identifier: str) -> ResidentAccount | None:
    """The resident with this normalised identifier."""
    if not identifier:
        return None
    named = Q(phone=identifier) | Q(number=identifier) | Q(tax_code=identifier)
    if "@" in identifier:
        named = Q(email__iexact=identifier)
    # At most one: each is unique, and none of them can look like another.
    return ResidentAccount.objects.select_related("account").filter(named, deleted_at=None).first()


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
