"""Registers the room `papers` with Django: printed forms, receipts and results."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.papers"
    label = "papers"
    default_auto_field = "django.db.models.BigAutoField"
    followers = {"results": "motcua.papers.results.following.follow"}
    timers = {"results": "motcua.papers.results.handing.hand_over_ready"}
    errands = {"results": "motcua.papers.results.issuing.issue_due"}
