"""Registers the room `legacy` with Django: what comes from other systems."""

from django.apps import AppConfig


class LegacyConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.legacy"
    label = "legacy"
    default_auto_field = "django.db.models.BigAutoField"
