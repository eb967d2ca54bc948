"""What a reader of the indicators asks for in an address, and how far their posts let them look.

Everybody sees the figures of their own agency and of what is below it; control and leaders of the city all of them.
What an address names and the reader may not see is a page that does not exist.
"""

from datetime import date, datetime
from typing import Any, get_args
from urllib.parse import urlencode

import msgspec
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from motcua.dossiers import clock
from motcua.dossiers.policy import visible
from motcua.kpis import definitions
from motcua.kpis.asking import Key
from motcua.kpis.published import UnitKind
from motcua.kpis.shapes import Dimension, Kpi, Viewer
from motcua.law.working_time import city_day
from motcua.office.control.words import people
from motcua.office.door import actor_of
from motcua.organisation.directory import directory
from motcua.reports.figures import Filter, of_period
from motcua.reports.naming import agency_name, field_name, place_name, procedure_name, tier_name
from motcua.reports.periods import Period, containing, latest_over, parse

DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
# The words of a dimension in an address.
SLUGS: dict[Dimension, str] = {
    "receiving": "noi-nhan", "agency": "co-quan", "district": "quan-huyen", "tier": "cap", "field": "linh-vuc",
    "procedure": "thu-tuc", "channel": "kenh", "resolving": "noi-giai-quyet", "step": "buoc", "ground": "ly-do",
    "officer": "nguoi", "month": "thang", "half": "nua-thang",
}  # fmt: skip
NUMBERS = ("receiving", "agency", "district", "resolving", "officer")


class Seen(msgspec.Struct, frozen=True):
    """One reader's question: the period, the part of the city, and what they may see of it."""

    period: Period
    agency: int
    within: tuple[int, ...] | None
    viewer: Viewer
    now: datetime

    @property
    def which(self) -> Filter:
        """The question as the indicators take it."""
        first, last = self.period.halves
        return of_period(self.period, Filter(first, last, agency=self.agency))

    @property
    def unit(self) -> tuple[UnitKind, str] | None:
        """The unit whose published values these are; None where nobody publishes them."""
        root = self.agency or _root(self.within)
        if not root:
            return ("city", "") if self.within is None else None
        agency = directory()[root]
        if agency.tier == "city":
            return "city", ""
        return ("district" if agency.tier == "district" else "agency"), str(root)


def _root(within: tuple[int, ...] | None) -> int:
    """The one agency that a scope consists of with all below it; 0 where there is none."""
    if not within:
        return 0
    known = directory()
    tops = [each for each in within if known[each].parent not in within]
    return tops[0] if len(tops) == 1 and set(known.below(tops[0])) <= set(within) else 0


def seen(request: HttpRequest) -> Seen:
    """What a request asks for. Raises Http404 for what it names and we do not know or they may not see."""
    actor, now = actor_of(request), clock.now()
    visible_to = tuple(visible(actor))
    within = None if set(visible_to) >= set(directory().by_number) else visible_to
    agency = 0
    if code := request.GET.get("co-quan", ""):
        found = directory().by_code.get(code)
        if found is None or (within is not None and found.number not in within):
            raise Http404
        agency = found.number
    return Seen(_period(request.GET.get("ky", ""), now), agency, within, definitions.viewer_of(actor), now)


def _period(words: str, now: datetime) -> Period:
    if not words:
        return latest_over(now, "month")
    try:
        found = parse(words)
    except ValueError:
        raise Http404 from None
    if not 1990 <= found.first.year <= city_day(now).year + 1:
        raise Http404
    return found


def kpi_or_404(code: str, viewer: Viewer) -> Kpi:
    """The KPI if such a reader may see it; otherwise it does not exist for them."""
    try:
        kpi = definitions.get(code)
    except definitions.UnknownKpiError:
        raise Http404 from None
    if not definitions.may_see(viewer, kpi):
        raise Http404
    return kpi


def offered(kpi: Kpi, viewer: Viewer) -> list[Dimension]:
    """By what a reader may break it down: people only for those who answer for them."""
    return [each for each in kpi.by if each != "officer" or viewer in ("head", "control")]


def dimension_or_404(words: str, kpi: Kpi, viewer: Viewer) -> Dimension:
    """The dimension of an address, the first one offered where it names none."""
    allowed = offered(kpi, viewer)
    if not words:
        return allowed[0]
    for each, slug in SLUGS.items():
        if slug == words and (each in allowed or each in ("month", "half")):
            return each
    raise Http404


