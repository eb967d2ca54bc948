"""The head of the residents' pages: whose house this is and where officials sign in (a context processor)."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from motcua.law.texts import Text

HOUSE = Text("Một Cửa thành phố Hà Nội", "Hanoi one-stop office")


def portal_head(request: HttpRequest) -> dict[str, Any]:
    """The house's name everywhere; the officials' way in, or who is in where an office page has no head of its own."""
    if "/can-bo/" in request.path and request.user.is_authenticated:
        return {"house_name": HOUSE, "portal": {"person": getattr(request.user, "full_name", "")}}
    return {"house_name": HOUSE, "portal": {"sign_in_url": reverse("office:home")}}
