"""Reads the catalogue of a content pack and says by file and line what is wrong with it. Needs no database.

Regimes, fields, life events, reasons, standard processes and procedures, checked against each other and
against the pack's organisation. Storing them is left to `packs`.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from motcua.catalogue.content_shapes import (
    FieldsFile,
    LifeEventsFile,
    OnlineFile,
    ReasonsFile,
    RegimesFile,
    StandardProcessesFile,
)
from motcua.catalogue.online_check import check_online
from motcua.catalogue.standard import check_standard
from motcua.law import directory as law
from motcua.law.faults import Fault
from motcua.law.procedure import Procedure
from motcua.law.process_check import check_procedure
from motcua.law.regimes import Regime
from motcua.law.texts import Text
from motcua.organisation.city_plan import CityPlan, read_city_plan
from motcua.organisation.content_files import Problem, line_of, read_yaml
from motcua.organisation.pack import Pack

DEFAULT_REGIMES = "../law/regimes.yaml"
T = TypeVar("T")


class Catalogue(msgspec.Struct, frozen=True):
    """Everything a pack says about procedures. Each procedure comes with its file."""

    pack: Pack
    regimes: tuple[Regime, ...]
    fields: FieldsFile
    life_events: LifeEventsFile
    reasons: ReasonsFile
    standard: StandardProcessesFile
    procedures: tuple[tuple[Path, Procedure], ...]
    online: OnlineFile = OnlineFile()


def read_catalogue(pack_dir: Path) -> tuple[Catalogue | None, CityPlan | None, list[Problem]]:
    """The pack's catalogue and organisation, and what is wrong with them."""
    plan, problems = read_city_plan(pack_dir)
    regimes_file = pack_dir / ((plan.pack.regimes if plan else "") or DEFAULT_REGIMES)
    regimes = _read(regimes_file, RegimesFile, problems)
    folder = pack_dir / "catalogue"
    fields = _read(folder / "fields.yaml", FieldsFile, problems)
    life_events = _read(folder / "life_events.yaml", LifeEventsFile, problems)
    reasons = _read(folder / "reasons.yaml", ReasonsFile, problems)
    standard = _read(folder / "standard_processes.yaml", StandardProcessesFile, problems)
    online = _read(folder / "online.yaml", OnlineFile, problems) if (folder / "online.yaml").is_file() else OnlineFile()
    procedures = [
        (path, procedure)
        for path in sorted((pack_dir / "procedures").glob("*.yaml"))
        if (procedure := _read(path, Procedure, problems)) is not None
    ]
    if regimes is not None:
        problems.extend(_at(regimes_file, check_regimes(regimes.regimes)))
    for name, rows in (("fields", fields), ("life_events", life_events), ("reasons", reasons)):
        problems.extend(_codes_twice(folder / f"{name}.yaml", name, rows))
    if fields is not None and life_events is not None:
        for path, procedure in procedures:
            problems.extend(_at(path, _names_known(procedure, fields, life_events)))
    if plan is not None:
        roles, directory = {role.code for role in plan.roles}, directory_of(plan)
        for path, procedure in procedures:
            problems.extend(_at(path, check_procedure(procedure, directory, roles)))
        if standard is not None:
            problems.extend(_at(folder / "standard_processes.yaml", check_standard(standard, roles, directory)))
        if online is not None:
            known = {procedure.code for _, procedure in procedures}
            problems.extend(_at(folder / "online.yaml", check_online(online, known, set(directory.by_code))))
    problems.extend(_together(procedures))
    if problems or not (plan and regimes and fields and life_events and reasons and standard and online):
        return None, plan, sorted(set(problems))
    catalogue = Catalogue(plan.pack, regimes.regimes, fields, life_events, reasons, standard, tuple(procedures), online)
    return catalogue, plan, []


def directory_of(plan: CityPlan) -> law.Directory:
    """The planned organisation as the law sees it."""
    numbers = {each.code: each.number for each in plan.agencies}
    return law.Directory(
        law.Agency(
            number=each.number,
            code=each.code,
            name=each.name,
            tier=each.tier,
            parent=numbers[each.parent] if each.parent else None,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            unit=each.unit,
            identifier=each.identifier,
            identifier_is_demo=each.identifier_is_demo,
            successor=numbers[each.successor] if each.successor else None,
            serves=numbers[each.serves] if each.serves else None,
        )
        for each in plan.agencies
    )


