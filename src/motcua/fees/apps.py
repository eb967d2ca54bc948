"""Registers the room `fees` with Django: money owed and paid."""

from typing import ClassVar

from django.apps import AppConfig


class FeesConfig(AppConfig):
    """The room's name and label, what it follows, and its work by the clock and with other machines."""

    name = "motcua.fees"
    label = "fees"
    default_auto_field = "django.db.models.BigAutoField"
    followers: ClassVar[dict[str, str]] = {"fees": "motcua.fees.following.follow"}
    timers: ClassVar[dict[str, str]] = {"fees": "motcua.fees.working.by_the_clock"}
    errands: ClassVar[dict[str, str]] = {
        "fees_payments": "motcua.fees.working.ask_about_payments",
        "fees_refunds": "motcua.fees.working.give_back",
        "fees_credits": "motcua.fees.working.look_for_credits",
    }
