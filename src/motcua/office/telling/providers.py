"""Nơi gửi, chi phí: how each provider does just now, and what each agency's messages came to, month by month."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.dossiers.policy import visible
from motcua.notices import costs, overview
from motcua.office.door import actor_of, official
from motcua.office.people.finding import place_name
from motcua.office.telling.tabs import KEEPERS, tabs_for
from motcua.office.telling.words import CHANNELS

MONTHS = 3


@official(*KEEPERS)
def health_and_cost(request: HttpRequest) -> HttpResponse:
    """Both, as they stand; nothing is counted over the messages themselves."""
    actor, now = actor_of(request), clock.now()
    oversees = [grant.role for grant in actor.grants]
    spent = costs.spent(visible(actor), MONTHS, now) if "control" in oversees else []
    months: dict[Any, list[dict[str, Any]]] = {}
    for each in spent:
        row = {
            "place": place_name(each.agency) if each.agency else _("Toàn thành phố"),
            "channel": CHANNELS[each.channel],
            "provider": each.provider,
            "messages": each.messages,
            "parts": each.segments,
            "dong": each.dong,
        }
        months.setdefault(each.month, []).append(row)
    context = {
        "tabs": tabs_for(request, "telling_providers"),
        "providers": [(each, CHANNELS[each.channel]) for each in overview.providers(now)],
        "queues": [(CHANNELS[channel], waiting, oldest) for channel, waiting, oldest in overview.queues(now)],
        "faults": overview.faults(),
        "months": [
            {"month": month, "rows": rows, "messages": sum(row["messages"] for row in rows),
             "parts": sum(row["parts"] for row in rows), "dong": sum(row["dong"] for row in rows)}
            for month, rows in months.items()
        ],
        "sees_cost": "control" in oversees,
    }  # fmt: skip
    return render(request, "office/telling/providers.html", context)
