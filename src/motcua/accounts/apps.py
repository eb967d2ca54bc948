"""Registers the room `accounts` with Django: residents, how sure we are of them, and for whom they may act."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
