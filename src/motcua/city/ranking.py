"""Who answers on time, in order, as far as it can be told: with enough cases, and each with its margin.

Two units whose margins overlap cannot be told apart, so a place is a span from the best to the worst it may be. Units
with too few cases are named without a rate and without a place.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.city import words
from motcua.city.asking import TIERS, asked, list_of, page_of, ranking_of
from motcua.city.comparing import chooser
from motcua.city.taking_along import ranking_table, taken_along
from motcua.dossiers import clock
from motcua.law.margins import of_share
from motcua.organisation.directory import directory
from motcua.reports.figures import Board, Figures, Filter
from motcua.reports.naming import agency_name, procedure_name, tier_name

FEWEST = 30


class Standing(msgspec.Struct, frozen=True):
    """One unit: its answers, the share that was not late with its margin, and the places it may have."""

    name: str
    href: str
    late_href: str
    numbers: Figures
    share: float
    low: float
    high: float
    best: int = 0
    worst: int = 0

    @property
    def place(self) -> str:
        """`3`, or `3–7` where it cannot be told more exactly."""
        return str(self.best) if self.best == self.worst else f"{self.best}–{self.worst}"

    @property
    def picture(self) -> dict[str, str]:
        """The margin along a line from nothing to everything."""
        return {
            "x": f"{self.low:.2%}", "width": f"{max(self.high - self.low, 0.004):.2%}", "share": f"{self.share:.2%}",
        }  # fmt: skip


def placed(found: Sequence[Standing]) -> list[Standing]:
    """In order of the share, each with the best and the worst place its margin leaves open."""
    ordered = sorted(found, key=lambda each: (-each.share, -each.numbers.answered, each.name))
    return [
        msgspec.structs.replace(
            each,
            best=1 + sum(other.low > each.high for other in ordered),
            worst=len(ordered) - sum(other.high < each.low for other in ordered),
        )
        for each in ordered
    ]


def ranking(request: HttpRequest) -> HttpResponseBase:
    """The units of a tier, or the procedures of the whole city, in a period."""
    now = clock.now()
    which = asked(request.GET, now)
    by = "thu-tuc" if request.GET.get("theo") == "thu-tuc" else "co-quan"
    whole = msgspec.structs.replace(which, tier="", agency=0, field="", procedure="")
    tier = which.tier or "commune"
    units = _procedures(whole, now) if by == "thu-tuc" else _agencies(whole, tier, now)
    enough = placed([each for each in units if each.numbers.answered >= FEWEST])
    too_few = [each for each in units if each.numbers.answered < FEWEST]
    title = _("Thủ tục") if by == "thu-tuc" else tier_name(tier)
    notes = (
        words.period_name(whole),
        _("Dưới %(n)s hồ sơ đã trả thì không xếp hạng và không ghi tỷ lệ.") % {"n": FEWEST},
    )
    if (
        file := taken_along(request, lambda: {"": ranking_table(enough, too_few, title, notes)}, "xep-hang")
    ) is not None:
        return file
    context = {
        "period": words.period_name(whole),
        "title": title,
        "chips": _chips(whole, tier, by),
        "chooser": {**chooser(whole, now), "rest": [("cap", _slug(tier)), ("theo", by)]},
        "ranked": enough,
        "too_few": too_few,
        "fewest": FEWEST,
        "crumbs": [(_("Toàn thành phố"), page_of(whole)), (_("Xếp hạng"), None)],
    }
    return render(request, "city/ranking.html", context)


def _slug(tier: str) -> str:
    return next(slug for slug, each in TIERS.items() if each == tier)


def _chips(whole: Filter, tier: str, by: str) -> list[dict[str, Any]]:
    chips = [
        {"label": tier_name(each), "href": ranking_of(whole, cap=slug), "active": by != "thu-tuc" and each == tier}
        for slug, each in TIERS.items() if each != "city"
    ]  # fmt: skip
    procedures = {"label": _("Thủ tục"), "href": ranking_of(whole, theo="thu-tuc"), "active": by == "thu-tuc"}
    return [*chips, procedures]


def _agencies(whole: Filter, tier: str, now: Any) -> list[Standing]:
    known, board = directory(), Board(whole, now)
    units = [each for each in known.by_number.values() if each.tier == tier]
    # A commune by what it receives; a district without its communes, which stand in their own list.
    inside = {each.number: [n for n in known.below(each.number) if known.house(n) == each.number] for each in units}
    found = []
    for each in units:
        numbers = sum((board.by_agency.get(n, Figures()) for n in inside[each.number]), Figures())
        here = msgspec.structs.replace(whole, agency=each.number, tier=tier)
        if numbers.answered:
            found.append(_standing(agency_name(each.number), here, numbers))
    return found


def _procedures(whole: Filter, now: Any) -> list[Standing]:
    return [
        _standing(procedure_name(code), msgspec.structs.replace(whole, procedure=code), numbers)
        for code, numbers in Board(whole, now).by_procedure.items() if numbers.answered
    ]  # fmt: skip


def _standing(name: str, here: Filter, numbers: Figures) -> Standing:
    low, high = of_share(numbers.not_late, numbers.answered) or (0.0, 1.0)
    return Standing(name, page_of(here), list_of(here, "late"), numbers, numbers.not_late / numbers.answered, low, high)
