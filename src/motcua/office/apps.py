"""Registers the room `office` with Django: the officials' face."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.office"
    label = "office"
    default_auto_field = "django.db.models.BigAutoField"
