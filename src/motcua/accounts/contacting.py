"""The phone and mail address of an account: a new one is proven by a code sent to it before it counts.

The old one is told, so that whoever sits at somebody else's session does not take the account unseen.
"""

import uuid
from typing import Literal

from django.db import IntegrityError, transaction

from motcua.accounts import codes, signing_in
from motcua.accounts.history import NOWHERE, Origin, masked, record
from motcua.accounts.models import OneTimeCode, ResidentAccount
from motcua.accounts.refusals import refusal
from motcua.accounts.signing_up import contact_address, may_send
from motcua.law.refusal import Refusal
from motcua.law.texts import Text

Which = Literal["phone", "email"]


def begin(who: ResidentAccount, which: Which, typed: str, origin: Origin = NOWHERE) -> OneTimeCode | Refusal:
    """Sends a code to the new phone or mail address. One that has an account already only looks as if."""
    address = contact_address(typed)
    if isinstance(address, Refusal) or ("@" in address) != (which == "email"):
        return refusal("contact_invalid")
    no = may_send(address, origin)
    if no is not None:
        return no
    if signing_in.find(address) is not None:
        return codes.pretend("contact", address)
    return codes.send("contact", address, {"which": which}, account=who.account_id, language=who.account.language)


def confirm(who: ResidentAccount, key: uuid.UUID, typed: str, origin: Origin = NOWHERE) -> ResidentAccount | Refusal:
    """Puts the new contact in the place of the old one when the code is right."""
    used = codes.redeem("contact", key, typed)
    if used is None or used.account_id != who.account_id:
        return refusal("code_wrong")
    which = used.payload["which"]
    try:
        with transaction.atomic():
            found = ResidentAccount.objects.select_for_update().get(pk=who.pk, deleted_at=None)
            before = getattr(found, which)
            setattr(found, which, used.address)
            found.save(update_fields=[which])
            record(who.account_id, f"{which}_changed", origin, before=masked(before), after=masked(used.address))
            if before:
                _tell_the_old_one(who, before, used.address)
    except IntegrityError:
        return refusal("contact_taken")
    return found


def remove(who: ResidentAccount, which: Which, origin: Origin = NOWHERE) -> ResidentAccount | Refusal:
    """Takes a contact away; the last one stays."""
    with transaction.atomic():
        found = ResidentAccount.objects.select_for_update().get(pk=who.pk, deleted_at=None)
        before = getattr(found, which)
        if not (found.email if which == "phone" else found.phone):
            return refusal("contact_last")
        if before:
            setattr(found, which, "")
            found.save(update_fields=[which])
            record(who.account_id, f"{which}_removed", origin, before=masked(before))
    return found


def _tell_the_old_one(who: ResidentAccount, before: str, after: str) -> None:
    words = Text(
        f"Tài khoản Một cửa của bạn vừa đổi liên lạc sang {masked(after)}. Nếu không phải bạn, hãy đến quầy Một cửa.",
        f"Your one-stop account now has the contact {masked(after)}. If this was not you, come to a one-stop counter.",
    )
    codes.tell(before, words, account=who.account_id, language=who.account.language)
