"""Signing in by an identity provider: going there, coming back, and every way in which that can fail.

OpenID Connect is allauth's (code flow with PKCE and state); here a nonce is added, the id token's signature is
always checked, and which account it is is asked of `accounts.linking`. While the provider is spoken to, no
connection to the database is held.
"""

import logging
import secrets
from typing import Any

import jwt
import requests
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.adapter import get_adapter as social_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from motcua.accounts import claims, linking, ways
from motcua.accounts.refusals import refusal
from motcua.law.refusal import Refusal
from motcua.portal.account.next_page import wanted_page

log = logging.getLogger("motcua.accounts")
SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
# What a provider that answers garbage makes of a library that expects sense.
GARBAGE = (KeyError, TypeError, ValueError, AttributeError, IndexError, requests.RequestException, OAuth2Error)


def offered() -> list[dict[str, str]]:
    """The providers this city is connected to, for their buttons."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return [{"id": each["provider_id"], "name": each["name"]} for each in apps]


class _Session(requests.Session):
    """Speaks with a provider while holding no connection to the database, and never for long."""

    def request(self, *args: Any, **options: Any) -> requests.Response:
        """As the library's, with a limit of time."""
        if not connection.in_atomic_block:
            connection.close()
        options.setdefault("timeout", settings.SOCIALACCOUNT_REQUESTS_TIMEOUT)
        return super().request(*args, **options)


class _SafeAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """allauth's, with the signature of the id token checked however it was received, and an id token demanded."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **options: Any) -> SocialLogin:
        """Raises OAuth2Error when there is no id token: without it nobody said for whom this answer is."""
        if not options["response"].get("id_token"):
            raise OAuth2Error("no id token")
        return super().complete_login(request, app, token, **options)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        with social_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        try:
            return _verified(id_token, answer.json(), self.openid_config["issuer"], app.client_id)
        except jwt.PyJWTError as error:
            raise OAuth2Error("an id token that does not hold") from error


def _verified(id_token: str, keys: Any, issuer: str, audience: str) -> dict[str, Any]:
    """The token's claims. A provider with one key need not name it (OpenID Connect Core 1.0, 10.1)."""
    known = jwt.PyJWKSet.from_dict(keys).keys
    named = jwt.get_unverified_header(id_token).get("kid")
    fitting = [each for each in known if each.key_id == named] if named else known
    if len(fitting) != 1:
        raise jwt.InvalidKeyError("no key, or more than one")
    needed = {"require": ["exp", "iat", "iss", "aud", "sub"]}
    # Only by public keys: a shared secret would let whoever knows it speak for the provider.
    claims: dict[str, Any] = jwt.decode(
        id_token, fitting[0], algorithms=SIGNED_BY, issuer=issuer, audience=audience, options=needed, leeway=60
    )
    return claims


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Where allauth asks this house: whose account it is, and what to show when it went wrong."""

    def get_requests_session(self) -> requests.Session:
        """One that holds no connection to the database while it waits."""
        return _Session()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Decides whose account it is; a refusal is shown instead of signing in."""
        answer = _whose(request, sociallogin)
        if isinstance(answer, Refusal):
            raise ImmediateHttpResponse(failed(request, answer))
        if not sociallogin.is_existing or sociallogin.account._state.adding:
            sociallogin.connect(request, answer)
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            messages.success(request, _("Đã thêm định danh điện tử vào tài khoản."))
            raise ImmediateHttpResponse(redirect("portal:identity"))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Says what happened in this house's words."""
        if error == AuthError.CANCELLED:
            messages.info(request, _("Bạn đã thôi, chưa có gì thay đổi."))
            raise ImmediateHttpResponse(redirect("portal:sign_in"))
        if exception is not None:
            log.warning("identity provider %s: %s", provider.app.provider_id, type(exception).__name__)
            raise ImmediateHttpResponse(unreachable(request, provider.app.name))
        raise ImmediateHttpResponse(failed(request, refusal("identity_unsafe")))


@never_cache
@require_POST
def go(request: HttpRequest, provider: str) -> HttpResponse:
    """Sends the browser to the provider, by a page that says so: the content policy lets no form leave this house."""
    present = request.user.is_authenticated and getattr(request.user, "side", "") == "resident"
    process = AuthProcess.CONNECT if present and "add" in request.POST else AuthProcess.LOGIN
    if process == AuthProcess.CONNECT and not did_recently_reauthenticate(request):
        # Whoever finds a session open must not add a key of their own to the account.
        messages.info(request, _("Nhập lại mật khẩu, rồi bấm gắn định danh lần nữa."))
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse('portal:identity')})}")
    try:
        found = social_adapter(request).get_provider(request, provider)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    nonce = secrets.token_urlsafe(24)
    wanted = {"next_url": wanted_page(request), "nonce": nonce, "auth_params": {"nonce": nonce}}
    try:
        answer = found.redirect(request, process, **wanted)
    except GARBAGE as error:
        log.warning("identity provider %s: %s", provider, type(error).__name__)
        return unreachable(request, found.app.name)
    target = answer.headers.get("Location", "")
    if not target.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        return unreachable(request, found.app.name)
    page = render(request, "portal/account/leaving_for.html", {"target": target, "provider": found.app.name})
    page.headers["Refresh"] = f"0; url={target}"
    return page


@never_cache
def came_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The provider's answer. Whatever it is, the resident gets a page that says what happened and what is safe."""
    try:
        view = OAuth2CallbackView.adapter_view(_SafeAdapter(request, provider_id))
        answer: HttpResponse = view(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except GARBAGE as error:
        log.warning("identity provider %s: %s", provider_id, type(error).__name__)
        return unreachable(request, provider_id)
    return answer


came_back.needs = ()  # type: ignore[attr-defined]


def unreachable(request: HttpRequest, provider: str) -> HttpResponse:
    """The provider does not answer, or not so that it can be understood."""
    context = {"provider": provider, "providers": offered()}
    return render(request, "portal/account/provider_unreachable.html", context, status=502)


def failed(request: HttpRequest, why: Refusal) -> HttpResponse:
    """The provider answered, and still nobody comes in."""
    context = {"why": why.text.within(get_language() or "vi"), "ground": why.ground}
    return render(request, "portal/account/provider_refused.html", context, status=403)


def _whose(request: HttpRequest, sociallogin: SocialLogin) -> Any:
    """The account to come in to, or the refusal."""
    given, sociallogin.account.extra_data = sociallogin.account.extra_data, {}
    if sociallogin.account.pk:
        # What the provider says of somebody is not kept beside the account: only who it says it is.
        sociallogin.account.save(update_fields=["extra_data"])
    id_token, userinfo = given.get("id_token") or {}, given.get("userinfo") or {}
    nonce = sociallogin.state.get("nonce")
    if not nonce or id_token.get("nonce") != nonce:
        return refusal("identity_unsafe")
    named = claims.Names(**sociallogin.provider.app.settings["claims"])
    try:
        claimed = claims.read(userinfo, id_token, named)
    except ValueError:
        return refusal("identity_unsafe")
    linked = sociallogin.user if sociallogin.is_existing else None
    adding = sociallogin.state.get("process") == AuthProcess.CONNECT
    if adding and not request.user.is_authenticated:
        return refusal("identity_unsafe")
    answer = linking.account_for(
        claimed,
        sociallogin.provider.app.name,
        linked=linked,
        present=request.user if adding else None,  # type: ignore[arg-type]
        origin=ways.origin_of(request),
    )
    return answer if isinstance(answer, Refusal) else answer.account
