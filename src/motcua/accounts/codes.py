"""One-time codes: drawn, kept as a digest, sent by whoever this city has for it, and redeemed once.

Sending is left to the callable that MOTCUA_SEND_CODE names. It is called with a `Message` in the transaction in
which the code is kept, and only writes down what to send: no other machine is called here. In development and in
the demonstration a code can also be read on the page that asks for it, and in the log; nowhere else.
"""

import hmac
import logging
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from motcua.accounts.models import OneTimeCode
from motcua.law.texts import Text

log = logging.getLogger("motcua.accounts")
LIVES = timedelta(minutes=10)
COUNTER_LIVES = timedelta(minutes=30)
MOST_TRIES = 5
KEPT = timedelta(days=1)
# Without what is mistaken for something else when it is read aloud.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
Purpose = Literal["sign_up", "reset", "contact", "counter"]


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent. `code` is empty when only a notice goes out. `key` is unique per message."""

    key: uuid.UUID
    purpose: str
    channel: Literal["sms", "email"]
    address: str
    subject: Text
    text: Text
    code: str
    language: str
    expires_at: datetime


def can_send() -> bool:
    """True when this city has a way to send codes, or shows them because nothing in it is real."""
    return bool(settings.MOTCUA_SEND_CODE or settings.MOTCUA_SHOWS_CODES)


def send(
    purpose: Purpose,
    address: str,
    payload: Mapping[str, Any],
    *,
    account: int | None = None,
    language: str = "vi",
) -> OneTimeCode:
    """Draws a code of six digits and has it sent to a phone or a mail address."""
    code = f"{secrets.randbelow(10**6):06d}"
    subject = Text("Mã xác nhận của Một cửa", "Your code for the one-stop office")
    text = Text(
        f"{code} là mã xác nhận của bạn ở Một cửa, dùng trong 10 phút. Đừng đưa mã này cho bất kỳ ai, "
        "kể cả người xưng là cán bộ.",
        f"{code} is your code for the one-stop office, good for 10 minutes. Give it to nobody, "
        "whoever they say they are.",
    )
    return _send(purpose, address, payload, account, language, code, subject, text)


def send_notice(purpose: Purpose, address: str, text: Text, *, language: str = "vi") -> OneTimeCode:
    """What goes out instead of a code when there is nothing to redeem: looks the same to whoever asked."""
    return _send(purpose, address, {}, None, language, "", Text("Một cửa", "One-stop office"), text)


def pretend(purpose: Purpose, address: str) -> OneTimeCode:
    """A code that nobody can redeem and nobody is sent: for an address that belongs to no account."""
    return _keep(purpose, address, {}, None, secrets.token_hex(16))


def show_at_counter(account: int) -> tuple[OneTimeCode, str]:
    """A code that a resident shows to the clerk who checks the card; earlier ones end."""
    code = "".join(secrets.choice(LETTERS) for _ in range(8))
    with transaction.atomic():
        OneTimeCode.objects.filter(account=account, purpose="counter", used_at=None).update(used_at=timezone.now())
        made = OneTimeCode.objects.create(
            purpose="counter",
            account_id=account,
            digest=_counter_digest(code),
            expires_at=timezone.now() + COUNTER_LIVES,
        )
    return made, f"{code[:4]}-{code[4:]}"


def shown_at_counter(typed: str) -> OneTimeCode | None:
    """The code a resident shows, as a clerk typed it. Call it in a transaction; the row is locked."""
    code = "".join(each for each in typed.upper() if each.isalnum())
    found = OneTimeCode.objects.select_for_update().filter(purpose="counter", digest=_counter_digest(code))
    return found.filter(used_at=None, expires_at__gt=timezone.now()).first()


def pending(purpose: Purpose, key: uuid.UUID) -> OneTimeCode | None:
    """The code that is still to be entered, if it is: not used, not past, not tried too often."""
    waiting = OneTimeCode.objects.filter(pk=key, purpose=purpose, used_at=None, tries__lt=MOST_TRIES)
    return waiting.filter(expires_at__gt=timezone.now()).first()


def redeem(purpose: Purpose, key: uuid.UUID, typed: str) -> OneTimeCode | None:
    """The code's row, locked, when `typed` is right; marks it used. A wrong one is counted, whatever follows.

    Call it outside a transaction of your own, or the count of a wrong try is undone with it.
    """
    code = "".join(each for each in typed if each.isdecimal())
    with transaction.atomic():
        found = OneTimeCode.objects.select_for_update().filter(pk=key, purpose=purpose, used_at=None).first()
        if found is None or found.tries >= MOST_TRIES or found.expires_at <= timezone.now():
            return None
        if not hmac.compare_digest(found.digest, _digest(found.pk, code)):
            found.tries += 1
            found.save(update_fields=["tries"])
            return None
        found.used_at = timezone.now()
        found.save(update_fields=["used_at"])
        return found


def shown(waiting: OneTimeCode) -> str:
    """The code itself, where this city shows codes; empty everywhere else."""
    return str(waiting.payload.get("shown", "")) if settings.MOTCUA_SHOWS_CODES else ""


def sweep() -> int:
    """Removes codes a day after they expired."""
    return OneTimeCode.objects.filter(expires_at__lt=timezone.now() - KEPT).delete()[0]


def _send(
    purpose: Purpose,
    address: str,
    payload: Mapping[str, Any],
    account: int | None,
    language: str,
    code: str,
    subject: Text,
    text: Text,
) -> OneTimeCode:
    with transaction.atomic():
        kept = dict(payload)
        if settings.MOTCUA_SHOWS_CODES:
            kept["shown"] = code or text.within(language)
            log.warning("the demonstration's code for %s: %s", purpose, kept["shown"])
        made = _keep(purpose, address, kept, account, code or secrets.token_hex(16))
        message = Message(
            key=made.pk,
            purpose=purpose,
            channel="email" if "@" in address else "sms",
            address=address,
            subject=subject,
            text=text,
            code=code,
            language=language,
            expires_at=made.expires_at,
        )
        if settings.MOTCUA_SEND_CODE:
            import_string(settings.MOTCUA_SEND_CODE)(message)
    return made


def _keep(purpose: Purpose, address: str, payload: dict[str, Any], account: int | None, code: str) -> OneTimeCode:
    key = uuid.uuid4()
    return OneTimeCode.objects.create(
        pk=key,
        purpose=purpose,
        account_id=account,
        channel="email" if "@" in address else "sms",
        address=address,
        payload=payload,
        digest=_digest(key, code),
        expires_at=timezone.now() + LIVES,
    )


def _digest(key: uuid.UUID, code: str) -> str:
    return salted_hmac("motcua.accounts.codes", f"{key}:{code}", algorithm="sha256").hexdigest()


def _counter_digest(code: str) -> str:
    return salted_hmac("motcua.accounts.counter", code, algorithm="sha256").hexdigest()
