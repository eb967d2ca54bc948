"""My lists: how far each is, its file while it is kept, and throwing it away. Nobody sees another's."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from motcua.exports import orders
from motcua.exports.answers import file_response
from motcua.exports.models import FAILED, GONE, MAKING, READY, WAITING, Export
from motcua.exports.words import FORMAT_NAMES, REASONS
from motcua.office.door import actor_of, official
from motcua.office.telling.asking import key_in
from motcua.reports.naming import said

REFRESH_SECONDS = 3
_TAGS = {WAITING: "waiting", MAKING: "due_today", READY: "on_time", FAILED: "late", GONE: "done"}


@official()
def exports_page(request: HttpRequest) -> HttpResponse:
    """The lists I ordered, the newest first; looks again by itself while one is being made, if it was asked to."""
    account = actor_of(request).account
    rows, following = orders.mine(account, key_in(request, "truoc"))
    is_open = orders.any_open(account)
    refreshes = is_open and request.GET.get("tu-cap-nhat") == "1"
    context = {
        "rows": [_shown(row) for row in rows],
        "older": f"?truoc={following}" if following else None,
        "is_open": is_open,
        "refresh_seconds": REFRESH_SECONDS if refreshes else None,
        "crumbs": [(_("Số liệu"), reverse("office:figures")), (_("Danh sách tải xuống"), None)],
    }
    return render(request, "office/exports/list.html", context)


def _shown(row: Export) -> dict[str, Any]:
    share = min(row.done / row.total, 1.0) if row.total else None
    return {
        "row": row,
        "format": FORMAT_NAMES[row.format],
        "tag": _TAGS[row.state],
        "state": _state_words(row.state),
        "reason": said(REASONS[row.reason]) if row.state == FAILED else "",
        "percent": None if share is None else int(share * 100),
        "is_ready": row.state == READY,
    }


def _state_words(state: str) -> str:
    return {
        WAITING: _("đang chờ"),
        MAKING: _("đang lập"),
        READY: _("đã xong"),
        FAILED: _("không lập được"),
        GONE: pgettext("tệp", "đã hủy"),
    }[state]


@official()
def export_file(request: HttpRequest, number: int) -> FileResponse | HttpResponse:
    """The file of one of my lists. Another's, and one that is no more, does not exist."""
    try:
        found, stream = orders.fetch(request.user, number)  # type: ignore[arg-type]
    except orders.NotThereError:
        raise Http404 from None
    except PermissionDenied:
        messages.error(request, said(REASONS["no_right"]))
        return redirect("office:exports")
    return file_response(stream, f"{found.title[:80]}.{found.format}", found.format)


@official()
@require_POST
def export_remove(request: HttpRequest, number: int) -> HttpResponse:
    """Throws one of my lists away; one that is being made stops."""
    try:
        orders.remove(actor_of(request).account, number)
    except orders.NotThereError:
        raise Http404 from None
    messages.success(request, _("Đã bỏ danh sách."))
    return redirect("office:exports")
