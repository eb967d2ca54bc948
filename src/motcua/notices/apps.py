"""Registers the room `notices` with Django: messages to people."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The room's name and label, and what it does beside the pages."""

    name = "motcua.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
    followers = {"notices": "motcua.notices.following.follow"}
    timers = {"notices": "motcua.notices.by_the_clock.run_due"}
    errands = {
        "notices-sms": "motcua.notices.sending.send_sms",
        "notices-email": "motcua.notices.sending.send_email",
        "notices-push": "motcua.notices.sending.send_push",
        "notices-proofs": "motcua.notices.proofs.record",
    }
    # What this room keeps in a content pack: checked and loaded together with the catalogue.
    pack_part = "motcua.notices.wording.loading"
