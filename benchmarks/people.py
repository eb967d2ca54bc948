"""Accounts with posts for the communes that are measured: made up, signed in without a password."""

from collections.abc import Iterable
from datetime import date

from benchmarks.five_steps import Commune

from motcua.law.actor import SYSTEM
from motcua.law.refusal import Refusal
from motcua.organisation.appointments import Post, appoint_all
from motcua.organisation.models import Account

PERSONS = ("clerk", "officer", "leader", "registrar")


def hire(communes: Iterable[Commune]) -> dict[tuple[int, str], Account]:
    """Their accounts, by commune and part; made when they are not there yet."""
    found: dict[tuple[int, str], Account] = {}
    posts: list[Post] = []
    for commune in communes:
        for part in PERSONS:
            name = f"bench-{commune.number}-{part}"
            account = Account.objects.filter(username=name).first()
            if account is None:
                actor = getattr(commune, part)
                account = Account.objects.create_user(name, full_name=actor.name)
                posts += [Post(account.pk, commune.number, grant.role, date(2018, 1, 1)) for grant in actor.grants]
            found[commune.number, part] = account
    refused = [each for each in appoint_all(SYSTEM, posts) if isinstance(each, Refusal)]
    if refused:
        raise AssertionError(refused[0].text.en)
    return found
