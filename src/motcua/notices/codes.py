"""Sends a short code to sign in or to confirm a number: at once, to one destination, worthless after ten minutes.

`MOTCUA_SEND_CODE` names `send`. The code stands in the notice only until it has run out.
"""

from uuid import uuid4

from motcua.dossiers import clock
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
    phone = mobile(address) if channel == SMS else ""
    email = mailbox(address) if channel == EMAIL else ""
    if channel not in configuration.channels() or not (phone or email):
        return False
    now = clock.now()
    # Without the account: a code belongs into no inbox, and to nobody's wishes.
    person = Person(phone=phone, email=email, language=language)
    values = {"sign_in": code, "minutes": MINUTES}
    return tell([Telling(f"code/{uuid4()}", person, KIND, values, now, in_inbox=False)], now) == 1
