"""Opens a resident's account. How the contact was proven, by a code or by an identity provider, is the caller's."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from motcua.accounts.history import NOWHERE, Origin, record
from motcua.accounts.models import PROVEN, SELF_REGISTERED, ResidentAccount
from motcua.law.names import as_declared
from motcua.organisation.models import Account


@dataclass(frozen=True, slots=True)
class Proof:
    """How somebody's identity was proven: where, by whom (an account), with which document."""

    how: str
    by: int | None = None
    agency: int | None = None
    document: str = ""


def open_account(
    name: str,
    *,
    phone: str = "",
    email: str = "",
    password: str | None = None,
    password_hash: str = "",
    kind: str = "person",
    number: str = "",
    tax_code: str = "",
    birth: str = "",
    language: str = "vi",
    proof: Proof | None = None,
    origin: Origin = NOWHERE,
) -> ResidentAccount:
    """A new account of a resident, proven (level 2) when `proof` is given, else self-registered (level 1).

    Without a password one signs in by a passkey or an identity provider only. Raises IntegrityError when the
    phone, e-mail or number belongs to another account.
    """
    account = Account(
        # Nobody signs in by it: residents are found by phone, e-mail or number.
        username=f"nd-{secrets.token_hex(8)}",
        full_name=as_declared(name),
        side="resident",
        language=language if language in ("vi", "en") else "vi",
        password=password_hash or make_password(password),
    )
    with transaction.atomic():
        account.save()
        resident = ResidentAccount.objects.create(
            account=account,
            kind=kind,
            number=number,
            tax_code=tax_code,
            birth=birth,
            phone=phone,
            email=email.lower(),
            assurance=PROVEN if proof else SELF_REGISTERED,
            proven_at=timezone.now() if proof else None,
            proven_how=proof.how if proof else "",
            proven_by_id=proof.by if proof else None,
            proven_agency=proof.agency if proof else None,
            proven_document=proof.document if proof else "",
        )
        record(account.pk, "opened", origin, assurance=resident.assurance)
    return resident
