"""Signing in as a resident. Who comes in is decided by `accounts`; the second step and the session are allauth's."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from motcua.accounts import signing_in
from motcua.portal.account.forms import SignInForm

HOME = "/cua-toi/"


def wanted_page(request: HttpRequest) -> str:
    """The page of this house that was asked for before signing in, else the resident's own."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else HOME


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Asks who it is, and lets in or says one and the same sentence whatever was wrong."""
    if getattr(request.user, "side", "") == "resident" and request.user.is_active:
        return redirect(wanted_page(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = signing_in.find(signing_in.normalise_identifier(form.cleaned_data["identifier"]))
        account = signing_in.check(found, form.cleaned_data["password"])
        if account is not None:
            login = Login(user=account, redirect_url=wanted_page(request))
            return perform_password_login(request, {}, login)
        form.add_error(None, _("Không đúng tên hoặc mật khẩu. Hãy xem lại cả hai, hoặc lấy lại mật khẩu."))
    context = {"form": form, "next": wanted_page(request)}
    return render(request, "portal/account/sign_in.html", context, status=422 if form.errors else 200)
