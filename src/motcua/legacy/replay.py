"""Plays an event log back through the law: each case a dossier, each event a recorded step at its own time.

A case is stored whole or not at all, and once: its key is the file's digest and its id. Reading the log is left
to `xes`, the procedure it stands under to `procedure_from_log`, storing to `dossiers`.
"""

import time
from collections.abc import Callable, Generator, Iterator
from datetime import date, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Literal

import msgspec
from django.db import transaction

from motcua.calendars.lookup import NoCalendarError, calendar_for
from motcua.catalogue import models
from motcua.catalogue.publishing import publish
from motcua.catalogue.versions import snapshot
from motcua.dossiers.bulk import Act, Life, Loaded, RefusedError, load
from motcua.law import commands as c
from motcua.law.actor import SYSTEM, Actor, Grant
from motcua.law.directory import Agency
from motcua.law.dossier import Applicant, Dossier
from motcua.law.limits import Timeliness, due, parse_limit, timeliness
from motcua.law.procedure import Procedure
from motcua.law.working_time import OutsideCalendarError, city_day
from motcua.legacy import xes
from motcua.legacy.procedure_from_log import CASE, FIELD, deadline_of, procedure_of, survey
from motcua.organisation.directory import directory

BATCH = 200
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
LONGEST_NAME = 200
LONGEST_VALUE = 500
MOST_ATTRIBUTES = 100
Channel = Literal["counter", "online", "post"]
_CHANNELS: dict[str, Channel] = {
    "internet": "online", "online": "online", "e-mail": "online", "email": "online", "web": "online", "post": "post",
}  # fmt: skip
_OWN = frozenset({"concept:name", "time:timestamp", "org:resource"})


class Skipped(msgspec.Struct, frozen=True):
    """What was not played back, and why. `event` counts from 0 within the case; None is the case or the file."""

    case: str
    event: int | None
    reason: str


class Replayed(msgspec.Struct):
    """What a replay came to. `cases` and `events` were read; `dossiers` and `journal_events` were added.

    `on_time` and `late` judge every ended case by the date the log promised, else by the procedure's limit.
    `broken` is why the file could not be read to its end.
    """

    procedure: str
    cases: int = 0
    events: int = 0
    dossiers: int = 0
    journal_events: int = 0
    skipped: list[Skipped] = msgspec.field(default_factory=list)
    on_time: int = 0
    late: int = 0
    seconds: float = 0.0
    repeated: int = 0
    notes: list[Skipped] = msgspec.field(default_factory=list)
    broken: str = ""


def receiving_agency(code: str = "") -> Agency:
    """The agency that plays the log back: by its code, else the city's first district (or whatever receives).

    Raises LookupError when there is none.
    """
    known = directory()
    if code:
        return known.by_code[code]
    for tier in ("district", "commune", "department"):
        found = sorted(each.code for each in known.by_number.values() if each.tier == tier)
        if found:
            return known.by_code[found[0]]
    raise LookupError("no agency receives dossiers here")


def replay(
    path: Path, agency: Agency, *, limit_cases: int | None = None, progress: Callable[[int], None] = lambda _: None
) -> Replayed:
    """Plays the log back; `progress` hears how many cases are stored. Raises OSError when it cannot be opened.

    Everything before a fault in the file is played back and stays.
    """
    begun = time.monotonic()
    found = survey(path)
    procedure = procedure_of(found, agency.code)
    playing = _Playing(path, agency, procedure, found.digest, limit_cases)
    # A log without a single usable case needs no procedure; its faults are listed all the same.
    lives = playing.lives(_published(procedure) if found.cases else 0)
    playing.finish(load(lives, batch=BATCH, progress=lambda now: progress(now.dossiers + now.repeated)))
    playing.result.seconds = round(time.monotonic() - begun, 3)
    return playing.result


def _published(procedure: Procedure) -> int:
    """The id of the procedure's version. What was published at an earlier replay stands, whatever we derive now."""
    cards = snapshot().cards.get(procedure.code)
    if cards:
        return cards[-1].version_id
    with transaction.atomic():
        models.Field.objects.get_or_create(
            code=FIELD,
            defaults={"name_vi": "Phát lại nhật ký", "name_en": "Replayed logs", "position": 9999},
        )
        publish([procedure], "log")
    return snapshot().cards[procedure.code][-1].version_id


