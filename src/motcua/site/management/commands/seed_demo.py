"""`motcua seed_demo`: fills a demonstration city with made-up people and dossiers that lived by the law.

The dossiers of the last weeks are those the accounts of the demonstration work on; behind them lies a thinner history
of the whole city over two years, so that comparisons, lines, what-if and chances have something to go by.
"""

import random
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from motcua.dossiers import bulk, clock, worker
from motcua.dossiers.models import Dossier, Event
from motcua.organisation.models import Account
from motcua.site import demo_campaigns, demo_city, demo_scores
from motcua.site.home import Home
from motcua.site.synthesis.making import History, first_day, make

MONTHS = 24
# Dossiers of the history for each of the last weeks.
BEHIND = 3


class Command(BaseCommand):
    """Safe to repeat: people and dossiers that are there already are left as they are."""

    requires_system_checks: list[str] = []
    help = "Gieo người và hồ sơ mẫu / seeds made-up people and dossiers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much."""
        parser.add_argument("--dossiers", type=int, default=3000, help="how many dossiers (default: 3000)")
        parser.add_argument("--days", type=int, default=90, help="over how many days up to now (default: 90)")
        parser.add_argument("--history", type=int, help=f"how many before them (default: {BEHIND} times as many)")

    def handle(self, *_: Any, **options: Any) -> None:
        """People, then dossiers, then the followers, so that every page has its figures at once."""
        if Account.objects.filter(username="tiepnhan").exists():
            self.stdout.write("  Đã có sẵn / already there")
            return
        rng = random.Random(demo_city.SEED)  # noqa: S311 - plausible, not secret
        found = demo_city.places((demo_city.MAIN_DISTRICT, *demo_city.OTHER_DISTRICTS))
        staff = demo_city.Staff(rng)
        staff.hire(demo_city.posts_of(found) | demo_campaigns.posts())
        demo_city.house_residents()
        self._history(options["dossiers"] * BEHIND if options["history"] is None else options["history"])
        bulk.load(demo_city.lives(rng, staff, found, options["dossiers"], options["days"]), progress=self._say)
        bulk.load(demo_city.to_sign(rng, staff, found, 24))
        demo_campaigns.play(staff)
        demo_scores.record(staff)
        worker.catch_up()
        worker.seal_now()
        accounts = [
            {"username": each.username, "password": demo_city.PASSWORD, "who": each.who} for each in demo_city.cast()
        ]
        accounts += [
            {"username": each.signs_in_by, "password": demo_city.PASSWORD, "who": each.who}
            for each in demo_city.residents()
        ]
        Home(settings.MOTCUA_HOME).note(demo_accounts=accounts)
        self.stdout.write(
            f"  {Dossier.objects.count()} hồ sơ, {Event.objects.count()} sự kiện,"
            f" {Account.objects.count()} tài khoản / dossiers, events, accounts"
        )

    def _history(self, dossiers: int) -> None:
        if dossiers:
            until = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
            made = make(History(dossiers, first_day(until, MONTHS), until, demo_city.SEED))
            self.stdout.write(f"    … {made.dossiers}")

    def _say(self, loaded: bulk.Loaded) -> None:
        self.stdout.write(f"    … {loaded.dossiers}")
