"""Registers the room `reports` with Django: figures kept from the journal."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
    followers = {"reports": "motcua.reports.facts.follow", "ratings": "motcua.reports.ratings.follow"}
    timers = {"reports": "motcua.reports.standing.by_the_clock"}
