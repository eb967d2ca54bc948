"""The names of actions on buttons, verbs first, and their icons."""

from django.utils.translation import gettext as _

ACTION_ICONS = {
    "receive": "check", "accept": "circle-check", "sign": "signature", "ready": "package-check",
    "hand_over": "package-check", "send_back": "corner-up-left", "request_supplement": "triangle-alert",
    "show_draft": "eye", "answer_draft": "phone", "contest_rating": "scale", "rule_on_rating": "scale",
}  # fmt: skip


def action_label(action: str) -> str:
    """What the button says."""
    return {
        "receive": _("Xác nhận đã nhận"),
        "accept": _("Tiếp nhận hồ sơ"),
        "decline": _("Từ chối tiếp nhận"),
        "request_supplement": _("Yêu cầu bổ sung"),
        "supplement": _("Nhận bổ sung"),
        "assign": _("Giao việc"),
        "reassign": _("Giao lại"),
        "take": _("Nhận việc này"),
        "give_opinion": _("Trả lời ý kiến"),
        "draft": _("Soạn kết quả"),
        "sign": _("Ký kết quả"),
        "number": _("Cấp số"),
        "ready": _("Báo có kết quả"),
        "hand_over": _("Trả kết quả"),
        "forward": _("Chuyển tiếp"),
        "resume": _("Tiếp tục tính giờ"),
        "record_payment": _("Thu tiền"),
        "ask_opinion": _("Lấy ý kiến"),
        "request_payment": _("Thông báo nộp tiền"),
        "suspend": _("Tạm dừng theo luật"),
        "extend": _("Xin lỗi, hẹn lại"),
        "send_back": _("Trả lại bước trước"),
        "refuse": _("Từ chối giải quyết"),
        "correct": _("Sửa sai sót nhập liệu"),
        "correct_result": _("Đính chính kết quả"),
        "note": _("Ghi chú, đính kèm"),
        "withdraw": _("Người dân rút hồ sơ"),
        "stop": _("Dừng giải quyết"),
        "show_draft": _("Gửi dự thảo cho người nộp"),
        "answer_draft": _("Ghi trả lời về dự thảo"),
        "contest_rating": _("Khiếu nại đánh giá"),
        "rule_on_rating": _("Kết luận về đánh giá"),
    }[action]
