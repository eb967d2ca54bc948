"""`motcua doctor`: says whether the city is well, and what to do where it is not."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from motcua.site.diagnosis import BAD, GOOD, diagnose
from motcua.site.home import Home

SIGNS = {"good": "✓", "warning": "!", "bad": "✗"}


class Command(BaseCommand):
    """Exits with 1 when something is bad."""

    help = "Khám: cơ sở dữ liệu, tiến trình nền, đĩa, đồng hồ, lịch, nội dung / is the city well?"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to report."""
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        """Look at everything, then say it."""
        findings = list(diagnose(Home(settings.MOTCUA_HOME)))
        is_bad = any(each.state == BAD for each in findings)
        if options["json"]:
            report = {"well": not is_bad, "findings": [asdict(each) for each in findings]}
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            for each in findings:
                style = self.style.SUCCESS if each.state == GOOD else self.style.WARNING
                self.stdout.write(f"{style(SIGNS[each.state])} {each.name:<11}{each.text}")
        if is_bad:
            raise SystemExit(1)
