"""What every life of a history shares: people, desks, calendars, versions, and until when the history goes."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache

from motcua.catalogue import versions
from motcua.catalogue.online import cases_taken_online
from motcua.dossiers.clock_face import calendar_of
from motcua.law.directory import Directory
from motcua.law.limits import Limit
from motcua.law.procedure import Procedure
from motcua.law.process import Step, resolve_step
from motcua.law.working_time import WorkingCalendar
from motcua.organisation.directory import directory
from motcua.site.synthesis.desks import DAY, Desks, WorkingDays
from motcua.site.synthesis.staff import Staff
from motcua.site.synthesis.volumes import Group, Place

# The pieces of work a working day expected at each post (agency and role).
Loads = dict[tuple[int, str], float]

# Worked minutes that a limit gives, roughly: how long work may take, not when it is due.
MINUTES = {"working_hours": 60.0, "working_days": DAY, "calendar_days": DAY * 5 / 7, "months": DAY * 22.0}
SAME_DAY_MINUTES = 300.0


class Plan:
    """One version of a procedure as lives use it."""

    def __init__(self, version: int, procedure: Procedure) -> None:
        self.version, self.procedure = version, procedure
        self.steps = {step.id: step for step in procedure.process.steps}
        self.budgets = {step.id: minutes_of(step.time()) for step in procedure.process.steps}
        self.places = {stage.id: stage.place for stage in procedure.process.stages}
        self.prepaid = any(fee.timing == "before" for fee in procedure.fees)
        self.supplied = tuple(fee.id for fee in procedure.fees if fee.timing == "on_notice")

    def limit(self, case: str, channel: str) -> Limit:
        """The limit promised for a case on a channel."""
        return self.procedure.case(case).limit(channel)

    def is_chosen(self, step: str) -> bool:
        """True when whoever forwards to the step picks the agency."""
        return self.places[self.steps[step].stage].startswith("chosen:")

    def leaves_house(self, step: Step) -> bool:
        """True when the papers go on to a stage in another place."""
        return any(self.steps[each].stage != step.stage for each in step.next)


class World:
    """One group of a city while its lives are made."""

    def __init__(self, seed: int, staff: Staff, first: date, until: datetime, loads: Loads) -> None:
        self.seed, self.staff, self.first, self.until = seed, staff, first, until
        self.directory: Directory = directory()
        self.calendar: Callable[[int], WorkingCalendar] = cache(calendar_of)
        self._days: dict[str, WorkingDays] = {}
        self.desks = Desks(seed, self.days_of, self.directory.house, loads)
        self._plans: dict[int, Plan] = {}
        self._versions: dict[tuple[str, date], int] = {}
        self._near: dict[int, list[int]] = {}

    def days_of(self, agency: int) -> WorkingDays:
        """The working days an agency keeps to, to well after the end."""
        calendar = self.calendar(agency)
        if calendar.id not in self._days:
            last = self.until.date() + timedelta(days=500)
            self._days[calendar.id] = WorkingDays(calendar, self.first - timedelta(days=10), last)
        return self._days[calendar.id]

    def plan(self, code: str, day: date) -> Plan | None:
        """The version of a procedure that holds on a day, None when none does."""
        version = self._versions.get((code, day))
        if version is None:
            card = versions.snapshot().current(code, day)
            version = self._versions[code, day] = card.version_id if card else 0
        if version and version not in self._plans:
            self._plans[version] = Plan(version, versions.procedure_version(version))
        return self._plans.get(version)

    def cases_online(self, plan: Plan, agency: int, day: date) -> tuple[str, ...]:
        """The cases of a procedure that the agency takes online that day."""
        return cases_taken_online(plan.procedure, agency, day)

    def near(self, agency: int) -> list[int]:
        """The agencies that one is asked for an opinion with: those of the same house, and those below it."""
        if agency not in self._near:
            house = self.directory.house(agency)
            self._near[agency] = [each for each in self.directory.below(house) if each != agency][:24]
        return self._near[agency]

    def communes(self, agency: int) -> list[int]:
        """The communes of the agency's district, or itself where it is in none."""
        district = self.directory.at_tier(agency, "district")
        if district is None:
            return [agency]
        below = self.directory.children.get(district.number, ())
        return [each for each in below if self.directory[each].tier == "commune"] or [agency]


def minutes_of(limit: Limit) -> float:
    """Worked minutes that a limit gives, roughly."""
    return SAME_DAY_MINUTES if limit.unit == "same_day" else limit.n * MINUTES[limit.unit]


def posts_of(group: Group, each_day: float, on: tuple[date, ...]) -> dict[tuple[int, str], float]:
    """Every post that a step of the group's dossiers can fall to, with the pieces of work a day that come to it.

    `each_day` is how many dossiers the whole city receives on a working day.
    """
    agencies, loads = directory(), dict[tuple[int, str], float]()
    found = versions.snapshot()
    for place in group.places:
        cards = {card.version_id for day in on if (card := found.current(place.code, day))}
        for role in ("reception", "results"):
            key = (place.agency, role)
            loads[key] = loads.get(key, 0.0) + place.share * each_day
        for version in cards:
            _add(loads, place, versions.procedure_version(version), place.share * each_day / len(cards), agencies)
    return loads


def _add(
    loads: dict[tuple[int, str], float], place: Place, procedure: Procedure, pieces: float, agencies: Directory
) -> None:
    for step in procedure.process.steps:
        chosen: list[int | None] = [None]
        if procedure.process.stage(step.stage).place == "chosen:commune":
            district = agencies.at_tier(place.agency, "district")
            chosen = [*agencies.children.get(district.number, ())] if district else [None]
        for each in chosen:
            agency = resolve_step(procedure.process, step, place.agency, agencies, each)
            if agency is not None:
                loads[agency, step.role] = loads.get((agency, step.role), 0.0) + pieces / len(chosen)


def seeded(*parts: object) -> random.Random:
    """A source of chance of one's own."""
    return random.Random("/".join(str(part) for part in parts))  # noqa: S311 - plausible, not secret
