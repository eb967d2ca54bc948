"""`motcua report II.06a --period 2018-Q3r [--agency CODE]`: a form of the state, as text, JSON, Excel or PDF."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError

from motcua.dossiers import clock
from motcua.reports.periods import latest_over, parse
from motcua.reports.standing import trouble
from motcua.statutory import issuing, sheets
from motcua.statutory.columns import NUMBERS
from motcua.statutory.forms import LAYOUTS, Report
from motcua.statutory.processes import FORM as II_07B
from motcua.statutory.processes import processes_form
from motcua.statutory.reporting import NotBegunError, report
from motcua.statutory.scope import Scope, UnknownScopeError
from motcua.statutory.scope import parse as parse_scope


class Command(BaseCommand):
    """Exits with 1 when the form does not balance or the figures cannot be trusted."""

    help = "Biểu mẫu báo cáo theo kỳ / a report form of the state for a period"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which form, for whom, of which period, and how to write it."""
        parser.add_argument("form", choices=[*LAYOUTS, II_07B])
        parser.add_argument("--period", default="", help="2018-12r, 2018-Q3r, 2018-H1, 2018 (r: from the 15th)")
        parser.add_argument("--agency", default="", metavar="CODE", help="one agency; default: the whole city")
        parser.add_argument("--below", action="store_true", help="with what is below the agency")
        parser.add_argument("--tier", default="", help="a tier: department, district, commune")
        parser.add_argument("--again", action="store_true", help="reckon anew even when it was issued")
        parser.add_argument("--json", action="store_true", help="print it as JSON")
        parser.add_argument("--xlsx", type=Path, metavar="FILE")
        parser.add_argument("--pdf", type=Path, metavar="FILE")

    def handle(self, *_: Any, **options: Any) -> None:
        """An issued report is given as it was issued."""
        now = clock.now()
        try:
            scope = self._scope(options)
            period = parse(options["period"]) if options["period"] else latest_over(now, "month", report=True)
        except (UnknownScopeError, ValueError) as error:
            raise CommandError(f"không biết / unknown: {error}") from None
        if options["form"] == II_07B:
            self._write(processes_form(period.last_day), options)
            return
        kept = [] if options["again"] else issuing.issued(options["form"], scope.code, period.code)
        try:
            made = issuing.content(kept[0]) if kept else report(options["form"], scope, period, now)
        except NotBegunError:
            raise CommandError(f"kỳ {period.code} chưa bắt đầu / the period has not begun") from None
        if not kept and (why := trouble()):
            raise CommandError(f"số liệu chưa dùng được / figures cannot be trusted: {why}")
        if made.faults:
            raise CommandError("; ".join(f"{each.label.vi}: {each.sum}" for each in made.faults))
        self._write(made, options)

    def _scope(self, options: dict[str, Any]) -> Scope:
        if options["tier"]:
            return parse_scope(f"tier:{options['tier']}")
        return parse_scope(f"{'below' if options['below'] else 'own'}:{options['agency']}" if options["agency"] else "")

    def _write(self, made: Any, options: dict[str, Any]) -> None:
        for name in ("xlsx", "pdf"):
            if options[name]:
                data = sheets.written(made, name)
                try:
                    options[name].write_bytes(data)
                except OSError as error:
                    raise CommandError(f"không ghi được tệp / the file cannot be written: {error}") from None
        if options["json"]:
            self.stdout.write(json.dumps(msgspec.to_builtins(made), ensure_ascii=False))
        elif not options["xlsx"] and not options["pdf"]:
            self._say(made)

    def _say(self, made: Report) -> None:
        self.stdout.write(f"{made.form}  {made.scope_name.vi}  {made.period_name.vi}")
        self.stdout.write("".join(f"{each:>8}" for each in ("", *made.columns)))
        for row in made.rows:
            figures = "".join(f"{each:>8}" for each in row.cells[: len(made.columns or NUMBERS)])
            self.stdout.write(f"{'':>8}{figures}  {'  ' * row.level}{row.number} {row.label.vi}")
        for note in made.notes:
            self.stdout.write(f"* {note.vi}")
