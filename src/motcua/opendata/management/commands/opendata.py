"""`motcua opendata publish|list|check`: publishes what is due or a correction, lists versions, names what is broken."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from msgspec import structs

from motcua.law.texts import Text
from motcua.opendata.checking import WORDS, check
from motcua.opendata.definitions import datasets
from motcua.opendata.models import Release
from motcua.opendata.publishing import NotPublishedError, outdated, publish, publish_due
from motcua.reports.periods import parse


class Command(BaseCommand):
    """Exits with 1 when a published file is missing or altered, figures have changed since, or nothing could be
    published."""

    help = "Dữ liệu mở: công bố, liệt kê, kiểm tra / open data: publish, list, check"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which of the three, and of what."""
        parser.add_argument("verb", choices=("publish", "list", "check"))
        parser.add_argument(
            "--dataset", default="", help="one dataset by its code; publish: all that is due without it"
        )
        parser.add_argument("--period", default="", help="a period such as 2018-12 or 2018-Q4; with --dataset")
        parser.add_argument("--note", default="", help="why a period is corrected, in Vietnamese")
        parser.add_argument("--note-en", default="", help="the same in English")
        parser.add_argument(
            "--figures", action="store_true", help="check: also what a recount today would say otherwise"
        )
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do it."""
        self.as_json = options["json"]
        code = options["dataset"]
        if code and code not in datasets():
            raise CommandError(f"không có bộ dữ liệu / no dataset {code!r}: {', '.join(datasets())}")
        # Half an order is not carried out as another one: what was published stays.
        if options["verb"] == "publish" and bool(code) != bool(options["period"]):
            raise CommandError("--dataset và --period đi cùng nhau / --dataset and --period go together")
        {"publish": self._publish, "list": self._list, "check": self._check}[options["verb"]](options)

    def _publish(self, options: dict[str, Any]) -> None:
        if not options["dataset"]:
            made: list[Release] = []
            while some := publish_due():
                made += some
            self._releases(made)
            return
        dataset = datasets()[options["dataset"]]
        note = Text(options["note"], options["note_en"]) if options["note"] else None
        try:
            release = publish(dataset, parse(options["period"]), note)
        except (NotPublishedError, ValueError) as error:
            raise CommandError(str(error)) from None
        self._releases([release] if release else [])

    def _list(self, options: dict[str, Any]) -> None:
        found = Release.objects.order_by("dataset", "first", "version")
        self._releases(list(found.filter(dataset=options["dataset"]) if options["dataset"] else found))

    def _releases(self, releases: list[Release]) -> None:
        if self.as_json:
            shown = [
                {"dataset": each.dataset, "period": each.period, "version": each.version, "rows": each.rows,
                 "published_at": each.published_at.isoformat(), "note": each.note_vi}
                for each in releases
            ]  # fmt: skip
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
            return
        for each in releases:
            self.stdout.write(f"{each}: {each.rows} dòng / rows {each.note_vi}".rstrip())
        self.stdout.write(f"{len(releases)} phiên bản / versions")

    def _check(self, options: dict[str, Any]) -> None:
        read, broken = check()
        changed = list(outdated()) if options["figures"] else []
        if self.as_json:
            told = [{"dataset": each.dataset, "period": each.period, "version": each.version} for each in changed]
            found = {"files": read, "broken": [structs.asdict(each) for each in broken], "changed": told}
            self.stdout.write(json.dumps(found))
        else:
            for release in changed:
                self.stdout.write(f"{release}: số liệu nay đã khác, cần đính chính / the figures are others now")
            for each in broken:
                words = WORDS[each.what]
                self.stdout.write(f"{each.dataset} {each.period} v{each.version} {each.file}: {words.vi} / {words.en}")
            self.stdout.write(f"{read} tệp, {len(broken)} tệp hỏng / files, broken")
        if broken or changed:
            raise SystemExit(1)
