"""Registers the room `fees` with Django: money owed and paid."""

from django.apps import AppConfig


class FeesConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.fees"
    label = "fees"
    default_auto_field = "django.db.models.BigAutoField"
