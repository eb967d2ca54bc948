"""Signing up: somebody gives a phone or mail address and a password, and gets a code; the code opens the account.

Until then there is no account. Whoever asks about an address that has one already sees the same as everybody, and
its owner is told. The level is 1: nobody has compared the name with a card.
"""

import uuid
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from motcua.accounts import codes, guarding, signing_in
from motcua.accounts.history import NOWHERE, Origin
from motcua.accounts.models import OneTimeCode, ResidentAccount
from motcua.accounts.opening import open_account
from motcua.accounts.refusals import refusal, too_often
from motcua.law.names import as_declared
from motcua.law.refusal import Refusal
from motcua.law.telephones import normalise_phone
from motcua.law.texts import Text

_ALREADY = Text(
    "Có người vừa đăng ký tài khoản Một cửa bằng số hoặc địa chỉ này, nhưng nó đã có tài khoản. Nếu là bạn, hãy "
    "đăng nhập hoặc lấy lại mật khẩu; nếu không, bạn không cần làm gì.",
    "Somebody just signed up at the one-stop office with this phone or address, but it has an account. If it was "
    "you, sign in or get a new password; if not, you need not do anything.",
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody who signs up gives. A business gets its tax code when a clerk has seen its certificate."""

    name: str
    contact: str
    password: str
    kind: str = "person"
    language: str = "vi"


def contact_address(typed: str) -> str | Refusal:
    """A mobile number or a mail address to which a code can be sent, in one spelling."""
    found = signing_in.normalise_identifier(typed)
    if "@" in found:
        return found
    phone = normalise_phone(typed)
    return phone.number if phone is not None and phone.kind == "mobile" else refusal("contact_invalid")


def begin(wish: Wish, origin: Origin = NOWHERE) -> OneTimeCode | Refusal:
    """Sends the code. The answer is the same whether or not the contact has an account."""
    address = contact_address(wish.contact)
    if isinstance(address, Refusal):
        return address
    no = may_send(address, origin)
    if no is not None:
        return no
    # Hashed in either case: a taken address must not answer sooner.
    kept = make_password(wish.password)
    taken = signing_in.find(address)
    if taken is not None:
        codes.tell(address, _ALREADY, account=taken.account_id, language=taken.account.language)
        return codes.pretend("sign_up", address)
    payload = {
        "name": as_declared(wish.name),
        "password": kept,
        "kind": wish.kind,
        "language": wish.language,
    }
    return codes.send("sign_up", address, payload, language=wish.language)


def confirm(key: uuid.UUID, typed: str, origin: Origin = NOWHERE) -> ResidentAccount | Refusal:
    """Opens the account when the code is right."""
    used = codes.redeem("sign_up", key, typed)
    if used is None or "password" not in used.payload:
        return refusal("code_wrong")
    given = used.payload
    contact = {"email": used.address} if used.channel == "email" else {"phone": used.address}
    try:
        with transaction.atomic():
            made = open_account(
                given["name"],
                password_hash=given["password"],
                kind=given["kind"],
                language=given["language"],
                origin=origin,
                **contact,
            )
            # The hash has its place now; it is not kept twice.
            OneTimeCode.objects.filter(pk=used.pk).update(payload={})
    except IntegrityError:
        # Two sign-ups for one address were confirmed; the first one has it.
        return refusal("contact_taken")
    return made


def may_send(address: str, origin: Origin) -> Refusal | None:
    """Whether a code may go to this address now: bounded per address, per day, and per network address."""
    if not codes.can_send():
        return refusal("cannot_send")
    limits: list[guarding.Try] = [("code_to", (address,)), ("code_to_day", (address,))]
    if origin.address:
        limits.append(("code_from", (origin.address,)))
    verdict = guarding.take_all(limits)
    return None if verdict else too_often(verdict.wait)
