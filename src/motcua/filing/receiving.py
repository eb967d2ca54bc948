"""How the result is to be received, changed after the application was handed in.

The wish stands with the application; whoever works on the dossier reads the change in its journal. What the law says
about handing over (in person or not) is the procedure's.
"""

import msgspec
from django.db import transaction

from motcua.dossiers.handle import handle
from motcua.filing.handing_in import delivery_words
from motcua.filing.models import HandedIn
from motcua.filing.reading import Delivery, ways
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from motcua.law.dossier import Dossier
from motcua.law.procedure import Procedure
from motcua.law.refusal import Refusal


def may_change(state: Dossier, procedure: Procedure) -> bool:
    """True while the result is not on its way and there is more than one way to receive it."""
    return state.channel == "online" and state.phase not in ("ready", "ended") and len(ways(procedure)) > 1


@transaction.atomic
def change_delivery(state: Dossier, procedure: Procedure, delivery: Delivery, key: str) -> Refusal | None:
    """Notes the new wish, once however often it is sent; the refusal when the dossier is past it.

    Raises ValueError for a way that the procedure does not have.
    """
    if delivery.way not in ways(procedure):
        raise ValueError(delivery.way)
    done = handle(state.id, c.Note(words=delivery_words(delivery)), SYSTEM, key)
    if isinstance(done, Refusal):
        return done
    if not done.repeated:
        HandedIn.objects.filter(dossier=state.id).update(delivery=msgspec.to_builtins(delivery))
    return None
