"""When a digest is due, and which days it speaks of. Pure; the hour is the city's.

A daily one speaks of the day before, a weekly one of the last whole week from Monday, a monthly one of the last
calendar month. Of several that were missed only the newest is sent: nobody wants a pile of old figures.
"""

from datetime import date, datetime, time, timedelta
from typing import Literal

import msgspec

from motcua.law.limits import add_months
from motcua.law.working_time import CITY_ZONE

Kind = Literal["day", "week", "month"]


class Days(msgspec.Struct, frozen=True):
    """The days a digest speaks of, both included."""

    first: date
    last: date


def due(kind: Kind, hour: int, weekday: int, monthday: int, now: datetime) -> Days:
    """The days of the newest digest whose hour has come."""
    here = now.astimezone(CITY_ZONE)
    today = here.date()
    match kind:
        case "day":
            sent_on = today if here.time() >= time(hour) else today - timedelta(days=1)
            return Days(sent_on - timedelta(days=1), sent_on - timedelta(days=1))
        case "week":
            sent_on = today - timedelta(days=(today.weekday() - weekday) % 7)
            if sent_on == today and here.time() < time(hour):
                sent_on -= timedelta(days=7)
            monday = sent_on - timedelta(days=sent_on.weekday() + 7)
            return Days(monday, monday + timedelta(days=6))
        case "month":
            sent_on = today.replace(day=monthday)
            if here < datetime.combine(sent_on, time(hour), CITY_ZONE):
                sent_on = add_months(sent_on, -1)
            this = sent_on.replace(day=1)
            return Days(add_months(this, -1), this - timedelta(days=1))


def before(kind: Kind, days: Days) -> Days:
    """The days it is compared with: the day a week earlier, the week before, the month before."""
    match kind:
        case "month":
            return Days(add_months(days.first, -1), days.first - timedelta(days=1))
        case _:
            return Days(days.first - timedelta(days=7), days.last - timedelta(days=7))
