"""What `accounts` has sent: short codes, worthless after ten minutes, and words about an account to its owner.

At once, to one destination, whatever a person otherwise wishes. The settings `MOTCUA_SEND_CODE` and
`MOTCUA_TELL_ACCOUNT` name the two verbs. A code stands in its notice only until it has run out.
"""

from typing import Any
from uuid import uuid4

from motcua.dossiers import clock
from motcua.law.texts import Text
from motcua.notices import configuration
from motcua.notices.models import EMAIL, SMS
from motcua.notices.people import Person, mailbox, mobile
from motcua.notices.telling import Telling, tell

MINUTES = 10
KIND = "sign_in_code"


def send(account: int, channel: str, address: str, code: str, language: str = "vi") -> bool:
    """Sends `code` to a number (`sms`) or an address of mail (`email`).

    False when nothing can leave on that channel, or the destination is none: say so, rather than let somebody wait.
    """
    return _at_once(channel, address, language, KIND, {"sign_in": code, "minutes": MINUTES})


def tell_account(account: int, channel: str, address: str, subject: Text, text: Text, language: str = "vi") -> bool:
    """Tells the owner of an address what concerns their account. False as for `send`."""
    values = {"subject": {"vi": subject.vi, "en": subject.en}, "words": {"vi": text.vi, "en": text.en}}
    return _at_once(channel, address, language, "account", values)


def _at_once(channel: str, address: str, language: str, kind: str, values: dict[str, Any]) -> bool:
    phone = mobile(address) if channel == SMS else ""
    email = mailbox(address) if channel == EMAIL else ""
    if channel not in configuration.channels() or not (phone or email):
        return False
    now = clock.now()
    # Without the account: a code belongs into no inbox, and neither is for anybody's wishes to hold back.
    person = Person(phone=phone, email=email, language=language)
    return tell([Telling(f"{kind}/{uuid4()}", person, kind, values, now, in_inbox=False)], now) == 1
