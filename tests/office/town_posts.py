"""Somebody with a post in the small town, signed in, on a Tuesday morning: shared by the tests of pages of figures."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client

from motcua.dossiers import clock
from motcua.organisation.models import Account, Appointment, Role
from reports.conftest import town  # noqa: F401
from reports.town import Town, hour

NOW = hour("2019-01-15 10:00")
ROLES = {"leader": 6, "control": 8, "head": 5, "one_stop_head": 3, "officer": 4, "reception": 1}


@pytest.fixture(autouse=True)
def at_ten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pages are looked at on a Tuesday morning, the 15th."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return


@pytest.fixture
def as_post(town: Town, client: Client) -> Callable[..., Client]:  # noqa: F811
    """Signs in somebody with a post: `as_post("control", CITY)`."""

    def sign_in(role: str, agency: int) -> Client:
        name = Role.objects.get_or_create(
            code=role, defaults={"number": ROLES[role], "name_vi": role, "name_en": role, "at": []}
        )[0]
        account = Account.objects.create_user(f"{role}{agency}", full_name=f"{role} {agency}")
        Appointment.objects.create(account=account, agency_id=agency, role=name, valid_from=date(2018, 1, 1))
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
