"""`motcua translations`: checks that every text has its English, or brings the catalogue up to date."""

from argparse import ArgumentParser
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """For those who write pages; the city itself runs without it."""

    help = "Kiểm tra, cập nhật bản tiếng Anh / checks or updates the English texts."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("act", choices=("check", "update"), help="check: name what is missing; update: write")

    def handle(self, *_: Any, **options: Any) -> None:
        """Check, or update and compile."""
        if find_spec("babel") is None:
            raise CommandError("Cần Babel / this needs Babel: make venv")
        from motcua.site import translating

        if options["act"] == "update":
            catalogue = translating.updated()
            translating.write_catalogue(catalogue)
            translating.COMPILED.write_bytes(translating.compiled(translating.read_catalogue()))
            translating.LIBRARIES.with_suffix(".mo").write_bytes(translating.compiled_libraries())
            empty = sum(1 for each in catalogue if each.id and not all(each.string or ("",)))
            self.stdout.write(f"{len(catalogue)} câu, còn thiếu tiếng Anh / texts, without English: {empty}")
            return
        found = translating.faults()
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} chỗ thiếu hoặc sai / missing or wrong")
        self.stdout.write("Bản tiếng Anh đầy đủ / English is complete")