class _Playing:
    """One replay under way."""

    def __init__(self, path: Path, agency: Agency, procedure: Procedure, digest: str, limit_cases: int | None) -> None:
        self.result = Replayed(procedure.code)
        self._log = xes.EventLog(path)
        self._limit_cases = limit_cases
        self._digest = digest
        self._agency = agency
        self._limit = parse_limit(procedure.cases[0].statutory)
        self._taken: set[str] = set()
        self._events = 0

    def cases(self) -> Iterator[xes.Case]:
        for case in islice(iter(self._log), self._limit_cases):
            self._taken.add(case.id)
            self._events += len(case.events)
            yield case

    def lives(self, version: int) -> Iterator[Life]:
        for case in self.cases():
            if not FIRST_DAY <= city_day(case.events[0].at) <= LAST_DAY:
                self._skip(case.id, None, f"no dossier of ours can begin on {city_day(case.events[0].at)}")
                continue
            promised = self._promised(case)
            if case.complete and promised is not None:
                if timeliness(case.events[-1].at, promised) is Timeliness.LATE:
                    self.result.late += 1
                else:
                    self.result.on_time += 1
            key = f"replay/{self._digest[:32]}/{sha256(case.id.encode()).hexdigest()[:32]}"
            yield Life(version, key, self._script(case, promised))

    def finish(self, loaded: Loaded) -> None:
        result, log = self.result, self._log
        result.cases, result.events, unused = log.cases_seen, log.events_seen, log.skipped
        if self._limit_cases is not None:
            # The reader may have looked further than was asked for.
            result.cases, result.events = len(self._taken), self._events
            unused = [each for each in unused if each.case in self._taken]
        result.dossiers, result.journal_events = loaded.dossiers, loaded.events
        result.repeated = loaded.repeated
        result.skipped += [Skipped(each.case, each.event, each.reason) for each in unused]
        result.notes = [Skipped(each.case, each.event, each.reason) for each in log.notes]
        result.broken = log.broken

    def _skip(self, case: str, event: int | None, reason: str) -> None:
        self.result.skipped.append(Skipped(case, event, reason))

    def _promised(self, case: xes.Case) -> datetime | None:
        stated = deadline_of(case)
        if stated is not None:
            return stated
        try:
            calendar = calendar_for(self._agency.number, self._agency.tier)
            return due(calendar, case.events[0].at, self._limit)
        except (OutsideCalendarError, NoCalendarError):
            return None

    def _script(self, case: xes.Case, promised: datetime | None) -> Generator[Act, Dossier, None]:
        """The acts of one case. A case cut off by the end of the file stays open."""
        lodging = c.Lodge(
            case=CASE,
            channel=_CHANNELS.get(str(case.attributes.get("channel", "")).lower(), "counter"),
            agency=self._agency.number,
            applicant=Applicant(kind="organisation", name=case.id[:LONGEST_NAME]),
            form=self._form(case),
        )
        try:
            yield Act(lodging, SYSTEM, case.events[0].at)
        except RefusedError as refused:
            self._skip(case.id, None, refused.refusal.text.en)
            return
        for number, event in enumerate(case.events, 1):
            recorded = c.RecordStep(
                activity=event.activity,
                resource=event.resource or "",
                agency=self._agency.number,
                due=promised if number == 1 else None,
                note=_rest(event),
                last=case.complete and number == len(case.events),
            )
            try:
                yield Act(recorded, self._post(event.resource), event.at)
            except RefusedError as refused:
                self._skip(case.id, event.index, refused.refusal.text.en)

    def _post(self, resource: str | None) -> Actor:
        """Whoever the log names, in a post of the receiving agency that exists in the replay only."""
        if resource is None:
            return SYSTEM
        name = resource[:LONGEST_NAME]
        return Actor(0, name, (Grant(agency=self._agency.number, role="replay", title=name),), kind="system")

    def _form(self, case: xes.Case) -> dict[str, str]:
        """The case's attributes as the log has them; what is too much is listed."""
        form = {"log": self._log.path.name[:LONGEST_VALUE]}
        for number, (name, value) in enumerate(case.attributes.items()):
            text = _as_text(value)
            if number >= MOST_ATTRIBUTES or len(name) > LONGEST_NAME or len(text) > LONGEST_VALUE:
                self._skip(case.id, None, f"the attribute “{name[:60]}” is more than is kept")
            else:
                form[name] = text
        return form


def _rest(event: xes.LogEvent) -> str:
    """What else the log says of the event, in one line."""
    rest = "; ".join(f"{name}={_as_text(value)}" for name, value in event.attributes.items() if name not in _OWN)
    return rest if len(rest) <= LONGEST_VALUE else rest[: LONGEST_VALUE - 1] + "…"


def _as_text(value: xes.AttributeValue) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
