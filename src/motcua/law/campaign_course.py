"""The way of an answer: who may move it from where to where, commune to district to city, and when people are reminded.

One version of an answer stands in one state. A version that was once signed is never altered: whoever corrects it
writes a new one, and the old one goes on counting until the new one has come as far.
"""

from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from motcua.law.actor import Actor
from motcua.law.campaign_term import CLOSED
from motcua.law.directory import Directory
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.law.working_time import WorkingCalendar, city_day

State = Literal["draft", "submitted", "returned", "signed", "district", "city"]
Act = Literal["save", "submit", "return", "sign", "accept_district", "accept_city", "correct"]
Occasion = Literal["before3", "before1", "late"]

# Whoever works at an agency may fill in for it; an administrator of posts sees no figures.
FILLING = ("reception", "results", "one_stop_head", "officer", "head", "registrar", "leader", "control")
OVERSEEING = ("control", "leader")
LEVELS: tuple[State, ...] = ("signed", "district", "city")
# Of a closed campaign only what was signed is still accepted: what is returned could not be mended.
ENDED_BY_CLOSING: tuple[Act, ...] = ("save", "submit", "return", "sign", "correct")


class Place(msgspec.Struct, frozen=True):
    """Whose answer it is: who answers today, the district it passes through (0: none), and the city's own agency."""

    agency: int
    district: int
    city: int


class Whom(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who must answer: agencies of these tiers under these agencies (the whole city when none), and those named.

    A named agency that was dissolved is answered for by its successor.
    """

    tiers: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def answering(directory: Directory, number: int, day: date) -> int | None:
    """Who answers for an agency on a day: itself, or whoever it was dissolved into; None when nobody does."""
    seen: set[int] = set()
    here = directory.by_number.get(number)
    while here is not None and not here.is_valid(day):
        if here.number in seen or here.successor is None:
            return None
        seen.add(here.number)
        here = directory.by_number.get(here.successor)
    return None if here is None else here.number


def must_answer(directory: Directory, whom: Whom, day: date) -> list[int]:
    """The agencies asked on a day, by code, each once."""
    within: set[int] | None = None
    if whom.under:
        within = {each for code in whom.under if code in directory.by_code
                  for each in directory.below(directory.by_code[code].number)}  # fmt: skip
    wanted = [
        each.number
        for each in directory.by_number.values()
        if each.tier in whom.tiers and (within is None or each.number in within) and each.is_valid(day)
    ]
    wanted += [directory.by_code[code].number for code in whom.named if code in directory.by_code]
    found = {number for each in wanted if (number := answering(directory, each, day)) is not None}
    return sorted(found, key=lambda number: directory[number].code)


def place_of(directory: Directory, agency: int, day: date) -> Place:
    """The way an agency's answer takes. One that is itself a district, or of the city, has no district above it."""
    here = answering(directory, agency, day) or agency
    district = directory.at_tier(here, "district")
    city = directory.at_tier(here, "city")
    over = 0 if district is None or district.number == here else district.number
    return Place(here, over, 0 if city is None else city.number)


def fills(actor: Actor, place: Place, directory: Directory) -> bool:
    """True when the actor works at the agency whose answer it is, or in one of its divisions."""
    return any(
        each.role in FILLING and place.agency in (each.agency, directory.house(each.agency))
        for each in actor.grants
        if each.agency in directory.by_number
    )


def may(actor: Actor, act: Act, place: Place, state: State | None, directory: Directory, closed: bool = False) -> bool:
    """True when the actor may do it to a version in `state` (None: nothing was written yet)."""
    return refusal(actor, act, place, state, directory, closed) is None


_FROM: dict[Act, tuple[State | None, ...]] = {
    "save": (None, "draft", "returned"),
    "submit": ("draft",),
    "sign": ("submitted",),
    "accept_district": ("signed",),
    "accept_city": ("signed", "district"),
    "return": ("submitted", "signed", "district"),
    "correct": ("submitted", "signed", "district", "city"),
}
_TO: dict[Act, State] = {
    "save": "draft", "submit": "submitted", "sign": "signed", "accept_district": "district",
    "accept_city": "city", "return": "returned", "correct": "draft",
}  # fmt: skip


def refusal(
    actor: Actor, act: Act, place: Place, state: State | None, directory: Directory, closed: bool = False
) -> Refusal | None:
    """Why not, or None when it may be done. `closed`: the campaign was closed."""
    if closed and act in ENDED_BY_CLOSING:
        return Refusal("campaign_closed", CLOSED)
    if state not in _FROM[act] or (act == "accept_city" and state == "signed" and place.district):
        return Refusal("campaign_state", Text("Phiếu không ở bước này.", "The answer is not at this step."))
    if act == "accept_district" and not place.district:
        return Refusal("campaign_state", Text("Phiếu này do thành phố duyệt.", "This answer is accepted by the city."))
    if not _entitled(actor, act, place, state, directory):
        return Refusal("campaign_not_yours", Text("Việc này không thuộc bạn.", "This is not yours to do."))
    return None


def _entitled(actor: Actor, act: Act, place: Place, state: State | None, directory: Directory) -> bool:
    if actor.kind == "system":
        return True
    match act:
        case "save" | "submit" | "correct":
            return fills(actor, place, directory)
        case "sign":
            return actor.holds(place.agency, "leader")
        case "accept_district":
            return actor.holds(place.district, *OVERSEEING)
        case "accept_city":
            return actor.holds(place.city, *OVERSEEING)
        case "return":
            if state == "submitted":
                return actor.holds(place.agency, "leader")
            over = place.district if state == "signed" and place.district else place.city
            return actor.holds(over, *OVERSEEING)


def after(act: Act) -> State:
    """The state in which an act leaves a version."""
    return _TO[act]


def reached(state: State, level: State) -> bool:
    """True when a version has come as far as `level`."""
    return state in LEVELS and LEVELS.index(state) >= LEVELS.index(level)


def reminder_days(calendar: WorkingCalendar, due: datetime) -> tuple[date, date]:
    """The third and the last working day before the day it is due: on these people are reminded."""
    day = city_day(due)
    found: list[date] = []
    while len(found) < 3:
        day -= timedelta(days=1)
        if calendar.is_working_day(day):
            found.append(day)
    return found[2], found[0]


def occasion(calendar: WorkingCalendar, due: datetime, now: datetime) -> Occasion | None:
    """What there is to remind of now: only the latest counts, so that nobody is told of a day that has passed."""
    if now > due:
        return "late"
    third, last = reminder_days(calendar, due)
    today = city_day(now)
    if today >= last:
        return "before1"
    return "before3" if today >= third else None
