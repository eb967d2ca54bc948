"""What exactly the city's figures count, and which part and period a page is about, in words."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.city.asking import period_of
from motcua.reports.figures import Filter
from motcua.reports.naming import agency_name, field_name, procedure_name, tier_name


def definitions() -> list[tuple[str, str]]:
    """What exactly each figure counts."""
    return [
        (_("Tiếp nhận"), _("Hồ sơ đủ giấy tờ, đã có mã và ngày hẹn; tính vào tháng tiếp nhận.")),
        (
            _("Đã trả kết quả"),
            _("Kết quả (đồng ý hoặc từ chối có lý do) đã về quầy; tính một lần, ở nơi nhận hồ sơ, vào tháng xong."),
        ),
        (_("Trước hạn"), _("Xong vào một ngày trước ngày hẹn.")),
        (_("Đúng hạn"), _("Xong trong ngày hẹn, không sau giờ hẹn.")),
        (_("Trễ hạn"), _("Xong sau giờ hẹn. Sửa lại kết quả về sau không đổi con số này.")),
        (_("Còn hạn, quá hạn"), _("Hồ sơ đã nhận, chưa xong; so giờ hẹn với lúc mở trang này.")),
        (
            _("Tạm dừng theo luật"),
            _("Chờ bổ sung, thuế, nộp tiền, xác minh, bắt đầu khi còn hạn. Quá hạn rồi mới chờ vẫn là quá hạn."),
        ),
        (
            _("Kết thúc không có kết quả"),
            _("Rút, dừng, đóng hoặc không được tiếp nhận: không tính vào tỷ lệ đúng hạn."),
        ),
        (
            _("Tỷ lệ đúng hạn"),
            _("Trước và đúng hạn chia cho số đã trả. Dưới 10 hồ sơ thì không so sánh; không có thì không ghi."),
        ),
        (_("Không có trong số này"), _("Hồ sơ phát lại từ nhật ký của hệ thống khác.")),
    ]  # fmt: skip


def period_name(which: Filter) -> str:
    """The period as people say it."""
    if which.day is not None:
        return _("ngày %(day)s/%(month)s/%(year)s") % {
            "day": which.day.day, "month": which.day.month, "year": which.day.year,
        }  # fmt: skip
    if which.first == which.last.replace(day=1):
        return _("tháng %(month)s/%(year)s") % {"month": which.first.month, "year": which.first.year}
    if period := period_of(which):
        name = period.name.within(get_language() or "vi")
        return name[:1].lower() + name[1:] if name[:1] != "Q" else name
    return _("từ tháng %(a)s/%(b)s đến tháng %(c)s/%(d)s") % {
        "a": which.first.month, "b": which.first.year, "c": which.last.month, "d": which.last.year,
    }  # fmt: skip


def part_names(which: Filter) -> list[str]:
    """The parts of the city a filter is narrowed to; empty for the whole city."""
    found = []
    if which.agency:
        found.append(agency_name(which.agency))
    if which.tier:
        found.append(tier_name(which.tier))
    if which.field:
        found.append(field_name(which.field))
    if which.procedure:
        found.append(procedure_name(which.procedure))
    return found
