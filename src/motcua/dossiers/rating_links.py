"""Links by which somebody may rate one dossier once, without signing in: signed, dated, and good for nothing else.

A link in a message is good for weeks, one on a counter's tablet for minutes. Whoever has it learns no more of the
dossier than its procedure and its code. Recording the rating is left to the law (`Rate`).
"""

from datetime import timedelta
from typing import Literal, NamedTuple

from django.core import signing

By = Literal["link", "counter"]
GOOD_FOR: dict[By, timedelta] = {"link": timedelta(days=60), "counter": timedelta(minutes=20)}
_SALT = "motcua.rating"
_LONGEST = 200


class Checked(NamedTuple):
    """What a link was made for."""

    dossier_id: int
    by: By


def make(dossier_id: int, by: By = "link") -> str:
    """The token of a link for this dossier, good from now on for as long as its kind is."""
    return signing.dumps([dossier_id, by], salt=_SALT)


def check(token: str) -> Checked | None:
    """What the token was made for; None when it was not made here, was altered, or is too old."""
    if len(token) > _LONGEST:
        return None
    try:
        dossier_id, by = signing.loads(token, salt=_SALT, max_age=max(GOOD_FOR.values()))
        if by not in GOOD_FOR:
            return None
        signing.loads(token, salt=_SALT, max_age=GOOD_FOR[by])
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Checked(int(dossier_id), by)
