"""`motcua work`: the worker, which follows the journal: outbox, checkpoints, reports, notices."""

import os
import threading
from argparse import ArgumentParser
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from motcua.site import embedded
from motcua.site.databases import is_embedded, with_one_processor
from motcua.site.home import Home
from motcua.site.running import leave_with_parent, marked

WORKER = "motcua.dossiers.worker"
# Where processors are short, whoever waits at a counter comes before the figures.
NICER_BY = 10


class Command(BaseCommand):
    """Runs until it is told to end."""

    help = "Chạy tiến trình nền / runs the worker."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to end."""
        parser.add_argument("--with-parent", action="store_true", help="end when the starting process ends")

    def handle(self, *_: Any, **options: Any) -> None:
        """Watch the database and work."""
        try:
            worker = import_module(WORKER)
        except ModuleNotFoundError as error:
            if error.name != WORKER:
                raise
            raise CommandError("Bản này chưa có tiến trình nền / this installation has no worker") from None
        home = Home(settings.MOTCUA_HOME)
        os.nice(NICER_BY)
        with_one_processor()
        if options["with_parent"]:
            leave_with_parent()
        ended = threading.Event()
        if is_embedded():
            threading.Thread(target=embedded.watch, args=(home, ended), name="database", daemon=True).start()
        with marked(home, "work"):
            worker.run()
        ended.set()
