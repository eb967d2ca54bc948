"""Registers the room `steering` with Django: the city's desk."""

from django.apps import AppConfig


class SteeringConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.steering"
    label = "steering"
    default_auto_field = "django.db.models.BigAutoField"
