"""Registers the room `notices` with Django: messages to people."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
