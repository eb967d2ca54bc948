"""A pack's organisation as one checked plan: every agency, division and branch spelt out, with its names.

Reads the files, expands districts into their divisions and branches, and says by file and line what does not
fit together. Writing the plan into the database is left to `loading`.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec

from motcua.law.texts import Text
from motcua.organisation.content_files import Problem, line_of, read_csv, read_yaml
from motcua.organisation.organisation_files import (
    COMMUNE_KINDS,
    DISTRICT_KINDS,
    DepartmentsFile,
    DivisionRow,
    DivisionsFile,
    LaterName,
    LocalName,
    RoleRow,
    RolesFile,
    Seat,
    Sector,
    UnitRow,
)
from motcua.organisation.pack import Pack, read_pack

DIVISION_BLOCK = 20


class FormerName(msgspec.Struct, frozen=True):
    """A name an agency had until the end of `valid_to`."""

    kind: str
    name: Text
    valid_to: date


class PlannedAgency(msgspec.Struct, frozen=True):
    """An agency as the pack wants it; relations are codes. `place` is the file and line that named it."""

    code: str
    number: int
    tier: str
    name: Text
    valid_from: date
    place: tuple[str, int]
    kind: str = ""
    parent: str | None = None
    serves: str | None = None
    successor: str | None = None
    unit: str = ""
    local_code: str = ""
    identifier: str = ""
    identifier_is_demo: bool = False
    valid_to: date | None = None
    former_names: tuple[FormerName, ...] = ()


class CityPlan(msgspec.Struct, frozen=True):
    """The whole organisation of a pack, parents before children."""

    pack: Pack
    agencies: tuple[PlannedAgency, ...]
    roles: tuple[RoleRow, ...]


class _Files(msgspec.Struct):
    """The files as read, with the folder they came from."""

    folder: Path
    pack: Pack
    departments: DepartmentsFile
    divisions: DivisionsFile
    roles: RolesFile
    units: list[tuple[int, UnitRow]]
    names: list[tuple[int, LaterName]]
    until: date

    def place(self, file: str, where: str | int) -> tuple[str, int]:
        path = self.folder / file
        return str(path), where if isinstance(where, int) else line_of(path, where)


def read_city_plan(pack_dir: Path, until: date | None = None) -> tuple[CityPlan | None, list[Problem]]:
    """The pack's organisation as known on `until` (the pack's `as_of` when None), and what is wrong with it.

    Ends and names that begin after `until` are left out: a city of 2018 does not know the mergers of 2020.
    """
    files, problems = _read(pack_dir, until)
    if files is None:
        return None, problems
    agencies = [*_seats(files), *_units(files, problems), *_divisions(files), *_branches(files)]
    problems.extend(_check_divisions(files))
    problems.extend(_check_agencies(agencies))
    problems.extend(_check_roles(files))
    if problems:
        return None, sorted(set(problems))
    return CityPlan(files.pack, tuple(agencies), files.roles.roles), []


def _read(pack_dir: Path, until: date | None) -> tuple[_Files | None, list[Problem]]:
    folder = pack_dir / "organisation"
    pack, problems = read_pack(pack_dir)
    departments, found = read_yaml(folder / "departments.yaml", DepartmentsFile)
    problems.extend(found)
    divisions, found = read_yaml(folder / "divisions.yaml", DivisionsFile)
    problems.extend(found)
    roles, found = read_yaml(folder / "roles.yaml", RolesFile)
    problems.extend(found)
    units, found = read_csv(folder / "units.csv", UnitRow)
    problems.extend(found)
    names: list[tuple[int, LaterName]] = []
    if (folder / "later_names.csv").exists():
        names, found = read_csv(folder / "later_names.csv", LaterName)
        problems.extend(found)
    if problems or pack is None or departments is None or divisions is None or roles is None:
        return None, problems
    return _Files(folder, pack, departments, divisions, roles, units, names, until or pack.as_of), []


def _seats(files: _Files) -> Iterator[PlannedAgency]:
    """The city, its departments and the heads of the sectors."""
    city = files.departments.city
    # The city's own identifier follows from the province code alone, so it is no demonstration value.
    yield _seat(files, city, "city", None, "city", is_demo=False)
    demo = files.pack.identifiers_are_demo
    for index, department in enumerate(files.departments.departments):
        where = f"departments[{index}]"
        yield _seat(files, department, "department", city.code, where, is_demo=demo)
    for index, sector in enumerate(files.departments.sectors):
        yield _seat(files, sector, "branch", sector.parent, f"sectors[{index}]", is_demo=demo)


def _seat(
    files: _Files, seat: Seat | Sector, tier: str, parent: str | None, where: str, *, is_demo: bool
) -> PlannedAgency:
    return PlannedAgency(
        code=seat.code,
        number=seat.number,
        tier=tier,
        name=seat.name,
        parent=parent,
        valid_from=seat.valid_from,
        unit=seat.code if tier == "branch" else "",
        local_code=seat.code if tier == "branch" else "",
        identifier=seat.identifier or "",
        identifier_is_demo=is_demo and seat.identifier is not None,
        place=files.place("departments.yaml", where),
    )


def _units(files: _Files, problems: list[Problem]) -> Iterator[PlannedAgency]:
    """Districts, then communes."""
    known = {row.code for _, row in files.units}
    later: dict[str, list[LaterName]] = {}
    for line, later_name in files.names:
        if later_name.code not in known:
            place = files.place("later_names.csv", line)
            problems.append(Problem(*place, f"“{later_name.code}” is no unit of units.csv"))
        elif later_name.valid_from <= files.until:
            later.setdefault(later_name.code, []).append(later_name)
    for line, row in sorted(files.units, key=lambda each: each[1].kind in COMMUNE_KINDS):
        if row.successor is not None and row.valid_to is None:
            place = files.place("units.csv", line)
            problems.append(Problem(*place, f"“{row.code}” has a successor but no last day"))
        ended = row.valid_to is not None and row.valid_to < files.until
        kind, name, former = _named(row, later.get(row.code, []))
        yield PlannedAgency(
            code=row.code,
            number=row.number,
            tier="commune" if row.kind in COMMUNE_KINDS else "district",
            kind=kind,
            name=name,
            former_names=former,
            parent=row.parent,
            valid_from=row.valid_from,
            valid_to=row.valid_to if ended else None,
            successor=row.successor if ended else None,
            identifier=row.identifier or "",
            identifier_is_demo=files.pack.identifiers_are_demo and row.identifier is not None,
            place=files.place("units.csv", line),
        )


def _named(row: UnitRow, later: list[LaterName]) -> tuple[str, Text, tuple[FormerName, ...]]:
    """The unit's last known kind and name, and the names it had before."""
    former: list[FormerName] = []
    kind, name = str(row.kind), Text(f"{row.kind.capitalize()} {row.name}", row.name_en)
    for each in sorted(later, key=lambda row: row.valid_from):
        former.append(FormerName(kind, name, each.valid_from - timedelta(days=1)))
        kind, name = str(each.kind), Text(f"{each.kind.capitalize()} {each.name}", each.name_en)
    return kind, name, tuple(former)


