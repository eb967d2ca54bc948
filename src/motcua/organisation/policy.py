"""Whose dossiers a person may see, and whom a person may appoint: the one door to such questions.

Works on the actor's grants and the directory alone. What may be done to a dossier is left to `law`.
"""

from motcua.law.actor import Actor
from motcua.law.directory import Directory
from motcua.organisation.directory import directory as current_directory

# Decree 61/2018, art. 18 to 20 (leaders answer for what is below) and Decree 92/2017 (procedure control).
SEES_BELOW = frozenset({"leader", "control"})
# Decree 61/2018, art. 9: the head of a one-stop unit watches its dossiers in the divisions of the house.
SEES_HOUSE = frozenset({"one_stop_head"})
# Looks after posts, not after dossiers.
SEES_NONE = frozenset({"admin"})


def visible_agencies(actor: Actor, directory: Directory | None = None) -> frozenset[int]:
    """The numbers of the agencies whose dossiers the actor may see.

    Own agencies; for leaders and control everything below in the line of command; for the head of a
    one-stop unit the divisions of the same house. Agencies that were dissolved into one of these count too.
    A resident sees none this way: what is theirs is theirs by person, not by agency.
    """
    known = directory or current_directory()
    if actor.kind == "system":
        return frozenset(known.by_number)
    seen: set[int] = set()
    for grant in actor.grants:
        if grant.role in SEES_NONE or grant.agency not in known.by_number:
            continue
        seen.add(grant.agency)
        if grant.role in SEES_BELOW:
            seen.update(known.below(grant.agency))
        elif grant.role in SEES_HOUSE:
            children = known.children.get(known.house(grant.agency), ())
            seen.update(child for child in children if known[child].tier == "division")
    return frozenset(_with_predecessors(seen, known))


def may_see_agency(actor: Actor, agency: int, directory: Directory | None = None) -> bool:
    """True when the actor may see the dossiers of `agency`."""
    return agency in visible_agencies(actor, directory)


def may_administer(actor: Actor, agency: int, directory: Directory | None = None) -> bool:
    """True when the actor may appoint and delegate at `agency`: an administrator there or above it."""
    if actor.kind == "system":
        return True
    known = directory or current_directory()
    here = known.by_number.get(agency)
    while here is not None:
        if actor.holds(here.number, "admin"):
            return True
        here = known.above(here.number)
    return False


def _with_predecessors(seen: set[int], directory: Directory) -> set[int]:
    """Adds the agencies whose successor, at any remove, is seen."""
    before: dict[int, list[int]] = {}
    for agency in directory.by_number.values():
        if agency.successor is not None:
            before.setdefault(agency.successor, []).append(agency.number)
    found = list(seen)
    for each in found:
        found.extend(number for number in before.get(each, ()) if number not in seen)
        seen.update(before.get(each, ()))
    return seen
