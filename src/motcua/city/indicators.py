"""The indicators as everybody may read them: what was published of the last month that is over, and before.

Only published values are shown, so a page never says what a later look would unsay, and costs two short statements.
Units are ranked only where they have enough cases, and as far as their margins let them be told apart.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.kpis import definitions, openness, published, reading
from motcua.kpis.drawing import bar, line, top
from motcua.kpis.published import Published
from motcua.kpis.shapes import Kpi
from motcua.kpis.values import Reading
from motcua.kpis.wording import number, say_margin, say_place, say_value
from motcua.opendata.catalogue import path_of_dataset
from motcua.organisation.directory import directory
from motcua.reports.naming import agency_name, said
from motcua.reports.periods import Period, latest_over, parse

DATASET = "chi-so"
MONTHS = 36


def indicators_page(request: HttpRequest) -> HttpResponse:
    """Every public indicator by group, with its value in the last month that is over."""
    last = latest_over(clock.now(), "month")
    period = _shown(definitions.all("public")[0], last)
    stated = published.of_period(period.code)
    groups: dict[str, dict[str, Any]] = {}
    for kpi in openness.public():
        group = groups.setdefault(
            kpi.group, {"id": kpi.group, "title": said(definitions.GROUPS[kpi.group]), "rows": []}
        )
        group["rows"].append(
            {
                "name": said(kpi.name),
                "definition": said(kpi.definition),
                "legal": said(kpi.legal),
                "href": reverse("city:indicator", args=[kpi.code]),
                **_value(kpi, stated.get(kpi.code)),
            }
        )
    context = {
        "groups": groups.values(),
        "period": said(period.name),
        "waits": said(last.name) if period != last or not stated else "",
        "dataset": path_of_dataset(DATASET),
        "crumbs": [(_("Toàn thành phố"), reverse("city:city")), (_("Chỉ số"), None)],
    }
    return render(request, "city/indicators.html", context)


def indicator_page(request: HttpRequest, code: str) -> HttpResponse:
    """One public indicator: what it says, its published months with their corrections, its districts."""
    kpi = next((each for each in openness.public() if each.code == code), None)
    if kpi is None:
        raise Http404
    versions = published.history(code, versions=True)
    newest = {each.period: each for each in versions}
    months = list(newest.values())[-MONTHS:]
    last = latest_over(clock.now(), "month")
    shown = _shown(kpi, last)
    rows, ranked = _districts(kpi, shown)
    context = {
        "kpi": kpi,
        "name": said(kpi.name),
        "definition": said(kpi.definition),
        "legal": said(kpi.legal),
        "way": way(kpi),
        "target": say_value(kpi, kpi.target) if kpi.target is not None else None,
        "period": said(shown.name),
        "waits": said(last.name) if shown != last or not months else "",
        "now": _value(kpi, newest.get(shown.code)),
        "line": line([each.reading.shown for each in months]),
        "first": said(parse(months[0].period).name) if months else "",
        "last": said(parse(months[-1].period).name) if months else "",
        "history": [_version(kpi, each) for each in versions[-MONTHS * 2 :]][::-1],
        "districts": rows,
        "ranked": ranked,
        "dataset": path_of_dataset(DATASET),
        "crumbs": [
            (_("Toàn thành phố"), reverse("city:city")),
            (_("Chỉ số"), reverse("city:indicators")),
            (said(kpi.name), None),
        ],
    }
    return render(request, "city/indicator.html", context)


def _shown(kpi: Kpi, last: Period) -> Period:
    """The last month that is over; while it waits to be published, the last one that was."""
    code = published.latest_month(kpi.code, last.ends)
    return parse(code) if code else last


def _value(kpi: Kpi, each: Published | None) -> dict[str, Any]:
    if each is None:
        return {"value": None}
    return {
        "value": reading.say(kpi, each.reading),
        "of": _of(kpi, each.reading),
        "margin": say_margin(kpi, each.reading),
        "corrected": each.corrected,
    }


def _of(kpi: Kpi, found: Reading) -> str:
    """The denominator in words: never a share without it."""
    if kpi.measure == "count" or not found.denominator:
        return ""
    if not openness.counts_told(kpi):
        least = openness.roughly(found.cases)
        return _("trên ít nhất %(n)s đánh giá") % {"n": number(least)} if found.enough and least else ""
    n = number(found.denominator)
    if kpi.measure == "share" or (kpi.measure == "sums" and found.value is not None):
        return _("%(part)s trên %(n)s") % {"part": number(found.numerator), "n": n}
    return _("trên %(n)s") % {"n": n}


def _version(kpi: Kpi, each: Published) -> dict[str, Any]:
    return {
        "period": said(parse(each.period).name),
        "version": each.version,
        "at": each.published_at,
        "until": each.complete_until,
        **_value(kpi, each),
    }


def _districts(kpi: Kpi, period: Period) -> tuple[list[dict[str, Any]], bool]:
    if not openness.by_district(kpi):
        return [], False
    found = {unit: each.reading for unit, each in published.units_of(kpi.code, period.code, "district").items()}
    places, whole = reading.ranking(kpi, found), top(list(found.values()))
    names = {unit: district_name(unit) for unit in found}

    def order(unit: str) -> Any:
        place = places.get(unit)
        return (place.best, place.worst, names[unit]) if place else (10**6, 0, names[unit])

    rows = [
        {
            "name": names[unit],
            "place": say_place(places.get(unit)),
            "value": reading.say(kpi, found[unit]),
            "of": _of(kpi, found[unit]),
            "margin": say_margin(kpi, found[unit]),
            "bar": bar(found[unit], whole),
        }
        for unit in sorted(found, key=order)
    ]
    return rows, bool(places)


def district_name(unit: str) -> str:
    """A district as it was published; 0 is what lies in none."""
    number = int(unit or 0)
    return agency_name(number) if number in directory().by_number else _("Không thuộc quận, huyện")


def way(kpi: Kpi) -> str:
    """How it is reckoned, in a sentence."""
    return {
        "count": _("Đếm các trường hợp được tính."),
        "share": _("Số trường hợp đạt điều kiện chia cho số trường hợp được tính."),
        "percentile": _("Xếp các trường hợp được tính từ ngắn đến dài và lấy giá trị ở vị trí đã định: ở giữa là trung vị, ở 90% là mức mà chín phần mười không vượt quá."),  # noqa: E501
        "mean": _("Cộng giá trị của các trường hợp được tính rồi chia cho số trường hợp."),
        "sums": _("Cộng các lượng đã ghi; nếu có mẫu số thì chia cho tổng của mẫu số."),
    }[kpi.measure]  # fmt: skip
