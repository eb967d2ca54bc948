"""How signing in is tied together: whose page an account comes in by, and what happens to too many wrong passwords.

Officials' accounts are given by the organisation, residents sign up in the portal. Passwords, sessions and second
factors are left to allauth, the counting of officials' failures to axes, of residents' to `accounts.guarding`.
"""

import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.accounts import guarding, ways
from motcua.accounts.history import record
from motcua.organisation.models import Account

# The sign-in page's field, and that of the administration's own page.
NAME_FIELDS = ("login", "username")


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's behaviour for two sides: officials by a name that was given, residents by the portal's own page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an official's account for himself; residents sign up in the portal."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Passwords are counted by axes and `guarding`; the library's own count is left to second factors."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """Officials by name and password. A resident's account has no name that would let it in here."""
        found: Account | None = super().authenticate(request, **credentials)
        return found if found is not None and found.side == "official" else None

    def reauthenticate(self, user: Account, password: str) -> bool:
        """Whether it is still the owner. A resident's guesses are counted here, an official's by axes."""
        if user.side == "official":
            return bool(super().reauthenticate(user, password))
        if not guarding.take("own_password", user.pk):
            return False
        right = user.check_password(password)
        if right:
            guarding.clear("own_password", user.pk)
        return right

    def post_login(self, request: HttpRequest, user: Account, **options: Any) -> HttpResponse:
        """Remembers that this browser is the owner's, and tells the owner's history."""
        response: HttpResponse = super().post_login(request, user, **options)
        ways.remember(request, response, user.username)
        if user.side == "resident":
            record(user.pk, "signed_in", ways.origin_of(request), how=_by_what(request))
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Each side to its own house."""
        return "/cua-toi/" if request.user.side == "resident" else str(settings.LOGIN_REDIRECT_URL)  # type: ignore[union-attr]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own account."""
        return reverse("portal:account" if request.user.side == "resident" else "account_change_password")  # type: ignore[union-attr]


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """How keys and codes name the account to their owner."""

    def _get_user_identifier(self, user: Account) -> str:
        return user.full_name if user.side == "resident" else user.username

    def _get_site_name(self) -> str:
        return _("Một cửa")

    def generate_authenticator_name(self, user: Account, type: Any) -> str:
        """A name to tell one key from the next."""
        return _("Khóa truy cập")


def display_name(account: Account) -> str:
    """What the library's messages call somebody: by their name, never by the account's."""
    return str(account)


def _by_what(request: HttpRequest) -> str:
    records = request.session.get("account_authentication_methods") or []
    return "+".join(dict.fromkeys(each.get("type") or each.get("method", "") for each in records))[:60]


def username_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """The account a sign-in is meant for and the way it comes by, as failures are counted.

    "Lan" and "LAN" share their failures. Browsers in which the account was signed in before are counted apart, so
    that an attack from elsewhere does not lock its owner out.
    """
    if credentials:
        given = credentials.get("username")
    else:
        given = next((request.POST[field] for field in NAME_FIELDS if field in request.POST), None)
    if not given:
        return None
    name = unicodedata.normalize("NFC", given).strip().casefold()
    way = ways.way_of(request) if request is not None else ways.Way()
    return f"{name} @{way.device}" if way.knows(name) else name


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The page shown instead of another try; `response` is what the sign-in page would have answered."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    answer = render(request, "429.html", {"minutes": minutes}, status=429)
    answer.headers["Retry-After"] = str(minutes * 60)
    return answer
