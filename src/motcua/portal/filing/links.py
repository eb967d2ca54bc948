"""Ways to the other parts of the portal; an empty text where the city has no such page."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def link(name: str, *args: Any) -> str:
    """The address of a page by its name; '' when there is none, so that nothing leads nowhere."""
    try:
        return reverse(f"portal:{name}", args=args)
    except NoReverseMatch:
        return ""
