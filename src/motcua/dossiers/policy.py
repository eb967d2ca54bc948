"""Who may see a dossier: one filtered query and one `may_see()`, used by every page and every interface.

What somebody may do with it is the law's (`rights`); this is only about seeing. Whoever took it in, works on
it, worked on it, or oversees one of those agencies sees it; nobody else does.
"""

from motcua.dossiers import store
from motcua.law.actor import Actor
from motcua.law.dossier import Dossier
from motcua.law.rights import is_owner
from motcua.organisation.policy import visible_agencies

# Asked of one dossier at a time: EXISTS would let the planner read the whole journal into a hash instead.
WORKED_ON = """
    coalesce(
        (SELECT true FROM dossiers_task t WHERE t.dossier_id = d.id AND t.agency = ANY (%(visible)s) LIMIT 1),
        (SELECT true FROM dossiers_event e WHERE e.dossier_id = d.id AND e.agency = ANY (%(visible)s) LIMIT 1), false)
"""
INVOLVED = f"(d.receiving = ANY (%(visible)s) OR {WORKED_ON})"


def visible(actor: Actor) -> list[int]:
    """The numbers of the agencies whose dossiers the actor may see."""
    return sorted(visible_agencies(actor))


def may_see(actor: Actor, state: Dossier) -> bool:
    """True when the actor may open this dossier."""
    if actor.kind == "system":
        return True
    if actor.kind in ("resident", "partner"):
        return is_owner(actor, state)
    seen = set(visible_agencies(actor))
    if state.receiving in seen or any(task.agency in seen for task in state.tasks):
        return True
    if not seen:
        return False
    with store.cursor() as run:
        row = run.execute(
            "SELECT 1 FROM dossiers_event WHERE dossier_id = %s AND agency = ANY (%s) LIMIT 1",
            (state.id, list(seen)),
        ).fetchone()
    return row is not None
