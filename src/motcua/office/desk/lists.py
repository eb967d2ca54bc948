"""The inbox and the search: what lies on somebody's desk, by time left, with exact counts."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.catalogue import versions
from motcua.dossiers import clock, search
from motcua.dossiers.clock_face import calendar_of, short_face
from motcua.dossiers.inbox import FILTERS, Inbox, Row
from motcua.law.actor import Actor
from motcua.law.dossier import NATIONAL_STATUSES
from motcua.law.names import search_key
from motcua.law.rights import HEADS
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.office.door import CONTROL_ROLES, POST_KEY, actor_of, official
from motcua.organisation.directory import directory
from motcua.organisation.models import Account

MOST_FOUND = 30
CHIP_STATES = {"late": "late", "today": "due_today", "waiting": "waiting"}


def chip_labels() -> dict[str, str]:
    """The filters of the inbox in words."""
    return {
        "all": _("Tất cả"),
        "mine": _("Giao cho tôi"),
        "unassigned": _("Chưa giao"),
        "late": _("Trễ hạn"),
        "today": _("Hạn hôm nay"),
        "waiting": _("Đang chờ"),
        "arriving": _("Đang chuyển đến"),
        "opinion": _("Được hỏi ý kiến"),
    }


@official()
def home(request: HttpRequest) -> HttpResponse:
    """The office begins at the desk."""
    return redirect("office:desk")


@require_POST
@official()
def switch_post(request: HttpRequest) -> HttpResponse:
    """Narrows the office to one of the actor's agencies, or opens all of them again."""
    request.session[POST_KEY] = request.POST.get("post", "")
    return redirect("office:desk")


def tomorrow(now: datetime) -> datetime:
    """The instant at which the city's next day begins."""
    return datetime.combine(city_day(now) + timedelta(days=1), datetime.min.time(), tzinfo=CITY_ZONE)


def step_name(row: Row) -> str:
    """What is to be done, in the reader's language."""
    if row.kind == "opinion":
        return _("Cho ý kiến")
    language = get_language() or "vi"
    return versions.procedure_version(row.version).process.step(row.step).name.within(language)


def _table_row(row: Row, now: datetime, names: dict[int, str]) -> dict[str, Any]:
    language, agencies = get_language() or "vi", directory()
    procedure = versions.procedure_version(row.version)
    clock_cell = short_face(calendar_of(row.agency), now, row.opened_at, row.due_at, waiting=row.waiting)
    sender = agencies.by_number.get(row.sent_by)
    step = step_name(row) if row.received else _("Chờ nhận: %(step)s") % {"step": step_name(row)}
    return {
        "id": f"{row.dossier_id}:{row.no}",
        "href": reverse("office:dossier", args=[row.dossier_id]),
        "label": row.code,
        "state": "late" if clock_cell["state"] == "late" else None,
        "cells": {
            "clock": clock_cell,
            "code": row.code,
            "procedure": procedure.name.within(language),
            "applicant": row.applicant_name,
            "step": step,
            "from": sender.name.within(language) if sender else "",
            "assignee": names.get(row.assignee, ""),
            "since": row.opened_at,
        },
    }


def inbox_table(rows: list[Row], now: datetime, caption: str) -> dict[str, Any]:
    """Rows of the inbox as a table for the page."""
    accounts = {row.assignee for row in rows if row.assignee}
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "full_name")) if accounts else {}
    filled = [_table_row(row, now, names) for row in rows]
    columns = [
        {"key": "clock", "label": _("Thời gian còn lại"), "kind": "clock"},
        {"key": "code", "label": _("Mã hồ sơ"), "kind": "code"},
        {"key": "procedure", "label": _("Thủ tục"), "kind": "text"},
        {"key": "applicant", "label": _("Người nộp"), "kind": "text"},
        {"key": "step", "label": _("Bước"), "kind": "text"},
        {"key": "from", "label": _("Từ"), "kind": "text"},
        {"key": "assignee", "label": _("Người xử lý"), "kind": "text"},
        {"key": "since", "label": _("Từ lúc"), "kind": "when"},
    ]
    return {
        "caption": caption,
        "form": "desk",
        "select": True,
        "name": "task",
        # A column in which no row says anything only takes the others' room.
        "columns": [each for each in columns if any(row["cells"][each["key"]] for row in filled)],
        "rows": filled,
    }


def bulk_actions(actor: Actor) -> list[dict[str, Any]]:
    """What somebody with these posts can do to several rows at once, and what it will mean."""
    leads = any(grant.role in HEADS for grant in actor.grants)
    actions = [
        ("receive", _("Xác nhận đã nhận"), _("Nhận {n} hồ sơ; thời gian tính cho đơn vị bạn"), True),
        ("forward", _("Chuyển tiếp"), _("Chuyển {n} hồ sơ sang bước sau"), True),
        ("assign", _("Giao việc"), _("Giao {n} hồ sơ cho một người"), leads),
        ("sign", _("Ký"), _("Ký {n} hồ sơ có dự thảo"), leads),
    ]
    return [
        {"value": value, "label": label, "says": says, "kind": "" if value == "receive" else "second"}
        for value, label, says, shown in actions
        if shown
    ]


