"""The form of each action: what it asks for. Turning the answers into a command is left to `answers`."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.law.actor import Actor
from motcua.law.dossier import Dossier, Task
from motcua.law.procedure import Procedure
from motcua.office.desk.colleagues import choices_for_opinion, colleagues, places_to_choose

Fields = list[dict[str, Any]]


class Asked(NamedTuple):
    """What an action is about."""

    state: Dossier
    task: Task | None
    procedure: Procedure
    actor: Actor

    @property
    def number(self) -> int:
        """The task's number, 0 when the action concerns the whole dossier."""
        return self.task.no if self.task else 0

    @property
    def language(self) -> str:
        """The reader's language."""
        return get_language() or "vi"


def _field(name: str, label: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"id": f"f-{name}", "name": name, "label": label, "kind": kind, "errors": [], "value": "", **more}


def _reason_fields(use: str, words: str) -> Fields:
    language = get_language() or "vi"
    choices = [("", ""), *((each.code, each.name.within(language)) for each in versions.reasons(use))]
    return [
        _field("reason", _("Lý do theo quy định"), "choice", choices=choices, required=True),
        _field("words", words, "textarea", rows=3, required=True),
    ]


def _nothing(_asked: Asked) -> Fields:
    return []


def _supplement_request(asked: Asked) -> Fields:
    papers = [(paper.id, paper.name.within(asked.language)) for paper in asked.procedure.papers]
    questions = [
        (field.id, field.label.within(asked.language))
        for field in asked.procedure.fields()
        if not field.computed and field.id in asked.state.form
    ]
    form = [_field("fields", _("Mục tờ khai cần khai lại"), "checks", choices=questions)] if questions else []
    return [
        _field("items", _("Giấy tờ cần bổ sung (nêu hết trong một lần)"), "checks", choices=papers),
        *form,
        _field("other", _("Nội dung khác cần hoàn thiện, mỗi dòng một mục"), "textarea", rows=2),
        _field("words", _("Lý do, hướng dẫn cụ thể"), "textarea", rows=3, required=True),
    ]


def _supplement(asked: Asked) -> Fields:
    wanted = asked.state.supplements[-1].items if asked.state.supplements else ()
    found = [asked.procedure.paper(item) for item in wanted if not item.startswith("*")]
    choices = [(paper.id, paper.name.within(asked.language)) for paper in found if paper]
    chosen = [value for value, _label in choices]
    return [
        _field("papers", _("Giấy tờ đã nhận"), "checks", choices=choices, value=chosen),
        _field("files", _("Bản quét (PDF hoặc ảnh)"), "file", attrs={"multiple": True}),
    ]


def _assign(asked: Asked) -> Fields:
    people = colleagues(asked.state, asked.task, asked.procedure)
    fields = [_field("to", _("Giao cho"), "choice", choices=[("", ""), *people], required=True)]
    if asked.task is not None and asked.task.assignee:
        fields.append(_field("words", _("Lý do giao lại"), required=True))
    return fields


def _opinion(_asked: Asked) -> Fields:
    answers = [("yes", _("Đồng ý")), ("no", _("Không đồng ý"))]
    return [
        _field("agrees", _("Ý kiến"), "radios", choices=answers, required=True),
        _field("words", _("Nội dung ý kiến"), "textarea", rows=4, required=True),
    ]


def _draft(asked: Asked) -> Fields:
    results = [(result.id, result.name.within(asked.language)) for result in asked.procedure.results]
    old = asked.state.draft
    first = old.result if old and old.result != "refusal" else results[0][0]
    return [
        _field("result", _("Loại kết quả"), "choice", choices=results, value=first),
        _field("text", _("Nội dung kết quả"), "textarea", rows=8, required=True, value=old.text if old else ""),
    ]


def _number(_asked: Asked) -> Fields:
    return [_field("number", _("Số, ký hiệu (để trống: hệ thống cấp số tiếp theo)"), width=20)]


