"""Registers the room `flow` with Django: where the time goes."""

from django.apps import AppConfig


class FlowConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.flow"
    label = "flow"
    default_auto_field = "django.db.models.BigAutoField"
    followers = {"flow": "motcua.flow.ways.note"}
    # Each has a thread of its own: nothing of the transition's path waits for learning.
    errands = {
        "flow": "motcua.flow.errands.take",
        "flow-risk": "motcua.flow.errands.refresh",
        "flow-learning": "motcua.flow.training.train_if_due",
        "flow-ready": "motcua.flow.overview.make_ready",
    }
