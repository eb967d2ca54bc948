"""Somebody who orders lists, and the lists of the tests."""

from datetime import date
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lists of the tests are there."""
    from exports import sources

    sources.REACHED.clear()
    sources.declare(monkeypatch)


@pytest.fixture
def hoa(db: None) -> Any:
    """An official of the control office."""
    return official("hoa")


def official(name: str, role: str = "control", agency: str = "HN") -> Any:
    """An account with a post in the city of the content pack."""
    from motcua.law.actor import SYSTEM
    from motcua.organisation.appointments import Post, appoint_all
    from motcua.organisation.directory import directory
    from motcua.organisation.models import Account

    account = Account.objects.create_user(name, full_name=f"Cán bộ {name}")
    answers = appoint_all(SYSTEM, [Post(account.pk, directory().by_code[agency].number, role, date(2018, 1, 1))])
    assert [type(each).__name__ for each in answers] == ["Appointment"]
    return account
