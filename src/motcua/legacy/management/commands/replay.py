"""`motcua replay LOG.xes[.gz]`: plays a town hall's event log back as dossiers, through the law."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from msgspec import structs

from motcua.legacy.replay import Replayed, receiving_agency, replay

SHOWN = ("cases", "events", "dossiers", "journal_events", "skipped", "on_time", "late", "seconds")
LISTED = 20


class Command(BaseCommand):
    """Safe to repeat: a case that was played back before is passed over."""

    help = "Phát lại nhật ký sự kiện XES / plays an event log back through the law: motcua replay LOG.xes.gz"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which log, where, and how to report."""
        parser.add_argument("file", type=Path, metavar="LOG.xes[.gz]", help="the event log (IEEE 1849)")
        parser.add_argument("--agency", default="", help="code of the agency (default: the first district)")
        parser.add_argument("--limit-cases", type=int, metavar="N", help="only the first N cases")
        parser.add_argument("--json", action="store_true", help="print what came of it as JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        """Play it back and say what came of it."""
        path: Path = options["file"]
        if options["limit_cases"] is not None and options["limit_cases"] < 1:
            raise CommandError("--limit-cases: từ 1 trở lên / must be 1 or more")
        try:
            agency = receiving_agency(options["agency"])
        except LookupError:
            raise CommandError(
                f"Không có cơ quan mã “{options['agency']}” / no agency has the code “{options['agency']}”"
            ) from None
        try:
            result = replay(path, agency, limit_cases=options["limit_cases"], progress=self._progress)
        except OSError as error:
            reason = error.strerror or str(error)
            raise CommandError(f"{path}: không mở được / cannot be opened: {reason}") from None
        if options["json"]:
            found = {name: value for name, value in structs.asdict(result).items() if name in SHOWN}
            found["skipped"] = [structs.asdict(each) for each in result.skipped]
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self._tell(result)
        if result.broken:
            raise CommandError(f"{path.name}: {result.broken} / đã phát lại phần trước chỗ hỏng")

    def _progress(self, cases: int) -> None:
        self.stderr.write(f"  {cases:,} trường hợp / cases ...")

    def _tell(self, result: Replayed) -> None:
        self.stdout.write(
            f"{result.cases} trường hợp, {result.events} sự kiện / cases and events read\n"
            f"{result.dossiers} hồ sơ, {result.journal_events} sự kiện đã ghi / dossiers and events added"
            f" ({result.procedure})\n"
            f"{result.on_time} đúng hạn / on time, {result.late} trễ hạn / late, {result.seconds:.1f} s"
        )
        if result.repeated:
            self.stdout.write(f"{result.repeated} trường hợp đã phát lại từ trước, không thêm gì / already there")
        for each in result.skipped[:LISTED]:
            where = "" if each.event is None else f", sự kiện / event {each.event}"
            self.stdout.write(f"  bỏ qua / skipped: {each.case}{where}: {each.reason}")
        if len(result.skipped) > LISTED:
            self.stdout.write(f"  ... {len(result.skipped) - LISTED} nữa, xem --json / more: see --json")
