"""Writes into the history what allauth's own pages do with a resident's account: passwords, keys and codes."""

from typing import Any

from allauth.account.signals import password_changed, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.http import HttpRequest

from motcua.accounts.history import record
from motcua.accounts.ways import origin_of
from motcua.organisation.models import Account


def listen() -> None:
    """Called once, when the room is ready."""
    for signal, verb in (
        (password_changed, "password_changed"),
        (password_set, "password_changed"),
        (authenticator_added, "factor_added"),
        (authenticator_removed, "factor_removed"),
        (authenticator_reset, "factor_reset"),
    ):
        signal.connect(_Told(verb), weak=False, dispatch_uid=f"motcua.accounts.{verb}.{id(signal)}")


class _Told:
    """Records one kind of act."""

    def __init__(self, verb: str) -> None:
        self.verb = verb

    def __call__(self, *, request: HttpRequest, user: Account, **told: Any) -> None:
        if user.side == "resident":
            factor = getattr(told.get("authenticator"), "type", "")
            details = {"factor": str(factor)} if factor else {}
            record(user.pk, self.verb, origin_of(request), **details)
