"""Hears what allauth's own pages do with an account: passwords, keys and codes go into a resident's history.

A new session is listed here and not by the library's own listener, which looks at every session of the account
each time somebody signs in; sessions that are over are swept by the clock.
"""

from typing import Any

from allauth.account.signals import password_changed, password_set, user_logged_in
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.http import HttpRequest

from motcua.accounts.history import record
from motcua.accounts.ways import origin_of
from motcua.organisation.models import Account


def listen() -> None:
    """Called once, when the room is ready: for what goes into the history."""
    for signal, verb in (
        (password_changed, "password_changed"),
        (password_set, "password_changed"),
        (authenticator_added, "factor_added"),
        (authenticator_removed, "factor_removed"),
        (authenticator_reset, "factor_reset"),
    ):
        signal.connect(_Told(verb), weak=False, dispatch_uid=f"motcua.accounts.{verb}.{id(signal)}")


def list_sessions() -> None:
    """Called once, when the library of sessions is ready."""
    for signal in (user_logged_in, password_changed, password_set):
        # A changed password gives the present session a new key.
        signal.connect(_list_session, dispatch_uid=f"motcua.accounts.sessions.{id(signal)}")


def _list_session(*, request: HttpRequest, **_: Any) -> None:
    from allauth.usersessions.models import UserSession

    UserSession.objects.create_from_request(request)


class _Told:
    """Records one kind of act."""

    def __init__(self, verb: str) -> None:
        self.verb = verb

    def __call__(self, *, request: HttpRequest, user: Account, **told: Any) -> None:
        if user.side == "resident":
            factor = getattr(told.get("authenticator"), "type", "")
            details = {"factor": str(factor)} if factor else {}
            record(user.pk, self.verb, origin_of(request), **details)
