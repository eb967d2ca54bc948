"""A forgotten password: a code to the proven phone or mail address, then a new password.

Whoever asks sees the same whether or not there is such an account. Every other session ends.
"""

import uuid

from django.db import transaction

from motcua.accounts import codes, guarding, sessions, signing_in
from motcua.accounts.history import NOWHERE, Origin, record
from motcua.accounts.models import OneTimeCode, ResidentAccount
from motcua.accounts.refusals import refusal
from motcua.accounts.signing_up import contact_address, may_send
from motcua.law.refusal import Refusal
from motcua.organisation.models import Account


def begin(typed: str, language: str, origin: Origin = NOWHERE) -> OneTimeCode | Refusal:
    """Sends a code to the phone or mail address when an account has it; otherwise only looks as if."""
    address = contact_address(typed)
    if isinstance(address, Refusal):
        return address
    no = may_send(address, origin)
    if no is not None:
        return no
    found = signing_in.find(address)
    if found is None or not found.account.is_active:
        return codes.pretend("reset", address)
    return codes.send("reset", address, {}, account=found.account_id, language=found.account.language)


def confirm(key: uuid.UUID, typed: str, password: str, origin: Origin = NOWHERE) -> ResidentAccount | Refusal:
    """Sets the new password when the code is right, and ends every session of the account."""
    used = codes.redeem("reset", key, typed)
    if used is None or used.account_id is None:
        return refusal("code_wrong")
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=used.account_id)
        found = ResidentAccount.objects.filter(account=account, deleted_at=None).first()
        if found is None or not account.is_active:
            return refusal("code_wrong")
        account.set_password(password)
        account.save(update_fields=["password"])
        sessions.end_all(account)
        record(account.pk, "password_reset", origin)
    guarding.clear("password_strangers", account.pk)
    found.account = account
    return found
