"""Registers the room `papers` with Django: printed forms, receipts and results."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.papers"
    label = "papers"
    default_auto_field = "django.db.models.BigAutoField"
