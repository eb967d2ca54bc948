"""Names of agencies, fields, procedures, steps and figures in the reader's language, for every page of figures."""

from datetime import datetime

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.catalogue.versions import UnknownProcedureError
from motcua.law.texts import Text
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.reports.lists import Row
from motcua.reports.work import State


def said(text: Text) -> str:
    """A text in the reader's language."""
    return text.within(get_language() or "vi")


def agency_name(number: int) -> str:
    """An agency's name; its number when it is not known any more."""
    agency = directory().by_number.get(number)
    return said(agency.name) if agency else str(number)


def place_name(number: int) -> str:
    """A division with the house it belongs to; any other agency by its name."""
    agency, known = directory().by_number.get(number), directory()
    if agency is None or known.house(number) == number:
        return agency_name(number)
    return f"{agency_name(number)}, {agency_name(known.house(number))}"


def field_name(code: str) -> str:
    """A field of activity; its code when it has no name."""
    name = versions.fields().get(code)
    return said(name) if name else code


def version_name(version: int) -> str:
    """The procedure a dossier was accepted under."""
    return said(versions.procedure_version(version).name)


def procedure_name(code: str) -> str:
    """A procedure by its code, by its newest version; the code itself when it is not known."""
    cards = versions.snapshot().cards.get(code)
    return said(cards[-1].name) if cards else code


def step_name(version: int, step: str) -> str:
    """A step of a process in words."""
    if not step:
        return ""
    try:
        return said(versions.procedure_version(version).process.step(step).name)
    except (KeyError, UnknownProcedureError):
        return step


def tier_name(tier: str) -> str:
    """A tier of the organisation."""
    return {
        "city": _("Thành phố"),
        "department": _("Sở, ngành"),
        "district": _("Quận, huyện, thị xã"),
        "commune": _("Xã, phường, thị trấn"),
        "branch": _("Cơ quan ngành dọc"),
    }.get(tier, _("Khác"))


def kind_name(kind: str) -> str:
    """What a figure is called."""
    return {
        "received": _("Tiếp nhận"),
        "received_online": _("Tiếp nhận trực tuyến"),
        "answered": _("Đã trả kết quả"),
        "not_late": _("Trước hoặc đúng hạn"),
        "before_date": _("Trước hạn"),
        "on_time": _("Đúng hạn"),
        "late": _("Trễ hạn"),
        "granted": pgettext("số liệu", "Đồng ý"),
        "refused": pgettext("số liệu", "Từ chối giải quyết"),
        "open_accepted": _("Đang giải quyết"),
        "open_in_time": _("Đang giải quyết, còn hạn"),
        "open_overdue": _("Đang giải quyết, quá hạn"),
        "open_waiting": _("Đang tạm dừng theo luật"),
        "open_lodged": _("Đã nộp, chờ tiếp nhận"),
        "ended_otherwise": _("Kết thúc không có kết quả"),
        "declined": _("Không được tiếp nhận"),
        "withdrawn": _("Người dân rút hồ sơ"),
        "stopped": pgettext("số liệu", "Dừng giải quyết"),
        "closed": _("Đóng vì không bổ sung"),
        "dropped": _("Đã tiếp nhận, kết thúc không có kết quả"),
        "handed": _("Trả tận tay người dân"),
        "replayed": _("Phát lại từ nhật ký cũ"),
    }[kind]


def work_state_name(state: State) -> str:
    """What a state of work is called."""
    return {
        "open": _("Đang giữ"),
        "late": _("Đang trễ"),
        "today": _("Hạn hôm nay"),
        "in_time": _("Còn hạn"),
        "waiting": _("Tạm dừng theo luật"),
        "done_in_time": _("Xong đúng hạn"),
        "done_late": _("Xong trễ"),
    }[state]


def work_name(version: int, step: str, kind: str) -> str:
    """A piece of work in words: its step, an opinion, a correction."""
    if kind == "opinion":
        return _("Cho ý kiến")
    name = step_name(version, step)
    return _("Đính chính: %(step)s") % {"step": name} if kind == "correction" else name


def channel_name(channel: str) -> str:
    """How a dossier was handed in; its code when it has no name."""
    return {
        "counter": _("Tại quầy"),
        "online": _("Trực tuyến"),
        "post": _("Qua bưu chính"),
    }.get(channel, channel)


def state_of(row: Row, now: datetime) -> tuple[str, str]:
    """The state and the word for one dossier of a list."""
    if row.finished_at is not None:
        if row.timeliness == "late":
            return "late", kind_name("late")
        if row.timeliness:
            return "on_time", kind_name(row.timeliness)
        return "done", kind_name(row.outcome) if row.outcome else _("Đã kết thúc")
    if row.accepted_at is None:
        return "waiting", kind_name("open_lodged")
    if row.waiting:
        return "waiting", _("Tạm dừng theo luật")
    if row.due_at is None or row.due_at < now:
        return "late", _("Quá hạn")
    return ("due_today", _("Hạn hôm nay")) if city_day(row.due_at) == city_day(now) else ("on_time", _("Còn hạn"))
