"""Registers the room `reports` with Django: figures kept from the journal."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
    followers = {"reports": "motcua.reports.facts.follow", "ratings": "motcua.reports.ratings.follow"}
    exports = {
        "reports.dossiers": "motcua.reports.exporting.dossiers",
        "reports.stages": "motcua.reports.exporting.stages",
        "reports.cube": "motcua.reports.exporting.cube",
    }
    timers = {
        "reports": "motcua.reports.standing.by_the_clock",
        "reports_carry": "motcua.reports.carry.by_the_clock",
        "reports_kept": "motcua.reports.kept.by_the_clock",
    }
