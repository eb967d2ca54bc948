"""The Django application that keeps who works where, and on whose behalf."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    """Agencies, accounts, appointments and delegations."""

    name = "motcua.organisation"
    label = "organisation"
    verbose_name = _("Tổ chức")
    default_auto_field = "django.db.models.BigAutoField"
