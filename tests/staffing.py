"""People with posts for tests that need a city at work; names are made up."""

from datetime import date

from django.contrib.auth.hashers import make_password

from motcua.law.actor import SYSTEM, Actor
from motcua.law.refusal import Refusal
from motcua.organisation.appointments import Post, appoint_all
from motcua.organisation.directory import actor_for, directory
from motcua.organisation.models import Account

NAMES = ("Nguyễn Thị Lan", "Trần Văn Bình", "Lê Thu Hà", "Phạm Đức Long", "Vũ Mai Anh", "Bùi Thế Sơn", "Đỗ Quang Huy")


def hire(username: str, *posts: tuple[str, str], password: str = "") -> Account:
    """An account with posts (agency code, role) since 2018; without a password it cannot sign in by the page."""
    account = Account(username=username, full_name=NAMES[sum(map(ord, username)) % len(NAMES)])
    if password:
        # The server of a journey knows only the real hasher, not the quick one of the tests.
        account.password = make_password(password, hasher="argon2")
    else:
        account.set_unusable_password()
    account.save()
    agencies = directory()
    wanted = [
        Post(account=account.pk, agency=agencies.by_code[code].number, role=role, valid_from=date(2018, 1, 1))
        for code, role in posts
    ]
    for answer in appoint_all(SYSTEM, wanted):
        assert not isinstance(answer, Refusal), answer
    return account


def actor(account: Account) -> Actor:
    """The account as it acts today."""
    return actor_for(account)
