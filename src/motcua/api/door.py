"""The door of the machines' face: whose token it is, what it may do, and as whom the law sees it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer
from oauth2_provider.oauth2_backends import get_oauthlib_core

from motcua.accounts.identity import as_actor, resident_of
from motcua.api.problems import Problem, unauthorised
from motcua.law.actor import Actor


class Scoped(HttpBearer):  # type: ignore[misc]
    """Lets in who holds a token with `scope`; sets `request.actor` and `request.client`.

    A token that a resident gave an app acts as that resident, with what is known of them; a partner's own token
    acts as the partner.
    """

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The actor behind the token. Raises Problem 401 for no good token, 403 for one without the scope."""
        valid, found = get_oauthlib_core().verify_request(request, scopes=[])
        if not valid or found.access_token is None:
            raise unauthorised()
        if not found.access_token.allow_scopes([self.scope]):
            asks = {"WWW-Authenticate": f'Bearer realm="motcua", error="insufficient_scope", scope="{self.scope}"'}
            detail = _("Cần quyền %(scope)s") % {"scope": self.scope}
            raise Problem(403, "insufficient_scope", _("Mã truy cập không có quyền này"), detail, headers=asks)
        actor = _actor(found.access_token)
        if actor is None:
            raise unauthorised()
        request.actor, request.client = actor, found.client  # type: ignore[attr-defined]
        return actor


def _actor(token: Any) -> Actor | None:
    if token.user_id is not None:
        resident = resident_of(token.user)
        return as_actor(resident) if resident is not None else None
    account = token.application.user if token.application is not None else None
    if account is None or account.side != "partner" or not account.is_active:
        return None
    return Actor(account=account.pk, name=account.full_name, kind="partner")


def actor_of(request: HttpRequest) -> Actor:
    """The actor the door let in."""
    return request.actor  # type: ignore[attr-defined,no-any-return]
