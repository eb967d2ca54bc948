"""`motcua sandbox_provider`: a bank for trying payments out, in a process of its own."""

import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from motcua.fees.sandbox import sandbox_secret
from motcua.fees.sandbox_server import SandboxServer
from motcua.site.running import leave_with_parent

PORT = 8190


class Command(BaseCommand):
    """Listens on this machine only; keeps its books in the city's home."""

    help = "Ngân hàng thử nghiệm / a sandbox bank: pay on its page, transfer by VietQR, signed messages."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, whom to tell, how to behave."""
        parser.add_argument("--port", type=int, default=PORT, help=f"port (default: {PORT})")
        parser.add_argument("--notify", default=settings.MOTCUA_BASE_URL, help="address of the system it tells")
        parser.add_argument("--books", type=Path, default=Path(settings.MOTCUA_HOME) / "sandbox-bank.jsonl")
        parser.add_argument("--slow", type=float, default=0.0, help="seconds before each answer")
        parser.add_argument("--late", type=float, default=0.0, help="seconds before each message")
        parser.add_argument("--copies", type=int, default=1, help="how often each message is sent")
        parser.add_argument("--off", type=int, default=0, help="đồng by which every amount is wrong")
        parser.add_argument("--silent", action="store_true", help="send no messages")
        parser.add_argument("--contrary", action="store_true", help="say the contrary after each success")
        parser.add_argument("--down", action="store_true", help="answer nothing but 503")
        parser.add_argument("--with-parent", action="store_true", help="end when the starting process ends")

    def handle(self, *_: Any, **options: Any) -> None:
        """Serve until told to end."""
        if options["with_parent"]:
            leave_with_parent()
        server = SandboxServer(options["port"], options["notify"], sandbox_secret(), options["books"])
        server.bank.behave(
            **{name: options[name] for name in ("slow", "late", "copies", "off", "silent", "contrary", "down")}
        )
        self.stdout.write(f"Ngân hàng thử nghiệm / sandbox bank: {server.address}")
        self.stdout.flush()
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ended.wait()
        server.shutdown()
