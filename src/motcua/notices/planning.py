"""How and when a person is told: which destinations in which order, not at night, not what they do not want.

Pure: the hour, the preferences and the configured channels are handed in. Writing it down is `telling`'s.
"""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import NamedTuple

import msgspec

from motcua.law.working_time import CITY_ZONE
from motcua.notices.people import Person
from motcua.notices.wording.shapes import Message

QUIET_FROM, QUIET_UNTIL = time(21, 0), time(7, 0)


class Wishes(msgspec.Struct, frozen=True):
    """How a person wants to be told. `progress` is everything that the law does not require."""

    sms: bool = True
    email: bool = True
    push: bool = True
    progress: bool = True
    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_UNTIL


class Plan(NamedTuple):
    """Where a notice goes, the first choice first, from when on; `kept_in` says why nothing leaves the house."""

    destinations: tuple[tuple[str, str], ...]
    begin: datetime
    expires: datetime
    kept_in: str = ""


def plan(
    message: Message,
    person: Person,
    wishes: Wishes,
    at: datetime,
    now: datetime,
    channels: Collection[str],
    has_browser: bool = False,
) -> Plan:
    """The plan for one message to one person about what happened `at`."""
    expires = at + message.lifetime
    begin = now if message.urgent else after_the_night(now, wishes.quiet_from, wishes.quiet_until)
    if message.required:
        # The night must not swallow what the law wants told.
        expires = max(expires, begin + timedelta(hours=1))
    if not message.channels:
        return Plan((), begin, expires, "inbox")
    if not (message.required or message.urgent or wishes.progress):
        return Plan((), begin, expires, "opted_out")
    addresses = {"sms": person.phone, "email": person.email, "push": str(person.account) if has_browser else ""}
    reached = [(channel, addresses[channel]) for channel in message.channels if addresses[channel]]
    if not reached:
        return Plan((), begin, expires, "no_contact")
    wanted = [each for each in reached if getattr(wishes, each[0])]
    if not wanted and message.required:
        wanted = reached
    if not wanted:
        return Plan((), begin, expires, "opted_out")
    ways = tuple(each for each in wanted if each[0] in channels)
    return Plan(ways, begin, expires, "" if ways else "no_channel")


def after_the_night(now: datetime, start: time, end: time) -> datetime:
    """`now`, or the end of the quiet hours when it lies in them. Equal hours mean that there are none."""
    if start == end:
        return now
    here = now.astimezone(CITY_ZONE)
    clock = here.time()
    within = start <= clock < end if start < end else clock >= start or clock < end
    if not within:
        return now
    morning = datetime.combine(here.date(), end, CITY_ZONE)
    return (morning if clock < end else morning + timedelta(days=1)).astimezone(now.tzinfo)
