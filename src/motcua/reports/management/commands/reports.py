"""`motcua reports rebuild|verify`: makes the figures anew from the journal, or names where they differ from it."""

import json
import os
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from msgspec import structs

from motcua.reports.checking import Difference, verify
from motcua.reports.rebuilding import rebuild

SHOWN = 1000


class Command(BaseCommand):
    """Exits with 1 when figures and journal differ."""

    help = "Số liệu: dựng lại từ nhật ký, hoặc so với nhật ký / rebuild the figures, or check them against the journal"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which of the two, and how to report."""
        parser.add_argument("verb", choices=("rebuild", "verify"), help="rebuild the figures, or check them")
        parser.add_argument(
            "--processes", type=int, default=os.cpu_count() or 1, help="how many rebuild at once (default: the cores)"
        )
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do it, with progress on long work."""
        self.as_json = options["json"]
        if options["verb"] == "rebuild":
            begun = time.monotonic()
            made = rebuild(options["processes"], self._progress)
            seconds = time.monotonic() - begun
            said = {**made._asdict(), "seconds": round(seconds, 1), "rate": round(made.events / seconds)}
            self._say(said, "{dossiers} hồ sơ tính lại sau {seconds} giây / reckoned anew, {rate} events a second")
            return
        dossiers, differences = verify(self._progress)
        self._report(dossiers, differences)
        if differences:
            raise SystemExit(1)

    def _report(self, dossiers: int, differences: list[Difference]) -> None:
        listed = [structs.asdict(each) for each in differences[:SHOWN]]
        said = {"dossiers": dossiers, "differences": listed, "differing": len(differences)}
        self._say(said, "{dossiers} hồ sơ, {differing} chỗ khác nhật ký / dossiers, differences from the journal")
        if not self.as_json:
            for each in listed:
                self.stdout.write("  {what}: {where}: {kept!r} / nhật ký {journal!r}".format(**each))

    def _say(self, said: dict[str, Any], words: str) -> None:
        self.stdout.write(json.dumps(said, ensure_ascii=False) if self.as_json else words.format(**said))

    def _progress(self, done: int) -> None:
        if not self.as_json and done % 5000 == 0 and sys.stderr.isatty():
            self.stderr.write(f"{done} …", ending="\r")
