"""`motcua demo`: a living city in one command: database, content, people and dossiers, web server and worker."""

import os
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from motcua.papers.results.certificates import DemoAuthority
from motcua.site import embedded
from motcua.site.databases import is_embedded
from motcua.site.founding import default_pack, found, step
from motcua.site.home import Home
from motcua.site.removal import remove
from motcua.site.running import marked, running
from motcua.site.supervision import Child, answers, ended_by_signal, free_port, tend_until

SERVES_WITHIN = 120.0
STEP = 0.2


class Command(BaseCommand):
    """The first time it founds and seeds the city; afterwards it only starts it."""

    help = "Chạy thành phố trình diễn / runs a demonstration city: everything in one command."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--port", type=int, default=8000, help="port, or the next free one (default: 8000)")
        parser.add_argument("--workers", type=int, default=2, help="web processes (default: 2)")
        parser.add_argument("--dossiers", type=int, default=3000, help="how many to seed (default: 3000)")
        parser.add_argument("--remove", action="store_true", help="stop and remove the demonstration city")

    def handle(self, *_: Any, **options: Any) -> None:
        """Found, seed, start, say where to look, look after it."""
        home = Home(settings.MOTCUA_HOME)
        if options["remove"]:
            remove(home, self._tell)
            return
        for each in running(home):
            if each.verb in ("demo", "serve"):
                self._announce(home, each.address)
                self._tell("Đang chạy sẵn rồi; dừng bằng motcua stop / already running; end it with motcua stop")
                return
        # Until there are children to end, the signal simply ends what is being done, by way of `finally`.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            self._run(home, options["port"], options["workers"], options["dossiers"])
        finally:
            connection.close()
            if is_embedded():
                embedded.stop(home)

    def _run(self, home: Home, wanted: int, workers: int, dossiers: int) -> None:
        begun = time.monotonic()
        self._tell(f"Một Cửa: {home.path}")
        if not home.is_ready():
            home.note(demo=True)
        found(home, default_pack(), self._tell)
        self._seed(home, dossiers)
        # An account that no bank gave: only here, where nobody is asked for real money.
        call_command("fees", "accounts", str(default_pack() / "money" / "accounts.yaml"), stdout=self.stdout)
        connection.close()
        ended = ended_by_signal()
        port = free_port(wanted)
        address = f"http://127.0.0.1:{port}"
        os.environ.setdefault("MOTCUA_BASE_URL", address)
        # Its certificates say that they are a demonstration; a city in service names its own keys.
        DemoAuthority(home.keys / "signing" / "demo", os.environ["MOTCUA_BASE_URL"]).create()
        bank = free_port(port + 1)
        os.environ["MOTCUA_SANDBOX_URL"] = f"http://127.0.0.1:{bank}"
        children = [
            Child(home, "serve", "--port", str(port), "--workers", str(workers)),
            Child(home, "work"),
            Child(home, "sandbox_provider", "--port", str(bank), "--notify", address),
        ]
        with marked(home, "demo", address):
            threading.Thread(target=self._greet, args=(home, address, ended, begun), daemon=True).start()
            if is_embedded():
                threading.Thread(target=embedded.watch, args=(home, ended, self._tell), daemon=True).start()
            tend_until(ended, children, self._tell)
        self._tell("Đang dừng / stopping ...")

    def _seed(self, home: Home, dossiers: int) -> None:
        if home.record().get("seeded"):
            return
        if "seed_demo" not in get_commands():
            raise CommandError("Thiếu lệnh seed_demo / this installation lacks the command seed_demo")

        def seed() -> None:
            call_command("seed_demo", dossiers=dossiers, stdout=self.stdout)

        step(self._tell, "Gieo hồ sơ mẫu / seeding people and dossiers", seed)
        home.note(seeded=True)

    def _greet(self, home: Home, address: str, ended: threading.Event, begun: float) -> None:
        deadline = time.monotonic() + SERVES_WITHIN
        while not answers(address):
            if ended.wait(STEP):
                return
            if time.monotonic() > deadline:
                self._tell(f"Máy chủ web chưa trả lời / the web server does not answer: {home.logs / 'serve.log'}")
                return
        self._announce(home, address)
        self._tell(f"Sẵn sàng sau / ready after {time.monotonic() - begun:.0f} s. Ctrl+C: dừng / stop")

    def _announce(self, home: Home, address: str) -> None:
        self._tell("")
        self._tell(f"  Cổng dịch vụ công / public portal   {address}/")
        self._tell(f"  Cán bộ / office                     {address}/can-bo/")
        self._tell(f"  Số liệu thành phố / city figures    {address}/so-lieu/")
        if bank := os.environ.get("MOTCUA_SANDBOX_URL"):
            self._tell(f"  Ngân hàng thử nghiệm / sandbox bank {bank}/")
        for account in home.record().get("demo_accounts", []):
            self._tell(f"    {account['username']:<24} {account['password']:<20} {account['who']}")
        self._tell("")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
