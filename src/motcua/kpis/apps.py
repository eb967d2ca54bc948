"""Registers the room `kpis` with Django: indicators as data."""

from django.apps import AppConfig


class KpisConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.kpis"
    label = "kpis"
    default_auto_field = "django.db.models.BigAutoField"
