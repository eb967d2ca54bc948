"""The periods a reader may choose, and the chosen one beside the one before and the same one a year earlier."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.city.asking import page_of, parts_of, period_of
from motcua.law.working_time import city_day
from motcua.reports.figures import Figures, Filter, in_period, of_period
from motcua.reports.periods import Kind, containing

_OFFERED: tuple[tuple[Kind, bool, int], ...] = (
    ("month", False, 12), ("quarter", False, 8), ("year", False, 3),
    ("month", True, 6), ("quarter", True, 8), ("half_year", True, 4), ("year", True, 3),
)  # fmt: skip


def chooser(which: Filter, now: datetime) -> dict[str, Any]:
    """The periods on offer, the newest first, and what else the address says."""
    language, chosen = get_language() or "vi", period_of(which)
    labels = {
        ("month", False): _("Tháng"), ("quarter", False): _("Quý"), ("year", False): _("Năm"),
        ("month", True): _("Tháng báo cáo (ngày 15 đến 14)"), ("quarter", True): _("Quý báo cáo (ngày 15 đến 14)"),
        ("half_year", True): _("6 tháng báo cáo (ngày 15 đến 14)"), ("year", True): _("Năm báo cáo (ngày 15 đến 14)"),
    }  # fmt: skip
    groups: list[dict[str, Any]] = []
    for kind, report, count in _OFFERED:
        period = containing(city_day(now), kind, report=report)
        options = [(each.code, each.name.within(language)) for each in (period.before(back) for back in range(count))]
        groups.append({"label": labels[kind, report], "options": options})
    if chosen is not None and all(chosen.code != code for group in groups for code, _name in group["options"]):
        groups.insert(0, {"label": _("Đang xem"), "options": [(chosen.code, chosen.name.within(language))]})
    rest = [(name, value) for name, value in parts_of(which).items() if name not in ("ky", "thang", "ngay")]
    return {"groups": groups, "chosen": chosen.code if chosen else "", "rest": rest}


def compared(which: Filter, numbers: Figures, now: datetime) -> list[dict[str, Any]]:
    """The period before and the same period a year earlier; nothing where the chosen span has no name.

    A period that is not over is compared with whole ones, and the page says so.
    """
    period = period_of(which)
    if period is None:
        return []
    running = "" if period.is_over(now) else f" ({_('kỳ này chưa hết')})"
    found = []
    for label, other in ((_("Kỳ trước"), period.before()), (_("Cùng kỳ năm trước"), period.year_before())):
        here = of_period(other, which)
        past = in_period(here)
        rate = None if past.too_few else past.share_on_time
        found.append(
            {
                "label": label + running,
                "href": page_of(here),
                "rate": rate,
                "not_late": past.not_late,
                "answered": past.answered,
            }
        )
    return found
