"""Ordering a list, looking at one's own, fetching its file, throwing it away: what a face may ask.

Nobody sees another's order: whoever asks for it gets nothing, as for one that does not exist. Making is `making`'s.
"""

import hashlib
from typing import BinaryIO

from django.db import transaction
from django.db.models import F
from django.utils.translation import override

from motcua.dossiers import clock
from motcua.exports import keeping
from motcua.exports.kinds import UnknownKindError, maker
from motcua.exports.models import FORMATS, GONE, MAKING, READY, WAITING, Export
from motcua.law.canonical import canonical
from motcua.organisation.models import Account

MOST_WAITING = 5
PAGE = 20


class TooManyError(Exception):
    """The account has as many lists being made as it may."""


class NotThereError(LookupError):
    """The list is somebody else's, or has no file (any more)."""


def order(account: Account, kind: str, parameters: dict[str, str], format: str, language: str = "vi") -> Export:
    """Orders a list; the same one that is still being made is not ordered twice, but given back.

    Raises PermissionDenied when the account may not see it, UnknownKindError, ValueError for parameters or a format
    that mean nothing, TooManyError.
    """
    if format not in FORMATS:
        raise ValueError(f"{format!r} is no format")
    with override(language):
        title = maker(kind)(dict(parameters), account).title
    wanted = canonical([kind, parameters, format, language])
    sameness = hashlib.sha256(wanted).hexdigest()
    with transaction.atomic():
        # One order of an account at a time, so that pressing twice orders once.
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        mine = Export.objects.filter(account=account.pk, state__in=(WAITING, MAKING))
        if (same := mine.filter(sameness=sameness).first()) is not None:
            return same
        if mine.count() >= MOST_WAITING:
            raise TooManyError
        return Export.objects.create(
            account=account.pk,
            kind=kind,
            parameters=parameters,
            format=format,
            language=language,
            title=title,
            sameness=sameness,
            ordered_at=clock.now(),
        )


def mine(account: int, before: int = 0, limit: int = PAGE) -> tuple[list[Export], int]:
    """A page of the account's orders, the newest first, and the id after which the next begins (0: there is none)."""
    rows = Export.objects.filter(account=account).order_by("-id")
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else 0


def any_open(account: int) -> bool:
    """Whether one of the account's lists is still being made."""
    return Export.objects.filter(account=account, state__in=(WAITING, MAKING)).exists()


def fetch(account: Account, number: int) -> tuple[Export, BinaryIO]:
    """The file of one of the account's lists, and that it was fetched. The right to it is asked again.

    Raises NotThereError when it is somebody else's or has no file, PermissionDenied when the right has ended.
    """
    found = Export.objects.filter(pk=number, account=account.pk, state=READY, expires_at__gt=clock.now()).first()
    if found is None:
        raise NotThereError(number)
    try:
        maker(found.kind)(dict(found.parameters), account)
        stream = keeping.place_of(found.file).open("rb")
    except (OSError, UnknownKindError, ValueError) as error:
        raise NotThereError(number) from error
    Export.objects.filter(pk=found.pk).update(fetched=F("fetched") + 1)
    return found, stream


def remove(account: int, number: int) -> None:
    """Throws away one of the account's lists, and its file; one that is being made stops there.

    Raises NotThereError when there is none of theirs.
    """
    with transaction.atomic():
        found = Export.objects.select_for_update().filter(pk=number, account=account).exclude(state=GONE).first()
        if found is None:
            raise NotThereError(number)
        file = found.file
        Export.objects.filter(pk=found.pk).update(state=GONE, file="", next_at=None, leased_until=None)
    keeping.unlink(file)
