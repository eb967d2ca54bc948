"""The line of stages a dossier passes, with a dot where it is now, as plain data for any page.

Only what is known is called done: a dossier that ended on the way is not shown as having come to the end.
"""

from typing import Any

from django.utils.translation import get_language

from motcua.law.dossier import Dossier
from motcua.law.procedure import Procedure
from motcua.organisation.directory import directory


def stage_line(state: Dossier, procedure: Procedure, *, naming_agencies: bool) -> list[dict[str, Any]]:
    """The stages in order, each done, now, waiting or next; empty for a dossier that ended on the way.

    `naming_agencies` says which agency each stage falls to, which only signed-in people may see
    (Circular 01/2018, art. 16).
    """
    if state.phase == "ended" and state.handed_at is None:
        return []
    language, agencies = get_language() or "vi", directory()
    stages = procedure.process.stages
    here = {task.stage for task in state.tasks}
    reached = max((place for place, stage in enumerate(stages) if stage.id in here), default=-1)
    if state.phase == "ended":
        reached = len(stages)
    current = "waiting" if state.pause is not None else "now"
    line = []
    for place, stage in enumerate(stages):
        agency = agencies.by_number.get(state.places.get(stage.id, -1)) if naming_agencies else None
        line.append(
            {
                "name": stage.name.within(language),
                "agency": agency.name.within(language) if agency else "",
                "state": current if stage.id in here else "done" if place < reached else "next",
            }
        )
    return line
