"""Cách báo tin: on which channels, in which language and when a resident wants to be told."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.accounts.door import actor_behind, resident, resident_behind
from motcua.notices import configuration, preferences
from motcua.notices.channels.push import public_key

SHOWN_DIGITS = 3


class Wishes(forms.Form):
    """The choice, as it is asked."""

    language = forms.ChoiceField(
        label=gettext_lazy("Ngôn ngữ của tin"),
        choices=[("vi", "Tiếng Việt"), ("en", "English")],
        widget=forms.RadioSelect,
    )
    sms = forms.BooleanField(label=gettext_lazy("Tin nhắn điện thoại"), required=False)
    email = forms.BooleanField(label=gettext_lazy("Thư điện tử"), required=False)
    push = forms.BooleanField(label=gettext_lazy("Thông báo trên thiết bị đã bật"), required=False)
    progress = forms.BooleanField(label=gettext_lazy("Báo cả những việc luật không bắt buộc báo"), required=False)
    quiet_from = forms.TimeField(
        label=gettext_lazy("Không làm phiền từ"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Đến"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


@resident()
def my_wishes(request: HttpRequest) -> HttpResponse:
    """Shows and changes it."""
    account, known = actor_behind(request).account, resident_behind(request)
    chosen = preferences.preference_of(account, known.account.language)
    names = list(Wishes.base_fields)
    form = Wishes(request.POST or None, initial={name: getattr(chosen, name) for name in names})
    if request.method == "POST" and form.is_valid():
        preferences.change(account, **form.cleaned_data)
        messages.success(request, _("Đã lưu cách báo tin."))
        return redirect("portal:my_wishes")
    context: dict[str, Any] = {
        "form": form,
        "phone": _hidden(known.phone),
        "email": _mail_hidden(known.email),
        "channels": configuration.channels(),
        "browsers": preferences.browsers(account),
        "push_key": public_key() if settings.MOTCUA_PUSH and not settings.MOTCUA_NOTICES_SANDBOX else "",
        "crumbs": [(_("Của tôi"), "/cua-toi/"), (_("Thông báo"), "/cua-toi/thong-bao/"), (_("Cách báo tin"), None)],
    }
    return render(request, "portal/telling/wishes.html", context, status=400 if form.errors else 200)


def _hidden(phone: str) -> str:
    """A number of which one recognises the end."""
    return f"•••• {phone[-SHOWN_DIGITS:]}" if phone else ""


def _mail_hidden(email: str) -> str:
    local, _at, domain = email.partition("@")
    return f"{local[:1]}•••@{domain}" if domain else ""
