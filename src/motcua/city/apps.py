"""Registers the room `city` with Django: the face for leadership and the public."""

from django.apps import AppConfig


class CityConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.city"
    label = "city"
    default_auto_field = "django.db.models.BigAutoField"