def _districts(files: _Files) -> Iterator[tuple[int, UnitRow]]:
    for _, row in files.units:
        if row.kind in DISTRICT_KINDS:
            yield int(row.code), row


def _divisions(files: _Files) -> Iterator[PlannedAgency]:
    places = {
        division.unit: files.place("divisions.yaml", f"divisions[{index}]")
        for index, division in enumerate(files.divisions.divisions)
    }
    for code, district in _districts(files):
        for division in files.divisions.divisions:
            local = _local_name(division, district)
            if local is None:
                continue
            yield PlannedAgency(
                code=f"{district.code}/{division.unit}",
                number=files.divisions.first_number + DIVISION_BLOCK * code + division.slot,
                tier="division",
                name=local.name,
                parent=district.code,
                unit=division.unit,
                local_code=local.local,
                valid_from=district.valid_from,
                identifier=_within(district.identifier, f"{division.slot:02}"),
                identifier_is_demo=district.identifier is not None,
                place=places[division.unit],
            )


def _local_name(division: DivisionRow, district: UnitRow) -> LocalName | None:
    return next((name for name in division.names if district.kind in name.kinds), None)


def _branches(files: _Files) -> Iterator[PlannedAgency]:
    for index, sector in enumerate(files.departments.sectors):
        place = files.place("departments.yaml", f"sectors[{index}].branches")
        for order, (code, district) in enumerate(_districts(files), start=1):
            words = {"name": district.name, "district": f"{district.kind} {district.name}"}
            name_vi = _filled(sector.branches.name.vi, words)
            name_en = _filled(sector.branches.name.en, words | {"district": district.name_en})
            yield PlannedAgency(
                code=f"{district.code}/{sector.code}",
                number=sector.branches.first_number + code,
                tier="branch",
                name=Text(name_vi, name_en),
                parent=sector.code,
                serves=district.code,
                unit=sector.code,
                local_code=sector.code,
                valid_from=max(sector.branches.valid_from, district.valid_from),
                identifier=_within(sector.identifier, f"{order:02}"),
                identifier_is_demo=sector.identifier is not None,
                place=place,
            )


