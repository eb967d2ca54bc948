"""The control office moves a campaign's date, closes it or opens it again: asked with the reason, looked at, done.

How a date became what it is stands in `term_words`.
"""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.campaigns import opening, term
from motcua.campaigns.models import Campaign
from motcua.dossiers import clock
from motcua.law.campaign_cells import UnreadableCellError, read_words
from motcua.law.campaign_term import Change
from motcua.law.refusal import Refusal
from motcua.law.working_time import city_day
from motcua.office.campaigns import asking, term_words
from motcua.office.campaigns.opening_page import DAY, reminders
from motcua.office.door import actor_of, official

_FIELDS = {"campaign_words": "reason", "campaign_date": "due"}


@official("control")
def move_page(request: HttpRequest, number: int) -> HttpResponse:
    """To another day that lies ahead."""
    return _page(request, number, "move")


@official("control")
def close_page(request: HttpRequest, number: int) -> HttpResponse:
    """Nothing is written, handed in or signed any more."""
    return _page(request, number, "close")


@official("control")
def reopen_page(request: HttpRequest, number: int) -> HttpResponse:
    """What was closed can be answered until a day that lies ahead."""
    return _page(request, number, "reopen")


def _page(request: HttpRequest, number: int, change: Change) -> HttpResponse:
    campaign, actor, now = asking.campaign_or_404(request, number), actor_of(request), clock.now()
    if not opening.may_open(actor):
        return render(request, "office/no_post.html", {"needed": ("control",)}, status=403)
    errors: list[tuple[str, str]] = []
    due, reason = _wanted(request.POST, change, errors, now) if request.method == "POST" else (None, "")
    if request.method == "POST" and not errors:
        seen = _number(request.POST.get("seen", ""))
        if request.POST.get("confirmed") == "yes":
            done = term.change_term(number, change, actor, reason, seen, due, now)
            if not isinstance(done, Refusal):
                messages.success(request, _done_words(change))
                return redirect("office:campaign", number)
            campaign = asking.campaign_or_404(request, number)
        else:
            done = term.refused(campaign, change, actor, reason, due, seen, now)
        if done is not None:
            errors.append((_FIELDS.get(done.code, ""), done.text.within(asking.language())))
    if (campaign.closed_at is not None) != (change == "reopen"):
        messages.error(request, _("Đợt này đã đóng.") if campaign.closed_at is not None else _("Đợt này đang mở."))
        return redirect("office:campaign", number)
    looks = request.method == "POST" and not errors
    context = _said(change) | {
        "campaign": campaign,
        "title": asking.title_of(campaign),
        "term": term_words.term_of(campaign),
        "change": change,
        "errors": errors,
        "fields": _fields(change, request.POST, dict(errors)),
        "seen": term.last_act(campaign),
        "look": _look(campaign, change, due, reason, now) if looks else None,
        "kept": [(name, request.POST.get(name, "")) for name in ("reason", "due") if name in request.POST],
        "crumbs": asking.crumbs(
            (asking.title_of(campaign), reverse("office:campaign", args=[number])), (asking.act_words(change)[0], None)
        ),
    }
    return render(request, "office/campaigns/term.html", context, status=422 if errors else 200)


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 16 else -1


def _wanted(
    given: QueryDict, change: Change, errors: list[tuple[str, str]], now: datetime
) -> tuple[datetime | None, str]:
    due, reason = None, given.get("reason", "").replace("\r\n", "\n").strip()
    if change != "close":
        try:
            day = read_words(DAY, given.get("due", "")[:20])
        except UnreadableCellError:
            day = None
        if isinstance(day, date):
            due = opening.closing_hour(day, now)
        else:
            errors.append(("due", _("Hãy ghi ngày, như 31/12/2018.")))
    if not reason:
        errors.append(("reason", _("Hãy ghi lý do.")))
    return due, reason


def _said(change: Change) -> dict[str, str]:
    """The words of the three pages."""
    if change == "move":
        return {
            "heading": _("Dời hạn"),
            "button": _("Dời hạn, báo các cơ quan"),
            "lead": _("Hạn mới phải ở phía trước, sớm hay muộn hơn hạn đang có đều được. Mọi cơ quan được hỏi đều nhận"
                      " thông báo."),
        }  # fmt: skip
    if change == "close":
        return {
            "heading": _("Đóng đợt"),
            "button": _("Đóng đợt, báo nơi chưa trả lời"),
            "lead": _("Sau khi đóng, không ai ghi, nộp hay ký phiếu được nữa. Phiếu đã ký vẫn được tính và vẫn duyệt"
                      " được. Sau này có thể mở lại."),
        }  # fmt: skip
    return {
        "heading": _("Mở lại đợt"),
        "button": _("Mở lại đợt, báo nơi chưa trả lời"),
        "lead": _("Nơi chưa trả lời lại ghi, nộp và ký được cho đến hạn mới."),
    }


def _done_words(change: Change) -> str:
    return {"move": _("Đã dời hạn."), "close": _("Đã đóng đợt."), "reopen": _("Đã mở lại đợt.")}[change]


def _fields(change: Change, given: QueryDict, told: dict[str, str]) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = []
    if change != "close":
        asked.append({"name": "due", "kind": "date", "label": _("Hạn mới: hết giờ làm việc ngày"), "width": 8,
                      "hint": _("Viết như 31/12/2018.")})  # fmt: skip
    asked.append({"name": "reason", "kind": "textarea", "label": _("Lý do"), "rows": 3,
                  "hint": _("Các cơ quan đều đọc được; ghi rồi thì không sửa được.")})  # fmt: skip
    return [
        {"id": each["name"], "value": given.get(each["name"], ""), "required": True,
         "errors": [told[each["name"]]] if each["name"] in told else [], **each}
        for each in asked
    ]  # fmt: skip


def _look(campaign: Campaign, change: Change, due: datetime | None, reason: str, now: datetime) -> dict[str, Any]:
    """What the change would do: who is told, what becomes in time, what stays unanswered, when people are reminded."""
    owing = term.owing(campaign)
    found: dict[str, Any] = {"due": due, "reason": reason, "owing": owing}
    if change == "move" and due is not None:
        found["told"] = campaign.answers.count()
        found["in_time"] = term.late_until_moved(campaign, due)
    if change == "close":
        found["corrections"] = term.corrections(campaign)
    if change == "reopen":
        found["corrections"] = term.put_aside(campaign)
    if due is not None:
        found["reminders"] = [day for day in reminders(due) if day >= city_day(now)]
    return found
