"""Hộp thư: everything that was told to a resident, the newest first, whether or not it left the house."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.accounts.door import actor_behind, resident
from motcua.notices import inbox

LARGEST = 2**63 - 1


@resident()
def my_inbox(request: HttpRequest) -> HttpResponse:
    """A page of entries; a POST marks all of them as read."""
    account = actor_behind(request).account
    if request.method == "POST":
        marked = inbox.mark_read(account)
        if marked:
            messages.success(request, _("Đã đánh dấu mọi tin là đã đọc."))
        return redirect("portal:my_inbox")
    before = _before(request.GET.get("truoc", ""))
    entries, following = inbox.entries(account, get_language() or "vi", before)
    context = {
        "entries": entries,
        "unread": inbox.unread(account),
        "older": f"?truoc={following}" if following else None,
        "newest": reverse("portal:my_inbox") if before else None,
        "crumbs": [(_("Của tôi"), "/cua-toi/"), (_("Thông báo"), None)],
    }
    return render(request, "portal/telling/inbox.html", context)


@resident()
def open_entry(request: HttpRequest, number: int) -> HttpResponse:
    """Marks an entry as read and goes where it points, within our own house."""
    link = inbox.opened(actor_behind(request).account, number) if number <= LARGEST else None
    if link is None:
        raise Http404
    # The address of the house may have changed since: only the path counts, and nothing leads elsewhere.
    path = urlsplit(link).path
    return redirect(path if path.startswith("/") and not path.startswith("//") else reverse("portal:my_inbox"))


def _before(words: str) -> int:
    if not words:
        return 0
    if not (words.isascii() and words.isdecimal()) or int(words[:20]) > LARGEST:
        raise Http404
    return int(words)
