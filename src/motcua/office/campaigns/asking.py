"""What the pages of campaigns ask first: which campaign or answer, whether the reader may see it, and how it is said.

What somebody may not see does not exist for them. What may be done with it is the law's.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from motcua.calendars.lookup import NoCalendarError
from motcua.campaigns import progress
from motcua.campaigns.answering import campaign_or_none
from motcua.campaigns.forms import form_of
from motcua.campaigns.models import Answer, Campaign
from motcua.campaigns.progress import UNSIGNED
from motcua.dossiers.clock_face import calendar_of, short_face
from motcua.law.campaign import Column, Form, Value
from motcua.law.campaign_cells import value_of
from motcua.law.texts import Text
from motcua.law.working_time import OutsideCalendarError
from motcua.office.door import actor_of
from motcua.organisation.directory import directory

SIGNED = ("signed", "district", "city")


def language() -> str:
    """The reader's language."""
    return get_language() or "vi"


def scope_of(request: HttpRequest) -> progress.Scope:
    """How far the reader's posts reach."""
    return progress.scope_of(actor_of(request))


def answer_or_404(request: HttpRequest, number: int) -> Answer:
    """The answer if the reader may see it."""
    answer = Answer.objects.select_related("campaign__form", "campaign__previous").filter(pk=number).first()
    if answer is None or not progress.may_see(scope_of(request), answer):
        raise Http404
    return answer


def campaign_or_404(request: HttpRequest, number: int) -> Campaign:
    """The campaign if the reader oversees a part of it."""
    campaign, scope = campaign_or_none(number), scope_of(request)
    if campaign is None or not scope.oversees:
        raise Http404
    if not scope.city and not campaign.answers.filter(district__in=scope.districts - {0}).exists():
        raise Http404
    return campaign


def districts_seen(scope: progress.Scope) -> frozenset[int] | None:
    """The districts whose answers the reader oversees; None for the whole city."""
    return None if scope.city else scope.districts - {0}


def title_of(campaign: Campaign) -> str:
    """The campaign's title in the reader's language."""
    return Text(campaign.title_vi, campaign.title_en).within(language())


def name_of(agency: int) -> str:
    """An agency's name in the reader's language; those of the city itself have no district."""
    return directory()[agency].name.within(language()) if agency else _("Cơ quan trực thuộc thành phố")


def state_words(state: str, closed: bool = False) -> tuple[str, str]:
    """The look and the word of an answer's state; what was not signed when its campaign was closed never comes."""
    if closed and state in UNSIGNED:
        return "waiting", _("không trả lời")
    said = {
        "": ("waiting", _("chưa bắt đầu")),
        "draft": ("waiting", _("đang soạn")),
        "submitted": ("due_today", _("chờ lãnh đạo ký")),
        "returned": ("late", _("bị trả lại")),
        "signed": ("on_time", _("đã ký")),
        "district": ("on_time", _("cấp huyện đã duyệt")),
        "city": ("done", _("thành phố đã duyệt")),
    }
    return said[state]


def act_words(kind: str) -> tuple[str, str]:
    """What somebody did, and its icon."""
    said = {
        "open": (_("Mở đợt thu thập"), "flag"),
        "save": (_("Lưu phiếu"), "pencil"),
        "submit": (_("Trình lãnh đạo"), "send"),
        "sign": (_("Ký phiếu"), "signature"),
        "accept_district": (_("Cấp huyện duyệt"), "check"),
        "accept_city": (_("Thành phố duyệt"), "check"),
        "return": (_("Trả lại"), "corner-up-left"),
        "correct": (_("Mở bản đính chính"), "pencil"),
        "move": (_("Dời hạn"), "clock"),
        "close": (_("Đóng đợt"), "lock"),
        "reopen": (_("Mở lại đợt"), "flag"),
    }
    return said[kind]


def source_words(source: str) -> str:
    """Where a cell was written."""
    return {"excel": "Excel", "copied": _("chép từ bản trước")}.get(source, _("trên trang"))


def clock_of(answer: Answer, now: datetime) -> dict[str, Any] | None:
    """The clock chip of what is still owed; None once it is signed or closed, or where no calendar holds."""
    if answer.state in SIGNED or answer.campaign.closed_at is not None:
        return None
    try:
        return short_face(calendar_of(answer.agency), now, answer.campaign.opened_at, answer.campaign.due_at)
    except (NoCalendarError, OutsideCalendarError):
        return None


def said_value(column: Column, value: Value | None) -> str:
    """A value as the reader's language writes it; nothing where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return pgettext("trả lời", "có") if value else pgettext("trả lời", "không")
    if isinstance(value, int | Decimal):
        return str(value) if column.plain else _number(value)
    if isinstance(value, str):
        named = next((each.name for each in column.choices if each.code == value), None)
        return named.within(language()) if named else value
    return f"{value.day}/{value.month}/{value.year}"


def said_stored(column: Column, stored: Any) -> str:
    """A stored value as the reader's language writes it."""
    return said_value(column, None if stored is None else value_of(column, stored))


def _number(value: int | Decimal) -> str:
    words = f"{Decimal(value):,f}"
    words = words.rstrip("0").rstrip(".") if "." in words else words
    return words if language().startswith("en") else words.translate(str.maketrans(",.", ".,"))


def form_in(campaign: Campaign) -> Form:
    """The form a campaign was opened with."""
    return form_of(campaign.form)


def crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way back to the list of campaigns."""
    return [(_("Số liệu"), "/can-bo/so-lieu/"), (_("Thu thập số liệu"), "/can-bo/thu-thap/"), *more]
