"""Registers the room `opendata` with Django: published datasets."""

from django.apps import AppConfig


class OpendataConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.opendata"
    label = "opendata"
    default_auto_field = "django.db.models.BigAutoField"
    timers = {"opendata": "motcua.opendata.publishing.by_the_clock"}
