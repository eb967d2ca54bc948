"""What `decide` is told besides the state and the command: the hour, who asks, and the law's data.

A context is built once per act by `dossiers/`; nothing in it is fetched while deciding.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from motcua.law.actor import Actor
from motcua.law.directory import Directory
from motcua.law.procedure import Procedure
from motcua.law.regimes import Regime
from motcua.law.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Draw:
    """Numbers drawn for this act: unique, without gaps once the act is stored."""

    token: str = ""
    code: str = ""
    book: int = 0
    result: int = 0


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a decision may depend on. `online` says that the agency takes this procedure online today."""

    now: datetime
    actor: Actor
    procedure: Procedure
    version: int
    regime: Regime
    directory: Directory
    calendar: Callable[[int], WorkingCalendar]
    draw: Draw = Draw()
    online: bool = True
