"""Events in people's words: one sentence each, for timelines. What they mean in law is elsewhere."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers.asked_items import item_name
from motcua.dossiers.journal import Entry
from motcua.filing.saying import say_day
from motcua.law import events as e
from motcua.law.actor import SYSTEM
from motcua.law.procedure import Procedure
from motcua.law.rights import GROUNDS
from motcua.law.working_time import CITY_ZONE
from motcua.organisation.directory import directory
from motcua.organisation.models import Account

ICONS = {
    "lodged": "file-text", "accepted": "circle-check", "forwarded": "arrow-right", "signed": "signature",
    "handed_over": "package-check", "supplement_requested": "triangle-alert", "sent_back": "corner-up-left",
    "draft_shown": "eye", "draft_answered": "eye", "rated": "message-square", "notice_recorded": "bell",
    "result_issued": "file-text",
}  # fmt: skip


def _agency(number: int) -> str:
    agency = directory().by_number.get(number)
    return agency.name.within(get_language() or "vi") if agency else str(number)


def _step(procedure: Procedure, name: str) -> str:
    try:
        return procedure.process.step(name).name.within(get_language() or "vi")
    except KeyError:
        return name


def _papers(procedure: Procedure, items: tuple[str, ...]) -> str:
    return "; ".join(item_name(procedure, item, get_language() or "vi") for item in items)


def _ground(ground: str) -> str:
    vi, en = GROUNDS[ground]
    return en if (get_language() or "vi").startswith("en") else vi


def said_at(when: datetime) -> str:
    """An instant on the city's clock: `17:00, 7/1/2019`."""
    local = when.astimezone(CITY_ZONE)
    return f"{local:%H:%M}, {say_day(local.date().isoformat())}"


def _draft_answer(ev: e.DraftAnswered) -> str:
    if ev.silent:
        return _("Người nộp không trả lời trong thời hạn, coi như đồng ý với dự thảo")
    if ev.agrees:
        return _("Người nộp xác nhận dự thảo đúng")
    return _("Người nộp báo dự thảo sai: %(words)s") % {"words": ev.words}


def _notice(ev: e.NoticeRecorded) -> str:
    ways = {"sms": _("tin nhắn"), "email": _("thư điện tử"), "push": _("thông báo trên máy")}
    ends = {"delivered": _("đã tới"), "failed": _("không tới"), "expired": _("quá hạn, không tới")}
    said = {"way": ways.get(ev.channel, ev.channel), "end": ends.get(ev.outcome, ev.outcome)}
    return _("Báo cho người nộp bằng %(way)s: %(end)s") % said


Words = Callable[[Any, Procedure], str]

