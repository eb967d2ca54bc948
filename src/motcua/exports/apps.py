"""Registers the room `exports` with Django: long lists ordered and made in the background."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """The room's name and label, and what it does beside the pages."""

    name = "motcua.exports"
    label = "exports"
    default_auto_field = "django.db.models.BigAutoField"
    timers = {"exports": "motcua.exports.keeping.run_due"}
    errands = {"exports": "motcua.exports.making.work"}
