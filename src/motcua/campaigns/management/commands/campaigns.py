"""`motcua campaigns status|open`: how each campaign stands, or a new one from a form that is already there."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.campaigns import forms, opening, progress
from motcua.campaigns.models import Answer, Campaign
from motcua.dossiers import clock
from motcua.law.actor import SYSTEM
from motcua.law.campaign_course import Whom
from motcua.law.refusal import Refusal
from motcua.law.texts import Text

SHOWN = 50


class Command(BaseCommand):
    """Exits with 1 when a campaign cannot be opened; says why."""

    help = "Thu thập số liệu: tiến độ, hoặc mở một đợt / campaigns: how they stand, or open one"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which of the two."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        status = verbs.add_parser("status", help="how each campaign stands")
        status.add_argument("--json", action="store_true", help="print it as JSON")
        new = verbs.add_parser("open", help="open a campaign")
        new.add_argument("form", help="the form's code")
        new.add_argument("--title", required=True)
        new.add_argument("--from", dest="about_from", type=date.fromisoformat, required=True, help="first day")
        new.add_argument("--to", dest="about_to", type=date.fromisoformat, required=True, help="last day")
        new.add_argument("--due", type=date.fromisoformat, required=True, help="due at closing time of this day")
        new.add_argument("--tier", action="append", default=[], help="commune, district, department")
        new.add_argument("--agency", action="append", default=[], help="an agency's code")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do it."""
        if options["verb"] == "status":
            self._status(options["json"])
            return
        version = forms.newest_of(options["form"])
        if version is None:
            raise CommandError(f"no form {options['form']}: motcua content load")
        wanted = opening.Opening(
            version.pk,
            Text(options["title"]),
            options["about_from"],
            options["about_to"],
            opening.closing_hour(options["due"], clock.now()),
            Whom(tiers=tuple(options["tier"]), named=tuple(options["agency"])),
        )
        opened = opening.open_campaign(wanted, SYSTEM)
        if isinstance(opened, Refusal):
            raise CommandError(f"{opened.text.vi} / {opened.text.en}")
        self.stdout.write(f"{opened.pk}: {opened.answers.count()} cơ quan / agencies")

    def _status(self, as_json: bool) -> None:
        now, rows = clock.now(), []
        for campaign in Campaign.objects.order_by("-due_at", "-pk")[:SHOWN]:
            answers = list(Answer.objects.filter(campaign=campaign))
            standing = progress.standings(campaign, answers, now)
            rows.append(
                {
                    "campaign": campaign.pk, "title": campaign.title_vi, "due": campaign.due_at.isoformat(),
                    "asked": len(answers), "signed": sum(each.signed for each in standing),
                    "accepted": sum(each.accepted for each in standing), "late": sum(each.late for each in standing),
                    "closed": campaign.closed_at.isoformat() if campaign.closed_at is not None else None,
                    "unanswered": sum(each.unanswered for each in standing),
                }
            )  # fmt: skip
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            ended = ", đã đóng / closed, {unanswered} không trả lời / unanswered" if row["closed"] else ""
            words = "{campaign:>6}  {signed}/{asked} đã ký / signed, {late} trễ / late" + ended + "  {title}"
            self.stdout.write(words.format(**row))
