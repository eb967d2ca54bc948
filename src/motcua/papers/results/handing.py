"""Handing a result over in its owner's account, without a way to the counter, where that is lawful.

Only what was filed online by somebody with an account, need not be collected in person, is announced as ready, and
for which nothing is owed. Everything else is left to the counter and the post.
"""

import logging
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from motcua.dossiers import store
from motcua.dossiers.handle import Done, handle
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from motcua.law.dossier import Dossier
from motcua.papers.results.tables import IssuedResult

log = logging.getLogger("motcua.signing")
MOST = 500
# What an applicant may have asked for that a file in the account fulfils; "" where nobody asked.
ELECTRONIC = ("", "electronic")


def hand_over_ready() -> int:
    """Hands over everything that is ready to be; returns how many (a timer of the worker)."""
    done = 0
    for issued in IssuedResult.objects.filter(to_hand=True).order_by("dossier_id", "seq")[:MOST]:
        stored = store.read(issued.dossier_id)
        state = stored[0] if stored is not None else None
        if state is None or state.phase == "ended" or wished(issued.dossier_id) not in ELECTRONIC:
            _no_longer(issued)
        elif state.phase == "ready" and is_settled(state) and (task := handing_task(state)):
            command = c.HandOverResult(task=task, to_name=issued.owner_name, by_paper="account")
            answer = handle(issued.dossier_id, command, SYSTEM, f"hand/{issued.seq}")
            if isinstance(answer, Done):
                done += 1
                _no_longer(issued)
            else:
                log.info("result of %s not handed over: %s", issued.dossier_id, answer.code)
    return done


def wished(dossier_id: int) -> str:
    """How the applicant asked to receive the result: `electronic`, `post`, `person`, or "" when nobody was asked.

    Known to whoever took the application in, named by the setting MOTCUA_DELIVERY_OF.
    """
    if not settings.MOTCUA_DELIVERY_OF:
        return ""
    wish: Any = import_string(settings.MOTCUA_DELIVERY_OF)(dossier_id)
    return str(wish.way)


def is_settled(state: Dossier) -> bool:
    """True when nothing is owed; a refusal is handed over all the same."""
    return not state.owed or state.outcome == "refused"


def handing_task(state: Dossier) -> int:
    """The open task by which the result is handed over, 0 when there is none."""
    return next((task.no for task in state.tasks if task.agency == state.receiving), 0)


def _no_longer(issued: IssuedResult) -> None:
    IssuedResult.objects.filter(dossier_id=issued.dossier_id, seq=issued.seq).update(to_hand=False)
