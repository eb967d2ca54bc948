"""Hộp thư mô phỏng: what would have been sent, in a city that sends nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from motcua.notices import letters as sandbox
from motcua.office.door import official
from motcua.office.telling.asking import key_in
from motcua.office.telling.tabs import tabs_for
from motcua.office.telling.words import CHANNELS


@official()
def letters(request: HttpRequest) -> HttpResponse:
    """A page of letters, the newest first. Only where the sandbox is in use: elsewhere there is no such page."""
    if not sandbox.in_use():
        raise Http404
    found, following = sandbox.newest(key_in(request, "truoc"))
    context = {
        "tabs": tabs_for(request, "telling_letters"),
        "letters": [(each, CHANNELS[each.channel]) for each in found],
        "older": f"?truoc={following}" if following else None,
    }
    return render(request, "office/telling/letters.html", context)
