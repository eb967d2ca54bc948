"""The browsers in which a resident lets our messages appear: subscribed by `push.js`, forgotten by a plain form."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.accounts.door import actor_behind, resident
from motcua.notices import preferences

LARGEST = 8192


@require_POST
@resident()
def my_browsers(request: HttpRequest) -> HttpResponse:
    """A subscription as JSON, or a form that names the endpoint to forget."""
    account = actor_behind(request).account
    if request.content_type != "application/json":
        preferences.unsubscribe(account, request.POST.get("endpoint", "")[:1000])
        messages.success(request, _("Thiết bị đó sẽ không nhận thông báo nữa."))
        return redirect("portal:my_wishes")
    endpoint, p256dh, auth = _read(request.body)
    agent = request.headers.get("User-Agent", "")
    if not preferences.subscribe(account, endpoint, p256dh, auth, agent):
        return JsonResponse(
            {"error": _("Trình duyệt này dùng một dịch vụ đẩy tin mà thành phố không gửi tới.")}, status=400
        )
    return JsonResponse({"subscribed": True})


def _read(body: bytes) -> tuple[str, str, str]:
    """What a browser says of itself; empty texts for anything else, which then is no browser."""
    try:
        said: Any = json.loads(body[:LARGEST])
        keys = said["keys"]
        found = (said["endpoint"], keys["p256dh"], keys["auth"])
    except (ValueError, KeyError, TypeError):
        return "", "", ""
    return found if all(isinstance(each, str) and "\0" not in each for each in found) else ("", "", "")