def ways_to_collect() -> list[tuple[str, str]]:
    """By which paper a result may be collected, or that it goes by post."""
    return [
        ("receipt", _("Giấy tiếp nhận hồ sơ")),
        ("identity_card", _("Căn cước, chứng minh nhân dân")),
        ("authorisation", _("Giấy ủy quyền")),
        ("post", _("Gửi qua bưu chính")),
    ]


def _hand_over(asked: Asked) -> Fields:
    return [
        _field("to_name", _("Người nhận"), required=True, value=asked.state.applicant.name),
        _field("by_paper", _("Nhận bằng giấy tờ"), "radios", choices=ways_to_collect(), value="receipt"),
        _field("paper_number", _("Số giấy tờ, hoặc mã bưu gửi"), width=20),
    ]


def _forward(asked: Asked) -> Fields:
    if asked.task is None:
        return []
    step = asked.procedure.process.step(asked.task.step)
    fields: Fields = []
    if len(step.next) > 1 and not step.parallel:
        choices = [(name, asked.procedure.process.step(name).name.within(asked.language)) for name in step.next]
        fields.append(_field("to", _("Bước tiếp theo"), "radios", choices=choices, required=True))
    places = places_to_choose(step, asked.procedure, asked.state)
    if places:
        fields.append(_field("chosen", _("Cơ quan nhận"), "choice", choices=[("", ""), *places], required=True))
    if any(each.parent == asked.task.no for each in asked.state.tasks):
        fields.append(_field("without_opinion", _("Căn cứ để chuyển khi ý kiến đã quá hạn"), "textarea", rows=2))
    fields.append(_field("note", _("Ghi chú cho người nhận"), "textarea", rows=2))
    return fields


def _ask_opinion(asked: Asked) -> Fields:
    choices = [("", ""), *choices_for_opinion(asked.state, asked.task)]
    return [
        _field("agency", _("Cơ quan được hỏi"), "choice", choices=choices, required=True),
        _field("question", _("Nội dung cần ý kiến"), "textarea", rows=3, required=True),
        _field("days", _("Số ngày làm việc để trả lời"), "number", width=4, value=2),
    ]


def _request_payment(asked: Asked) -> Fields:
    fees = [(fee.id, fee.name.within(asked.language)) for fee in asked.procedure.fees]
    return [
        _field("fee", _("Khoản thu"), "choice", choices=fees or [("khac", _("Khoản thu khác"))]),
        _field("amount", _("Số tiền"), "money", required=True, width=12),
        _field("pauses", _("Tạm dừng tính giờ đến khi nộp"), "boolean"),
    ]


def _record_payment(asked: Asked) -> Fields:
    """What is owed; it is taken on the page of the counter's money."""
    names = {fee.id: fee.name.within(asked.language) for fee in asked.procedure.fees}
    return [
        _field(f"amount-{each.id}", names.get(each.id, each.id), "money", value=each.amount - each.paid, width=12)
        for each in asked.state.money
        if each.amount > each.paid
    ]


def _suspend(_asked: Asked) -> Fields:
    grounds = [
        ("verification", _("Xác minh tại địa phương khác")),
        ("tax", _("Cơ quan thuế xác định nghĩa vụ")),
        ("payment", _("Người dân nộp tiền")),
    ]
    return [
        _field("ground", _("Căn cứ"), "radios", choices=grounds, required=True),
        _field("document", _("Số văn bản gửi đi"), required=True, width=20),
    ]


def _extend(_asked: Asked) -> Fields:
    return [
        _field("due", _("Ngày hẹn mới"), "date", required=True),
        _field("words", _("Lý do trễ"), "textarea", rows=2, required=True),
        _field("apology", _("Lời xin lỗi"), "textarea", rows=3, required=True),
    ]


def _send_back(asked: Asked) -> Fields:
    process = asked.procedure.process
    back = process.step(asked.task.step).back if asked.task else ()
    choices = [(name, process.step(name).name.within(asked.language)) for name in back]
    return [
        _field("to", _("Trả về bước"), "radios", choices=choices, value=back[-1] if back else "", required=True),
        _field("words", _("Lý do"), "textarea", rows=3, required=True),
    ]


