"""One's own account: what is known, contact, sessions, history, and leaving. Every page stands behind the door."""

import uuid
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from motcua.accounts import codes, contacting, guarding, leaving, sessions, ways
from motcua.accounts.door import resident, resident_behind
from motcua.accounts.history import masked
from motcua.accounts.identity import number_of
from motcua.accounts.models import AccountEvent, ResidentAccount
from motcua.accounts.refusals import too_often
from motcua.law.refusal import Refusal
from motcua.portal.account.forms import CodeForm, ContactForm, DeleteForm, OwnPasswordForm, say_refusal
from motcua.portal.account.provider_login import offered
from motcua.portal.account.telling import told

ON_A_PAGE = 20
CONTACTS = {"dien-thoai": "phone", "thu": "email"}


@resident()
def account(request: HttpRequest) -> HttpResponse:
    """What the city knows of the account, and the way to everything about it."""
    who = resident_behind(request)
    factors = set(Authenticator.objects.filter(user=who.account).values_list("type", flat=True))
    context = {
        "who": who,
        "number": number_of(who),
        "passkeys": "webauthn" in factors,
        "totp": "totp" in factors,
        "has_password": who.account.has_usable_password(),
        "sessions": len(sessions.of_account(who.account, request.session.session_key)),
        "crumbs": _crumbs(),
    }
    return render(request, "portal/account/account.html", context)


@never_cache
@resident()
def identity(request: HttpRequest) -> HttpResponse:
    """The level, what it allows, and how to raise it; POST shows a code for the counter."""
    who = resident_behind(request)
    shown = codes.show_at_counter(who.account_id)[1] if request.method == "POST" else ""
    linked = {each.provider for each in SocialAccount.objects.filter(user=who.account)}
    context = {
        "who": who,
        "number": number_of(who),
        "shown": shown,
        "providers": [each | {"linked": each["id"] in linked} for each in offered()],
        "crumbs": _crumbs(_("Định danh")),
    }
    return render(request, "portal/account/identity.html", context)


