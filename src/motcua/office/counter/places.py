"""Where an official serves at a counter, and what is received there."""

from datetime import date
from functools import lru_cache

from motcua.catalogue import versions
from motcua.catalogue.versions import Card
from motcua.law.actor import Actor
from motcua.law.directory import Agency, Directory
from motcua.law.names import search_key
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


def commune_label(commune: Agency) -> str:
    """The commune with its district, as it is chosen from the list."""
    above = directory().above(commune.number)
    return f"{commune.name.vi}, {above.name.vi}" if above and above.tier == "district" else commune.name.vi


def communes(day: date) -> tuple[tuple[str, str, str], ...]:
    """The communes that exist on `day`, by code: code, label, and the label as it is searched."""
    return _communes(directory(), day)


@lru_cache(maxsize=4)
def _communes(known: Directory, day: date) -> tuple[tuple[str, str, str], ...]:
    found = [each for each in known.by_number.values() if each.tier == "commune" and each.is_valid(day)]
    labels = [(each.code, commune_label(each)) for each in sorted(found, key=lambda each: each.code)]
    return tuple((code, label, search_key(label)) for code, label in labels)


def commune_code(said: str, day: date) -> str:
    """The code of the commune somebody named, with or without marks and district; what was said when unclear."""
    key = search_key(said)
    if not key or key.isdecimal():
        return said.strip()
    known = communes(day)
    matches = [code for code, _, label in known if label == key]
    matches = matches or [code for code, _, label in known if label.split(",")[0] == key]
    matches = matches or [code for code, _, label in known if key in label]
    return matches[0] if len(matches) == 1 else said.strip()


def commune_said(code: str) -> str:
    """The label for a stored code; the text itself when it is no code."""
    found = directory().by_code.get(code) if code else None
    return commune_label(found) if found is not None and found.tier == "commune" else code
