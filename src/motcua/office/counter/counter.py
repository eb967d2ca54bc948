"""The counter's first page: who waits, and which procedure somebody came for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from motcua.catalogue import versions
from motcua.catalogue.search import search_procedures
from motcua.catalogue.versions import Card
from motcua.dossiers import clock
from motcua.law.limits import limit_in_words
from motcua.law.rights import COUNTER
from motcua.law.working_time import city_day
from motcua.office.counter.online import alerts
from motcua.office.counter.places import counters, offered
from motcua.office.counter.queue import frequent, queue_counts, queue_rows
from motcua.office.door import actor_of, official

LISTED = 24


@official(*COUNTER)
def counter(request: HttpRequest) -> HttpResponse:
    """Left the queue, in the middle the procedures received here: those searched for, or the frequent ones first."""
    actor, day = actor_of(request), city_day(clock.now())
    agencies = [place.number for place in counters(actor)]
    known = offered(actor, day)
    query = request.GET.get("tim", "").strip()
    if query in known:
        return redirect("office:intake", query)
    if query:
        codes = _searched(query, agencies)
    else:
        often = [code for code in frequent(agencies, day) if code in known]
        codes = [*often, *(code for code in known if code not in often)]
    rows = [_row(known[code]) for code in codes if code in known]
    context = {
        "query": query,
        "rows": rows[:LISTED] if not query else rows,
        "total": len(known),
        "more": 0 if query else max(0, len(rows) - LISTED),
        "queue": queue_rows(agencies),
        "counts": queue_counts(agencies),
        "online": alerts(actor, clock.now()),
        "places": [place.name.within(get_language() or "vi") for place in counters(actor)],
    }
    return render(request, "office/counter/counter.html", context)


def _searched(query: str, agencies: list[int]) -> list[str]:
    found: dict[str, float] = {}
    for agency in agencies:
        for hit in search_procedures(query, agency=agency, limit=LISTED):
            found[hit.code] = max(hit.score, found.get(hit.code, 0.0))
    return sorted(found, key=lambda code: (-found[code], code))


def _row(card: Card) -> dict[str, Any]:
    """A procedure as a line of the list; every case is a way in of its own."""
    language = get_language() or "vi"
    procedure = versions.procedure_version(card.version_id)
    href = reverse("office:intake", args=[card.code])
    cases = [
        {"name": case.name.within(language), "href": f"{href}?case={case.id}",
         "limit": limit_in_words(case.limit("counter")).within(language)}
        for case in procedure.cases
    ]  # fmt: skip
    return {"code": card.code, "name": card.name.within(language), "href": href, "cases": cases,
            "limit": cases[0]["limit"]}  # fmt: skip
