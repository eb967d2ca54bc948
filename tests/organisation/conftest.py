"""Hanoi's organisation in the database, and people to give posts in it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest

from cities import PACK

if TYPE_CHECKING:
    from motcua.law.actor import Actor
    from motcua.organisation.models import Account, Appointment

# The rooms are imported inside the fixtures: pytest reads this file before Django knows its applications.


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """What a test wrote and undid must not be remembered by the next."""
    from motcua.organisation.directory import forget_directory

    forget_directory()
    yield
    forget_directory()


@pytest.fixture
def hanoi(db: None) -> None:
    """The city of 2018, loaded."""
    from motcua.organisation.loading import load_organisation

    assert load_organisation(PACK).problems == []


@pytest.fixture
def person(db: None) -> "Callable[..., Account]":
    """Makes an account: `person("Nguyễn Thị Lê")`."""
    from motcua.organisation.models import Account

    def make(full_name: str = "Nguyễn Thị Minh Nguyệt", **fields: object) -> Account:
        number = Account.objects.count() + 1
        return Account.objects.create_user(f"nguoi{number}", full_name=full_name, **fields)

    return make


@pytest.fixture
def number(hanoi: None) -> Callable[[str], int]:
    """The number of the agency with a code."""
    from motcua.organisation.directory import directory

    return lambda code: directory().by_code[code].number


@pytest.fixture
def post(number: Callable[[str], int]) -> "Callable[..., Appointment]":
    """Appoints by the operator: `post(account, "002/XD", "officer")`."""
    from motcua.law.actor import SYSTEM
    from motcua.organisation.appointments import Post, appoint
    from motcua.organisation.models import Appointment

    def make(
        account: "Account",
        code: str,
        role: str,
        first: date = date(2018, 1, 1),
        last: date | None = None,
        title: str = "",
    ) -> Appointment:
        made = appoint(SYSTEM, Post(account.pk, number(code), role, first, last, title))
        assert isinstance(made, Appointment), made
        return made

    return make


@pytest.fixture
def acting(person: "Callable[..., Account]", post: "Callable[..., Appointment]") -> "Callable[..., Actor]":
    """Somebody new holding posts: `acting(("002", "leader"), ("HN", "control"))`."""
    from motcua.organisation.directory import actor_for

    def make(*posts: tuple[str, str], day: date = date(2018, 12, 3)) -> "Actor":
        account = person()
        for code, role in posts:
            post(account, code, role)
        return actor_for(account, day)

    return make
