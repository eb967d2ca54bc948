"""`motcua content`: checks and loads content packs and national catalogue exports, and prints their schema.

`levels` lists how far each procedure can be done online beside what its file claims.

`check` and `schema` need no database. What is checked and how it is loaded is left to `packs` and
`national_load`.
"""

import json
import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

import motcua
from motcua.catalogue.national import is_national
from motcua.law.procedure import Procedure
from motcua.law.working_time import city_day

PACK = "hanoi-2018"


class Command(BaseCommand):
    """Checks, loads, or describes content."""

    help = "Check or load a content pack or a national catalogue export: content check PATH, content load PATH"
    requires_system_checks: list[str] = []
    metavar = "check | load | levels | schema"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the command."""
        verbs = self.verbs = parser.add_subparsers(dest="verb", required=True, metavar=self.metavar)
        for verb, says in (("check", "say what is wrong, by file and line"), ("load", "load it into the city")):
            one = verbs.add_parser(verb, help=says)
            one.add_argument("path", type=Path, metavar="PATH", help="a pack's folder, or tthc_*_full.jsonl.gz")
            one.add_argument("--json", action="store_true", help="print JSON for machines")
            one.add_argument(
                "--pack",
                type=Path,
                help=f"the pack whose standard processes an export gets (default: content/{PACK})",
            )
            if verb == "load":
                one.add_argument(
                    "--valid-from",
                    type=date.fromisoformat,
                    metavar="DATE",
                    help="from when an export's procedures hold (default: 2025-07-01)",
                )
        levels = verbs.add_parser("levels", help="list how far each procedure can really be done online")
        levels.add_argument("--json", action="store_true", help="print JSON for machines")
        levels.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="as of this day (default: today)")
        verbs.add_parser("schema", help="print the JSON Schema of a procedure, for authors and their editors")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does what was asked; CommandError when anything is wrong with the content."""
        if options["verb"] == "schema":
            self.stdout.write(json.dumps(msgspec.json.schema(Procedure), ensure_ascii=False, indent=2))
            return
        if options["verb"] == "levels":
            self._levels(options["on"] or city_day(timezone.now()), options["json"])
            return
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(f"{path}: không có / is not there")
        if is_national(path):
            self._national(path, options)
        elif path.is_dir():
            self._pack(path, options)
        else:
            raise CommandError(f"{path}: is neither a pack's folder nor an export ending in .jsonl or .jsonl.gz")

    def _levels(self, day: date, as_json: bool) -> None:
        from motcua.catalogue.online import standings, tally

        found, counted = standings(day), tally(day)
        if as_json:
            told = {
                "day": day.isoformat(),
                "procedures": counted.procedures,
                "by_level": {"everywhere": counted.least, "somewhere": counted.best, "claimed": counted.claimed},
                "levels": [
                    {
                        "code": each.code,
                        "name": msgspec.to_builtins(each.name),
                        "claimed": each.claimed,
                        "everywhere": each.least.level,
                        "somewhere": each.best.level,
                        "extent": each.least.extent,
                        "agencies": each.agencies,
                        "obstacles": [msgspec.to_builtins(one) for one in each.least.obstacles],
                    }
                    for each in found
                ],
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for each in found:
            mark = "" if each.claimed <= each.least.level else "  < claimed"
            self.stdout.write(
                f"{each.code:<12} {each.least.level} (claimed {each.claimed}){mark}  {each.name.en or each.name.vi}"
            )
            for obstacle in each.least.next_obstacles:
                self.stdout.write(f"{'':<12}   - {obstacle.text.en}")
        above = counted.from_level_three
        self.stdout.write(
            f"{counted.procedures} procedures; level 3 or 4: {above(counted.least)} everywhere, "
            f"{above(counted.best)} somewhere, {above(counted.claimed)} claimed"
        )

    def _pack(self, path: Path, options: dict[str, Any]) -> None:
        from motcua.catalogue.packs import LoadReport, check_pack, load_pack

        begun = time.monotonic()
        tell = None if options["json"] else lambda sentence: self.stdout.write(f"  {sentence}")
        checking = options["verb"] == "check"
        report = LoadReport(tuple(check_pack(path))) if checking else load_pack(path, tell)
        self._say(report, options["json"], begun)
        for problem in () if options["json"] else report.problems:
            self.stderr.write(str(problem))
        if report.problems:
            raise CommandError(f"{path}: {len(report.problems)} chỗ sai / problem(s)")
        if not options["json"]:
            self.stdout.write(f"{path}: tốt / good")

    def _national(self, path: Path, options: dict[str, Any]) -> None:
        from motcua.catalogue.national_load import check_national, load_national

        begun = time.monotonic()
        pack = options["pack"] or _default_pack()
        tell = None if options["json"] else lambda sentence: self.stderr.write(f"  {sentence}")
        if options["verb"] == "check":
            report = check_national(path, pack)
        else:
            report = load_national(path, pack, tell, options["valid_from"])
        self._say(report, options["json"], begun)
        if not options["json"]:
            for each in (*report.problems, *report.notes):
                self.stdout.write(str(each))
            done = "could be published" if options["verb"] == "check" else "published"
            self.stdout.write(
                f"{report.entries} entries: {report.published} {done}, {report.unchanged} as before, "
                f"{report.modelled} described by a pack, {report.not_loaded} not loaded; "
                f"{report.received_here} received in the city"
            )
        if report.problems:
            raise CommandError(f"{pack}: {len(report.problems)} chỗ sai / problem(s)")

    def _say(self, report: msgspec.Struct, as_json: bool, begun: float) -> None:
        if as_json:
            told = msgspec.to_builtins(report) | {"seconds": round(time.monotonic() - begun, 2)}
            self.stdout.write(json.dumps(told, ensure_ascii=False))


def _default_pack() -> Path:
    """The pack delivered beside the sources, or in the working folder."""
    for root in (Path(motcua.__file__).resolve().parents[2], Path.cwd()):
        if (root / "content" / PACK).is_dir():
            return root / "content" / PACK
    raise CommandError(f"Không thấy gói nội dung {PACK} / the pack content/{PACK} is not here: use --pack")