def check_regimes(regimes: Iterable[Regime]) -> Iterator[Fault]:
    """Regimes follow each other without gaps or overlaps, so that every day from the first has one law."""
    rows = list(regimes)
    if not rows:
        yield _fault("$.regimes", "there is no regime")
    for at, (one, other) in enumerate(pairwise(rows)):
        path = f"$.regimes[{at + 1}].valid_from"
        if one.valid_to is None or (other.valid_from - one.valid_to).days != 1:
            yield _fault(path, f"“{other.code}” must begin on the day after “{one.code}” ends")
    for at, each in enumerate(rows):
        if each.code in {other.code for other in rows[:at]}:
            yield _fault(f"$.regimes[{at}].code", f"the code “{each.code}” is given twice")
        if each.valid_to is not None and each.valid_to < each.valid_from:
            yield _fault(f"$.regimes[{at}].valid_to", f"“{each.code}” ends before it begins")
        hours, _, minutes = each.hand_over_cut_off.partition(":")
        if not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
            yield _fault(f"$.regimes[{at}].hand_over_cut_off", f"“{each.hand_over_cut_off}” is not a time like 15:00")
        if min(each.supplements, each.supplement_window_days, each.extensions, each.extension_notice_days) < 0:
            yield _fault(f"$.regimes[{at}]", f"“{each.code}” has a number below nought")


def _fault(path: str, en: str) -> Fault:
    return Fault(path, Text(en, en))


def _read(path: Path, type_: type[T], problems: list[Problem]) -> T | None:
    value, found = read_yaml(path, type_)
    problems.extend(found)
    return value


def _at(path: Path, faults: Iterable[Fault]) -> list[Problem]:
    """Faults as problems, each on the line of the value it speaks of."""
    return [Problem(str(path), line_of(path, each.path.removeprefix("$.")), each.reason.en) for each in faults]


def _codes_twice(path: Path, name: str, file: Any) -> Iterator[Problem]:
    known: set[str] = set()
    for at, row in enumerate(getattr(file, name) if file is not None else ()):
        if row.code in known:
            yield Problem(str(path), line_of(path, f"{name}[{at}].code"), f"the code “{row.code}” is given twice")
        known.add(row.code)


def _names_known(procedure: Procedure, fields: FieldsFile, life_events: LifeEventsFile) -> Iterator[Fault]:
    if procedure.field not in {row.code for row in fields.fields}:
        yield _fault("$.field", f"there is no field “{procedure.field}” in catalogue/fields.yaml")
    events = {row.code for row in life_events.life_events}
    for at, name in enumerate(procedure.life_events):
        if name not in events:
            yield _fault(f"$.life_events[{at}]", f"there is no life event “{name}” in catalogue/life_events.yaml")


def _together(procedures: list[tuple[Path, Procedure]]) -> Iterator[Problem]:
    """A version is stated once, later versions begin later, and a code means one procedure."""
    first: dict[tuple[str, int], Path] = {}
    codes = {procedure.code: path for path, procedure in procedures}
    aliases: dict[str, str] = {}
    for path, each in procedures:
        here = (each.code, each.version)
        if here in first:
            reason = f"version {each.version} of {each.code} is already in {first[here].name}"
            yield Problem(str(path), line_of(path, "version"), reason)
        first.setdefault(here, path)
        for at, alias in enumerate(each.aliases):
            holder = aliases.setdefault(alias.code, each.code)
            if alias.code in codes or holder != each.code:
                owner = codes[alias.code].name if alias.code in codes else holder
                where = line_of(path, f"aliases[{at}].code")
                yield Problem(str(path), where, f"the code {alias.code} already belongs to {owner}")
    for path, each in procedures:
        for _, other in procedures:
            if other.code == each.code and other.version < each.version and other.valid_from >= each.valid_from:
                reason = f"version {each.version} must begin after version {other.version}, on a later day"
                yield Problem(str(path), line_of(path, "valid_from"), reason)
