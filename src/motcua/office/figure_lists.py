"""The list behind a figure, as the faces of the office show it: its page, the addresses before and after, its dossiers.

The page is named in the address by its key; a key that is none is a page that does not exist.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

AFTER = "sau"
Row = TypeVar("Row")


def address(name: str, parts: Mapping[str, str]) -> str:
    """The address of a page of the office, with what it is asked for."""
    where = reverse(f"office:{name}")
    return f"{where}?{urlencode(parts)}" if parts else where


def turned(
    request: HttpRequest, page: Callable[[str], tuple[list[Row], str]], link: Callable[..., str]
) -> tuple[list[Row], dict[str, str | None]]:
    """The rows of the page asked for, and the addresses of the first page and the next as the template names them.

    `link` is the address of the list with what is added to it. Raises Http404 for a key that is none.
    """
    after = request.GET.get(AFTER, "")
    try:
        rows, following = page(after)
    except (ValueError, OverflowError):
        raise Http404 from None
    return rows, {"first": link() if after else None, "next": link(**{AFTER: following}) if following else None}


def dossier_table(caption: str, columns: Sequence[tuple[str, str, str]], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A table of dossiers; a column is its key, its label and its kind."""
    named = [{"key": key, "label": label, "kind": kind} for key, label, kind in columns]
    return {"caption": caption, "columns": named, "rows": rows}


def dossier_row(
    dossier_id: int, label: str, cells: dict[str, Any], *, no: int | None = None, late: bool = False
) -> dict[str, Any]:
    """One dossier, or its piece of work `no`, and the way to it."""
    return {
        "id": str(dossier_id) if no is None else f"{dossier_id}:{no}",
        "href": reverse("office:dossier", args=[dossier_id]),
        "label": label,
        "state": "late" if late else None,
        "cells": cells,
    }
