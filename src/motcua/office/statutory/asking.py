"""What a reader of the state's forms asks for, and how far their posts let them look.

A scope that reaches beyond what the reader's posts oversee does not exist for them; neither does a form, a period, a
column or an agency we do not know.
"""

from typing import NamedTuple

import msgspec
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.dossiers.policy import visible
from motcua.law.working_time import city_day
from motcua.office.control.asking import scope_of
from motcua.office.door import actor_of
from motcua.organisation.directory import directory
from motcua.reports import periods
from motcua.reports.naming import said
from motcua.reports.periods import Kind, Period
from motcua.statutory.forms import LAYOUTS
from motcua.statutory.reckoning import Part
from motcua.statutory.scope import RECEIVING_TIERS, Scope, UnknownScopeError
from motcua.statutory.scope import parse as parse_scope

NAMES = {"field": "linh-vuc", "procedure": "thu-tuc", "tier": "cap", "receiving": "noi-nhan"}
_SHOWN: tuple[tuple[Kind, int], ...] = (("month", 13), ("quarter", 6), ("half_year", 3), ("year", 4))


class Asked(NamedTuple):
    """A form for a scope and a period."""

    form: str
    scope: Scope
    period: Period

    def parts(self, **more: str) -> dict[str, str]:
        """As parts of an address."""
        return {"bieu": self.form, "pham-vi": self.scope.code, "ky": self.period.code, **more}


def asked(request: HttpRequest, kind: Kind = "month") -> Asked:
    """What the address names; else form II.06a, the widest scope of the reader, the last period that is over."""
    query = request.GET if request.method == "GET" else request.POST
    if any("\x00" in value for value in query.values()):
        raise Http404
    form = query.get("bieu", "") or "II.06a"
    if form not in LAYOUTS:
        raise Http404
    return Asked(form, scope_asked(request, query.get("pham-vi", "")), period_asked(query.get("ky", ""), kind))


def period_asked(code: str, kind: Kind = "month") -> Period:
    """The period of a code; the last one of `kind` that is over when none is named."""
    if not code:
        return periods.latest_over(clock.now(), kind, report=True)
    try:
        found = periods.parse(code)
    except ValueError:
        raise Http404 from None
    if not 2000 <= found.first.year <= 2200 or clock.now() < found.begins:
        raise Http404
    return found


def scope_asked(request: HttpRequest, code: str) -> Scope:
    """The scope of a code, if the reader may look so far."""
    reach = scope_of(request)
    if not code:
        return widest(request, reach)
    try:
        found = parse_scope(code)
    except UnknownScopeError:
        raise Http404 from None
    if not within(found, reach):
        raise Http404
    return found


def within(scope: Scope, reach: tuple[int, ...] | None) -> bool:
    """True when everything of a scope lies within reach."""
    places = scope.places()
    return reach is None or (places is not None and bool(places) and set(places) <= set(reach))


def widest(request: HttpRequest, reach: tuple[int, ...] | None) -> Scope:
    """The whole city, or the first agency the reader oversees with what is below it."""
    if reach is None:
        return Scope()
    known = directory()
    houses = [known.house(grant.agency) for grant in actor_of(request).grants if grant.agency in known.by_number]
    for kind in ("below", "own"):
        for house in houses:
            if within(Scope(kind, agency=house), reach):  # type: ignore[arg-type]
                return Scope(kind, agency=house)  # type: ignore[arg-type]
    # A head answers for a division: its house's figures are not theirs alone, but the division's dossiers are nobody's
    # report. What they oversee is shown.
    if reach:
        return Scope("own", agency=reach[0])
    raise Http404


def may_issue(request: HttpRequest, scope: Scope) -> bool:
    """True for procedure control that oversees all of the scope."""
    actor = actor_of(request)
    control = tuple(grant for grant in actor.grants if grant.role == "control")
    seen = set(visible(msgspec.structs.replace(actor, grants=control))) if control else set()
    places = scope.places()
    return bool(seen) and (seen >= set(directory().by_number) if places is None else set(places) <= seen)


def row_asked(request: HttpRequest, scope: Scope) -> Part:
    """The row of a form an address names."""
    query = request.GET
    receiving = 0
    if code := query.get("noi-nhan", ""):
        agency = directory().by_code.get(code)
        if agency is None:
            raise Http404
        receiving = agency.number
    tier = query.get("cap", "")
    if tier and tier not in RECEIVING_TIERS:
        raise Http404
    return Part(
        scope, query.get("linh-vuc", "")[:60], query.get("thu-tuc", "")[:40], "" if receiving else tier, receiving
    )


def row_parts(part: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """A row as parts of an address."""
    known = directory()
    return {
        NAMES[name]: known[int(value)].code if name == "receiving" and int(value) in known.by_number else value
        for name, value in part
    }


def scope_choices(request: HttpRequest, chosen: Scope) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """The scopes to choose from, in groups: what the reader oversees; communes only of the district chosen."""
    reach, known = scope_of(request), directory()
    groups: list[tuple[str, list[Scope]]] = []
    if reach is None:
        groups.append((_("Toàn thành phố"), [Scope(), *(Scope("tier", tier=each) for each in RECEIVING_TIERS[1:4])]))
    numbers = sorted(known.by_number if reach is None else reach, key=lambda each: known[each].code)
    houses = [each for each in numbers if known[each].tier in RECEIVING_TIERS]
    above = known.at_tier(chosen.agency, "district") if chosen.agency else None
    near = [
        each
        for each in houses
        if known[each].tier != "commune" or reach is not None or (above and known[each].parent == above.number)
    ]
    groups.append((_("Cơ quan và cấp dưới"), [
        Scope("below", agency=each) for each in near if known.children.get(each) and known[each].tier != "city"
    ]))  # fmt: skip
    groups.append((_("Một cơ quan"), [Scope("own", agency=each) for each in near]))
    choices = [
        (label, [(each.code, said(each.name), each == chosen) for each in scopes if within(each, reach)])
        for label, scopes in groups
    ]
    if not any(each for _label, options in choices for _code, _name, each in options):
        choices.insert(0, (_("Đang xem"), [(chosen.code, said(chosen.name), True)]))
    return [(label, options) for label, options in choices if options]


def period_choices(chosen: Period) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """The periods to choose from: of reports and of the calendar, the running one first."""
    today = city_day(clock.now())
    groups = []
    for report, label in ((True, _("Kỳ báo cáo, từ ngày 15 đến ngày 14")), (False, _("Theo lịch"))):
        found = [
            periods.containing(today, kind, report=report).before(steps)
            for kind, count in _SHOWN
            for steps in range(count)
        ]
        groups.append((label, [(each.code, said(each.name), each == chosen) for each in found]))
    if not any(each for _label, options in groups for _code, _name, each in options):
        groups.insert(0, (_("Đang xem"), [(chosen.code, said(chosen.name), True)]))
    return groups
