"""Words of the pages: what stands in the way of issuing, what a dossier counts as, why two ways of counting differ."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from motcua.dossiers.clock_face import calendar_of, time_left
from motcua.law.scoring import Grade
from motcua.office.figure_lists import dossier_row, dossier_table
from motcua.reports.naming import agency_name, place_name, step_name, version_name
from motcua.statutory.columns import Part
from motcua.statutory.index_verdicts import Reason
from motcua.statutory.issuing import Obstacle
from motcua.statutory.lists import Item, Where, time_went


def obstacle_words(obstacle: Obstacle) -> str:
    """Why a report cannot be issued."""
    return {
        "running": _("Kỳ báo cáo chưa kết thúc, chưa phát hành được."),
        "trouble": _("Số liệu đang có chỗ mất hoặc chưa dựng lại, chưa phát hành được."),
        "not_complete": _("Số liệu chưa đầy đủ đến hết kỳ, chưa phát hành được. Thử lại sau ít phút."),
        "unbalanced": _("Có dòng không cân đối, không phát hành được."),
        "issued_already": _("Báo cáo này đã phát hành, và số liệu hôm nay vẫn đúng như thế."),
        "same": _("Số liệu không khác bản đã phát hành, không cần bản mới."),
        "reason_needed": _("Ghi lý do phát hành bản mới."),
        "": "",
    }[obstacle]


def part_name(part: Part) -> str:
    """As what a dossier is counted."""
    return {
        "taken_in_time": _("Từ kỳ trước, còn hạn"),
        "taken_overdue": _("Từ kỳ trước, quá hạn"),
        "taken_waiting": _("Từ kỳ trước, tạm dừng theo luật"),
        "online": _("Nhận trực tuyến trong kỳ"),
        "counter": _("Nhận trực tiếp, bưu chính trong kỳ"),
        "before_date": _("Trước hạn"),
        "on_time": _("Đúng hạn"),
        "late": _("Trễ hạn"),
        "ended": _("Rút, dừng hoặc đóng"),
        "in_time": _("Đang giải quyết, còn hạn"),
        "overdue": _("Đang giải quyết, quá hạn"),
        "waiting": _("Tạm dừng theo luật"),
        "not_accepted": _("Không được tiếp nhận"),
    }[part]


def reason_words(reason: Reason) -> str:
    """Why the index calls late what the decree does not, or the other way round."""
    return {
        "supplements": _("Yêu cầu bổ sung hơn một lần: chỉ số 766 tính là quá hạn, nghị định tính lại thời hạn."),
        "extended": _("Đã xin lỗi và hẹn lại: nghị định tính theo ngày hẹn lại, chỉ số theo ngày hẹn đầu."),
        "restarted": _("Sau bổ sung, nghị định tính lại thời hạn từ đầu; chỉ số chỉ trừ thời gian chờ."),
        "ended": _("Rút, dừng hoặc đóng sau ngày hẹn: biểu II.06 để riêng, chỉ số tính đến lúc dừng."),
        "moved": _("Ngày hẹn đã dời theo lịch làm việc: chỉ số tính theo ngày hẹn đầu."),
        "waiting": _("Đang tạm dừng theo luật: nghị định chưa tính trễ, chỉ số đã quá ngày hẹn sau khi trừ chờ."),
        "pending_supplement": _("Đang chờ bổ sung lần đầu: chỉ số đo tại lúc yêu cầu, khi đó chưa quá hạn."),
        "waits_subtracted": _("Chỉ số trừ thời gian chờ bắt đầu sau ngày hẹn, nghị định không trừ."),
    }[reason]


def where_words(version: int, where: Where, now: datetime) -> str:
    """Which stage, at which office, and how late it was, or that it was the longest."""
    calendar = calendar_of(where.agency)
    if where.late:
        how = time_left(calendar, where.closed or now, where.due)[1]
    elif where.closed is None:
        how = _("đang xử lý")
    else:
        how = _("lâu nhất, không trễ")
    return f"{step_name(version, where.step)} {how} ({place_name(where.agency)})"


def items_table(items: Sequence[Item], caption: str, now: datetime, *, with_part: bool) -> dict[str, Any]:
    """Dossiers as rows: as what each is counted, and in which stage and office its time went."""
    went = time_went([item.dossier_id for item in items], now)
    columns = [
        ("code", _("Mã hồ sơ"), "code"),
        *([("part", _("Tính là"), "text")] if with_part else []),
        ("procedure", _("Thủ tục"), "text"),
        ("receiving", _("Nơi nhận"), "text"),
        ("accepted", _("Tiếp nhận"), "when"),
        ("due", _("Hẹn trả"), "when"),
        ("finished", pgettext("hồ sơ", "Kết thúc"), "when"),
        ("where", _("Thời gian mất ở đâu"), "words"),
    ]
    rows = []
    for item in items:
        code = item.code or str(item.dossier_id)
        cells = {
            "code": code,
            "part": part_name(item.part),
            "procedure": version_name(item.version),
            "receiving": agency_name(item.receiving),
            "accepted": item.accepted_at,
            "due": item.due_at,
            "finished": item.finished_at,
            "where": "; ".join(where_words(item.version, each, now) for each in went.get(item.dossier_id, [])),
        }
        rows.append(dossier_row(item.dossier_id, code, cells, late=item.timeliness == "late"))
    return dossier_table(caption, columns, rows)


def grade_words(grade: Grade) -> str:
    """An agency's grade in words."""
    return {
        "excellent": pgettext("xếp loại", "Xuất sắc"),
        "good": pgettext("xếp loại", "Tốt"),
        "fair": pgettext("xếp loại", "Khá"),
        "average": pgettext("xếp loại", "Trung bình"),
        "weak": pgettext("xếp loại", "Yếu"),
    }[grade]
