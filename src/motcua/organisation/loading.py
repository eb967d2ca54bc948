"""Writes a pack's organisation into the database: agencies, their former names, and roles, by code.

Loading twice changes nothing. Numbers already given are kept for ever, whatever the file says; what the
pack does not mention is left as it is.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from django.db import connection, models, transaction

from motcua.law.actor import SYSTEM, Actor
from motcua.organisation.city_plan import CityPlan, PlannedAgency, read_city_plan
from motcua.organisation.content_files import Problem
from motcua.organisation.directory import mark_changed
from motcua.organisation.models import Agency, AgencyName, Role
from motcua.organisation.record import record

_FIELDS = (
    "tier", "kind", "name_vi", "name_en", "parent_id", "serves_id", "successor_id", "unit", "local_code",
    "identifier", "identifier_is_demo", "valid_from", "valid_to",
)  # fmt: skip
_ROLE_FIELDS = ("code", "name_vi", "name_en", "explanation_vi", "explanation_en", "at")


class Loaded(msgspec.Struct, frozen=True):
    """What a load came to. With problems, nothing was written."""

    problems: list[Problem]
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    left_alone: int = 0


def load_organisation(
    pack_dir: Path,
    report: Callable[[str], None] | None = None,
    *,
    until: date | None = None,
    by: Actor = SYSTEM,
) -> Loaded:
    """Loads `pack_dir/organisation`, as known on `until` (the pack's `as_of` when None), all or nothing.

    `report` is told in a sentence what was done.
    """
    plan, problems = read_city_plan(pack_dir, until)
    if plan is None:
        return Loaded(problems)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two loads at once would each miss the numbers the other is about to give.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('motcua.organisation'))")
        loaded = _write(plan, by)
    if report is not None and not loaded.problems:
        report(
            f"organisation: {loaded.created} created, {loaded.changed} changed, "
            f"{loaded.unchanged} as before, {loaded.left_alone} not in the pack"
        )
    return loaded


def _write(plan: CityPlan, by: Actor) -> Loaded:
    existing = {agency.code: agency for agency in Agency.objects.all()}
    numbers = {code: agency.number for code, agency in existing.items()}
    taken = {number: code for code, number in numbers.items()}
    problems = [
        Problem(*each.place, f"the number {each.number} of “{each.code}” belongs to “{taken[each.number]}”")
        for each in plan.agencies
        if each.code not in existing and each.number in taken
    ]
    if problems:
        return Loaded(problems)
    numbers |= {each.code: each.number for each in plan.agencies if each.code not in existing}
    rows = [_row(each, numbers) for each in plan.agencies]
    new = [row for row in rows if row.code not in existing]
    changes = [(row, _differences(row, existing[row.code], _FIELDS)) for row in rows if row.code in existing]
    changes = [(row, differences) for row, differences in changes if differences]
    Agency.objects.bulk_create(new, batch_size=500)
    if changes:
        Agency.objects.bulk_update([row for row, _ in changes], _FIELDS, batch_size=500)
    roles = _write_roles(plan)
    names = _write_former_names(plan, numbers)
    if new or changes or roles or names:
        mark_changed()
    details: dict[str, Any] = {"created": [row.code for row in new], "roles": roles, "names": names}
    if new or roles or names:
        record(by, "load_organisation", [(f"pack {plan.pack.name}", details)])
    record(by, "change_agency", [(f"agency {row.code}", differences) for row, differences in changes])
    left_alone = len(existing.keys() - {row.code for row in rows})
    return Loaded([], len(new), len(changes), len(rows) - len(new) - len(changes), left_alone)


def _row(each: PlannedAgency, numbers: dict[str, int]) -> Agency:
    return Agency(
        number=numbers[each.code],
        code=each.code,
        tier=each.tier,
        kind=each.kind,
        name_vi=each.name.vi,
        name_en=each.name.en,
        parent_id=numbers[each.parent] if each.parent else None,
        serves_id=numbers[each.serves] if each.serves else None,
        successor_id=numbers[each.successor] if each.successor else None,
        unit=each.unit,
        local_code=each.local_code,
        identifier=each.identifier,
        identifier_is_demo=each.identifier_is_demo,
        valid_from=each.valid_from,
        valid_to=each.valid_to,
    )


def _differences(new: models.Model, old: models.Model, fields: tuple[str, ...]) -> dict[str, list[Any]]:
    """Each field that differs, with the old and the new value."""
    pairs = {name: [getattr(old, name), getattr(new, name)] for name in fields}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _write_roles(plan: CityPlan) -> list[str]:
    """The codes of the roles that are new or changed."""
    existing = {role.number: role for role in Role.objects.all()}
    written: list[str] = []
    for each in plan.roles:
        role = Role(
            number=each.number,
            code=each.code,
            name_vi=each.name.vi,
            name_en=each.name.en,
            explanation_vi=each.explanation.vi,
            explanation_en=each.explanation.en,
            at=list(each.at),
        )
        before = existing.get(each.number)
        if before is None or _differences(role, before, _ROLE_FIELDS):
            role.save(force_insert=before is None, force_update=before is not None)
            written.append(each.code)
    return written


def _write_former_names(plan: CityPlan, numbers: dict[str, int]) -> list[str]:
    """The codes of the agencies whose former names are new or corrected."""
    existing = {(each.agency_id, each.valid_to): each for each in AgencyName.objects.all()}
    written: list[str] = []
    for agency in plan.agencies:
        for former in agency.former_names:
            row = AgencyName(
                agency_id=numbers[agency.code],
                kind=former.kind,
                name_vi=former.name.vi,
                name_en=former.name.en,
                valid_to=former.valid_to,
            )
            before = existing.get((row.agency_id, row.valid_to))
            if before is None or _differences(row, before, ("kind", "name_vi", "name_en")):
                row.pk = before.pk if before else None
                row.save()
                written.append(agency.code)
    return written
