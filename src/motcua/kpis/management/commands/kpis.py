"""`motcua kpis check|list|compute|verify|publish`: the KPI files, their values, and their published history."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError

from motcua.dossiers import clock
from motcua.kpis import definitions, oracle, reading
from motcua.kpis.publishing import NotCompleteError, publish
from motcua.kpis.shapes import Kpi
from motcua.organisation.directory import directory
from motcua.reports.figures import of_period
from motcua.reports.periods import Period, latest_over, parse

# The oracles are plain and slow: their time grows with the square of the dossiers.
LARGEST_VERIFIED = 300
VERBS = ("check", "list", "compute", "verify", "publish")


class Command(BaseCommand):
    """Exits with 1 when a file is refused, a value differs from the journal, or a period cannot be published."""

    help = "Chỉ số: kiểm tra tệp, tính, so với nhật ký, công bố / indicators: check, compute, verify, publish"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which of them, of what period, how to report."""
        parser.add_argument("verb", choices=VERBS, help="what to do")
        parser.add_argument("code", nargs="?", default="", help="one KPI (all of them when not given)")
        parser.add_argument("--period", default="", help="2018-12, 2018-Q4r, 2018 (the last month when not given)")
        parser.add_argument("--by", default=None, help="a dimension to break down by")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do it."""
        self.as_json = options["json"]
        try:
            period = parse(options["period"]) if options["period"] else latest_over(clock.now(), "month")
            kpis = (definitions.get(options["code"]),) if options["code"] else definitions.all()
        except ValueError as error:
            raise CommandError(f"kỳ không đúng / no such period: {error}") from None
        except definitions.UnknownKpiError as error:
            raise CommandError(f"không có chỉ số {error} / there is no KPI {error}") from None
        match options["verb"]:
            case "check":
                self._check()
            case "list":
                self._list(kpis)
            case "compute":
                self._compute(kpis, period, options["by"])
            case "verify":
                self._verify(kpis, period)
            case _:
                self._publish(kpis, period)

    def _check(self) -> None:
        found = definitions.problems()
        said = {"kpis": len(definitions.all()), "problems": [msgspec.structs.asdict(each) for each in found]}
        self._say(said, f"{len(definitions.all())} chỉ số đọc được / KPIs can be read; {len(found)} lỗi / problems")
        if not self.as_json:
            for each in found:
                self.stdout.write(f"{each.file}:{each.line}: {each.reason}")
        if found:
            raise SystemExit(1)

    def _list(self, kpis: tuple[Kpi, ...]) -> None:
        if self.as_json:
            self.stdout.write(json.dumps([msgspec.to_builtins(each) for each in kpis], ensure_ascii=False))
            return
        for each in kpis:
            self.stdout.write(f"{each.code:<28}{each.visibility:<10}{each.name.vi} / {each.name.en}")

    def _compute(self, kpis: tuple[Kpi, ...], period: Period, by: Any) -> None:
        found = []
        for kpi in kpis:
            try:
                read = reading.value(kpi.code, of_period(period), by=by) if by else {
                    "": reading.value(kpi.code, of_period(period))}  # fmt: skip
            except reading.NotOfferedError as error:
                raise CommandError(f"chỉ số không xem theo cách này / {error}") from None
            for unit, each in read.items():
                found.append({"code": kpi.code, "period": period.code, "unit": self._unit(by, unit),
                              **msgspec.structs.asdict(each)})  # fmt: skip
                if not self.as_json:
                    below = "" if each.denominator is None else f" / {each.denominator:g}"
                    self.stdout.write(f"{kpi.code:<28}{found[-1]['unit']:<12}{each.numerator:g}{below}\t"
                                      f"{reading.say(kpi, each)}")  # fmt: skip
        if self.as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False))

    def _unit(self, by: str | None, unit: object) -> str:
        agency = directory().by_number.get(unit) if isinstance(unit, int) else None
        if agency is not None and by in ("receiving", "agency", "district", "resolving"):
            return agency.code
        return unit.isoformat() if isinstance(unit, date) else str(unit)

    def _verify(self, kpis: tuple[Kpi, ...], period: Period) -> None:
        if (dossiers := oracle.size()) > LARGEST_VERIFIED:
            raise CommandError(
                f"{dossiers} hồ sơ: quá lớn để so từng chỉ số với nhật ký, dùng motcua reports verify"
                " / too many dossiers to compare every KPI with the journal: use motcua reports verify"
            )
        now = clock.now()
        checked = [each for each in kpis if oracle.question(each) is not None]
        found = [each for kpi in checked for each in oracle.differences(kpi, of_period(period), now)]
        said = {"kpis": len(checked), "differences": [each._asdict() for each in found]}
        self._say(said, f"{len(checked)} chỉ số, {len(found)} chỗ khác nhật ký / KPIs, differences from the journal")
        if not self.as_json:
            for each in found:
                self.stdout.write(f"  {each.code} {each.unit}: {each.engine} / nhật ký {each.oracle}")
        if found:
            raise SystemExit(1)

    def _publish(self, kpis: tuple[Kpi, ...], period: Period) -> None:
        try:
            rows = sum(publish(each, period) for each in kpis)
        except NotCompleteError:
            raise CommandError(
                f"kỳ {period.code} chưa hết hoặc số liệu chưa đủ / the period goes on, or its figures are not complete"
            ) from None
        self._say({"period": period.code, "values": rows}, f"{period.code}: {rows} giá trị mới / new values")

    def _say(self, said: dict[str, Any], words: str) -> None:
        self.stdout.write(json.dumps(said, ensure_ascii=False) if self.as_json else words)