def unit_or_404(dimension: Dimension, words: str) -> Key:
    """The unit of an address as the facts hold it."""
    try:
        if dimension in NUMBERS:
            number = int(words[:20])
            if abs(number) >= 2**31 if dimension != "officer" else abs(number) >= 2**63:
                raise Http404
            return number
        return date.fromisoformat(words) if dimension in ("month", "half") else words[:80].replace("\x00", "")
    except ValueError:
        raise Http404 from None


def address(name: str, asked: Seen, code: str = "", **more: str) -> str:
    """The address of one of these pages, with the period and the agency it speaks of."""
    where = reverse(f"office:{name}", args=[code] if code else [])
    parts = {"ky": asked.period.code} | more
    if asked.agency:
        parts["co-quan"] = directory()[asked.agency].code
    return f"{where}?{urlencode({key: value for key, value in parts.items() if value})}"


def period_chips(asked: Seen, name: str, code: str = "", **more: str) -> list[dict[str, Any]]:
    """The periods most asked for, as links."""
    today, now = city_day(asked.now), asked.now
    choices = [
        (_("Tháng này"), containing(today, "month")),
        (_("Tháng trước"), latest_over(now, "month")),
        (_("Quý báo cáo vừa qua"), latest_over(now, "quarter", report=True)),
        (_("Năm nay"), containing(today, "year")),
        (_("Năm trước"), latest_over(now, "year")),
    ]
    return [
        {
            "label": label,
            "href": address(name, msgspec.structs.replace(asked, period=period), code, **more),
            "active": period == asked.period,
            "count": None,
        }
        for label, period in choices
    ]


def unit_names(dimension: Dimension, units: list[Key]) -> dict[Key, str]:
    """What the units of a breakdown are called."""
    if dimension == "officer":
        names = people(int(str(each)) for each in units)
        return {each: names.get(int(str(each)), _("chưa giao")) for each in units}
    return {each: unit_name(dimension, each) for each in units}


def unit_name(dimension: Dimension, unit: Key) -> str:
    """One unit in words."""
    match dimension:
        case "receiving" | "resolving":
            return agency_name(int(str(unit)))
        case "agency":
            return place_name(int(str(unit)))
        case "district":
            return agency_name(int(str(unit))) if unit else _("Không thuộc quận, huyện")
        case "tier":
            return tier_name(str(unit))
        case "field":
            return field_name(str(unit))
        case "procedure":
            return procedure_name(str(unit))
        case "channel":
            return {"counter": _("Tại quầy"), "online": _("Trực tuyến"), "post": _("Bưu chính")}.get(
                str(unit), str(unit)
            )
        case "ground":
            return _grounds().get(str(unit), str(unit))
        case "month":
            return f"{unit.month}/{unit.year}" if isinstance(unit, date) else str(unit)
        case "officer":
            return unit_names(dimension, [unit])[unit]
        case _:
            return str(unit)


def _grounds() -> dict[str, str]:
    return {
        "supplement": _("Chờ bổ sung"), "tax": _("Chờ thuế"), "payment": _("Chờ nộp tiền"),
        "verification": _("Chờ xác minh"), "confirmation": _("Chờ xác nhận dự thảo"),
    }  # fmt: skip


def dimension_name(dimension: Dimension) -> str:
    """What a dimension is called."""
    return {
        "receiving": _("Nơi nhận"), "agency": _("Cơ quan giữ việc"), "district": _("Quận, huyện"), "tier": _("Cấp"),
        "field": _("Lĩnh vực"), "procedure": _("Thủ tục"), "channel": pgettext("chỉ số", "Kênh nộp"),
        "resolving": _("Cơ quan giải quyết"), "step": _("Bước"), "ground": _("Lý do chờ"), "officer": _("Người xử lý"),
        "month": _("Tháng"), "half": _("Nửa tháng"),
    }[dimension]  # fmt: skip


def scope_name(asked: Seen) -> str:
    """Whose figures a page shows."""
    if asked.agency:
        return agency_name(asked.agency)
    if asked.within is None:
        return _("Toàn thành phố")
    root = _root(asked.within)
    return agency_name(root) if root else _("Các cơ quan của bạn")


def viewer_name(viewer: Viewer) -> str:
    """Who may see a KPI."""
    return {
        "public": _("Mọi người"), "officials": _("Cán bộ, công chức"), "head": _("Người đứng đầu"),
        "control": _("Kiểm soát thủ tục"),
    }[viewer]  # fmt: skip
