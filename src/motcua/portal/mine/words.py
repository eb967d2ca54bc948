"""The sentences in which a resident is told what happened to their dossier, one for each kind of event.

Which event is shown at all, and what must never leak, is decided in `seeing`; each sentence here takes from its event
only what belongs to its owner.
"""

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers.asked_items import item_name
from motcua.filing.saying import say_day
from motcua.law import events as e
from motcua.law.fees import money
from motcua.law.procedure import Procedure
from motcua.law.rights import GROUNDS
from motcua.law.working_time import CITY_ZONE
from motcua.organisation.directory import directory


def language() -> str:
    """The reader's language."""
    return get_language() or "vi"


def agency_name(number: int) -> str:
    """An agency by its name today; '' when it is not known."""
    agency = directory().by_number.get(number)
    return agency.name.within(language()) if agency else ""


def step_name(procedure: Procedure, name: str) -> str:
    """A step of the process in words."""
    try:
        return procedure.process.step(name).name.within(language())
    except KeyError:
        return name


def items_words(procedure: Procedure, items: tuple[str, ...]) -> list[str]:
    """What was asked for: papers and questions by their names, what was asked in words as it was written."""
    return [item_name(procedure, item, language()) for item in items]


def dong(amount: int) -> str:
    """Money as people say it."""
    return _("%(amount)s đ") % {"amount": money(amount, language())}


def moment(when: datetime | None) -> str:
    """`17:00, 7/1/2019` on the city's clock."""
    if when is None:
        return ""
    local = when.astimezone(CITY_ZONE)
    return f"{local:%H:%M}, {say_day(local.date().isoformat())}"


def _ground(ground: str) -> str:
    vi, en = GROUNDS[ground]
    return en if language().startswith("en") else vi


def lodged(ev: e.Lodged, _procedure: Procedure) -> str:
    """Handed in, and how."""
    ways = {"online": _("trực tuyến"), "post": _("qua bưu chính"), "counter": _("tại quầy")}
    said = {"way": ways.get(ev.channel, ev.channel), "agency": agency_name(ev.agency)}
    return _("Nộp hồ sơ %(way)s đến %(agency)s") % said


def accepted(ev: e.Accepted, _procedure: Procedure) -> str:
    """The code and the date promised."""
    return _("Tiếp nhận hồ sơ, mã %(code)s, hẹn trả %(due)s") % {"code": ev.code, "due": moment(ev.due)}


def declined(ev: e.Declined, _procedure: Procedure) -> str:
    """Not accepted: the words are addressed to the applicant (form 03)."""
    return _("Không tiếp nhận hồ sơ: %(words)s") % {"words": ev.words}


def supplement_requested(ev: e.SupplementRequested, procedure: Procedure) -> str:
    """All that is asked for, and why (form 02)."""
    said = {"items": "; ".join(items_words(procedure, ev.items)), "reason": ev.reason}
    return _("Đề nghị bổ sung: %(items)s. Lý do: %(reason)s") % said


def supplemented(ev: e.Supplemented, _procedure: Procedure) -> str:
    """What was asked for came."""
    said = _("Đã nhận phần bổ sung")
    return f"{said}, {_('hẹn trả')} {moment(ev.due)}" if ev.due else said


def assigned(_ev: e.Assigned, _procedure: Procedure) -> str:
    """Somebody has it; who, is the office's."""
    return _("Đã giao người xử lý")


def received(_ev: e.Received, _procedure: Procedure) -> str:
    """It arrived."""
    return _("Nơi xử lý xác nhận đã nhận hồ sơ")


def forwarded(ev: e.Forwarded, procedure: Procedure) -> str:
    """One step is done and the next begins."""
    said = {"step": step_name(procedure, ev.step), "to": ", ".join(step_name(procedure, to) for to in ev.to)}
    return _("Xong “%(step)s”, chuyển tới “%(to)s”") % said


def sent_back(ev: e.SentBack, procedure: Procedure) -> str:
    """Looked at once more inside the office."""
    return _("Xem lại bước “%(to)s” trong nội bộ") % {"to": step_name(procedure, ev.to)}


def opinion_asked(ev: e.OpinionAsked, _procedure: Procedure) -> str:
    """Which office was asked."""
    return _("Hỏi ý kiến %(agency)s") % {"agency": agency_name(ev.agency)}


def opinion_given(_ev: e.OpinionGiven, _procedure: Procedure) -> str:
    """That they answered."""
    return _("Cơ quan được hỏi đã trả lời")


def suspended(ev: e.Suspended, _procedure: Procedure) -> str:
    """A lawful wait, and on what ground."""
    return _("Tạm dừng tính giờ: %(ground)s") % {"ground": _ground(ev.ground)}


def resumed(ev: e.Resumed, _procedure: Procedure) -> str:
    """The clock goes on."""
    return _("Tính giờ tiếp, hẹn trả %(due)s") % {"due": moment(ev.due)}


def payment_requested(ev: e.PaymentRequested, _procedure: Procedure) -> str:
    """How much is asked for."""
    return _("Thông báo nộp %(amount)s") % {"amount": dong(sum(ev.amounts.values()))}


def payment_recorded(ev: e.PaymentRecorded, _procedure: Procedure) -> str:
    """How much came, and the receipt for it."""
    said = {"amount": dong(sum(ev.amounts.values())), "receipt": ev.receipt}
    return _("Đã nhận %(amount)s, biên lai %(receipt)s") % said


def payment_refunded(ev: e.PaymentRefunded, _procedure: Procedure) -> str:
    """How much was given back, and why."""
    said = {"amount": dong(sum(ev.amounts.values())), "reason": ev.reason}
    return _("Hoàn lại %(amount)s: %(reason)s") % said


