"""`motcua export_journal`: the whole journal and its checkpoints as lines that the standalone verifier reads."""

import gzip
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from motcua.dossiers.checkpoints import all_checkpoints
from motcua.dossiers.journal import every_sealed_event
from motcua.law.merkle import export_checkpoint
from motcua.law.seal import export_event


class Command(BaseCommand):
    """One consistent snapshot, streamed. It holds personal data: whoever exports it answers for it."""

    requires_system_checks: list[str] = []
    help = "Xuất nhật ký cho chương trình kiểm tra độc lập / exports the journal for the standalone verifier."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path, help="JSON lines, compressed when the name ends in .gz")

    def handle(self, *_: Any, **options: Any) -> None:
        """Write events, then checkpoints with their leaves."""
        file: Path = options["file"]
        written = 0
        with _opened(file) as stream, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for line in _lines():
                stream.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
                written += 1
        self.stdout.write(f"{written} dòng / lines: {file}")


def _opened(file: Path) -> TextIO:
    if file.suffix == ".gz":
        return cast(TextIO, gzip.open(file, "wt", encoding="utf-8"))
    return file.open("w", encoding="utf-8")


def _lines() -> Iterator[dict[str, object]]:
    for event in every_sealed_event():
        yield export_event(event)
    for checkpoint, leaves in all_checkpoints():
        yield export_checkpoint(checkpoint, leaves)
