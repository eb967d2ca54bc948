"""Which account an identity from a provider belongs to: by its own link, by a proven number, or a new one.

The rules that keep accounts from being taken over: a link once made belongs to one account; a number links only
when the provider proved it; a phone or mail address never links anything. Speaking with the provider and signing
in are left to the portal.
"""

from django.db import IntegrityError, transaction

from motcua.accounts import signing_in
from motcua.accounts.claims import Claimed
from motcua.accounts.history import NOWHERE, Origin, record
from motcua.accounts.models import PROVEN, ResidentAccount
from motcua.accounts.opening import Proof, open_account
from motcua.accounts.proving import raise_to_proven
from motcua.accounts.refusals import refusal
from motcua.law.refusal import Refusal
from motcua.organisation.models import Account


def account_for(
    claimed: Claimed,
    provider: str,
    *,
    linked: Account | None = None,
    present: Account | None = None,
    origin: Origin = NOWHERE,
) -> ResidentAccount | Refusal:
    """The account this identity comes in to; opened, or raised to level 2, where the claims say so.

    `linked` is the account that has this identity already, `present` the resident who is signed in and adds it.
    """
    if linked is not None and present is not None and linked.pk != present.pk:
        return refusal("identity_elsewhere")
    try:
        with transaction.atomic():
            known = present or linked
            if known is not None:
                return _known(known, claimed, provider, origin)
            if claimed.proven and claimed.number:
                found = _by_number(claimed.number)
                if found is not None:
                    return _welcome(found, provider, origin)
            return _new(claimed, provider, origin)
    except IntegrityError:
        return refusal("number_taken")


def _known(account: Account, claimed: Claimed, provider: str, origin: Origin) -> ResidentAccount | Refusal:
    found = ResidentAccount.objects.select_for_update(of=("self",)).select_related("account").filter(
        account=account, account__is_active=True, account__side="resident", deleted_at=None
    ).first()  # fmt: skip
    if found is None:
        return refusal("identity_closed")
    if claimed.number and found.number and claimed.number != found.number:
        return refusal("identity_differs")
    if claimed.proven and claimed.number and found.assurance < PROVEN and found.kind == "person":
        raise_to_proven(found, claimed.number, claimed.name, claimed.birth, how="provider")
        record(found.account_id, "proven", origin, how="provider", provider=provider)
    return found


def _by_number(number: str) -> ResidentAccount | None:
    found = ResidentAccount.objects.select_for_update(of=("self",)).select_related("account")
    return found.filter(number=number, deleted_at=None).first()


def _welcome(found: ResidentAccount, provider: str, origin: Origin) -> ResidentAccount | Refusal:
    if not found.account.is_active:
        return refusal("identity_closed")
    record(found.account_id, "identity_added", origin, provider=provider)
    return found


def _new(claimed: Claimed, provider: str, origin: Origin) -> ResidentAccount:
    # An address that another account has is left out: it says nothing about whose account this is.
    phone = claimed.phone if claimed.phone and signing_in.find(claimed.phone) is None else ""
    email = claimed.email if claimed.email and signing_in.find(claimed.email) is None else ""
    sure = claimed.proven and bool(claimed.number)
    made = open_account(
        claimed.name or "Người dân",
        phone=phone,
        email=email,
        number=claimed.number if sure else "",
        birth=claimed.birth,
        proof=Proof(how="provider", document=provider) if sure else None,
        origin=origin,
    )
    record(made.account_id, "identity_added", origin, provider=provider)
    return made
