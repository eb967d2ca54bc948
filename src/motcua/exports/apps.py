"""Registers the room `exports` with Django: exports ordered and made."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.exports"
    label = "exports"
    default_auto_field = "django.db.models.BigAutoField"
