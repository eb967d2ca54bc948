"""Finds procedures by what people type: words without marks, initials, codes old and new, with mistakes.

The reckoning is in `word_index`; what a person may do with a procedure is left to the faces.
"""

from datetime import date

import msgspec

from motcua.catalogue.versions import Card, snapshot
from motcua.law.texts import Text
from motcua.organisation.directory import city_day

OFFERED, DESCRIBED = 0.3, 0.2


class Hit(msgspec.Struct, frozen=True):
    """A procedure found. `offered` is False when nobody in the city receives it now."""

    code: str
    version_id: int
    name: Text
    field: str
    online_level: int
    offered: bool
    score: float


def search_procedures(query: str, agency: int | None = None, limit: int = 20, day: date | None = None) -> list[Hit]:
    """The procedures that hold on `day` (today when None), the best first; with `agency`, what it receives.

    What is received in the city comes before what is not, what is described in full before what was imported.
    An empty query finds nothing.
    """
    found, day = snapshot(), day or city_day()
    hits = []
    for code, score in found.index.find(query):
        card = found.current(code, day)
        if card is None or card.origin == "log":
            continue
        if agency is not None and found.offer(code, agency, day) is None:
            continue
        offered = any(offer.holds(day) for offer in found.offers.get(code, ()))
        score += OFFERED * offered + DESCRIBED * (card.origin == "pack")
        hits.append(_hit(card, offered, score))
    hits.sort(key=lambda hit: (-hit.score, hit.code))
    return hits[: max(limit, 0)]


def _hit(card: Card, offered: bool, score: float) -> Hit:
    return Hit(card.code, card.version_id, card.name, card.field, card.online_level, offered, round(score, 4))
