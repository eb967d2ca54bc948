"""What people say of the service once they hold its result: few say anything, and worse of what came late."""

import random
from datetime import datetime, timedelta
from typing import Any

from motcua.dossiers.bulk import Act
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from motcua.law.dossier import Dossier
from motcua.law.rating import CRITERIA

RATED = 0.11
# Weights of 0, 1 and 2 points: our own estimates.
CONTENT, DISCONTENT = (0.4, 3, 17), (4, 6, 10)


def rating(rng: random.Random, state: Dossier, last: datetime) -> Act | None:
    """The applicant's rating after the result was collected at `last`, None from most."""
    if state.outcome not in ("granted", "refused") or state.handed_at is None or rng.random() > RATED:
        return None
    late = state.finished_at is not None and state.due_at is not None and state.finished_at > state.due_at
    weights = DISCONTENT if late or state.outcome == "refused" else CONTENT
    scores = {criterion: rng.choices((0, 1, 2), weights)[0] for criterion in CRITERIA}
    by: Any = "counter" if state.channel == "counter" and rng.random() < 0.6 else "link"
    gap = timedelta(minutes=5) if by == "counter" else timedelta(hours=2 + rng.expovariate(1 / 20.0))
    return Act(c.Rate(scores=scores, by=by), SYSTEM, last + gap)
