"""Signing in and signing up as a resident, and getting a new password.

Who comes in is decided by `accounts`; the second step and the session are allauth's. No page tells a stranger
whether a phone, an address or a number has an account.
"""

import uuid
from typing import Any

from allauth.account.internal.flows.login import perform_login, perform_password_login
from allauth.account.models import Login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from motcua.accounts import codes, recovering, signing_in, signing_up, ways
from motcua.accounts.history import masked
from motcua.accounts.models import OneTimeCode
from motcua.law.refusal import Refusal
from motcua.portal.account.forms import CodeForm, ContactForm, NewPasswordForm, SignInForm, SignUpForm, say_refusal
from motcua.portal.account.next_page import wanted_page
from motcua.portal.account.provider_login import offered


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Asks who it is, and lets in or says one and the same sentence whatever was wrong."""
    if is_in(request):
        return redirect(wanted_page(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        answer = signing_in.attempt(
            given["identifier"], given["password"], ways.way_of(request), ways.address_of(request)
        )
        if answer is not None and not isinstance(answer, Refusal):
            login = Login(user=answer, redirect_url=wanted_page(request))
            return perform_password_login(request, {}, login)
        if isinstance(answer, Refusal):
            return _too_often(request, form, answer)
        form.add_error(None, _("Không đúng tên hoặc mật khẩu. Hãy xem lại cả hai, hoặc lấy lại mật khẩu."))
    if form.errors:
        status = 422
    context = {"form": form, "next": wanted_page(request), "providers": offered()}
    return render(request, "portal/account/sign_in.html", context, status=status)


@never_cache
@sensitive_post_parameters("password")
def sign_up(request: HttpRequest) -> HttpResponse:
    """Asks for a name, a way to be reached and a password, and sends the code."""
    if is_in(request):
        return redirect("portal:account")
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        wish = signing_up.Wish(language=get_language() or "vi", **form.cleaned_data)
        answer = signing_up.begin(wish, ways.origin_of(request))
        if not isinstance(answer, Refusal):
            return redirect("portal:sign_up_code", answer.pk)
        say_refusal(form, answer, "contact" if answer.code == "contact_invalid" else None)
    context = {"form": form, "providers": offered(), "can_send": codes.can_send()}
    return render(request, "portal/account/sign_up.html", context, status=422 if form.errors else 200)


@never_cache
def sign_up_code(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Asks for the code; a right one opens the account and signs in."""
    waiting = codes.pending("sign_up", key)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if waiting is None:
        return _past(request, reverse("portal:sign_up"))
    if request.method == "POST" and form.is_valid():
        answer = signing_up.confirm(key, form.cleaned_data["code"], ways.origin_of(request))
        if not isinstance(answer, Refusal):
            messages.success(request, _("Tài khoản đã mở. Từ nay bạn đăng nhập bằng %(contact)s.")
                             % {"contact": masked(waiting.address)})  # fmt: skip
            return perform_login(request, Login(user=answer.account, redirect_url="/cua-toi/"))
        say_refusal(form, answer, "code")
    return _ask_code(request, form, waiting, reverse("portal:sign_up"), _("Nhập mã để mở tài khoản"))


@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """Asks for the phone or mail address and sends a code there, if it has an account; the page does not say."""
    form = ContactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = recovering.begin(form.cleaned_data["contact"], get_language() or "vi", ways.origin_of(request))
        if not isinstance(answer, Refusal):
            return redirect("portal:new_password", answer.pk)
        say_refusal(form, answer, "contact" if answer.code == "contact_invalid" else None)
    return render(request, "portal/account/forgotten.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password")
def new_password(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Asks for the code and a new password; every session ends, and one signs in with the new password."""
    waiting = codes.pending("reset", key)
    if waiting is None:
        return _past(request, reverse("portal:forgotten"))
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        answer = recovering.confirm(key, given["code"], given["password"], ways.origin_of(request))
        if not isinstance(answer, Refusal):
            messages.success(request, _("Mật khẩu đã đổi. Những nơi khác đang đăng nhập đều đã thoát."))
            return perform_login(request, Login(user=answer.account, redirect_url="/cua-toi/"))
        say_refusal(form, answer, "code")
    return _ask_code(request, form, waiting, reverse("portal:forgotten"), _("Nhập mã và mật khẩu mới"))


class PasskeyLogin(LoginWebAuthnView):  # type: ignore[misc]
    """Signing in by a passkey from the residents' page; what goes wrong is told there."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Back to the page one came from."""
        messages.error(self.request, _("Khóa truy cập này không dùng được ở đây. Hãy thử lại hoặc dùng mật khẩu."))
        return redirect("portal:sign_in")


def is_in(request: HttpRequest) -> bool:
    """True when a resident is signed in."""
    return request.user.is_authenticated and getattr(request.user, "side", "") == "resident"


def _ask_code(request: HttpRequest, form: Any, waiting: OneTimeCode, again: str, heading: str) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "sent_to": masked(waiting.address),
        "by_mail": waiting.channel == "email",
        "shown": codes.shown(waiting),
        "again": again,
    }
    return render(request, "portal/account/code.html", context, status=422 if form.errors else 200)


def _past(request: HttpRequest, again: str) -> HttpResponse:
    return render(request, "portal/account/code_past.html", {"again": again}, status=410)


def _too_often(request: HttpRequest, form: Any, why: Refusal) -> HttpResponse:
    context = {"form": form, "next": wanted_page(request), "providers": offered(), "too_often": why.text}
    answer = render(request, "portal/account/sign_in.html", context, status=429)
    answer.headers["Retry-After"] = str(60 * why.details["minutes"])
    return answer
