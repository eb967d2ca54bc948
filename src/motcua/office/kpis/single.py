"""One indicator: what it says, how it is reckoned, its months, and its units side by side with their margins.

Units are ranked only when they have enough cases, and as far as their margins let them be told apart.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from msgspec import structs

from motcua.kpis import listing, published, reading
from motcua.kpis.asking import Key
from motcua.kpis.drawing import bar, top
from motcua.kpis.shapes import Dimension, Kpi
from motcua.kpis.values import Reading
from motcua.kpis.wording import say_margin, say_place, say_value
from motcua.law.margins import Place
from motcua.law.working_time import city_day
from motcua.office.door import official
from motcua.office.kpis.seen import (
    SLUGS,
    Seen,
    address,
    dimension_name,
    dimension_or_404,
    kpi_or_404,
    offered,
    period_chips,
    scope_name,
    seen,
    unit_name,
    unit_names,
    viewer_name,
)
from motcua.office.kpis.taking_along import single_tables
from motcua.office.list_files import parts_file
from motcua.reports.naming import said
from motcua.reports.periods import month as month_of
from motcua.tables.table import Table

MONTHS = 12
# What is beyond these is folded away, not left out.
SHOWN = 30


@official()
def kpi_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """The value of a period, its definition, its months and its units; or its tables as a file."""
    asked = seen(request)
    kpi = kpi_or_404(code, asked.viewer)
    by = dimension_or_404(request.GET.get("theo", ""), kpi, asked.viewer)
    whole = reading.value(code, asked.which, now=asked.now, within=asked.within)
    (rows, ranked), months, stated = _units(kpi, asked, by), _months(kpi, asked), _published(kpi, asked)

    def tables() -> Mapping[str, Table]:
        return single_tables(kpi, asked, by, months, rows, ranked=ranked, published=stated)

    if (file := parts_file(request, tables, code)) is not None:
        return file
    context = {
        "kpi": kpi,
        "name": said(kpi.name),
        "definition": said(kpi.definition),
        "legal": said(kpi.legal),
        "viewer": viewer_name(kpi.visibility),
        "value": reading.say(kpi, whole),
        "margin": say_margin(kpi, whole),
        "target": say_value(kpi, kpi.target) if kpi.target is not None else None,
        "parts": _parts(kpi, asked, whole),
        "period": said(asked.period.name),
        "scope": scope_name(asked),
        "periods": period_chips(asked, "kpi", code, theo=SLUGS[by]),
        "months": months,
        "tabs": [
            {
                "label": dimension_name(each),
                "href": address("kpi", asked, code, theo=SLUGS[each]),
                "current": each == by,
            }
            for each in offered(kpi, asked.viewer)
        ],
        "of": dimension_name(by),
        "rows": rows[:SHOWN],
        "more": rows[SHOWN:],
        "ranked": ranked,
        "published": stated,
        "said_otherwise": _said_otherwise(kpi, asked, whole),
        "crumbs": [(_("Chỉ số"), address("kpis", asked)), (said(kpi.name), None)],
    }
    return render(request, "office/kpis/kpi.html", context)


def _said_otherwise(kpi: Kpi, asked: Seen, whole: Reading) -> str:
    """What was published of the period where it is not what is reckoned now; '' where they agree."""
    if asked.unit is None:
        return ""
    stated = published.of_period(asked.period.code, *asked.unit).get(kpi.code)
    if stated is None or (stated.reading.numerator, stated.reading.cases) == (whole.numerator, whole.cases):
        return ""
    return reading.say(kpi, stated.reading)


def _parts(kpi: Kpi, asked: Seen, each: Reading, only: tuple[Dimension, Key] | None = None) -> list[dict[str, Any]]:
    """What a value is made of, each with the list of its cases where there is one."""
    of_cases = kpi.measure in ("percentile", "mean") or (kpi.measure == "sums" and kpi.grain != "open_day")
    named: list[tuple[str, listing.Part, float | None]] = [("", "numerator", each.numerator)]
    if kpi.measure == "count":
        named = [("", "denominator", each.numerator)]
    elif of_cases:
        named = [("", "denominator", each.cases)]
    elif each.denominator is not None:
        named.append((pgettext("chỉ số", "trong"), "denominator", each.denominator))
    more = {"theo": SLUGS[only[0]], "don-vi": _written(only[1])} if only else {}
    days = kpi.amount is not None and kpi.amount.denominator == "days"
    return [
        {
            "word": word,
            "value": round(value),
            "days": days and part == "denominator",
            "href": address("kpi_cases", asked, kpi.code, phan="tu" if part == "numerator" else "mau", **more)
            if value and listing.opens(kpi, part)
            else None,
        }
        for word, part, value in named
        if value is not None
    ]


def _written(unit: Key) -> str:
    return unit.isoformat() if isinstance(unit, date) else str(unit)


def _months(kpi: Kpi, asked: Seen) -> list[dict[str, Any]]:
    """The last months as they were published, and reckoned now from the first that was not."""
    last = asked.which.last.replace(day=1)
    begun = min(last, city_day(asked.now).replace(day=1))
    months = [_shifted(last, -steps) for steps in range(MONTHS, -1, -1)]
    stated = {each.period: each.reading for each in published.history(kpi.code, *asked.unit)} if asked.unit else {}
    said_of = {month: stated.get(month_of(month.year, month.month).code) for month in months if month <= begun}
    found = {month: each for month, each in said_of.items() if each is not None}
    if unsaid := [month for month, each in said_of.items() if each is None]:
        stretch = type(asked.which)(first=unsaid[0], last=last.replace(day=15), agency=asked.which.agency)
        now = reading.value(kpi.code, stretch, by="month", now=asked.now, within=asked.within)
        found = {month: found.get(month) or now[month] for month in said_of}
    whole = top(list(found.values()))
    return [
        {
            "label": unit_name("month", month),
            "month": month,
            "reading": each,
            "value": reading.say(kpi, each),
            "bar": bar(each, whole),
            "parts": _parts(kpi, _of_month(asked, month), each),
        }
        for month, each in found.items()
    ]


def _shifted(month: date, by: int) -> date:
    at = month.year * 12 + month.month - 1 + by
    return date(at // 12, at % 12 + 1, 1)


def _of_month(asked: Seen, month: Key) -> Seen:
    assert isinstance(month, date)
    return structs.replace(asked, period=month_of(month.year, month.month))


def _units(kpi: Kpi, asked: Seen, by: Dimension) -> tuple[list[dict[str, Any]], bool]:
    found = reading.value(kpi.code, asked.which, by=by, now=asked.now, within=asked.within)
    places = reading.ranking(kpi, found)
    names, whole = unit_names(by, list(found)), top(list(found.values()))
    order = sorted(found, key=lambda key: _order(key, found, places, names))
    rows = [
        {
            "name": names[key],
            "place": say_place(places.get(key)),
            "rank": places.get(key),
            "reading": found[key],
            "value": reading.say(kpi, found[key]),
            "margin": say_margin(kpi, found[key]),
            "bar": bar(found[key], whole),
            "parts": _parts(kpi, asked, found[key], (by, key)),
        }
        for key in order
    ]
    return rows, bool(places)


def _order(key: Key, found: Mapping[Key, Reading], places: Mapping[Key, Place], names: Mapping[Key, str]) -> Any:
    place = places.get(key)
    # Those that can be ranked first; the others by how much they have, never by a share of few cases.
    return (place.best, place.worst, names[key]) if place else (10**6, -found[key].cases, names[key])


def _published(kpi: Kpi, asked: Seen) -> list[dict[str, Any]]:
    unit = asked.unit
    if unit is None:
        return []
    return [
        {
            "period": each.period,
            "reading": each.reading,
            "value": reading.say(kpi, each.reading),
            "version": each.version,
            "corrected": each.corrected,
            "at": each.published_at,
            "until": each.complete_until,
        }
        for each in published.history(kpi.code, *unit, versions=True)[-24:]
    ][::-1]
