"""Registers the room `filing` with Django: online filing: drafts, what is already known, and handing in."""

from django.apps import AppConfig


class FilingConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.filing"
    label = "filing"
    default_auto_field = "django.db.models.BigAutoField"
    followers = {"kept_files": "motcua.filing.keeping.follow"}
    timers = {"drafts": "motcua.filing.drafts.run_due"}
