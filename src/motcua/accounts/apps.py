"""Registers the room `accounts` with Django: residents, how sure we are of them, and for whom they may act."""

from allauth.usersessions.apps import UserSessionsConfig
from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room's name and label, and what it does by the clock."""

    name = "motcua.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    timers = {"accounts": "motcua.accounts.timers.sweep"}

    def ready(self) -> None:
        """Hear of what allauth's pages do with an account."""
        from motcua.accounts.listening import listen

        listen()


class SessionsConfig(UserSessionsConfig):  # type: ignore[misc]
    """The library's list of sessions, kept without looking at every session each time somebody signs in."""

    def ready(self) -> None:
        """List new sessions only."""
        from motcua.accounts.listening import list_sessions

        list_sessions()
