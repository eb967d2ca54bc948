"""The leaders' dashboard: now, today, this month beside the same days of other months, and where it is late.

Twelve statements at the most, each from sums or an index; the page is whole without a script, which only draws the
charts and renews the page each minute. Every count opens the dossiers it counts.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.law.working_time import city_day
from motcua.office.door import actor_of, official
from motcua.office.list_files import parts_file
from motcua.office.steering import desk_parts as parts
from motcua.office.steering import words
from motcua.office.steering.asking import PARTS, READERS, asked, held, list_of, page_of
from motcua.office.steering.taking_along import desk_tables
from motcua.reports.figures import Board, Figures, Filter, by_month, in_period, months_to
from motcua.reports.naming import kind_name
from motcua.steering import desk, spending, views
from motcua.steering.models import Firing, SavedView
from motcua.steering.scope import covers

REFRESH_SECONDS = 60


@official(*READERS)
def desk_of_city(request: HttpRequest) -> HttpResponseBase:
    """The dashboard of what the address names; without a word in it, of the reader's default view."""
    now, mine = clock.now(), held(request)
    account = actor_of(request).account
    saved = views.seen_by(account, mine)
    default = next((each for each in saved if each.account == account and each.is_default), None)
    if default is not None and default.query and not request.GET:
        return redirect(f"{reverse('office:desk_of_city')}?{default.query}")
    which = asked(request.GET, now, mine)
    _note_use(request, saved, now)
    figures = _figures(which, now)
    place, period = ", ".join([words.place_words(which), *words.part_names(which)]), words.period_words(which)
    if (file := parts_file(request, lambda: desk_tables(figures, place, period), "ban-dieu-hanh")) is not None:
        return file
    is_wall = request.GET.get("tuong") == "1"
    context = {
        "base": "office/steering/wall_base.html" if is_wall else "motcua/office_base.html",
        "wall": is_wall,
        "now": now,
        "refresh_seconds": REFRESH_SECONDS,
        "place": words.place_words(which),
        "parts": words.part_names(which),
        "period": words.period_words(which),
        "crumbs": parts.crumbs(which, mine),
        "periods": parts.periods(which, now),
        "wall_href": page_of(which) if is_wall else page_of(which, tuong="1"),
        **figures,
        "views": _views(saved, account, request),
        "query": urlencode({name: request.GET[name] for name in PARTS if request.GET.get(name)}),
        "alerts": _going_on(mine),
    }
    return render(request, "office/steering/desk.html", context)


def _figures(which: Filter, now: datetime) -> dict[str, Any]:
    """All that is counted: eight statements."""
    board = Board(which, now)
    stretches = desk.same_days(which, now)
    today = msgspec.structs.replace(which, day=city_day(now))
    trend = parts.trend(which, by_month(_span_of_trend(which, now)))
    units = parts.units(which, board)
    return {
        "standing": _standing(which, board.total),
        "today": _today(today, in_period(today)),
        "compared": parts.compared(which, stretches),
        "period_numbers": _period(which, board.total),
        "tables": parts.tables(which, board, units),
        "tiles": parts.tiles(which, board),
        "trend": trend,
        "charts": parts.charts(trend, units),
        "waits": parts.waits(desk.longest_waits(which, now), now),
        "waits_href": list_of(which, "open_overdue"),
        "spent": parts.spent(which, spending.by_post(which, now)),
        "days_of_work": spending.DAYS,
        "rated": desk.rated(which, now),
        "days_of_ratings": desk.DAYS_OF_RATINGS,
        "fewest_ratings": desk.FEWEST_RATINGS,
    }


def _span_of_trend(which: Filter, now: datetime) -> Filter:
    span = months_to(city_day(now), desk.MONTHS_OF_TREND)
    return msgspec.structs.replace(which, first=span.first, last=span.last, day=None)


def _number(which: Filter, numbers: Figures, kind: str, of: int | None = None, state: str = "") -> dict[str, Any]:
    return {
        "value": getattr(numbers, kind),
        "label": kind_name(kind),
        "of": of,
        "href": list_of(which, kind),
        "state": state,
        "share": None,
    }


def _standing(which: Filter, numbers: Figures) -> list[dict[str, Any]]:
    whole = numbers.open_accepted
    return [
        _number(which, numbers, "open_in_time", whole, "on_time"),
        _number(which, numbers, "open_overdue", whole, "late" if numbers.open_overdue else ""),
        _number(which, numbers, "open_waiting", whole, "waiting"),
        _number(which, numbers, "open_lodged"),
    ]


def _today(which: Filter, numbers: Figures) -> list[dict[str, Any]]:
    late = "late" if numbers.late else ""
    return [
        _number(which, numbers, "received"),
        _number(which, numbers, "answered"),
        _number(which, numbers, "not_late", numbers.answered),
        _number(which, numbers, "late", numbers.answered, late),
    ]


def _period(which: Filter, numbers: Figures) -> list[dict[str, Any]]:
    shared = _number(which, numbers, "not_late", numbers.answered, "on_time" if numbers.answered else "")
    return [
        _number(which, numbers, "received"),
        _number(which, numbers, "answered"),
        {**shared, "share": numbers.share_on_time},
        _number(which, numbers, "late", numbers.answered, "late" if numbers.late else ""),
    ]


def _note_use(request: HttpRequest, saved: list[SavedView], now: datetime) -> None:
    """A view that is opened stays; looked up among those already read."""
    query = request.GET.urlencode()
    for each in saved:
        if query and each.query == query and (now - each.used_at).days >= 1:
            views.opened(each.pk, now)


def _views(saved: list[SavedView], account: int, request: HttpRequest) -> list[dict[str, Any]]:
    here = request.GET.urlencode()
    return [
        {
            "id": each.pk,
            "label": each.name,
            "href": f"{reverse('office:desk_of_city')}?{each.query or 'goc=1'}",
            "current": each.query == here,
            "mine": each.account == account,
            "note": _("của cơ quan") if each.account != account else _("mở đầu tiên") if each.is_default else "",
        }
        for each in saved
    ]


def _going_on(mine: list[int]) -> list[dict[str, Any]]:
    found = Firing.objects.filter(until=None, alert__is_on=True).select_related("alert").order_by("-since")[:50]
    return [
        {"name": each.alert.name, "since": each.since, "seen": each.seen_at is not None,
         "href": reverse("office:desk_firing", args=[each.pk])}
        for each in found
        if covers(mine, each.alert.agency)
    ]  # fmt: skip
