"""Whose figures an official may see in full, dossier by dossier: those of the agencies that their posts oversee.

Leaders and control answer for what is below; heads for their own division; the head of a one-stop unit for the
divisions of the house. Other posts oversee nothing, and add nothing.
"""

import msgspec

from motcua.dossiers.policy import visible
from motcua.law.actor import Actor
from motcua.organisation.directory import directory

OVERSEEING = frozenset({"control", "leader", "one_stop_head", "head"})


def overseen(actor: Actor) -> tuple[int, ...] | None:
    """The agencies whose work the actor oversees; None when that is every agency."""
    posts = tuple(grant for grant in actor.grants if grant.role in OVERSEEING)
    seen = visible(msgspec.structs.replace(actor, grants=posts))
    return None if set(seen) >= set(directory().by_number) else tuple(seen)
