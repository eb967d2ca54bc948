"""Registers the room `catalogue` with Django: procedures, their versions and where they are offered."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
