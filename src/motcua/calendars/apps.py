"""Registers the room `calendars` with Django: when offices work, version by version."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.calendars"
    label = "calendars"
    default_auto_field = "django.db.models.BigAutoField"