_WORDS: dict[type, Words] = {
    e.Lodged: lambda ev, p: _("Nộp hồ sơ tại %(agency)s") % {"agency": _agency(ev.agency)},
    e.Accepted: lambda ev, p: _("Tiếp nhận hồ sơ, cấp mã %(code)s") % {"code": ev.code},
    e.Declined: lambda ev, p: _("Từ chối tiếp nhận: %(words)s") % {"words": ev.words},
    e.SupplementRequested: lambda ev, p: _("Yêu cầu bổ sung: %(papers)s") % {"papers": _papers(p, ev.items)},
    e.Supplemented: lambda ev, p: _("Người nộp đã bổ sung giấy tờ"),
    e.Assigned: lambda ev, p: _("Giao việc cho %(name)s") % {"name": ev.to_name},
    e.Received: lambda ev, p: _("Xác nhận đã nhận hồ sơ"),
    e.Forwarded: lambda ev, p: (
        _("Xong bước “%(step)s”, chuyển tới “%(to)s”")
        % {"step": _step(p, ev.step), "to": ", ".join(_step(p, to) for to in ev.to)}
    ),
    e.SentBack: lambda ev, p: _("Trả lại bước “%(to)s”: %(reason)s") % {"to": _step(p, ev.to), "reason": ev.reason},
    e.OpinionAsked: lambda ev, p: (
        _("Lấy ý kiến %(agency)s: %(question)s") % {"agency": _agency(ev.agency), "question": ev.question}
    ),
    e.OpinionGiven: lambda ev, p: (
        (_("Ý kiến: đồng ý. %(words)s") if ev.agrees else _("Ý kiến: không đồng ý. %(words)s")) % {"words": ev.words}
    ),
    e.Suspended: lambda ev, p: _("Tạm dừng tính giờ: %(ground)s") % {"ground": _ground(ev.ground)},
    e.Resumed: lambda ev, p: _("Tiếp tục tính giờ"),
    e.PaymentRequested: lambda ev, p: _("Thông báo nộp %(amount)s đồng") % {"amount": sum(ev.amounts.values())},
    e.PaymentRecorded: lambda ev, p: (
        _("Đã thu %(amount)s đồng, biên lai %(receipt)s") % {"amount": sum(ev.amounts.values()), "receipt": ev.receipt}
    ),
    e.ResultDrafted: lambda ev, p: _("Dự thảo kết quả"),
    e.Signed: lambda ev, p: _("Ký kết quả"),
    e.ResultNumbered: lambda ev, p: _("Cấp số %(number)s") % {"number": ev.number},
    e.Refused: lambda ev, p: _("Đề nghị từ chối giải quyết: %(words)s") % {"words": ev.words},
    e.Extended: lambda ev, p: _("Xin lỗi và hẹn lại ngày trả: %(reason)s") % {"reason": ev.reason},
    e.ResultReady: lambda ev, p: _("Kết quả đã có tại %(agency)s") % {"agency": _agency(ev.agency)},
    e.HandedOver: lambda ev, p: _("Trả kết quả cho %(name)s") % {"name": ev.to_name},
    e.Withdrawn: lambda ev, p: _("Người nộp rút hồ sơ: %(reason)s") % {"reason": ev.reason},
    e.Stopped: lambda ev, p: _("Dừng giải quyết: %(reason)s") % {"reason": ev.reason},
    e.Closed: lambda ev, p: _("Đóng hồ sơ vì không bổ sung trong %(days)s ngày") % {"days": ev.days},
    e.Corrected: lambda ev, p: (
        _("Sửa sai sót nhập liệu: %(what)s")
        % {"what": "; ".join(f"{old or '–'} → {new}" for old, new in ev.changes.values())}
    ),
    e.CorrectionOpened: lambda ev, p: _("Mở lại để đính chính kết quả: %(reason)s") % {"reason": ev.reason},
    e.DueMoved: lambda ev, p: _("Ngày hẹn thay đổi theo lịch làm việc: %(reason)s") % {"reason": ev.reason},
    e.Noted: lambda ev, p: ev.words or _("Đính kèm bản quét"),
    e.StepRecorded: lambda ev, p: _("Bước phát lại: %(activity)s") % {"activity": ev.activity},
    e.ReplayEnded: lambda ev, p: _("Kết thúc phát lại"),
    e.DraftShown: lambda ev, p: _("Gửi dự thảo cho người nộp xem đến %(until)s") % {"until": said_at(ev.until)},
    e.DraftAnswered: lambda ev, p: _draft_answer(ev),
    e.ResultIssued: lambda ev, p: _("Bản điện tử số %(number)s đã ký số") % {"number": ev.number},
    e.NoticeRecorded: lambda ev, p: _notice(ev),
    e.PaymentRefunded: lambda ev, p: (
        _("Hoàn %(amount)s đồng, chứng từ %(receipt)s: %(reason)s")
        % {"amount": sum(ev.amounts.values()), "receipt": ev.receipt, "reason": ev.reason}
    ),
    e.Rated: lambda ev, p: (
        _("Người nộp đánh giá: %(points)d trên %(most)d điểm")
        % {"points": sum(ev.scores.values()), "most": 2 * len(ev.scores)}
    ),
    e.RatingContested: lambda ev, p: (
        _("%(agency)s khiếu nại đánh giá: %(reason)s") % {"agency": _agency(ev.agency), "reason": ev.reason}
    ),
    e.RatingRuled: lambda ev, p: (
        (_("Kết luận: đánh giá được giữ. %(words)s") if ev.stands else _("Kết luận: đánh giá không tính. %(words)s"))
        % {"words": ev.words}
    ),
}


def in_words(event: e.AnyEvent, procedure: Procedure) -> str:
    """One sentence for what happened."""
    return _WORDS[type(event)](event, procedure)


def who_acted(name: str) -> str:
    """A person's name as it stands; the system's own in the reader's language."""
    return _("Hệ thống") if name == SYSTEM.name else name


def timeline(entries: list[Entry], procedure: Procedure) -> list[dict[str, Any]]:
    """The history, newest first: when, who and for whom, where, what, and both times of what was entered late."""
    givers = {entry.stands_in_for for entry in entries if entry.stands_in_for}
    names = dict(Account.objects.filter(pk__in=givers).values_list("pk", "full_name")) if givers else {}
    return [_timeline_entry(entry, procedure, names) for entry in reversed(entries)]


def _timeline_entry(entry: Entry, procedure: Procedure, names: dict[int, str]) -> dict[str, Any]:
    waits = isinstance(entry.event, e.SupplementRequested | e.Suspended | e.DraftShown)
    return {
        "when": entry.event.occurred_at or entry.at,
        "entered": entry.at if entry.event.occurred_at else None,
        "who": _who(entry, names),
        "post": _agency(entry.agency),
        "what": in_words(entry.event, procedure),
        "note": entry.event.note or entry.event.late_reason,
        "icon": ICONS.get(entry.type),
        "state": "waiting" if waits else "",
    }


def _who(entry: Entry, names: dict[int, str]) -> str:
    name = who_acted(entry.actor_name)
    if not entry.stands_in_for:
        return name
    giver = names.get(entry.stands_in_for, str(entry.stands_in_for))
    return _("%(name)s (được %(giver)s ủy quyền)") % {"name": name, "giver": giver}
