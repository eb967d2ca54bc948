"""Registers the room `api` with Django: the machines' face."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
    followers = {"webhooks": "motcua.api.webhooks.follow"}
    errands = {"webhooks": "motcua.api.webhooks.deliver"}
    timers = {"api keys": "motcua.api.once.forget_old", "webhooks swept": "motcua.api.webhooks.sweep"}
