"""Registers the room `kpis` with Django: indicators as data, and their published history."""

from django.apps import AppConfig


class KpisConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.kpis"
    label = "kpis"
    default_auto_field = "django.db.models.BigAutoField"
    timers = {"kpis": "motcua.kpis.publishing.by_the_clock"}
