"""Báo cho tôi: what the system tells an official, such as online dossiers that wait for their first answer."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from motcua.notices import inbox
from motcua.office.door import actor_of, official
from motcua.office.telling.asking import key_in
from motcua.office.telling.tabs import tabs_for


@official()
def my_alerts(request: HttpRequest) -> HttpResponse:
    """A page of them; a POST marks all as read."""
    account = actor_of(request).account
    if request.method == "POST":
        inbox.mark_read(account)
        return redirect("office:telling")
    entries, following = inbox.entries(account, get_language() or "vi", key_in(request, "truoc"))
    context = {
        "tabs": tabs_for(request, "telling"),
        "entries": [(each, urlsplit(each.link).path) for each in entries],
        "unread": inbox.unread(account),
        "older": f"?truoc={following}" if following else None,
    }
    return render(request, "office/telling/alerts.html", context)
