"""Reads calendar files of a content pack and says by file and line what is wrong with them.

Needs no database. Storing what was read is left to `store`.
"""

from collections.abc import Iterator
from pathlib import Path

from motcua.law.calendar_data import CalendarData, calendar_faults
from motcua.organisation.content_files import Problem, line_of, read_yaml


def read_calendar(path: Path) -> tuple[CalendarData | None, list[Problem]]:
    """The calendar in a file, or None and everything that is wrong with it."""
    data, problems = read_yaml(path, CalendarData)
    if data is None:
        return None, problems
    found = [Problem(str(path), line_of(path, fault.where), fault.text.en) for fault in calendar_faults(data)]
    return (None, found) if found else (data, [])


def read_calendars(path: Path) -> Iterator[tuple[Path, CalendarData | None, list[Problem]]]:
    """Every calendar of a file or a folder, in the order of the file names. A code is used once."""
    first: dict[str, Path] = {}
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    for each in files:
        data, problems = read_calendar(each)
        if data is not None and data.id in first:
            reason = f"“id”: calendar {data.id} is already in {first[data.id].name}"
            data, problems = None, [Problem(str(each), line_of(each, "id"), reason)]
        elif data is not None:
            first[data.id] = each
        yield each, data, problems


def check_calendars(path: Path) -> list[Problem]:
    """What is wrong with the calendars of a file or a folder; nothing is stored."""
    return [problem for _, _, problems in read_calendars(path) for problem in problems]
