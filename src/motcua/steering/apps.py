"""Registers the room `steering` with Django: the city's desk."""

from django.apps import AppConfig


class SteeringConfig(AppConfig):
    """The room's name and label, and what it does beside the pages."""

    name = "motcua.steering"
    label = "steering"
    default_auto_field = "django.db.models.BigAutoField"
    timers = {
        "steering-alerts": "motcua.steering.by_the_clock.look_at_alerts",
        "steering-digests": "motcua.steering.by_the_clock.issue_digests",
        "steering-targets": "motcua.steering.by_the_clock.keep_targets",
    }
    # What this room keeps in a content pack: checked and loaded together with the catalogue.
    pack_part = "motcua.steering.content"
