"""The list of campaigns: what the reader still owes first, then what waits for their hand, then what they oversee."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from motcua.campaigns import opening, progress
from motcua.campaigns.models import Answer, Campaign
from motcua.dossiers import clock
from motcua.office.campaigns import asking
from motcua.office.door import actor_of, official
from motcua.tables import page_keys


@official()
def campaigns_page(request: HttpRequest) -> HttpResponse:
    """Mine to answer, mine to sign, those I answered, and the campaigns I oversee."""
    scope, now = asking.scope_of(request), clock.now()
    over = progress.overseen(scope, _after(request)) if scope.oversees else []
    context = {
        "mine": [_row(each, now) for each in progress.mine(scope)],
        "answered": [_row(each, now) for each in progress.answered(scope)],
        "waiting": progress.count_waiting(scope),
        "oversees": scope.oversees,
        "campaigns": [_campaign(each, now) for each in over],
        "next": page_keys.write(over[-1].due_at, over[-1].pk) if len(over) == progress.PAGE else "",
        "may_open": opening.may_open(actor_of(request)),
        "crumbs": [*asking.crumbs()[:1], (asking.crumbs()[1][0], None)],
    }
    return render(request, "office/campaigns/campaigns.html", context)


def _after(request: HttpRequest) -> tuple[datetime, int] | None:
    words = request.GET.get("sau", "")
    if not words:
        return None
    try:
        # Addresses of old have another seam.
        return page_keys.read(words.replace("_", "~"), page_keys.instant, page_keys.number)
    except page_keys.WrongKeyError:
        raise Http404 from None


def _row(answer: Answer, now: datetime) -> dict[str, Any]:
    state, words = asking.state_words(answer.state, answer.campaign.closed_at is not None)
    return {
        "href": reverse("office:campaign_answer", args=[answer.pk]),
        "title": asking.title_of(answer.campaign),
        "agency": asking.name_of(answer.agency),
        "state": state,
        "state_words": words,
        "clock": asking.clock_of(answer, now),
        "due": answer.campaign.due_at,
    }


def _campaign(campaign: Campaign, now: datetime) -> dict[str, Any]:
    return {
        "href": reverse("office:campaign", args=[campaign.pk]),
        "late_href": reverse("office:campaign_late", args=[campaign.pk]),
        "title": asking.title_of(campaign),
        "due": campaign.due_at,
        "is_over": now > campaign.due_at,
        "is_closed": campaign.closed_at is not None,
        "from": campaign.about_from,
        "to": campaign.about_to,
    }
