"""The head of the residents' pages: whose house this is and where officials sign in (a context processor)."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from motcua.law.texts import Text

HOUSE = Text("Một Cửa thành phố Hà Nội", "Hanoi one-stop office")


def portal_head(request: HttpRequest) -> dict[str, Any]:
    """The house's name everywhere; the officials' way in where nobody is signed in."""
    return {"house_name": HOUSE, "portal": {"sign_in_url": reverse("office:home")}}
