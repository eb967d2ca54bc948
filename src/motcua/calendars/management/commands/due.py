"""`motcua due`: a deadline and how it was reached, for an agency or for a calendar file.

With `--calendar` it reads the file alone and needs no database. The reckoning itself is in `law/limits`.
"""

import json
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.calendars.reading import read_calendar
from motcua.law.limits import Deadline, Limit, LimitError, deadline, limit_in_words, parse_limit
from motcua.law.working_time import CITY_ZONE, OutsideCalendarError, WorkingCalendar, city_day, day_in_words


class Command(BaseCommand):
    """Prints when a limit ends, the days counted and the days skipped."""

    help = 'When a limit ends and why: --agency 002 --from 2018-12-28T15:30 --limit "5 working_days"'
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the command."""
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--agency", metavar="CODE", help="the agency whose calendar counts, by its code")
        whose.add_argument("--calendar", metavar="FILE", type=Path, help="a calendar file instead of an agency")
        parser.add_argument(
            "--from",
            dest="start",
            metavar="INSTANT",
            required=True,
            help="when the limit begins, e.g. 2018-12-28T15:30; the city's time unless it says otherwise",
        )
        parser.add_argument(
            "--limit",
            required=True,
            help="5 working_days, 8 working_hours, 30 calendar_days, 3 months, same_day or same_day 16:00",
        )
        parser.add_argument("--language", choices=["vi", "en"], default="vi", help="the language of the reasons")
        parser.add_argument("--json", action="store_true", help="print JSON for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reckons and prints; CommandError says which option is wrong."""
        start = _instant(options["start"])
        limit = _limit(options["limit"])
        if options["calendar"] is not None:
            calendar = _from_file(options["calendar"])
        else:
            calendar = _of_agency(options["agency"], start)
        try:
            found = deadline(calendar, start, limit)
        except OutsideCalendarError as error:
            raise CommandError(f"{error.text.vi} / {error.text.en}") from None
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found, options["language"]), ensure_ascii=False))
        else:
            self.stdout.write(_in_words(found, limit, options["language"]))


def _instant(words: str) -> datetime:
    try:
        instant = datetime.fromisoformat(words)
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=CITY_ZONE)
        return instant.astimezone(CITY_ZONE)
    except (ValueError, OverflowError):
        raise CommandError(f"--from: {words!r} is not an instant; write for example 2018-12-28T15:30") from None


def _limit(words: str) -> Limit:
    try:
        return parse_limit(words)
    except LimitError as error:
        raise CommandError(f"--limit: {error}") from None


def _from_file(path: Path) -> WorkingCalendar:
    data, problems = read_calendar(path)
    if data is None:
        raise CommandError("\n".join(str(problem) for problem in problems))
    return WorkingCalendar(data)


def _of_agency(code: str, start: datetime) -> WorkingCalendar:
    # Not at the top: `--calendar` works where no database has been set up.
    from motcua.calendars.lookup import NoCalendarError, calendar_for
    from motcua.organisation.models import Agency

    agency = Agency.objects.filter(code=code).only("number", "tier", "parent_id").first()
    if agency is None:
        raise CommandError(f"--agency: no agency has the code {code!r}")
    house = agency.parent_id if agency.tier == "division" else None
    try:
        return calendar_for(agency.number, agency.tier, city_day(start), house=house)
    except NoCalendarError as error:
        raise CommandError(f"{error.text.vi} / {error.text.en}") from None


def _as_json(found: Deadline, language: str) -> dict[str, object]:
    told: dict[str, object] = {
        "due": found.due.isoformat(),
        "counted": [day.isoformat() for day, _ in found.counted],
        "skipped": [{"date": day.isoformat(), "reason": reason.within(language)} for day, reason in found.skipped],
        "rule": found.rule.within(language),
        "provisional": found.provisional,
    }
    minutes = {day.isoformat(): worked for day, worked in found.counted if worked is not None}
    return told | ({"minutes": minutes} if minutes else {})


def _in_words(found: Deadline, limit: Limit, language: str) -> str:
    vi = language == "vi"
    day = day_in_words(city_day(found.due)).within(language)
    lines = [
        f"{limit_in_words(limit).within(language)}: {day}, {found.due:%H:%M}",
        found.rule.within(language),
    ]
    for counted, minutes in found.counted:
        worked = "" if minutes is None else f" ({minutes} {'phút' if vi else 'minutes'})"
        lines.append(f"  + {day_in_words(counted).within(language)}{worked}")
    for skipped, reason in found.skipped:
        lines.append(f"  - {day_in_words(skipped).within(language)}: {reason.within(language)}")
    if found.provisional:
        lines.append(
            "Tạm tính: chưa có quyết định về ngày nghỉ của thời gian này."
            if vi
            else "Provisional: the days off of that time are not decreed."
        )
    return "\n".join(lines)
