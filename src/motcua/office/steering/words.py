"""Periods, places, units and lights of the desk in words."""

from decimal import Decimal

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from motcua.reports.figures import Filter
from motcua.reports.naming import agency_name, field_name, procedure_name
from motcua.reports.periods import CUT
from motcua.steering.said import said_number


def language() -> str:
    """The reader's language."""
    return get_language() or "vi"


def place_words(which: Filter) -> str:
    """The place a filter is about."""
    return agency_name(which.agency) if which.agency else _("Toàn thành phố")


def part_names(which: Filter) -> list[str]:
    """What a filter is narrowed to beside the place."""
    found = []
    if which.field:
        found.append(field_name(which.field))
    if which.procedure:
        found.append(procedure_name(which.procedure))
    return found


def period_words(which: Filter) -> str:
    """The period as people say it."""
    if which.day is not None:
        return _("ngày %(day)s/%(month)s/%(year)s") % {
            "day": which.day.day, "month": which.day.month, "year": which.day.year,
        }  # fmt: skip
    if which.first.replace(day=CUT) == which.last:
        return _("tháng %(month)s/%(year)s") % {"month": which.first.month, "year": which.first.year}
    return _("năm %(year)s") % {"year": which.first.year}


def role_words(role: str) -> str:
    """The kind of post at which time goes."""
    return {
        "reception": pgettext("vị trí", "Tiếp nhận"),
        "results": _("Trả kết quả"),
        "one_stop_head": _("Phụ trách Một cửa"),
        "officer": _("Chuyên viên thụ lý"),
        "head": _("Trưởng phòng"),
        "leader": _("Lãnh đạo ký"),
        "registrar": _("Văn thư"),
    }.get(role, role)


def number_words(number: Decimal | None, unit: str) -> str:
    """A figure with its unit; nothing when there is none."""
    return "" if number is None else said_number(number, unit, language())


def window_words(window: str) -> str:
    """The window of an alert."""
    return {
        "now": _("ngay bây giờ"),
        "day": _("hôm nay"),
        "month": _("tháng này"),
        "quarter": _("quý này"),
        "year": _("năm nay"),
    }[window]


def comparison_words(comparison: str) -> str:
    """How an alert compares."""
    return {"above": _("lớn hơn"), "below": _("nhỏ hơn")}[comparison]


def every_words(every: str) -> str:
    """How often a target is reported."""
    return {"month": _("hằng tháng"), "quarter": _("hằng quý"), "year": _("hằng năm")}[every]


def light_words(reason: str) -> str:
    """What a traffic light says."""
    return {
        "on_path": _("đúng lộ trình"),
        "reached": _("đã đạt"),
        "behind": _("chậm hơn lộ trình"),
        "far_behind": _("chậm nhiều"),
        "missed": _("không đạt"),
        "no_data": _("chưa có số liệu"),
        "too_early": _("còn quá sớm để nói"),
        "too_old": _("số liệu đã cũ"),
    }[reason]


# The state whose colours and shape a light borrows.
LIGHT_STATES = {"green": "on_time", "amber": "due_today", "red": "late", "grey": "done"}


def digest_words(kind: str) -> str:
    """The rhythm of a digest."""
    return {"day": _("Hằng ngày"), "week": _("Hằng tuần"), "month": _("Hằng tháng")}[kind]


def state_words(state: str) -> str:
    """The state of an assessment."""
    return {"draft": _("đang soạn"), "submitted": _("đã nộp"), "reviewed": _("đã thẩm định")}[state]