def drafted(_ev: e.AnyEvent, _procedure: Procedure) -> str:
    """An answer is being written: not yet which."""
    return _("Soạn văn bản trả lời")


def draft_shown(ev: e.DraftShown, _procedure: Procedure) -> str:
    """The draft was shown, and until when it can be answered."""
    said = _("Gửi dự thảo kết quả để bạn xem, trả lời đến %(until)s") % {"until": moment(ev.until)}
    return f"{said}. {_('Cán bộ nhắn')}: {ev.note}" if ev.note else said


def draft_answered(ev: e.DraftAnswered, _procedure: Procedure) -> str:
    """Right, wrong, or silence, which agrees."""
    if getattr(ev, "silent", False):
        return _("Hết hạn xem dự thảo, coi như đồng ý")
    if ev.agrees:
        return _("Dự thảo kết quả được xác nhận là đúng")
    return _("Báo dự thảo có chỗ chưa đúng: %(words)s") % {"words": ev.words}


def signed(_ev: e.Signed, _procedure: Procedure) -> str:
    """The answer is signed."""
    return _("Ký kết quả")


def numbered(ev: e.ResultNumbered, _procedure: Procedure) -> str:
    """The number of the answer."""
    return _("Cấp số %(number)s cho kết quả") % {"number": ev.number}


def issued(_ev: e.ResultIssued, _procedure: Procedure) -> str:
    """The signed file exists."""
    return _("Bản điện tử của kết quả đã ký số")


def extended(ev: e.Extended, _procedure: Procedure) -> str:
    """Sorry, and the new date."""
    said = {"apology": ev.apology.rstrip(". "), "reason": ev.reason, "due": moment(ev.due)}
    return _("%(apology)s. Lý do: %(reason)s. Hẹn lại %(due)s") % said


def ready(ev: e.ResultReady, _procedure: Procedure) -> str:
    """The answer lies where it can be had."""
    return _("Đã có kết quả tại %(agency)s") % {"agency": agency_name(ev.agency)}


def handed_over(ev: e.HandedOver, _procedure: Procedure) -> str:
    """Who has the answer now, and by which way."""
    if ev.by_paper == "post":
        return _("Gửi kết quả qua bưu chính, số bưu gửi %(number)s") % {"number": ev.paper_number}
    if ev.by_paper == "account":
        return _("Trả kết quả vào tài khoản")
    return _("Trả kết quả cho %(name)s") % {"name": ev.to_name}


def withdrawn(ev: e.Withdrawn, _procedure: Procedure) -> str:
    """Taken back."""
    return _("Rút hồ sơ: %(reason)s") % {"reason": ev.reason}


def stopped(ev: e.Stopped, _procedure: Procedure) -> str:
    """Stopped, on which ground."""
    return _("Dừng giải quyết: %(reason)s. Căn cứ: %(ground)s") % {"reason": ev.reason, "ground": ev.ground}


def closed(ev: e.Closed, _procedure: Procedure) -> str:
    """Nothing came in time."""
    return _("Đóng hồ sơ vì %(days)s ngày không có phần bổ sung") % {"days": ev.days}


def corrected(ev: e.Corrected, _procedure: Procedure) -> str:
    """What we had typed wrongly, old and new."""
    changes = "; ".join(f"{old or '–'} → {new}" for old, new in ev.changes.values())
    return _("Sửa sai sót nhập liệu: %(what)s") % {"what": changes}


def correction_opened(ev: e.CorrectionOpened, _procedure: Procedure) -> str:
    """An error of ours."""
    return _("Mở lại để đính chính sai sót của cơ quan: %(reason)s") % {"reason": ev.reason}


def due_moved(ev: e.DueMoved, _procedure: Procedure) -> str:
    """The calendar changed, and the date with it."""
    return _("Lịch làm việc thay đổi, hẹn trả %(due)s") % {"due": moment(ev.due)}


def noted(ev: e.Noted, procedure: Procedure) -> str:
    """Only that a scan was put to a paper; words among colleagues are theirs."""
    paper = procedure.paper(ev.paper) if ev.paper and ev.files else None
    return _("Đính bản quét của “%(paper)s”") % {"paper": paper.name.within(language())} if paper else ""


def notice_recorded(ev: e.NoticeRecorded, _procedure: Procedure) -> str:
    """A message the law requires, by which way and whether it arrived; never to which number."""
    ways = {"sms": _("tin nhắn"), "email": _("thư điện tử"), "push": _("thông báo trên máy")}
    said = {"way": ways.get(ev.channel, ev.channel)}
    if ev.outcome == "delivered":
        return _("Đã báo cho bạn bằng %(way)s") % said
    return _("Chưa báo được cho bạn bằng %(way)s") % said


def rated(_ev: e.Rated, _procedure: Procedure) -> str:
    """The service was rated."""
    return _("Đánh giá phục vụ")


def rating_contested(ev: e.RatingContested, _procedure: Procedure) -> str:
    """The agency disagrees, and why."""
    return _("Cơ quan đề nghị xem lại đánh giá: %(reason)s") % {"reason": ev.reason}


def rating_ruled(ev: e.RatingRuled, _procedure: Procedure) -> str:
    """Control has decided."""
    said = {"words": ev.words}
    return (_("Đánh giá được giữ nguyên: %(words)s") if ev.stands else _("Đánh giá không được tính: %(words)s")) % said


def step_recorded(ev: e.StepRecorded, _procedure: Procedure) -> str:
    """A step of an old log."""
    return _("Bước trong nhật ký cũ: %(activity)s") % {"activity": ev.activity}


def replay_ended(_ev: e.ReplayEnded, _procedure: Procedure) -> str:
    """The old log ends."""
    return _("Hết nhật ký cũ")
