"""Officials of the small town, signed in."""

from datetime import date
from typing import Any

from django.test import Client

from motcua.law.actor import Actor
from motcua.organisation.directory import actor_for
from motcua.organisation.models import Account, Appointment, Role

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NUMBERS = {"leader": 6, "control": 8, "head": 5, "one_stop_head": 3, "officer": 4, "reception": 1}


def official(role: str, agency: int, **more: Any) -> Account:
    """Somebody who holds a role at an agency."""
    names = {"number": NUMBERS[role], "name_vi": role, "name_en": role, "at": []}
    kind = Role.objects.get_or_create(code=role, defaults=names)[0]
    count = Account.objects.count()
    account = Account.objects.create_user(f"{role}{agency}-{count}", full_name=f"{role} {agency}", **more)
    Appointment.objects.create(account=account, agency_id=agency, role=kind, valid_from=date(2018, 1, 1))
    return account


def client_of(account: Account) -> Client:
    """Signed in."""
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def actor(account: Account) -> Actor:
    """As the law sees the account."""
    return actor_for(account)
