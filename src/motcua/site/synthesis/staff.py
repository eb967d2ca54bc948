"""Who works in a synthesized city: made-up officials with accounts and posts, as many as the work needs.

They cannot sign in. Made once: a second history in the same city is played by the same people.
"""

import random
from collections.abc import Mapping
from datetime import date

from motcua.dossiers.lives import made_up_name
from motcua.law.actor import SYSTEM, Actor, Grant
from motcua.law.refusal import Refusal
from motcua.organisation.appointments import Post, appoint_all
from motcua.organisation.models import Account

PREFIX = "gia-lap."
PIECES_EACH, MOST = 25.0, 4  # pieces of work a day for one official, and how many share a desk at most


class Staff:
    """The officials at each post, and each of them by account."""

    def __init__(self, posts: Mapping[tuple[int, str], list[Actor]]) -> None:
        self._posts = posts
        self._by_account = {each.account: each for actors in posts.values() for each in actors}

    def __call__(self, rng: random.Random, agency: int, role: str) -> Actor:
        """Somebody who holds the post. Raises KeyError when nobody was appointed."""
        actors = self._posts[agency, role]
        return actors[0] if len(actors) == 1 else rng.choice(actors)

    def holder(self, account: int) -> Actor | None:
        """The official with this account."""
        return self._by_account.get(account)

    def adviser(self, rng: random.Random, near: list[int]) -> int:
        """An agency near by that can be asked for its opinion; 0 when there is none."""
        there = [agency for agency in near if (agency, "officer") in self._posts]
        return rng.choice(there) if there else 0


def hire(posts: Mapping[tuple[int, str], float], since: date, seed: int) -> Staff:
    """Appoints officials to posts, given with the pieces of work a day that fall to each; those there are stay."""
    wanted = [
        (f"{PREFIX}{agency}.{role}.{number}", agency, role)
        for (agency, role), load in sorted(posts.items())
        for number in range(_heads(role, load))
    ]
    known = {each.username: each for each in Account.objects.filter(username__startswith=PREFIX)}
    fresh = []
    for username, _agency, _role in wanted:
        if username not in known:
            rng = random.Random(f"{seed}/{username}")  # noqa: S311 - plausible, not secret
            account = Account(username=username, full_name=made_up_name(rng))
            account.set_unusable_password()
            fresh.append(account)
    known |= {each.username: each for each in Account.objects.bulk_create(fresh, batch_size=1000)}
    new = {each.username for each in fresh}
    appointed = [
        Post(account=known[username].pk, agency=agency, role=role, valid_from=since)
        for username, agency, role in wanted
        if username in new
    ]
    for answer in appoint_all(SYSTEM, appointed):
        if isinstance(answer, Refusal):
            raise RuntimeError(answer.text.en)
    found: dict[tuple[int, str], list[Actor]] = {}
    for username, agency, role in wanted:
        account = known[username]
        actor = Actor(account=account.pk, name=account.full_name, grants=(Grant(agency=agency, role=role),))
        found.setdefault((agency, role), []).append(actor)
    return Staff(found)


def _heads(role: str, load: float) -> int:
    return 1 + min(MOST - 1, int(load / PIECES_EACH)) if role in ("officer", "reception") else 1
