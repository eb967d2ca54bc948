"""What messages came to: sums per agency, month, channel and provider, which sending adds to as it goes."""

from collections.abc import Sequence
from datetime import datetime

from motcua.law.limits import add_months
from motcua.law.working_time import city_day
from motcua.notices.models import Cost


def spent(agencies: Sequence[int], months: int, now: datetime) -> list[Cost]:
    """The rows of these agencies for the last months, the newest month first, the dearest row first."""
    first = add_months(city_day(now).replace(day=1), 1 - months)
    rows = Cost.objects.filter(month__gte=first, agency__in=[0, *agencies])
    return list(rows.order_by("-month", "-dong", "-messages", "agency", "channel", "provider"))