def _filled(pattern: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        pattern = pattern.replace("{" + word + "}", value)
    return pattern


def _within(identifier: str | None, group: str) -> str:
    """The identifier of a unit one level below: its group stands in the second place (QCVN 102:2016)."""
    if identifier is None:
        return ""
    groups = identifier.split(".")
    return ".".join([groups[0], group, *groups[2:]])


def _check_divisions(files: _Files) -> Iterator[Problem]:
    for index, division in enumerate(files.divisions.divisions):
        for kind in DISTRICT_KINDS:
            named = sum(kind in name.kinds for name in division.names)
            if named > 1:
                place = files.place("divisions.yaml", f"divisions[{index}]")
                yield Problem(*place, f"{division.unit} has {named} names in a {kind}")


def _check_roles(files: _Files) -> Iterator[Problem]:
    roles = [(files.place("roles.yaml", f"roles[{i}]"), role) for i, role in enumerate(files.roles.roles)]
    yield from _twice(((place, role.code) for place, role in roles), "role")
    yield from _twice(((place, str(role.number)) for place, role in roles), "number of a role")


def _check_agencies(agencies: list[PlannedAgency]) -> Iterator[Problem]:
    yield from _twice(((each.place, each.code) for each in agencies), "code")
    yield from _twice(((each.place, str(each.number)) for each in agencies), "number")
    yield from _twice(((each.place, each.identifier) for each in agencies if each.identifier), "identifier")
    by_code = {each.code: each for each in agencies}
    above = {"department": "city", "district": "city", "commune": "district"}
    for each in agencies:
        if each.number > 65_535:
            yield Problem(*each.place, f"“{each.code}” gets the number {each.number}, past 65,535")
        if each.valid_to is not None and each.valid_to < each.valid_from:
            yield Problem(*each.place, f"“{each.code}” ends before it begins")
        if each.successor is not None and each.successor not in by_code:
            yield Problem(*each.place, f"the successor “{each.successor}” is not in the pack")
        parent = by_code.get(each.parent or "")
        if each.parent is not None and parent is None:
            yield Problem(*each.place, f"the parent “{each.parent}” is not in the pack")
        elif parent is not None and parent.tier != above.get(each.tier, parent.tier):
            yield Problem(*each.place, f"“{each.code}” is a {each.tier} and cannot stand under “{parent.code}”")


def _twice(named: Iterable[tuple[tuple[str, int], str]], what: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for (file, line), name in named:
        if name in first:
            yield Problem(file, line, f"the {what} “{name}” is given twice, first on line {first[name]}")
        first.setdefault(name, line)
