"""How far an official's posts let them look on the city's desk, and for whom they may set and sign.

Leaders and control look at their agency and everything below; whoever heads a one-stop unit where nothing lies
below it, at that house. The city itself is 0.
"""

from motcua.law.actor import Actor
from motcua.organisation.directory import directory

DESK_ROLES = ("leader", "control", "one_stop_head")


def roots(actor: Actor) -> list[int]:
    """The agencies at which the actor may look, each with all that is below it; 0 alone for the whole city."""
    known, found = directory(), list[int]()
    for grant in actor.grants:
        if grant.role not in DESK_ROLES or grant.agency not in known.by_number:
            continue
        house = known.house(grant.agency)
        below = [known[each].tier for each in known.children.get(house, ())]
        if grant.role == "one_stop_head" and set(below) - {"division"}:
            continue
        if known[house].parent is None:
            return [0]
        if house not in found:
            found.append(house)
    inner = {each for root in found for each in known.below(root)[1:]}
    return sorted(each for each in found if each not in inner)


def may_look(actor: Actor, agency: int) -> bool:
    """True when the actor may look at an agency's figures; 0 is the whole city."""
    return covers(roots(actor), agency)


def covers(held: list[int], agency: int) -> bool:
    """True when one of these roots is the agency or above it."""
    if 0 in held:
        return True
    return agency != 0 and any(agency in directory().below(each) for each in held)


def sets_for_the_city(actor: Actor) -> bool:
    """True for the city's own control and leaders, who set targets and review assessments."""
    known = directory()
    return any(
        grant.role in ("leader", "control") and grant.agency in known.by_number and known[grant.agency].parent is None
        for grant in actor.grants
    )


def houses(actor: Actor, *roles: str) -> set[int]:
    """The houses at which the actor holds one of the roles (any role when none is named)."""
    known = directory()
    return {
        known.house(grant.agency)
        for grant in actor.grants
        if grant.agency in known.by_number and (not roles or grant.role in roles)
    }
