"""The internal process (`quy trình nội bộ`) of a procedure: stages in agencies, steps within them.

A process is a graph of steps. Each step belongs to a stage, which names the agency by its relation to the
one that received the dossier, so that one process serves 584 communes. Checking a process is left to
`process_check`, walking through it to `decide`.
"""

from typing import Literal

import msgspec

from motcua.law.directory import Directory
from motcua.law.limits import Limit, parse_limit
from motcua.law.texts import Text

Action = Literal[
    "forward", "assign", "send_back", "ask_opinion", "request_supplement", "suspend", "request_payment",
    "draft", "sign", "number", "refuse", "extend", "ready", "hand_over", "show_draft",
]  # fmt: skip


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a process that one agency answers for, with its own limit.

    `place` is `here` (the receiving agency), `above` (its parent), `tier:district` (itself or the nearest
    agency above at that tier), `named:QHKT` (by code), `chosen:commune` (picked by whoever forwards, of
    that tier), or `stage:ID/UNIT` (a division or branch of another stage's agency).
    """

    id: str
    name: Text
    place: str
    limit: str

    def time(self) -> Limit:
        """The stage's own limit."""
        return parse_limit(self.limit)


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of work by one role. `unit` narrows the stage's agency to one of its divisions.

    `next` empty ends the process; several names are a choice, or all at once when `parallel`.
    `join` waits for every branch that leads here. `back` lists earlier steps a dossier may be returned to.
    """

    id: str
    name: Text
    stage: str
    role: str
    budget: str
    actions: tuple[Action, ...]
    unit: str = ""
    next: tuple[str, ...] = ()
    parallel: bool = False
    join: bool = False
    back: tuple[str, ...] = ()
    waits_for: Literal["", "tax", "payment"] = ""

    def time(self) -> Limit:
        """The step's own budget."""
        return parse_limit(self.budget)


class Process(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Stages and steps; the first step is the one that opens at acceptance."""

    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]

    def step(self, name: str) -> Step:
        """The step called `name`; KeyError when there is none."""
        for step in self.steps:
            if step.id == name:
                return step
        raise KeyError(name)

    def stage(self, name: str) -> Stage:
        """The stage called `name`; KeyError when there is none."""
        for stage in self.stages:
            if stage.id == name:
                return stage
        raise KeyError(name)

    def arrivals(self, name: str) -> int:
        """How many steps lead to `name` going forward: what a join waits for."""
        return sum(name in step.next for step in self.steps)


def resolve_place(
    process: Process, place: str, receiving: int, directory: Directory, chosen: int | None = None
) -> int | None:
    """The number of the agency at `place` for a dossier received by `receiving`, or None if there is none."""
    kind, _, name = place.partition(":")
    match kind:
        case "here":
            return receiving
        case "above":
            above = directory.above(receiving)
            return above.number if above else None
        case "tier":
            at = directory.at_tier(receiving, name)
            return at.number if at else None
        case "named":
            named = directory.by_code.get(name)
            return named.number if named else None
        case "chosen":
            agency = directory.by_number.get(chosen) if chosen is not None else None
            return agency.number if agency and agency.tier == name else None
        case "stage":
            other, _, unit = name.partition("/")
            base = resolve_place(process, process.stage(other).place, receiving, directory, chosen)
            found = directory.unit(base, unit) if base is not None else None
            return found.number if found else None
    return None


def resolve_step(
    process: Process, step: Step, receiving: int, directory: Directory, chosen: int | None = None
) -> int | None:
    """The number of the agency responsible for `step`, or None when it cannot be resolved."""
    agency = resolve_place(process, process.stage(step.stage).place, receiving, directory, chosen)
    if agency is None or not step.unit:
        return agency
    unit = directory.unit(agency, step.unit)
    return unit.number if unit else None
