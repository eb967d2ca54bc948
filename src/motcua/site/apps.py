"""Registers the room `site` with Django, and readies the database's roles before any migration runs."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import pre_migrate


class SiteConfig(AppConfig):
    """The room's name and label."""

    name = "motcua.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the roles made ahead of the migrations that grant to them and revoke from them."""
        # The signal is only sent for rooms with models; one of them is enough, for all are sent ahead.
        accounts = apps.get_app_config("auth")
        pre_migrate.connect(_before_migrations, sender=accounts, dispatch_uid="motcua.site.roles")


def _before_migrations(using: str, **_: Any) -> None:
    from django.db import connections

    from motcua.site.databases import ready_roles

    ready_roles(connections[using])
