"""Registers the room `campaigns` with Django: figures collected from below."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """The room's name and label, what it does by the clock, and what it keeps in a content pack."""

    name = "motcua.campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"
    timers = {"campaigns": "motcua.campaigns.reminding.run_due"}
    # Forms of campaigns: checked and loaded together with the catalogue.
    pack_part = "motcua.campaigns.form_pack"
