"""`motcua init`: makes a city's home, its database and its tables, and loads a content pack."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from motcua.site.founding import default_pack, found
from motcua.site.home import Home


class Command(BaseCommand):
    """Safe to repeat: what exists is kept."""

    help = "Tạo dữ liệu của một thành phố / makes a city: home, keys, database, tables, content pack."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which content, and how to report."""
        parser.add_argument("--content", type=Path, help="the content pack to load (default: hanoi-2018)")
        parser.add_argument("--no-content", action="store_true", help="make an empty city")
        parser.add_argument("--json", action="store_true", help="print what was made as JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        """Found the city step by step."""
        home = Home(settings.MOTCUA_HOME)
        pack = None if options["no_content"] else (options["content"] or default_pack()).resolve()
        if pack is not None and not pack.is_dir():
            raise CommandError(f"Không có thư mục {pack} / there is no folder {pack}")
        quiet = options["json"]
        found(home, pack, lambda line: None if quiet else self.stderr.write(line))
        made = {"home": str(home.path), "content": home.record().get("content"), "ready": True}
        if quiet:
            self.stdout.write(json.dumps(made, ensure_ascii=False))
        else:
            self.stdout.write(f"Đã sẵn sàng / ready: {home.path}")
