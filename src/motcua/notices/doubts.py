"""What to do with a message of which nobody knows whether it was sent: its worker was killed, or its line broke.

By what the provider can do. `repeat`: it knows our id again, so it is sent again to the same one. `ask`: it is asked
by our id. `wait`: its receipt is waited for; silence means that it never arrived there only where the provider
promises a receipt for each message. Otherwise, after that wait, what the law requires is sent again, since a second
letter harms less than none, and everything else is left as unknown, since nobody wants two.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from motcua.notices import outcomes
from motcua.notices.channels.base import Answer, Outgoing, Provider
from motcua.notices.models import DOUBTFUL, SENDING, Delivery
from motcua.notices.models import Provider as Row

LOOK_AGAIN = timedelta(seconds=5)
ASK_AGAIN = timedelta(seconds=20)
# For a provider that is no longer configured.
WINDOW = 900.0


def settle(
    rows: Sequence[Delivery], providers: Sequence[Provider], now: datetime, until: float
) -> tuple[list[Delivery], list[Delivery]]:
    """Deals with messages in doubt; returns those that may be sent again now: by anybody, and by the same one only.

    Nobody is asked any more after `until` (monotonic).
    """
    if not rows:
        return [], []
    by_name = {each.name: each for each in providers}
    again: list[Delivery] = []
    repeated: list[Delivery] = []
    asked: list[Delivery] = []
    for row in rows:
        provider = by_name.get(row.provider)
        doubt = provider.doubt if provider is not None else "none"
        if doubt == "repeat":
            repeated.append(row)
        elif doubt == "ask":
            asked.append(row)
        elif doubt == "wait" and provider is not None:
            _wait(row, provider, again, now)
        elif row.state == SENDING and now < _end_of_wait(row, provider):
            # Its worker may only be slow: it has the wait of a report to come back and say what happened.
            outcomes.put_off(row, "outcome unknown", _end_of_wait(row, provider) - now)
        else:
            _by_law(row, again, now)
    again += _ask(asked, by_name, now, until)
    return again, repeated


def _wait(row: Delivery, provider: Provider, again: list[Delivery], now: datetime) -> None:
    handed, end = row.handed_at or now, _end_of_wait(row, provider)
    if now < end:
        _look_again(row, min(LOOK_AGAIN, end - now))
        return
    well_since = Row.objects.filter(name=provider.name).values_list("last_good_at", flat=True).first()
    if getattr(provider, "promises", False):
        # Its silence says something only when it has been heard since.
        if (well_since is not None and well_since >= handed) or row.notice.required:
            again.append(row)
        else:
            _look_again(row, LOOK_AGAIN)
        return
    _by_law(row, again, now)


def _end_of_wait(row: Delivery, provider: Provider | None) -> datetime:
    window = provider.window if provider is not None else WINDOW
    return (row.handed_at or row.notice.created_at) + timedelta(seconds=window)


def _by_law(row: Delivery, again: list[Delivery], now: datetime) -> None:
    if row.notice.required:
        again.append(row)
    else:
        outcomes.settle_unknown(row, now)


def _ask(rows: Sequence[Delivery], by_name: dict[str, Provider], now: datetime, until: float) -> list[Delivery]:
    if not rows:
        return []
    connection.close()
    answers = [
        (row, by_name[row.provider].ask(_outgoing(row)) if time.monotonic() < until else Answer("doubtful"))
        for row in rows
    ]
    again: list[Delivery] = []
    for row, answer in answers:
        if answer.outcome == "absent":
            again.append(row)
        elif answer.outcome == "accepted":
            outcomes.record(by_name[row.provider], [(row, answer, row.segments)], now)
        elif now < _end_of_wait(row, by_name[row.provider]):
            _look_again(row, ASK_AGAIN)
        else:
            _by_law(row, again, now)
    return again


def _look_again(row: Delivery, after: timedelta) -> None:
    outcomes.leasing.try_again(row, row.last_error or "outcome unknown", after, state=DOUBTFUL)


def _outgoing(row: Delivery) -> Outgoing:
    return Outgoing(row.pk, UUID(str(row.message)), row.address, "", "", row.segments, row.notice.expires_at)
