"""The refusals of the one-stop law, each with its words in both languages and its legal ground.

Kept in one place so that the same rule always says the same thing; choosing among them is left to `decide`.
"""

from typing import Any

from motcua.law.refusal import Refusal
from motcua.law.texts import Text

_RULES: dict[str, tuple[str, str, str]] = {
    "not_yours": (
        "Việc này thuộc {role} của {agency}; vị trí của bạn không được làm.",
        "This belongs to {role} at {agency}; your post may not do it.",
        "Decree 61/2018, art. 5, 11",
    ),
    "assigned_to_other": (
        "Việc này đã được giao cho người khác. Hãy xin trưởng bộ phận giao lại.",
        "This has been assigned to somebody else. Ask the head to reassign it.",
        "Decree 61/2018, art. 19.1",
    ),
    "task_done": (
        "Bước này đã có người làm xong hoặc hồ sơ đã chuyển đi. Hãy tải lại trang để xem hiện trạng.",
        "Somebody has already done this step or the dossier has moved on. Reload to see where it is.",
        "",
    ),
    "wrong_phase": (
        "Hồ sơ đang ở trạng thái “{status}”, không thể thực hiện việc này.",
        "The dossier is “{status}”; this cannot be done now.",
        "Decree 61/2018, art. 17-20",
    ),
    "paused": (
        "Hồ sơ đang tạm dừng ({ground}); hãy kết thúc tạm dừng trước.",
        "The dossier is on hold ({ground}); end the wait first.",
        "Decree 61/2018, art. 19",
    ),
    "not_an_action": (
        "Quy trình không cho phép việc này ở bước “{step}”.",
        "The process does not allow this at step “{step}”.",
        "Circular 01/2018, art. 8",
    ),
    "unknown_case": (
        "Thủ tục không có trường hợp “{case}”.",
        "The procedure has no case “{case}”.",
        "",
    ),
    "not_offered_here": (
        "Cơ quan này không tiếp nhận thủ tục này.",
        "This agency does not receive this procedure.",
        "Decree 61/2018, art. 14",
    ),
    "not_for_applicant": (
        "Thủ tục này không dành cho loại đối tượng nộp đã chọn.",
        "This procedure is not for this kind of applicant.",
        "",
    ),
    "papers_missing": (
        "Còn thiếu giấy tờ bắt buộc: {papers}.",
        "Required papers are missing: {papers}.",
        "Decree 61/2018, art. 17.1",
    ),
    "reason_needed": (
        "Cần nêu lý do cụ thể.",
        "A reason is needed.",
        "Decree 61/2018, art. 17, 19",
    ),
    "supplement_again": (
        "Chỉ được yêu cầu bổ sung {limit} lần. Lần nữa phải nêu giai đoạn, căn cứ và người phê duyệt.",
        "Papers may be asked for only {limit} time(s). Again needs the stage, its ground and an approver.",
        "Decree 61/2018, art. 15.3; Decree 63/2010, art. 20.4",
    ),
    "supplement_too_late": (
        "Đã quá {days} ngày làm việc kể từ khi nhận; không còn được trả lại để bổ sung.",
        "More than {days} working days have passed since receipt; papers may no longer be asked for.",
        "Decree 61/2018, art. 19.4",
    ),
    "items_needed": (
        "Hãy liệt kê đầy đủ giấy tờ cần bổ sung trong một lần.",
        "List all that is missing, at once.",
        "Decree 61/2018, art. 15.3",
    ),
    "supplement_incomplete": (
        "Chưa đủ các giấy tờ đã yêu cầu bổ sung.",
        "Not all the papers asked for are there.",
        "Decree 61/2018, art. 19.4",
    ),
    "nobody_chosen": (
        "Hãy chọn người nhận việc.",
        "Choose who is to do it.",
        "Decree 61/2018, art. 19.1",
    ),
    "no_next": (
        "Hãy chọn bước tiếp theo.",
        "Choose the next step.",
        "",
    ),
    "no_agency": (
        "Không xác định được cơ quan chịu trách nhiệm cho bước “{step}”.",
        "No agency could be found to be responsible for step “{step}”.",
        "Circular 01/2018, art. 8",
    ),
    "opinion_open": (
        "Đang chờ ý kiến của {agency}, hạn trả lời chưa hết.",
        "Waiting for the opinion of {agency}; its limit has not passed.",
        "Decree 61/2018, art. 19.5",
    ),
    "draft_needed": (
        "Chưa có dự thảo kết quả.",
        "There is no draft result yet.",
        "Decree 61/2018, art. 19.3",
    ),
    "not_signed": (
        "Kết quả chưa được ký.",
        "The result has not been signed.",
        "Decree 61/2018, art. 19",
    ),
    "not_numbered": (
        "Kết quả chưa được cấp số.",
        "The result has not been numbered.",
        "Decree 30/2020",
    ),
    "owed": (
        "Còn {amount} đồng chưa nộp.",
        "{amount} đồng are still to be paid.",
        "Law on fees and charges 2015",
    ),
    "overpaid": (
        "Số tiền ghi nhận lớn hơn số phải nộp.",
        "More would be recorded than is owed.",
        "Law on fees and charges 2015",
    ),
    "extension_again": (
        "Chỉ được hẹn lại {limit} lần.",
        "The date may be moved only {limit} time(s).",
        "Decree 61/2018, art. 19.9",
    ),
    "extension_too_late": (
        "Phải xin lỗi và hẹn lại trước khi hết hạn ít nhất {days} ngày.",
        "An apology with a new date must be given at least {days} day(s) before expiry.",
        "Decree 61/2018, art. 19.9",
    ),
    "extension_not_later": (
        "Ngày hẹn mới phải sau ngày hẹn cũ và rơi vào giờ làm việc.",
        "The new date must be later than the old one, within working hours.",
        "Decree 61/2018, art. 19.9",
    ),
    "not_back": (
        "Không thể trả về bước “{step}”.",
        "The dossier cannot be returned to step “{step}”.",
        "Circular 01/2018, art. 8",
    ),
    "already_paused": (
        "Hồ sơ đã đang tạm dừng.",
        "The dossier is on hold already.",
        "",
    ),
    "signed_already": (
        "Kết quả đã ký, không thể rút hoặc dừng hồ sơ.",
        "The result has been signed; the dossier can no longer be withdrawn or stopped.",
        "Decree 118/2025, art. 21",
    ),
    "not_due_to_close": (
        "Chưa đủ {days} ngày kể từ khi yêu cầu bổ sung.",
        "{days} days have not passed since the request for papers.",
        "Decree 118/2025, art. 19.5",
    ),
    "not_correctable": (
        "Không sửa được mục “{path}” bằng cách này.",
        "“{path}” cannot be corrected this way.",
        "Decree 61/2018, art. 5",
    ),
    "same_calendar": (
        "Ngày hẹn không thay đổi theo lịch đang có hiệu lực.",
        "The appointed date is the same under the calendar in force.",
        "",
    ),
    "late_needs_reason": (
        "Ghi nhận muộn phải có lý do và thời điểm đã qua.",
        "A late entry needs a reason and an instant in the past.",
        "Decree 61/2018, art. 5",
    ),
    "unknown_limit": (
        "Thời hạn “{limit}” không đọc được.",
        "The limit “{limit}” cannot be read.",
        "",
    ),
    "already_received": (
        "Hồ sơ này đã được xác nhận nhận rồi.",
        "Receipt of this dossier has been confirmed already.",
        "",
    ),
    "not_replayed": (
        "Chỉ ghi được bước phát lại cho hồ sơ phát lại.",
        "Recorded steps are only for dossiers played back from a log.",
        "",
    ),
    "not_online": (
        "Cơ quan này chưa nhận thủ tục này qua mạng. Hãy nộp tại quầy hoặc qua bưu chính.",
        "This agency does not take this procedure online yet. Hand it in at the counter or by post.",
        "",
    ),
    "assurance_needed": (
        "Thủ tục này cần tài khoản mức {level}. Hãy xác thực danh tính tại quầy Một cửa hoặc bằng định danh điện tử.",
        "This procedure needs an account of level {level}. Prove who you are at a counter or by electronic identity.",
        "Decree 69/2024, art. 7, 9",
    ),
    "not_in_own_name": (
        "Người nộp phải là chủ tài khoản đang đăng nhập.",
        "Whoever files must be the person who is signed in.",
        "Decree 45/2020",
    ),
    "nothing_to_confirm": (
        "Thủ tục hoặc hồ sơ này không cần người nộp xác nhận dự thảo.",
        "This procedure or dossier does not ask the applicant to confirm the draft.",
        "",
    ),
    "draft_not_shown": (
        "Phải gửi dự thảo cho người nộp xác nhận trước khi ký.",
        "The draft must be shown to the applicant before it is signed.",
        "Circular 01/2022/TT-BTP (recalled)",
    ),
    "draft_objected": (
        "Người nộp báo dự thảo có chỗ sai. Hãy xem ý kiến, soạn lại rồi gửi xác nhận lần nữa.",
        "The applicant says that something in the draft is wrong. Read it, draft again and show it again.",
        "Circular 01/2022/TT-BTP (recalled)",
    ),
    "not_silent_yet": (
        "Chưa hết thời gian để người nộp xác nhận.",
        "The applicant's time to answer has not passed yet.",
        "",
    ),
    "in_person_only": (
        "Kết quả này phải nhận trực tiếp, không giao chỉ bằng tệp điện tử.",
        "This result must be collected in person; a file alone is not enough.",
        "Law on civil status, art. 16, 18",
    ),
    "not_issued": (
        "Chưa có bản điện tử đã ký của kết quả.",
        "There is no signed electronic result yet.",
        "Decree 45/2020",
    ),
    "issued_already": (
        "Kết quả số {number} đã có bản điện tử; bản mới phải nói rõ thay bản nào.",
        "The result {number} has its electronic form already; another must say which one it replaces.",
        "Decree 45/2020",
    ),
    "refund_too_much": (
        "Số tiền hoàn lớn hơn số đã thu.",
        "More would be given back than was paid.",
        "Law on fees and charges 2015",
    ),
    "rated_already": (
        "Hồ sơ này đã được đánh giá; mỗi hồ sơ đánh giá một lần.",
        "This dossier has been rated; each is rated once.",
        "Circular 01/2018, art. 13",
    ),
    "not_rateable": (
        "Chỉ đánh giá được sau khi hồ sơ có kết quả.",
        "A dossier can be rated once it has been answered.",
        "Circular 01/2018, art. 13",
    ),
    "wrong_scores": (
        "Mỗi câu chấm 0, 1 hoặc 2 điểm.",
        "Each question is answered with 0, 1 or 2 points.",
        "Circular 01/2018, art. 13",
    ),
    "not_contestable": (
        "Không có đánh giá nào để khiếu nại, hoặc đã khiếu nại rồi.",
        "There is no rating to contest, or it was contested already.",
        "Decree 61/2018, art. 31",
    ),
    "not_contested": (
        "Không có khiếu nại nào đang chờ kết luận.",
        "No contested rating waits for a ruling.",
        "Decree 61/2018, art. 31",
    ),
    "unknown_result": (
        "Thủ tục không có loại kết quả “{result}”.",
        "The procedure has no result “{result}”.",
        "",
    ),
}


def refuse(rule: str, **details: Any) -> Refusal:
    """The refusal of `rule`, its texts filled in with `details`."""
    vi, en, ground = _RULES[rule]
    english = details | {name[:-3]: value for name, value in details.items() if name.endswith("_en")}
    return Refusal(
        code=rule, text=Text(vi=vi.format(**details), en=en.format(**english)), ground=ground, details=details
    )


RULES = tuple(_RULES)
