"""Registers the room `files` with Django: stored files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
