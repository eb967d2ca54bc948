"""`motcua seed_demo`: fills a demonstration city with made-up people and dossiers that lived by the law."""

import random
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from motcua.dossiers import bulk, worker
from motcua.organisation.models import Account
from motcua.site import demo_campaigns, demo_city
from motcua.site.home import Home


class Command(BaseCommand):
    """Safe to repeat: people and dossiers that are there already are left as they are."""

    requires_system_checks: list[str] = []
    help = "Gieo người và hồ sơ mẫu / seeds made-up people and dossiers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much."""
        parser.add_argument("--dossiers", type=int, default=3000, help="how many dossiers (default: 3000)")
        parser.add_argument("--days", type=int, default=90, help="over how many days up to now (default: 90)")

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
        loaded = bulk.load(demo_city.lives(rng, staff, found, options["dossiers"], options["days"]), progress=self._say)
        signing = bulk.load(demo_city.to_sign(rng, staff, found, 24))
        demo_campaigns.play(staff)
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
            f"  {loaded.dossiers + signing.dossiers} hồ sơ, {loaded.events + signing.events} sự kiện,"
            f" {Account.objects.count()} tài khoản / dossiers, events, accounts"
        )

    def _say(self, loaded: bulk.Loaded) -> None:
        self.stdout.write(f"    … {loaded.dossiers}")
