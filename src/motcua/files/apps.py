"""Registers the room `files` with Django: stored files and uploads."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
    timers = {"uploads": "motcua.files.sweeping.sweep"}
    errands = {"uploads": "motcua.files.intake.work"}
