"""`motcua stop`: ends the city's processes in order, the embedded database last."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from motcua.site import embedded
from motcua.site.databases import is_embedded
from motcua.site.home import Home
from motcua.site.running import end_all


class Command(BaseCommand):
    """Nothing acknowledged is lost; ending what does not run is no failure."""

    help = "Dừng thành phố: web, tiến trình nền, cơ sở dữ liệu / stops web server, worker and database."
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        """End processes, then the database."""
        home = Home(settings.MOTCUA_HOME)
        if not home.is_made():
            self.stdout.write(f"Không có gì ở {home.path} / there is nothing at {home.path}")
            return
        for each in end_all(home, but=os.getpid()):
            self.stdout.write(f"Đã dừng / stopped: {each.verb} ({each.pid})")
        if is_embedded() and embedded.stop(home):
            self.stdout.write("Đã dừng / stopped: PostgreSQL")
