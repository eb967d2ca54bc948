"""One-time codes: drawn, kept as a digest, sent by whoever this city has for it, and redeemed once.

Sending is left to the callable that MOTCUA_SEND_CODE names: `send(account, channel, address, code, language)`,
called in the transaction in which the code is kept. It only writes down what to send, and says False when nothing
can leave that way. What is told about an account without a code goes to MOTCUA_TELL_ACCOUNT:
`tell(account, channel, address, subject, text, language)`. In development and in the demonstration a code can also
be read on the page that asks for it, and in the log; nowhere else.
"""

import hmac
import logging
import secrets
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from motcua.accounts.models import OneTimeCode
from motcua.accounts.refusals import refusal
from motcua.law.refusal import Refusal
from motcua.law.texts import Text

log = logging.getLogger("motcua.accounts")
LIVES = timedelta(minutes=10)
COUNTER_LIVES = timedelta(minutes=30)
MOST_TRIES = 5
KEPT = timedelta(days=1)
# Without what is mistaken for something else when it is read aloud.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
Purpose = Literal["sign_up", "reset", "contact", "counter"]


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
) -> OneTimeCode | Refusal:
    """Draws a code of six digits and has it sent to a phone or a mail address."""
    code = f"{secrets.randbelow(10**6):06d}"
    kept = dict(payload)
    if settings.MOTCUA_SHOWS_CODES:
        kept["shown"] = code
        log.warning("the demonstration's code for %s: %s", purpose, code)
    with transaction.atomic():
        made = _keep(purpose, address, kept, account, code)
        sent = bool(settings.MOTCUA_SEND_CODE) and import_string(settings.MOTCUA_SEND_CODE)(
            account or 0, made.channel, address, code, language
        )
        if not sent and not settings.MOTCUA_SHOWS_CODES:
            transaction.set_rollback(True)
            return refusal("cannot_send")
    return made


def tell(address: str, text: Text, *, account: int = 0, language: str = "vi") -> None:
    """Tells whoever owns an address what concerns their account, where this city can; without a code."""
    if settings.MOTCUA_TELL_ACCOUNT:
        subject = Text("Tài khoản Một cửa của bạn", "Your one-stop account")
        import_string(settings.MOTCUA_TELL_ACCOUNT)(account, _channel(address), address, subject, text, language)


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


def _keep(purpose: Purpose, address: str, payload: dict[str, Any], account: int | None, code: str) -> OneTimeCode:
    key = uuid.uuid4()
    return OneTimeCode.objects.create(
        pk=key,
        purpose=purpose,
        account_id=account,
        channel=_channel(address),
        address=address,
        payload=payload,
        digest=_digest(key, code),
        expires_at=timezone.now() + LIVES,
    )


def _channel(address: str) -> Literal["sms", "email"]:
    return "email" if "@" in address else "sms"


def _digest(key: uuid.UUID, code: str) -> str:
    return salted_hmac("motcua.accounts.codes", f"{key}:{code}", algorithm="sha256").hexdigest()


def _counter_digest(code: str) -> str:
    return salted_hmac("motcua.accounts.counter", code, algorithm="sha256").hexdigest()
