"""Registers the room `campaigns` with Django: figures collected from below."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"
