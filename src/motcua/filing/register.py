"""The population register as filing asks it: one person at a time, for a stated purpose, and their issued papers.

What it is asked through is a protocol, so that a test may put another register in its place. Recording each
look-up is the register's own.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from motcua.filing.prefill import Topic
from motcua.law.actor import Actor
from motcua.registry import documents, lookups

PURPOSE = "online_filing"


class Register(Protocol):
    """What filing needs of the population register."""

    def look_up(self, number: str, *, purpose: str, who: Actor, dossier: int = 0, reason: str = "") -> Any:
        """The person with this number as the register knows them, or None; the look-up is recorded."""
        ...

    def topic(self, known: Any, name: str) -> object:
        """One thing known of a person: `self`, `self.residence`, `spouse`; None when it is not known."""
        ...

    def documents_of(self, number: str) -> Sequence[Any]:
        """The documents issued to the person that hold today, each with `kind`, `digest` and `name`."""
        ...


class CityRegister:
    """The register of this city."""

    def look_up(self, number: str, *, purpose: str, who: Actor, dossier: int = 0, reason: str = "") -> Any:
        """One recorded look-up."""
        return lookups.look_up(number, purpose=purpose, who=who, dossier=dossier, reason=reason)

    def topic(self, known: Any, name: str) -> object:
        """What it says of a topic."""
        return lookups.topic(known, name)

    def documents_of(self, number: str) -> Sequence[Any]:
        """What was issued to the person and still holds."""
        return documents.documents_of(number)


_present: Register = CityRegister()


def register() -> Register:
    """The city's register."""
    return _present


def topics_of(source: Register, known: Any) -> Topic:
    """What is known of one person, by topic.

    `wife` and `husband` are the two of a couple whichever of them asks: one is the person, the other the spouse.
    """

    def topic(name: str) -> object:
        if known is None:
            return None
        if name in ("wife", "husband"):
            own = getattr(known, "sex", "") == ("female" if name == "wife" else "male")
            name = "self" if own else "spouse"
        return source.topic(known, name)

    return topic


PAPER_TOPICS = {"identity": "self.name", "residence": "self.residence", "marriage": "spouse", "birth": "self.birth"}


def proves(topic: Topic, paper: str) -> bool:
    """True when the register knows what a paper of this kind (`identity`, `residence`) would prove."""
    return paper in PAPER_TOPICS and bool(topic(PAPER_TOPICS[paper]))
