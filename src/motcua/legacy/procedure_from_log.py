"""Derives a procedure from an event log: its activities as steps, who does them as stages, its usual limit.

The dossiers of a log stand under such a version, so that pages and figures can show them like any other.
Playing the log back is left to `replay`.
"""

import re
import unicodedata
from collections import Counter
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from statistics import median

import msgspec

from motcua.law.procedure import Case, Procedure, Result
from motcua.law.process import Process, Stage, Step
from motcua.law.process_check import MOST_STAGES, MOST_STEPS
from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.legacy import xes

FIELD = "REPLAY"
CASE = "log"
USUAL_LIMIT = "20 working_days"
LONGEST_NAME = 200
LONGEST_PROMISE = 36_525
EARLIEST, LATEST = 1980, 2200
# Stages have no limit of their own in a log; two hours for two steps fit into any promise.
STAGE_LIMIT = "2 working_hours"
# What logs call the day by which a case should be answered, the binding one first.
DEADLINES = ("deadline", "enddate_planned", "due", "due_date")
_PIECE = 1 << 20


class Survey(msgspec.Struct):
    """What a first reading of the log found. Memory grows with its activities, not with its cases."""

    name: str
    digest: str
    cases: int = 0
    activities: Counter[str] = msgspec.field(default_factory=Counter)
    groups: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)
    promised_days: Counter[int] = msgspec.field(default_factory=Counter)
    first: date | None = None
    last: date | None = None


def survey(path: Path) -> Survey:
    """Reads the log once; what cannot be used is passed over here and listed by the replay.

    Raises OSError when there is no such file.
    """
    with path.open("rb") as file:
        digest = sha256()
        while piece := file.read(_PIECE):
            digest.update(piece)
    found = Survey(path.name, digest.hexdigest())
    for case in xes.EventLog(path):
        begun, ended = city_day(case.events[0].at), city_day(case.events[-1].at)
        found.cases += 1
        found.first = min(found.first or begun, begun)
        found.last = max(found.last or ended, ended)
        for event in case.events:
            found.activities[event.activity] += 1
            found.groups[event.activity, event.group or event.resource or ""] += 1
        promised = deadline_of(case)
        if promised is not None:
            found.promised_days[(city_day(promised) - begun).days] += 1
    return found


def deadline_of(case: xes.Case) -> datetime | None:
    """The instant by which the log says the case should be answered, or None when it says nothing."""
    for name in DEADLINES:
        value = case.attributes.get(name)
        # 1 January 1970 and the like stand for a day nobody set.
        if isinstance(value, datetime) and EARLIEST <= value.year <= LATEST:
            return value if value.tzinfo is not None else value.replace(tzinfo=CITY_ZONE)
    return None


def procedure_of(found: Survey, agency_code: str) -> Procedure:
    """The procedure as one agency of ours plays it back: always the same for the same file and agency.

    It holds for the days of the log only, so that nobody is offered it today.
    """
    name = found.name[:LONGEST_NAME]
    limit = _limit(found)
    return Procedure(
        code=_code(found, agency_code),
        version=1,
        name=Text(f"Phát lại nhật ký {name}", f"Replay of the log {name}"),
        field=FIELD,
        valid_from=found.first or date(2000, 1, 1),
        valid_to=found.last or date(2000, 1, 1),
        received_at=(),
        received_by=(agency_code,),
        applicants=("person", "business", "organisation"),
        online_level=2,
        cases=(Case(id=CASE, name=Text("Theo nhật ký", "As the log tells it"), statutory=limit),),
        papers=(),
        results=(Result(id="answer", name=Text("Trả lời theo nhật ký", "The answer in the log")),),
        process=_process(found),
        summary=Text(
            f"{found.cases} trường hợp, {len(found.activities)} loại công việc, đọc từ tệp.",
            f"{found.cases} cases, {len(found.activities)} activities, as read from the file.",
        ),
        replayed=True,
    )


def _limit(found: Survey) -> str:
    """The median of what the log promised, in calendar days; our usual one when it promised nothing."""
    days = [each for each in found.promised_days.elements() if each > 0]
    return f"{min(max(round(median(days)), 1), LONGEST_PROMISE)} calendar_days" if days else USUAL_LIMIT


def _code(found: Survey, agency_code: str) -> str:
    plain = unicodedata.normalize("NFKD", found.name.split(".")[0]).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").upper()[:20].rstrip("-") or "LOG"
    return f"REPLAY-{slug}-{sha256(f'{found.digest} {agency_code}'.encode()).hexdigest()[:8]}"


def _process(found: Survey) -> Process:
    """One step that leads to each activity: the order is the log's, which no process of ours prescribes.

    The most frequent activities have steps of their own; each stands in the stage of the group that did it
    most. The journal names all of them.
    """
    shown = [activity for activity, _ in found.activities.most_common(MOST_STEPS - 1)]
    usual = {activity: _usual_group(found, activity) for activity in shown}
    groups = [group for group, _ in Counter(usual.values()).most_common(MOST_STAGES - 1)]
    stages = {group: f"g{number}" for number, group in enumerate(groups, 1)}
    others = {usual[activity] for activity in shown} - set(stages)
    steps = tuple(
        Step(
            id=f"a{number}",
            name=Text(activity[:LONGEST_NAME], activity[:LONGEST_NAME]),
            stage=stages.get(usual[activity], "others"),
            role="officer",
            budget="1 working_hours",
            actions=(),
        )
        for number, activity in enumerate(shown, 1)
    )
    begin = Step(
        id="begin",
        name=Text("Theo nhật ký", "As the log tells it"),
        stage="g1",
        role="officer",
        budget="1 working_hours",
        actions=(),
        next=tuple(step.id for step in steps),
    )
    named = [
        Stage(id=stage, name=Text(group or "Không rõ", group or "Unknown"), place="here", limit=STAGE_LIMIT)
        for group, stage in stages.items()
    ]
    if others:
        named.append(Stage(id="others", name=Text("Các nhóm khác", "Other groups"), place="here", limit=STAGE_LIMIT))
    return Process(stages=tuple(named), steps=(begin, *steps))


def _usual_group(found: Survey, activity: str) -> str:
    counts = {group: count for (each, group), count in found.groups.items() if each == activity}
    return max(sorted(counts), key=lambda group: counts[group])[:LONGEST_NAME]