def _correct(asked: Asked) -> Fields:
    applicant = [
        ("applicant.name", _("Họ tên người nộp")),
        ("applicant.number", _("Số giấy tờ")),
        ("applicant.phone", _("Điện thoại")),
        ("applicant.address", _("Địa chỉ")),
    ]
    form = [
        (f"form.{field.id}", field.label.within(asked.language))
        for field in asked.procedure.fields()
        if not field.computed and field.type in ("text", "long_text", "number", "money", "date")
    ]
    return [
        _field("path", _("Mục cần sửa"), "choice", choices=[("", ""), *applicant, *form], required=True),
        _field("value", _("Giá trị đúng"), required=True),
        _field("words", _("Lý do sửa"), required=True),
    ]


def _reason_only(_asked: Asked) -> Fields:
    return [_field("words", _("Lý do"), "textarea", rows=3, required=True)]


def _stop(_asked: Asked) -> Fields:
    return [*_reason_only(_asked), _field("ground", _("Căn cứ pháp lý"), required=True)]


def _note(asked: Asked) -> Fields:
    papers = [("", _("không gắn với giấy tờ nào"))]
    for given in asked.state.papers:
        paper = asked.procedure.paper(given.id)
        papers.append((given.id, paper.name.within(asked.language) if paper else given.id))
    return [
        _field("words", _("Ghi chú nội bộ"), "textarea", rows=3),
        _field("paper", _("Bản quét của giấy tờ"), "choice", choices=papers),
        _field("files", _("Bản quét (PDF hoặc ảnh)"), "file", attrs={"multiple": True}),
    ]


def _show_draft(_asked: Asked) -> Fields:
    hint = _("Người nộp đọc được lời này cùng với dự thảo.")
    return [_field("note", _("Lời nhắn cho người nộp"), "textarea", rows=2, hint=hint)]


def _answer_draft(_asked: Asked) -> Fields:
    answers = [("yes", _("Đúng, làm tiếp")), ("no", _("Có chỗ chưa đúng"))]
    return [
        _field("agrees", _("Người nộp trả lời"), "radios", choices=answers, required=True),
        _field("words", _("Chỗ nào chưa đúng, đúng phải là gì"), "textarea", rows=3),
    ]


def _rule_on_rating(_asked: Asked) -> Fields:
    rulings = [("yes", _("Giữ nguyên đánh giá")), ("no", _("Không tính đánh giá"))]
    return [
        _field("stands", _("Kết luận"), "radios", choices=rulings, required=True),
        _field("words", _("Lý do, người dân đọc được"), "textarea", rows=3, required=True),
    ]


FORMS: dict[str, Callable[[Asked], Fields]] = {
    "receive": _nothing,
    "accept": _nothing,
    "decline": lambda _a: _reason_fields("decline", _("Nói rõ lý do từ chối")),
    "request_supplement": _supplement_request,
    "supplement": _supplement,
    "assign": _assign,
    "reassign": _assign,
    "take": _nothing,
    "give_opinion": _opinion,
    "draft": _draft,
    "sign": _nothing,
    "number": _number,
    "ready": _nothing,
    "hand_over": _hand_over,
    "forward": _forward,
    "resume": _nothing,
    "record_payment": _record_payment,
    "ask_opinion": _ask_opinion,
    "request_payment": _request_payment,
    "suspend": _suspend,
    "extend": _extend,
    "send_back": _send_back,
    "refuse": lambda _a: _reason_fields("refuse", _("Nói rõ lý do từ chối giải quyết")),
    "correct": _correct,
    "correct_result": _reason_only,
    "note": _note,
    "withdraw": _reason_only,
    "stop": _stop,
    "show_draft": _show_draft,
    "answer_draft": _answer_draft,
    "contest_rating": _reason_only,
    "rule_on_rating": _rule_on_rating,
}
