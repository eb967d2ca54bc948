"""Registers the room `statutory` with Django: the forms and scores of the state."""

from django.apps import AppConfig


class StatutoryConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.statutory"
    label = "statutory"
    default_auto_field = "django.db.models.BigAutoField"
