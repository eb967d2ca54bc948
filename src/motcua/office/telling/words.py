"""Lời tin: what each kind of message says on each channel, with made-up values, and a test sent to oneself."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers import clock
from motcua.notices import configuration, preview
from motcua.notices.people import Person, mailbox, mobile
from motcua.notices.telling import Telling, tell
from motcua.office.door import actor_of, official
from motcua.office.telling.asking import key_in
from motcua.office.telling.tabs import KEEPERS, tabs_for
from motcua.organisation.directory import directory
from motcua.organisation.naming import full_name

CHANNELS = {
    "sms": gettext_lazy("Tin nhắn"),
    "email": gettext_lazy("Thư điện tử"),
    "push": gettext_lazy("Thông báo trên thiết bị"),
    "inbox": gettext_lazy("Hộp thông báo"),
}
STATES = {
    "held": gettext_lazy("để dành"),
    "waiting": gettext_lazy("đang chờ gửi"),
    "sending": gettext_lazy("đang gửi"),
    "doubtful": gettext_lazy("chưa rõ đã gửi chưa"),
    "sent": gettext_lazy("nơi gửi đã nhận"),
    "delivered": gettext_lazy("đã đến nơi"),
    "failed": gettext_lazy("không gửi được"),
    "expired": gettext_lazy("quá hạn, không gửi nữa"),
    "unknown": gettext_lazy("không rõ đã gửi chưa"),
    "needless": gettext_lazy("không cần dùng"),
}


@official(*KEEPERS)
def kinds(request: HttpRequest) -> HttpResponse:
    """Every kind with how it is sent."""
    rows = [{"kind": each, "channels": [CHANNELS[way] for way in each.message.channels]} for each in preview.kinds()]
    return render(request, "office/telling/kinds.html", {"tabs": tabs_for(request, "telling_words"), "rows": rows})


@official(*KEEPERS)
def one(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind as it looks; a POST sends the test message to the reader's own address."""
    shown = preview.preview(kind, key_in(request, "ban"))
    if shown is None:
        raise Http404
    if request.method == "POST":
        _send_test(request, request.POST.get("channel", ""))
        return redirect("office:telling_word", kind)
    ways: dict[str, list[preview.Shown]] = {}
    for each in shown.shown:
        ways.setdefault(each.channel, []).append(each)
    context: dict[str, Any] = {
        "tabs": tabs_for(request, "telling_words"),
        "shown": shown,
        "ways": [(CHANNELS[channel], channel, sides) for channel, sides in ways.items()],
        "own": [(channel, CHANNELS[channel], address) for channel, address in _own(request).items()],
        "crumbs": [(_("Lời tin"), "/can-bo/thong-bao/loi-tin/"), (shown.message.title, None)],
    }
    return render(request, "office/telling/word.html", context)


def _own(request: HttpRequest) -> dict[str, str]:
    """Where the reader can be reached, on channels that are switched on."""
    user: Any = request.user
    found = {"sms": mobile(user.phone), "email": mailbox(user.email)}
    return {channel: address for channel, address in found.items() if address and channel in configuration.channels()}


def _send_test(request: HttpRequest, channel: str) -> None:
    own, actor = _own(request), actor_of(request)
    if channel not in own:
        messages.error(request, _("Tài khoản của bạn chưa có địa chỉ cho cách gửi này."))
        return
    person = Person(
        phone=own[channel] if channel == "sms" else "",
        email=own[channel] if channel == "email" else "",
        language=request.LANGUAGE_CODE[:2],
    )
    agency = actor.grants[0].agency
    name = full_name(directory(), agency)
    now = clock.now()
    tell(
        [Telling(f"test/{uuid4()}", person, "test", {"agency": {"vi": name.vi, "en": name.en}}, now, agency=agency)],
        now,
    )
    messages.success(request, _("Tin thử đã xếp vào hàng gửi; đến nơi sau vài giây."))
