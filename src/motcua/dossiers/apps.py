"""Registers the room with Django."""

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """The heart of the house."""

    name = "motcua.dossiers"
    label = "dossiers"