@official()
def desk(request: HttpRequest) -> HttpResponse:
    """The inbox."""
    now = clock.now()
    query = request.GET.get("q", "").strip()
    chosen = request.GET.get("loc", "all")
    which = chosen if chosen in FILTERS else "all"
    inbox = Inbox(
        actor_of(request),
        now,
        tomorrow(now),
        search=query.upper(),
        search_key=search_key(query),
        procedure=request.GET.get("thu-tuc", ""),
        step=request.GET.get("buoc", ""),
    )
    counts = inbox.counts()
    try:
        rows, following = inbox.page(which, request.GET.get("sau", ""))  # type: ignore[arg-type]
    except ValueError:
        rows, following = inbox.page(which)  # type: ignore[arg-type]
    labels = chip_labels()
    chips = [
        {
            "label": labels[name],
            "count": counts[name],
            "href": _link(request, loc=name, sau=""),
            "active": name == which,
            "state": CHIP_STATES.get(name),
        }
        for name in FILTERS
        if name in ("all", "mine", "late", "today") or counts[name]
    ]
    context = {
        "chips": chips,
        "table": inbox_table(rows, now, labels[which]),
        "actions": bulk_actions(actor_of(request)),
        "key": uuid4().hex,
        "total": counts[which],
        "next": _link(request, sau=following) if following else None,
        "first": _link(request, sau="") if request.GET.get("sau") else None,
        "query": query,
        "which": which,
        "oversees": bool({grant.role for grant in actor_of(request).grants} & CONTROL_ROLES),
        "narrowing": _narrowing(inbox, query, request.GET.get("thu-tuc", "")),
        "narrowed": bool(query or request.GET.get("thu-tuc") or request.GET.get("buoc")),
    }
    return render(request, "office/desk.html", context)


def _narrowing(inbox: Inbox, query: str, chosen: str) -> list[dict[str, Any]]:
    """The fields that narrow the list: words, and one of the procedures there is work of, with exact counts."""
    language, day = get_language() or "vi", city_day(clock.now())
    choices = [("", _("Mọi thủ tục"))]
    for code, number in inbox.procedures().items():
        try:
            name = versions.current_version(code, day)[1].name.within(language)
        except versions.UnknownProcedureError:
            name = code
        choices.append((code, f"{name} ({number})"))
    text = {"id": "loc-q", "name": "q", "kind": "search", "value": query, "errors": [], "required": True}
    procedure = {
        "id": "loc-thu-tuc",
        "name": "thu-tuc",
        "kind": "choice",
        "value": chosen,
        "errors": [],
        "required": True,
    }
    return [
        {**text, "label": _("Tìm trong danh sách: mã, họ tên, số giấy tờ")},
        {**procedure, "label": _("Thủ tục"), "choices": choices},
    ]


def _link(request: HttpRequest, **changes: str) -> str:
    kept = {name: value for name, value in request.GET.items() if value} | changes
    return "?" + urlencode({name: value for name, value in kept.items() if value})


@official()
def search_page(request: HttpRequest) -> HttpResponse:
    """Dossiers by code, number or name; a single one opens at once."""
    query = request.GET.get("q", "").strip()
    found = search.search(actor_of(request), query, limit=MOST_FOUND + 1) if query else []
    more, found = len(found) > MOST_FOUND, found[:MOST_FOUND]
    if len(found) == 1:
        return redirect("office:dossier", found[0].id)
    language, agencies = get_language() or "vi", directory()
    english = language.startswith("en")
    rows = [
        {
            "id": str(each.id),
            "href": reverse("office:dossier", args=[each.id]),
            "label": each.code,
            "cells": {
                "code": each.code or _("chưa cấp mã"),
                "procedure": versions.procedure_version(each.version).name.within(language),
                "applicant": each.applicant_name,
                "status": NATIONAL_STATUSES[each.status][int(english)],
                "agency": agencies[each.receiving].name.within(language),
                "due": each.due_at,
            },
        }
        for each in found
    ]
    table = {
        "caption": _("Kết quả tìm"),
        "select": False,
        "columns": [
            {"key": "code", "label": _("Mã hồ sơ"), "kind": "code"},
            {"key": "procedure", "label": _("Thủ tục"), "kind": "text"},
            {"key": "applicant", "label": _("Người nộp"), "kind": "text"},
            {"key": "status", "label": _("Trạng thái"), "kind": "text"},
            {"key": "agency", "label": _("Nơi tiếp nhận"), "kind": "text"},
            {"key": "due", "label": _("Hẹn trả"), "kind": "when"},
        ],
        "rows": rows,
    }
    return render(request, "office/search.html", {"table": table, "query": query, "found": found, "more": more})
