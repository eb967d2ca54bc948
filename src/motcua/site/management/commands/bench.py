"""`motcua bench`: runs the benchmarks, each in a city of its own that is removed afterwards."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from motcua.site import embedded
from motcua.site.benchmarks import measure, names, needs_city
from motcua.site.databases import is_embedded
from motcua.site.home import Home


class Command(BaseCommand):
    """The city at MOTCUA_HOME is not touched unless `--here` asks for it."""

    help = "Đo / the benchmarks: motcua bench [NAME ...] --json"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, how much, and how to report."""
        parser.add_argument("names", nargs="*", metavar="NAME", help="which benchmarks (default: all)")
        parser.add_argument("--json", action="store_true", help="one line of JSON each")
        parser.add_argument("--seconds", type=float, default=10.0, help="how long to measure (default: 10)")
        parser.add_argument(
            "--dossiers", "--size", type=int, default=None, help="how many dossiers, where one counts them"
        )
        parser.add_argument("--rows", type=int, default=None, help="how many rows, where one counts them")
        parser.add_argument("--here", action="store_true", help="in the city at MOTCUA_HOME, which keeps the rows")

    def handle(self, *_: Any, **options: Any) -> None:
        """Measure one after the other."""
        chosen = options["names"] or names()
        given = Namespace(**{name: options[name] for name in ("seconds", "dossiers", "rows", "json")})
        for name in chosen:
            if options["here"] or not needs_city(name):
                if options["here"] and is_embedded():
                    embedded.ensure_running(Home(settings.MOTCUA_HOME))
                self._report(measure(name, given), given.json)
            else:
                self._in_own_city(name, given)

    def _report(self, result: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        self.stdout.write(f"{result['name']}: {result.get('rate', '')} {result.get('unit', '')}")
        for key, value in result.items():
            if key not in ("name", "rate", "unit"):
                self.stdout.write(f"  {key}: {value}")

    def _in_own_city(self, name: str, given: Namespace) -> None:
        folder = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
        folder.chmod(0o755)
        home = Home(folder / "city")
        environment = {key: value for key, value in os.environ.items() if not key.startswith("DATABASE_")}
        environment["MOTCUA_HOME"] = str(home.path)
        measuring = ["bench", name, "--here", "--seconds", str(given.seconds)]
        measuring += ["--json"] if given.json else []
        for name in ("dossiers", "rows"):
            if getattr(given, name) is not None:
                measuring += [f"--{name}", str(getattr(given, name))]
        try:
            self._call(["init", "--json"], environment, quiet=True)
            home.note(demo=True)
            self._call(measuring, environment)
        finally:
            self._call(["demo", "--remove"], environment, quiet=True)
            shutil.rmtree(folder)

    def _call(self, arguments: list[str], environment: dict[str, str], *, quiet: bool = False) -> None:
        command = [sys.executable, "-m", "motcua.site.cli", *arguments]
        output = subprocess.DEVNULL if quiet else None
        if subprocess.run(command, env=environment, stdout=output, check=False).returncode:
            raise CommandError(f"Không thực hiện được / could not be done: {' '.join(arguments)}")
