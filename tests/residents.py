"""Residents for tests: an account with the assurance and the number that a test needs, and a client signed in."""

import secrets

from django.test import Client

from motcua.accounts.models import ResidentAccount
from motcua.accounts.opening import Proof, open_account

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# No province has the number 000, so nobody is called this.
MOTHER, CHILD = "000187000001", "000318000002"


def resident(
    name: str = "Nguyễn Thị Mẫu",
    *,
    number: str = "",
    phone: str = "",
    email: str = "",
    password: str | None = None,
    tax_code: str = "",
    kind: str = "person",
    proven: bool = False,
) -> ResidentAccount:
    """A resident, proven when a number is given or `proven` says so."""
    proof = Proof(how="counter") if number or tax_code or proven else None
    phone = phone or f"09{secrets.randbelow(10**8):08d}"
    return open_account(
        name, phone=phone, email=email, password=password, number=number, tax_code=tax_code, kind=kind, proof=proof
    )  # fmt: skip


def signed_in(who: ResidentAccount, **options: object) -> Client:
    """A client in which the resident is signed in."""
    client = Client(**options)  # type: ignore[arg-type]
    client.force_login(who.account, backend=BACKEND)
    return client
