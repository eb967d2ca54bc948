"""`motcua synthesize`: a whole city's history made through the law, for demonstration, measurement and learning."""

import json
import signal
import sys
import time
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.site.cli import INTERRUPTED
from motcua.site.synthesis import making
from motcua.site.synthesis.telling import has_real_dossiers, made_figures

MOST, MOST_MONTHS, MOST_PROCESSES = 10_000_000, 120, 16
TOLD_EVERY = 5.0


class Command(BaseCommand):
    """The same seed, period and number make the same lives; running again makes those that are missing."""

    requires_system_checks: list[str] = []
    help = "Tạo lịch sử giả lập / a made-up history: synthesize --dossiers N --months M"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much, over what time, and how to report."""
        parser.add_argument("--dossiers", type=int, default=30_000, help="how many (default: 30000)")
        parser.add_argument("--months", type=int, default=24, help="over how many months (default: 24)")
        parser.add_argument("--until", default="", help="the last day, 2020-12-31 (default: up to an hour ago)")
        parser.add_argument("--seed", type=int, default=2018)
        parser.add_argument("--processes", type=int, default=2)
        parser.add_argument("--yes", action="store_true", help="also in a city that has real dossiers")
        parser.add_argument("--json", action="store_true", help="one line of JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        """Makes them. Exits with 130 when interrupted; what is stored then stays and can be completed."""
        history = _history(options)
        if not options["yes"] and has_real_dossiers():
            raise CommandError(
                "Thành phố này có hồ sơ thật; hồ sơ giả lập sẽ lẫn vào số liệu. Nếu vẫn muốn: --yes"
                " / this city has real dossiers, and made-up ones would mix with its figures; --yes to go on"
            )
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        made = making.make(history, _Telling(history.dossiers))
        told = made_figures(made, history)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(f"  {name}: {value}" for name, value in told.items()))
        if made.interrupted:
            self.stderr.write("Đã dừng; chạy lại với cùng --seed để làm tiếp / stopped; run again to go on")
            raise SystemExit(INTERRUPTED)
        with connection.cursor() as cursor:
            # Until autovacuum comes by, the planner would take the tables for what they were.
            for table in ("dossier", "event", "name", "task", "lookup", "outbox"):
                cursor.execute(f"ANALYZE dossiers_{table}")


def _history(options: dict[str, Any]) -> making.History:
    bounds = {"dossiers": MOST, "months": MOST_MONTHS, "processes": MOST_PROCESSES}
    for name, most in bounds.items():
        if not 1 <= options[name] <= most:
            raise CommandError(f"--{name}: 1 … {most}")
    until = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    if options["until"]:
        try:
            day = datetime.strptime(options["until"], "%Y-%m-%d").replace(tzinfo=CITY_ZONE)
        except ValueError:
            raise CommandError(f"Không phải ngày / not a day: {options['until']}") from None
        if city_day(clock.now()) < city_day(day):
            raise CommandError(f"--until: ngày chưa đến / a day that has not come: {options['until']}")
        until = min(until, day + timedelta(days=1))
    first = making.first_day(until, options["months"])
    if not versions.regimes() or first < versions.regimes()[0].valid_from:
        raise CommandError(f"Chưa có luật cho ngày / no law is known for {first.isoformat()}")
    assert first <= city_day(until)
    return making.History(options["dossiers"], first, until, options["seed"], options["processes"])


class _Telling:
    """Progress on stderr, every few seconds."""

    def __init__(self, wanted: int) -> None:
        self._wanted, self._begun, self._told = wanted, time.monotonic(), time.monotonic()

    def __call__(self, dossiers: int, events: int) -> None:
        now = time.monotonic()
        if now - self._told >= TOLD_EVERY:
            self._told = now
            rate = dossiers / (now - self._begun)
            sys.stderr.write(f"  {dossiers:,} / {self._wanted:,} ({events:,} sự kiện), {rate:,.0f}/s\n")
            sys.stderr.flush()
