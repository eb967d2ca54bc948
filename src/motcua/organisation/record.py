"""Writes the record of changes of the organisation: who did what, to what, with which particulars."""

from collections.abc import Iterable
from typing import Any

import msgspec

from motcua.law.actor import Actor
from motcua.organisation.models import Change


def record(by: Actor, verb: str, entries: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Adds one row per (subject, particulars). Call it in the transaction of the change itself."""
    Change.objects.bulk_create(
        [
            Change(
                account_id=by.account or None,
                name=by.name,
                verb=verb,
                subject=subject,
                details=msgspec.to_builtins(details),
            )
            for subject, details in entries
        ],
        batch_size=1000,
    )
