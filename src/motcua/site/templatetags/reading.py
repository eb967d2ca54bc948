"""Reads one named part of what a page was given, whether it is a dict or an object, and texts of two languages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from motcua.law.texts import Text


def part(of: Any, name: str, otherwise: Any = None) -> Any:
    """`of[name]` or `of.name`; `otherwise` where there is none or it is None."""
    found = of.get(name) if isinstance(of, Mapping) else getattr(of, name, None)
    return otherwise if found is None else found


def spoken(text: Any) -> Any:
    """A `Text` in the reader's language; anything else as it is; None as an empty string."""
    if isinstance(text, Text):
        return text.within(get_language() or "vi")
    return "" if text is None else text
