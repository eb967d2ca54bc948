"""The minor children of a person as the population register knows them, for whom a parent may act.

The look-up is recorded by the register and shown to whoever was looked up.
"""

from collections.abc import Sequence
from datetime import date

from motcua.accounts.authorising import Minor
from motcua.law.actor import Actor
from motcua.registry.lookups import children_of, look_up


def minors_of(number: str, who: Actor) -> Sequence[Minor]:
    """Those of the same household whose father or mother has this number, with a whole date of birth."""
    if look_up(number, purpose="own", who=who) is None:
        return ()
    found = []
    for child in children_of(number):
        look_up(child.number, purpose="own", who=who, reason="parent")
        if len(child.birth) == 10:
            found.append(Minor(child.number, child.name, date.fromisoformat(child.birth)))
    return found
