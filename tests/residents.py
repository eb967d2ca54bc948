"""Residents for tests: an account with the assurance and the number that a test needs, and a client signed in."""

import secrets
from typing import NamedTuple

from django.test import Client

from motcua.accounts.models import ResidentAccount
from motcua.accounts.opening import Proof, open_account
from motcua.law.texts import Text

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# No province has the number 000, so nobody is called this.


class Posted(NamedTuple):
    """What left the city: a code, or words without one."""

    address: str
    channel: str
    code: str
    text: str


POSTED: list[Posted] = []
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


def post(account: int, channel: str, address: str, code: str, language: str) -> bool:
    """What MOTCUA_SEND_CODE names in tests: keeps the code."""
    POSTED.append(Posted(address, channel, code, ""))
    return True


def tell(account: int, channel: str, address: str, subject: Text, text: Text, language: str) -> None:
    """What MOTCUA_TELL_ACCOUNT names in tests: keeps the words."""
    POSTED.append(Posted(address, channel, "", text.vi))


def post_nothing(account: int, channel: str, address: str, code: str, language: str) -> bool:
    """A sender that has no way to this address."""
    return False
