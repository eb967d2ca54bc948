"""How much of the city can be done online, told honestly: procedures by the level that is really possible.

Every count has its denominator and opens the list of the procedures it counts, each with what is missing. What the
authority said of itself stands beside it with its source, never in its place.
"""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.catalogue import online
from motcua.catalogue.online import Standing
from motcua.city.taking_along import levels_table, taken_along
from motcua.dossiers import clock
from motcua.law.working_time import city_day


def online_levels(day: date) -> dict[str, Any] | None:
    """The counts for a page; None in a city that receives no procedure."""
    counted = online.tally(day)
    if not counted.procedures:
        return None
    language = get_language() or "vi"
    claim = online.claim_on(day)
    return {
        "procedures": counted.procedures,
        "demonstration": online.is_demonstration(day),
        "everywhere": counted.from_level_three(counted.least),
        "somewhere": counted.from_level_three(counted.best),
        "claimed": counted.from_level_three(counted.claimed),
        "levels": [
            {"name": level_name(level), "count": counted.least[level],
             "href": f"{reverse('city:online')}?muc={level}" if counted.least[level] else ""}
            for level in (4, 3, 2, 1, 0) if level or counted.least[0]
        ],
        "claim": {
            "count": claim.at_level_3_or_4, "of": claim.of, "day": claim.day,
            "source": claim.source.within(language),
        } if claim else None,
    }  # fmt: skip


def level_name(level: int) -> str:
    """A level of Decree 43/2011 in few words."""
    return {
        0: _("Thông tin chưa đủ"),
        1: _("Mức độ 1, xem hướng dẫn"),
        2: _("Mức độ 2, tải mẫu đơn"),
        3: _("Mức độ 3, nộp trực tuyến"),
        4: _("Mức độ 4, làm trọn từ xa"),
    }[level]


def levels_page(request: HttpRequest) -> HttpResponseBase:
    """Every procedure with its level, what stands in the way of the next one, and what its file claims."""
    day, wanted = city_day(clock.now()), request.GET.get("muc", "")
    if wanted not in ("", "0", "1", "2", "3", "4"):
        raise Http404
    found = online.standings(day)
    rows = [_row(each) for each in found if not wanted or each.least.level == int(wanted)]
    notes = (level_name(int(wanted)) if wanted else "", f"{day:%d/%m/%Y}", _demonstration(day))
    if (file := taken_along(request, lambda: {"": levels_table(rows, notes)}, "truc-tuyen")) is not None:
        return file
    context = {
        "online": online_levels(day),
        "wanted": wanted,
        "chips": _chips(found, wanted),
        "rows": rows,
        "total": len(found),
        "crumbs": [(_("Toàn thành phố"), reverse("city:city")), (_("Làm trực tuyến được đến đâu"), None)],
    }
    return render(request, "city/online.html", context)


def _demonstration(day: date) -> str:
    if not online.is_demonstration(day):
        return ""
    return _(
        "Cơ quan nào nhận và thu tiền trực tuyến, từ ngày nào, là số liệu minh họa; giấy tờ, mẫu đơn, kết quả lấy từ thủ tục."  # noqa: E501
    )


def _chips(found: tuple[Standing, ...], wanted: str) -> list[dict[str, Any]]:
    here = reverse("city:online")
    chips: list[dict[str, Any]] = [{"label": _("Tất cả"), "count": len(found), "href": here, "active": not wanted}]
    for level in (4, 3, 2, 1, 0):
        count = sum(each.least.level == level for each in found)
        if count:
            chips.append({"label": level_name(level), "count": count, "href": f"{here}?muc={level}",
                          "active": wanted == str(level)})  # fmt: skip
    return chips


def _row(each: Standing) -> dict[str, Any]:
    language = get_language() or "vi"
    return {
        "name": each.name.within(language),
        "href": reverse("portal:procedure", args=[each.code]),
        "level": each.least.level,
        "best": each.best.level,
        "claimed": each.claimed,
        "over_claimed": each.claimed > each.least.level,
        "agencies": sum(each.agencies.values()),
        "reached": sum(number for level, number in each.agencies.items() if level >= online.FROM_LEVEL),
        "why": list(dict.fromkeys(one.text.within(language) for one in each.least.obstacles)),
    }
