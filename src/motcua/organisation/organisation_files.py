"""The shape of a pack's organisation files: units, departments, sectors, divisions and roles as written.

One struct per kind of entry; what they come to together is left to `city_plan`.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from motcua.law.texts import Text

Number = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
Code = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{2,12}$")]
Gso = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{3}([0-9]{2})?$")]
Unit = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2,8}$")]
Named = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
# QCVN 102:2016/BTTTT: four groups, the province at the right.
Identifier = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.[A-Y][0-9]{2}$")]
DistrictKind = Literal["quận", "huyện", "thị xã"]
CommuneKind = Literal["phường", "xã", "thị trấn"]
DISTRICT_KINDS: tuple[DistrictKind, ...] = ("quận", "huyện", "thị xã")
COMMUNE_KINDS: tuple[CommuneKind, ...] = ("phường", "xã", "thị trấn")
Tier = Literal["city", "department", "district", "division", "commune", "branch"]


class UnitRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of `units.csv`: a district or commune with its GSO code."""

    code: Gso
    number: Number
    kind: DistrictKind | CommuneKind
    name: Named
    name_en: Named
    parent: Code
    valid_from: date
    valid_to: date | None = None
    successor: Gso | None = None
    identifier: Identifier | None = None


class LaterName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of `later_names.csv`: the unit is called so from this day on."""

    code: Gso
    valid_from: date
    kind: DistrictKind | CommuneKind
    name: Named
    name_en: Named


class Seat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The city or one of its departments."""

    code: Code
    number: Number
    name: Text
    valid_from: date
    identifier: Identifier | None = None


class Branches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sector's branch in every district, numbered `first_number` + the district's GSO code."""

    first_number: Number
    valid_from: date
    name: Text


class Sector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vertical sector: its head in the city and its branches."""

    code: Unit
    number: Number
    parent: Code
    name: Text
    valid_from: date
    branches: Branches
    identifier: Identifier | None = None


class DepartmentsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`departments.yaml`."""

    city: Seat
    departments: tuple[Seat, ...]
    sectors: tuple[Sector, ...] = ()


class LocalName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a division is called in districts of these kinds."""

    local: Unit
    name: Text
    kinds: tuple[DistrictKind, ...] = DISTRICT_KINDS


class DivisionRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A division that districts have, by its function."""

    unit: Unit
    slot: Annotated[int, msgspec.Meta(ge=1, le=19)]
    names: tuple[LocalName, ...]


class DivisionsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`divisions.yaml`: numbered `first_number` + 20 x the district's GSO code + slot."""

    first_number: Number
    divisions: tuple[DivisionRow, ...]


class RoleRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role and the tiers of agencies where it can be held."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{2,20}$")]
    number: Annotated[int, msgspec.Meta(ge=1, le=999)]
    at: tuple[Tier, ...]
    name: Text
    explanation: Text


class RolesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`roles.yaml`."""

    roles: tuple[RoleRow, ...]
