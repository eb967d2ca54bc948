"""Pages by key: a cursor says where the next one begins, and nothing a client could make sense of or reckon with."""

import base64
import binascii

from django.utils.translation import gettext as _

from motcua.api.problems import Problem

MOST = 100


def cursor_after(key: str) -> str:
    """The cursor of the page that begins after `key`."""
    return base64.urlsafe_b64encode(f"1:{key}".encode()).decode().rstrip("=")


def key_in(cursor: str) -> str:
    """The key in a cursor, '' for none. Raises Problem 400 for what is no cursor of ours."""
    if not cursor:
        return ""
    try:
        told = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        told = ""
    if not told.startswith("1:"):
        raise Problem(400, "bad_cursor", _("Con trỏ trang không đúng"))
    return told[2:]


def number_in(cursor: str, first: int) -> int:
    """The number in a cursor, or `first` for none. Raises Problem 400 for what holds no number."""
    key = key_in(cursor)
    if not key:
        return first
    if not (key.isascii() and key.isdecimal() and len(key) <= 18):
        raise Problem(400, "bad_cursor", _("Con trỏ trang không đúng"))
    return int(key)
