"""A KPI's value in words of the reader's language: with its unit, and what stands where there is no value."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from motcua.dossiers.clock_face import worked_words
from motcua.kpis.shapes import Kpi
from motcua.kpis.values import Reading
from motcua.law.margins import Place


def say(kpi: Kpi, reading: Reading) -> str:
    """`98,2%`, `1.234`, `3 giờ 20 phút`; what is missing where there is nothing to show."""
    if reading.value is None:
        return _("không có hồ sơ nào")
    if not reading.enough:
        return _("quá ít để nói")
    return say_value(kpi, reading.value)


def say_value(kpi: Kpi, value: float) -> str:
    """A value of this KPI in words."""
    match kpi.unit:
        case "share":
            return _percent(value)
        case "per_1000":
            return _("%(n)s trên 1.000") % {"n": _decimal(value * 1000, 1)}
        case "working_minutes":
            return _working(value)
        case "minutes":
            return _calendar(value)
        case "points" | "each":
            return _decimal(value, 2)
        case _:
            whole = float(value).is_integer()
            return _decimal(value, 0 if whole else 1)


def say_margin(kpi: Kpi, reading: Reading) -> str:
    """From where to where the value may lie; '' where there is none to show."""
    if reading.shown is None or reading.low is None or reading.high is None:
        return ""
    return _("từ %(low)s đến %(high)s") % {"low": say_value(kpi, reading.low), "high": say_value(kpi, reading.high)}


def say_place(place: Place | None) -> str:
    """`3`, or `2–5` where the places cannot be told apart; '' for what is not ranked."""
    if place is None:
        return ""
    return str(place.best) if place.is_certain else f"{place.best}–{place.worst}"


def number(value: float) -> str:
    """A count, rounded to whole ones: `1.234`."""
    return _decimal(round(value), 0)


def english() -> bool:
    """True when the reader has chosen English."""
    return (get_language() or "vi").startswith("en")


def _decimal(value: float, places: int) -> str:
    said = f"{value:,.{places}f}"
    return said if english() else said.replace(",", " ").replace(".", ",").replace(" ", ".")


def _percent(value: float) -> str:
    """Never rounded up to everything or down to nothing."""
    tenths = round(value * 1000)
    tenths = 999 if tenths == 1000 and value < 1 else 1 if tenths == 0 and value > 0 else tenths
    return f"{_decimal(tenths / 10, 1 if tenths % 10 else 0)}%"


def _working(minutes: float) -> str:
    """Working time: days of eight hours, said as such."""
    whole = round(minutes)
    return worked_words(whole) if whole else _("0 phút")


def _calendar(minutes: float) -> str:
    days, rest = divmod(round(minutes), 1440)
    hours, left = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(n)d ngày", "%(n)d ngày", days) % {"n": days})
    if hours and days < 10:
        parts.append(ngettext("%(n)d giờ", "%(n)d giờ", hours) % {"n": hours})
    if left and not days:
        parts.append(ngettext("%(n)d phút", "%(n)d phút", left) % {"n": left})
    return " ".join(parts) or _("0 phút")
