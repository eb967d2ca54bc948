"""Registers the room `registry` with Django: for whom: people and businesses."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
