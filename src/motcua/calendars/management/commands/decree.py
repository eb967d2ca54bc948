"""`motcua decree`: makes one order about days off and days worked hold in a calendar, or says what it would change.

The file is read and checked here; how versions are kept is left to `store`, and the dates already promised are
reckoned again by the worker.
"""

import json
import re
from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from motcua.calendars.models import Calendar
from motcua.calendars.store import store_decree
from motcua.law.calendar_data import CalendarData, CalendarDataError, DayOff, Decree, Fault, WorkedDay, with_decrees
from motcua.law.working_time import WorkingCalendar, day_in_words
from motcua.organisation.content_files import Problem, line_of, read_yaml

SOON = (
    "Các ngày hẹn chưa trả được motcua work tính lại trong vòng một phút / "
    "open dates are reckoned again by motcua work within a minute"
)


class ChangedDay(msgspec.Struct, frozen=True):
    """A day whose working hours are others under the decree. No hours: nobody works."""

    date: date
    before: tuple[str, ...]
    after: tuple[str, ...]
    reason: str


class Command(BaseCommand):
    """Stores one decree."""

    help = "Load an order about days off and days worked: decree FILE.yaml [--calendar CODE] [--dry-run]"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the command."""
        parser.add_argument("file", type=Path, metavar="FILE.yaml", help="key, order, days_off, worked_days, withdraws")
        parser.add_argument("--calendar", metavar="CODE", default="", help="not needed where there is only one")
        parser.add_argument("--dry-run", action="store_true", help="say which days would change and store nothing")
        parser.add_argument("--json", action="store_true", help="print JSON for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stores the decree and tells which days changed; CommandError names each mistake by file and line."""
        path: Path = options["file"]
        decree = _read(path)
        with transaction.atomic():
            last = _calendar(options["calendar"])
            before = msgspec.json.decode(last.data, type=CalendarData)
            try:
                after = with_decrees(before, decree)
                version = last.version + (after != before)
                if not options["dry_run"]:
                    version = store_decree(last.code, decree).version
            except CalendarDataError as error:
                raise _mistakes(path, [_problem(path, fault, before, decree) for fault in error.faults]) from None
        days = _changed_days(before, after, decree)
        told = {
            "calendar": last.code,
            "version": version,
            "changed": after != before,
            "stored": after != before and not options["dry_run"],
        }
        if options["json"]:
            self.stdout.write(json.dumps(told | {"days": msgspec.to_builtins(days)}, ensure_ascii=False))
        else:
            self.stdout.write(_in_words(told, days, dry=options["dry_run"]))


def _read(path: Path) -> Decree:
    decree, problems = read_yaml(path, Decree)
    if decree is None:
        raise _mistakes(path, problems)
    if not (decree.days_off or decree.worked_days or decree.withdraws):
        reason = "orders nothing: give days_off, worked_days or withdraws"
        raise _mistakes(path, [Problem(str(path), 1, reason)])
    return decree


def _mistakes(path: Path, problems: list[Problem]) -> CommandError:
    lines = [str(problem) for problem in problems]
    return CommandError("\n".join([*lines, f"{path}: {len(lines)} chỗ sai / problem(s), không lưu / nothing stored"]))


def _calendar(code: str) -> Calendar:
    """The newest version of the calendar asked for, or of the only one there is."""
    codes = sorted(set(Calendar.objects.values_list("code", flat=True)))
    if not codes:
        raise CommandError("Chưa có lịch nào / there is no calendar yet: motcua content load PATH")
    if not code and len(codes) > 1:
        raise CommandError(f"Hãy chọn lịch / choose one: --calendar {' | '.join(codes)}")
    if code and code not in codes:
        raise CommandError(f"--calendar: không có lịch {code!r} / no such calendar (có / known: {', '.join(codes)})")
    return Calendar.objects.filter(code=code or codes[0]).latest("version")


def _problem(path: Path, fault: Fault, before: CalendarData, decree: Decree) -> Problem:
    """The fault at its line. Faults count within the whole calendar, in which the decree's days come last."""
    found = re.match(r"(days_off|worked_days)\[(\d+)\](.*)", fault.where)
    where = "withdraws"
    if found:
        ours = _stated_anew(before, decree)[found[1]]
        position = int(found[2]) - _left_of(before, decree)[found[1]]
        if 0 <= position < len(ours):
            where = f"{found[1]}[{ours[position]}]{found[3]}"
    return Problem(str(path), line_of(path, where), fault.text.en)


def _left_of(before: CalendarData, decree: Decree) -> dict[str, int]:
    """How many entries of the calendar stand after what the decree withdraws; a run hit by it falls into days."""
    gone = set(decree.withdraws)
    runs = [list(run.days()) for run in before.days_off]
    return {
        "days_off": sum(len(set(days) - gone) if gone & set(days) else 1 for days in runs),
        "worked_days": sum(each.date not in gone for each in before.worked_days),
    }


def _stated_anew(before: CalendarData, decree: Decree) -> dict[str, list[int]]:
    """Which of the decree's own entries are added, by their places in its file; the others stood already."""
    gone = set(decree.withdraws)
    off = {(day, run.kind) for run in before.days_off for day in run.days() if day not in gone}
    worked = {(each.date, each.in_place_of, each.hours) for each in before.worked_days if each.date not in gone}

    def is_new(each: DayOff | WorkedDay) -> bool:
        if isinstance(each, DayOff):
            return not {(day, each.kind) for day in each.days()} <= off
        return (each.date, each.in_place_of, each.hours) not in worked

    return {
        "days_off": [place for place, each in enumerate(decree.days_off) if is_new(each)],
        "worked_days": [place for place, each in enumerate(decree.worked_days) if is_new(each)],
    }


def _changed_days(before: CalendarData, after: CalendarData, decree: Decree) -> list[ChangedDay]:
    old, new = WorkingCalendar(before), WorkingCalendar(after)
    days = {day for run in decree.days_off for day in run.days()}
    days |= {each.date for each in decree.worked_days} | set(decree.withdraws)
    changed = []
    first, last = before.periods[0].valid_from, before.periods[-1].valid_to or date.max
    for day in sorted(each for each in days if first <= each <= last):
        hours = (_hours(old, day), _hours(new, day))
        if hours[0] != hours[1]:
            note = new.day_notes(day)
            changed.append(ChangedDay(day, *hours, reason=note.vi if note else ""))
    return changed


def _hours(calendar: WorkingCalendar, day: date) -> tuple[str, ...]:
    def clock(minutes: int) -> str:
        return f"{timedelta(minutes=minutes)}".rpartition(":")[0].zfill(5)

    return tuple(f"{clock(opens)}-{clock(closes)}" for opens, closes in calendar.work_hours(day))


def _in_words(told: dict[str, Any], days: list[ChangedDay], *, dry: bool) -> str:
    head = f"{told['calendar']}, phiên bản / version {told['version']}"
    if not told["changed"]:
        return f"{head}: đã có hiệu lực từ trước, không có gì thay đổi / held already, nothing changed"
    lines = [f"{head}{' (thử, không lưu / dry run, nothing stored)' if dry else ''}:"]
    for each in days:
        spoken = " → ".join(", ".join(hours) or "nghỉ / off" for hours in (each.before, each.after))
        reason = f" ({each.reason})" if each.reason else ""
        lines.append(f"  {day_in_words(each.date).vi}: {spoken}{reason}")
    if not days:
        lines.append("  Giờ làm việc không đổi / the working hours stay as they are")
    return "\n".join(lines if dry else [*lines, SOON])
