"""Who may sign in and what happens to too many wrong passwords.

Officials' accounts are made by the organisation, never by signing up. Passwords, the second factor and the
counting of failures are left to allauth and axes; this ties the two together.
"""

import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# The sign-in page's field, and that of the administration's own page.
NAME_FIELDS = ("login", "username")


class OfficialsAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's behaviour for accounts that are given, not taken."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for himself."""
        return False


def username_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """The account a sign-in is meant for, in one spelling, so that "Lan" and "LAN" share their failures."""
    if credentials:
        given = credentials.get("username")
    else:
        given = next((request.POST[field] for field in NAME_FIELDS if field in request.POST), None)
    return unicodedata.normalize("NFC", given).strip().casefold() if given else None


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The page shown instead of another try; `response` is what the sign-in page would have answered."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    answer = render(request, "429.html", {"minutes": minutes}, status=429)
    answer.headers["Retry-After"] = str(minutes * 60)
    return answer
