"""By which way somebody comes to an account: a browser that was signed in to it before, or a strange one.

A cookie, signed by us, names the browser and the last accounts that were signed in with it. It lets nobody in;
it only keeps those who were there before apart from whoever tries passwords from elsewhere.
"""

import secrets
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from motcua.accounts.history import LONGEST_DEVICE, Origin

COOKIE = "motcua_known"
SALT = "motcua.accounts.ways"
LASTS = 365 * 24 * 3600
MOST_ACCOUNTS = 12


@dataclass(frozen=True, slots=True)
class Way:
    """`device` names the browser, empty for one never seen; `accounts` are digests of those signed in with it."""

    device: str = ""
    accounts: tuple[str, ...] = ()

    def knows(self, username: str) -> bool:
        """True when this browser was signed in to the account before."""
        return bool(self.device) and _digest(username) in self.accounts


def way_of(request: HttpRequest) -> Way:
    """The way a request comes by. A cookie that is not ours, or not whole, is none."""
    try:
        device, *accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return Way()
    return Way(str(device), tuple(str(each) for each in accounts))


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Tells the browser that this account was signed in with it."""
    way, mine = way_of(request), _digest(username)
    others = [each for each in way.accounts if each != mine]
    kept = [way.device or secrets.token_hex(8), mine, *others][: MOST_ACCOUNTS + 1]
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def address_of(request: HttpRequest) -> str:
    """The network address of whoever asks; behind proxies the one that the trusted proxies saw."""
    return str(get_adapter().get_client_ip(request))


def origin_of(request: HttpRequest) -> Origin:
    """Address and browser, for the history of an account."""
    return Origin(address_of(request), request.headers.get("User-Agent", "")[:LONGEST_DEVICE])


def _digest(username: str) -> str:
    return salted_hmac(SALT, username.casefold()).hexdigest()[:16]
