"""`motcua serve`: the web server (granian), over static files collected and compressed once."""

import os
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from motcua.site import embedded
from motcua.site.collected import collect_static
from motcua.site.databases import is_embedded
from motcua.site.home import Home
from motcua.site.running import leave_with_parent, marked
from motcua.site.supervision import free_port

TARGET = "motcua.site.wsgi:application"


class Command(BaseCommand):
    """Runs until it is told to end; workers that fall are started again."""

    help = "Chạy máy chủ web / runs the web server."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and with how many hands."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
        parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
        parser.add_argument("--threads", type=int, default=4, help="threads in each process (default: 4)")
        parser.add_argument("--with-parent", action="store_true", help="end when the starting process ends")

    def handle(self, *_: Any, **options: Any) -> None:
        """Collect static files, watch the database, serve."""
        home = Home(settings.MOTCUA_HOME)
        host, port = options["host"], options["port"]
        try:
            free = free_port(port, host, tries=1)
        except OSError:
            raise CommandError(f"Cổng {port} đang bận / port {port} is in use: choose another with --port") from None
        if options["with_parent"]:
            leave_with_parent()
        # Its processes print links and QR codes: without another address in the environment, to this one.
        os.environ.setdefault("MOTCUA_BASE_URL", f"http://{host}:{free}")
        collect_static(home)
        ended = threading.Event()
        if is_embedded():
            threading.Thread(target=embedded.watch, args=(home, ended), name="database", daemon=True).start()
        with marked(home, "serve", f"http://{host}:{free}"):
            self._serve(host, free, options["workers"], options["threads"])
        ended.set()

    def _serve(self, host: str, port: int, workers: int, threads: int) -> None:
        Server(
            TARGET,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            # A thread keeps its database connection; one that came and went would open one each time.
            blocking_threads_idle_timeout=600,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=15,
            websockets=False,
            log_level=LogLevels.warning,
        ).serve()