@never_cache
@sensitive_post_parameters("password")
@resident()
def contact(request: HttpRequest, which: str) -> HttpResponse:
    """A new phone or mail address: the password first, then a code sent to the new one."""
    who, field = resident_behind(request), _which(which)
    form = _contact_form(who, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _is_owner(form, who):
        answer = contacting.begin(who, field, form.cleaned_data["contact"], ways.origin_of(request))  # type: ignore[arg-type]
        if not isinstance(answer, Refusal):
            return redirect("portal:contact_code", which, answer.pk)
        say_refusal(form, answer, "contact" if answer.code == "contact_invalid" else None)
    context = {"form": form, "which": field, "present": getattr(who, field), "crumbs": _crumbs(_contact_title(field))}
    context |= {"removable": bool(who.phone and who.email), "path": which}
    return render(request, "portal/account/contact.html", context, status=422 if form.errors else 200)


@never_cache
@resident()
def contact_code(request: HttpRequest, which: str, key: uuid.UUID) -> HttpResponse:
    """Asks for the code that was sent to the new phone or mail address."""
    who = resident_behind(request)
    again = reverse("portal:contact", args=[which])
    waiting = codes.pending("contact", key)
    if waiting is None or waiting.account_id not in (None, who.account_id):
        return render(request, "portal/account/code_past.html", {"again": again}, status=410)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = contacting.confirm(who, key, form.cleaned_data["code"], ways.origin_of(request))
        if not isinstance(answer, Refusal):
            messages.success(request, _("Đã đổi. Tin của Một cửa từ nay gửi đến nơi mới."))
            return redirect("portal:account")
        say_refusal(form, answer, "code")
    context = {"form": form, "heading": _contact_title(_which(which)), "sent_to": masked(waiting.address),
               "by_mail": waiting.channel == "email", "shown": codes.shown(waiting), "again": again}  # fmt: skip
    return render(request, "portal/account/code.html", context, status=422 if form.errors else 200)


@require_POST
@sensitive_post_parameters("password")
@resident()
def contact_remove(request: HttpRequest, which: str) -> HttpResponse:
    """Takes a phone or mail address away; the last one stays."""
    who = resident_behind(request)
    form = OwnPasswordForm(request.POST)
    if who.account.has_usable_password() and not (form.is_valid() and _is_owner(form, who)):
        messages.error(request, _("Mật khẩu hiện nay không đúng; chưa có gì thay đổi."))
        return redirect("portal:contact", which)
    answer = contacting.remove(who, _which(which), ways.origin_of(request))  # type: ignore[arg-type]
    if isinstance(answer, Refusal):
        messages.error(request, answer.text.within(get_language() or "vi"))
    else:
        messages.success(request, _("Đã bỏ."))
    return redirect("portal:account")


@resident()
def sessions_page(request: HttpRequest) -> HttpResponse:
    """Where the account is signed in; POST ends one of them, or all but this one."""
    who, present = resident_behind(request), request.session.session_key
    if request.method == "POST":
        origin = ways.origin_of(request)
        if "others" in request.POST:
            sessions.end_others(who.account, present, origin)
            messages.success(request, _("Đã thoát ở mọi nơi khác."))
        else:
            wanted = request.POST.get("session", "")
            ended = wanted.isdecimal() and len(wanted) < 19 and sessions.end(who.account, int(wanted), origin)
            if ended:
                messages.success(request, _("Đã thoát ở thiết bị đó."))
            else:
                messages.info(request, _("Phiên đó đã hết rồi."))
        return redirect("portal:sessions")
    context = {"sessions": sessions.of_account(who.account, present), "crumbs": _crumbs(_("Nơi đang đăng nhập"))}
    return render(request, "portal/account/sessions.html", context)


@resident()
def history(request: HttpRequest) -> HttpResponse:
    """What happened to the account, the newest first."""
    who = resident_behind(request)
    rows = AccountEvent.objects.filter(account=who.account).order_by("-id")
    before = request.GET.get("truoc", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    shown = list(rows[: ON_A_PAGE + 1])
    context = {
        "entries": [told(each) for each in shown[:ON_A_PAGE]],
        "older": f"?truoc={shown[ON_A_PAGE - 1].pk}" if len(shown) > ON_A_PAGE else None,
        "crumbs": _crumbs(_("Lịch sử tài khoản")),
    }
    return render(request, "portal/account/history.html", context)


@never_cache
@sensitive_post_parameters("password")
@resident()
def leave(request: HttpRequest) -> HttpResponse:
    """Says what goes and what the law keeps; with the password and a tick it deletes the account."""
    who = resident_behind(request)
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if not who.account.has_usable_password():
        del form.fields["password"]
    if request.method == "POST" and form.is_valid() and _is_owner(form, who):
        leaving.delete_account(who, ways.origin_of(request))
        logout(request)
        return render(request, "portal/account/left.html")
    context = {"form": form, "crumbs": _crumbs(_("Xóa tài khoản"))}
    return render(request, "portal/account/leave.html", context, status=422 if form.errors else 200)


def _crumbs(last: str = "") -> list[tuple[str, str | None]]:
    start = [(_("Của tôi"), "/cua-toi/"), (_("Tài khoản"), reverse("portal:account") if last else None)]
    return [*start, (last, None)] if last else start


def _which(path: str) -> str:
    if path not in CONTACTS:
        raise Http404
    return CONTACTS[path]


def _contact_title(field: str) -> str:
    return _("Số điện thoại") if field == "phone" else _("Thư điện tử")


class _ContactWithPassword(ContactForm, OwnPasswordForm):
    """The new contact, and the password to be sure that it is the owner."""

    field_order = ("contact", "password")


def _contact_form(who: ResidentAccount, data: Any) -> ContactForm:
    return _ContactWithPassword(data) if who.account.has_usable_password() else ContactForm(data)


def _is_owner(form: Any, who: ResidentAccount) -> bool:
    """Whether the password is right; a wrong one is told at its field and counted."""
    if "password" not in form.fields:
        return True
    verdict = guarding.take("own_password", who.account_id)
    if not verdict:
        say_refusal(form, too_often(verdict.wait))
        return False
    if who.account.check_password(form.cleaned_data["password"]):
        guarding.clear("own_password", who.account_id)
        return True
    form.add_error("password", _("Mật khẩu hiện nay không đúng."))
    return False
