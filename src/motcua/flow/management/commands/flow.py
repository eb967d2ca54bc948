"""`motcua flow`: learns chances, makes the ways anew, writes event logs, takes processes out and in."""

import json
import sys
from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from motcua.catalogue import versions
from motcua.flow import risk, training, ways
from motcua.flow.bpmn_in import read_bpmn
from motcua.flow.bpmn_out import write_bpmn
from motcua.flow.differences import differences
from motcua.flow.event_log import Selection, traces
from motcua.flow.models import RiskModel
from motcua.flow.ocel_out import write_ocel
from motcua.flow.xes_out import write_xes
from motcua.law.procedure import Procedure
from motcua.reports.periods import midnight


class Command(BaseCommand):
    """Exits with 1 when a file is refused."""

    help = "Thời gian đi đâu: học nguy cơ trễ, dựng lại đường đi, xuất nhật ký sự kiện và BPMN / where the time goes"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb with its own words."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        for name, words in (("train", "learn the chances of being late"), ("rebuild", "make the ways anew")):
            verb = verbs.add_parser(name, help=words)
            verb.add_argument("--json", action="store_true", help="print the outcome as JSON")
        export = verbs.add_parser("export", help="write an event log")
        export.add_argument("format", choices=("xes", "ocel"))
        export.add_argument("file", type=Path)
        export.add_argument("--procedure", default="", help="of one procedure only")
        export.add_argument("--from", dest="begin", type=date.fromisoformat, required=True, help="ended on or after")
        export.add_argument("--to", dest="end", type=date.fromisoformat, required=True, help="ended on or before")
        out = verbs.add_parser("bpmn", help="write a procedure's process as BPMN 2.0")
        out.add_argument("procedure")
        out.add_argument("file", type=Path)
        read = verbs.add_parser("read-bpmn", help="read a BPMN file and name what differs or is not ours")
        read.add_argument("file", type=Path)
        read.add_argument("--against", default="", help="the procedure to compare with; the file's own if left out")
        read.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do it."""
        getattr(self, f"_{options['verb'].replace('-', '_')}")(options)

    def _train(self, options: dict[str, Any]) -> None:
        kept = training.train()
        open_now = risk.refresh()
        if options["json"]:
            self._say_json({**_told(kept), "open": open_now})
            return
        self.stdout.write(
            f"{kept.n} mẫu, {kept.late} trễ / samples, late. "
            + (f"Chưa dùng được / not usable: {kept.why}" if kept.why else f"{open_now} hồ sơ đang mở / open dossiers")
        )
        if kept.quality:
            self.stdout.write(
                "Brier {brier:.4f} (nền / base {brier_base:.4f}), skill {skill:.3f}".format(**kept.quality)
            )

    def _rebuild(self, options: dict[str, Any]) -> None:
        made = ways.rebuild()
        if options["json"]:
            self._say_json({"ways": made})
        else:
            self.stdout.write(f"{made} đường đi / ways")

    def _export(self, options: dict[str, Any]) -> None:
        if options["end"] < options["begin"]:
            raise CommandError("Ngày cuối trước ngày đầu / the last day lies before the first")
        selection = Selection(
            midnight(options["begin"]), midnight(options["end"] + timedelta(days=1)), options["procedure"]
        )
        is_ocel = options["format"] == "ocel"
        found = traces(selection, papers=is_ocel)
        with _opened(options["file"]) as file:
            for piece in write_ocel(found) if is_ocel else write_xes(found):
                file.write(piece)
        self.stdout.write(str(options["file"]))

    def _bpmn(self, options: dict[str, Any]) -> None:
        procedure = _procedure(options["procedure"])
        with _opened(options["file"]) as file:
            file.write(write_bpmn(procedure.code, procedure.name, procedure.process))
        self.stdout.write(str(options["file"]))

    def _read_bpmn(self, options: dict[str, Any]) -> None:
        try:
            found = read_bpmn(options["file"].read_bytes())
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        code = options["against"] or found.code
        differ = differences(_procedure(code).process, found.process) if found.process and code else []
        if options["json"]:
            self._say_json({
                "refused": [{"line": each.line, "element": each.element, "reason": each.reason.en}
                            for each in found.refused],
                "differences": [{"part": each.part, "field": each.field, "words": each.words.en} for each in differ],
            })  # fmt: skip
        for each in () if options["json"] else found.refused:
            self.stdout.write(f"{options['file']}:{each.line}: {each.element}: {each.reason.vi} / {each.reason.en}")
        for each_differ in () if options["json"] else differ:
            self.stdout.write(f"{each_differ.words.vi} / {each_differ.words.en}")
        if found.refused:
            sys.exit(1)

    def _say_json(self, said: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(said, ensure_ascii=False))


def _opened(path: Path) -> TextIO:
    """The file, to be written anew. Raises CommandError where it cannot be."""
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None


def _told(kept: RiskModel) -> dict[str, Any]:
    """A model as the command prints it."""
    model = kept.model or {}
    return {
        "trained_at": kept.trained_at.isoformat(),
        "split_on": kept.split_on.isoformat(),
        "n": kept.n,
        "late": kept.late,
        "why": kept.why,
        "quality": kept.quality,
        "coefficients": dict(zip(model.get("features", ()), model.get("coefficients", ()), strict=True)),
    }


def _procedure(code: str) -> Procedure:
    cards = versions.snapshot().cards.get(code)
    if not cards:
        raise CommandError(f"Không có thủ tục / no procedure {code}")
    return versions.procedure_version(cards[-1].version_id)
