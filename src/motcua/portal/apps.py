"""Registers the room `portal` with Django: the residents' face."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
    timers = {"draft_warnings": "motcua.portal.telling.draft_warnings.run_due"}
