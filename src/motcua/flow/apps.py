"""Registers the room `flow` with Django: where the time goes."""

from django.apps import AppConfig


class FlowConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.flow"
    label = "flow"
    default_auto_field = "django.db.models.BigAutoField"
