"""Where an official serves at a counter, and what is received there."""

from datetime import date

from motcua.catalogue import versions
from motcua.catalogue.versions import Card
from motcua.law.actor import Actor
from motcua.law.directory import Agency
from motcua.law.procedure import Procedure
from motcua.law.rights import COUNTER
from motcua.organisation.directory import directory


def counters(actor: Actor) -> list[Agency]:
    """The agencies at whose counter the actor serves today, in the order of their posts."""
    known = directory()
    numbers = dict.fromkeys(grant.agency for grant in actor.grants if grant.role in COUNTER)
    return [known[number] for number in numbers]


def receiving(actor: Actor, procedure: Procedure) -> list[Agency]:
    """Those of the actor's counters that receive this procedure."""
    return [
        place for place in counters(actor) if place.tier in procedure.received_at or place.code in procedure.received_by
    ]


def offered(actor: Actor, day: date) -> dict[str, Card]:
    """What the actor's counters receive on `day`, by code."""
    found: dict[str, Card] = {}
    for place in counters(actor):
        for card in versions.offered_at(place.number, day):
            found.setdefault(card.code, card)
    return found
