"""The shape of the catalogue's content files: fields, life events, reasons, regimes and standard processes.

A procedure's own shape is `law/procedure`. Reading the files is left to `pack_reading`.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from motcua.law.procedure import Tier
from motcua.law.process import Action
from motcua.law.regimes import Regime
from motcua.law.texts import Text

Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Use = Literal["supplement", "decline", "refuse", "send_back", "extension", "suspend", "withdraw", "stop"]


class FieldRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of activity, by its code in the national catalogue."""

    code: Annotated[str, msgspec.Meta(min_length=2, max_length=60)]
    name: Text


class FieldsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`catalogue/fields.yaml`."""

    fields: tuple[FieldRow, ...]


class LifeEventRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event of a life, in the order shown."""

    code: Code
    name: Text
    summary: Text = Text("")


class LifeEventsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`catalogue/life_events.yaml`."""

    life_events: tuple[LifeEventRow, ...]


class ReasonRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason and the acts it may be given for."""

    code: Code
    use: tuple[Use, ...]
    name: Text
    ground: str = ""


class ReasonsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`catalogue/reasons.yaml`."""

    reasons: tuple[ReasonRow, ...]


class RegimesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`law/regimes.yaml`, shared by packs."""

    regimes: tuple[Regime, ...]


class OnlineRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Since when some agencies take procedures in online, or can be paid online; `demonstration` marks what was not
    read in a decision.
    """

    what: Literal["takes", "pays"]
    valid_from: date
    tiers: tuple[Tier, ...] = ()
    agencies: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    valid_to: date | None = None
    ground: str = ""
    demonstration: bool = False


class OnlineClaim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an authority said of itself: how many procedures at level 3 or 4, of how many, and who says so."""

    day: date
    at_level_3_or_4: int
    of: int
    source: Text


class OnlineFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`catalogue/online.yaml`; a pack without one offers nothing online."""

    online: tuple[OnlineRow, ...] = ()
    claims: tuple[OnlineClaim, ...] = ()


class ShareStage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stage of a standard process; its limit follows from its steps."""

    id: str
    name: Text
    place: str = "here"


class ShareStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step of a standard process, with its share of the whole time in hundredths."""

    id: str
    name: Text
    stage: str
    role: str
    share: Annotated[int, msgspec.Meta(ge=0, le=100)]
    actions: tuple[Action, ...]
    unit: str = ""
    next: tuple[str, ...] = ()
    back: tuple[str, ...] = ()


class StandardProcess(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The process of procedures that nobody has modelled: at a tier, or anywhere when done at once."""

    tier: Literal["commune", "district", "department", "branch", "at_once"]
    stages: tuple[ShareStage, ...]
    steps: tuple[ShareStep, ...]


class DepartmentRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fields whose code begins so are received, above the communes, by this department."""

    field: str
    department: str


class StandardProcessesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`catalogue/standard_processes.yaml`."""

    standard_processes: tuple[StandardProcess, ...]
    departments: tuple[DepartmentRule, ...] = ()
