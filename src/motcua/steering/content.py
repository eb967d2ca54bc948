"""Checks and loads what the desk keeps in a content pack: targets, and the criteria of the reform index.

Loading again changes nothing. A target's definition follows the pack, its values stay; a changed index is a new
version, and assessments that were begun keep theirs.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from motcua.law.working_time import CITY_ZONE
from motcua.organisation.content_files import Problem, line_of, read_yaml
from motcua.organisation.models import Agency
from motcua.steering.content_shapes import Criterion, ReformIndex, SeedTarget, TargetsFile
from motcua.steering.measures import MEASURES, find
from motcua.steering.models import IndexVersion, Target, TargetValue

TARGETS, INDEX = Path("steering") / "targets.yaml", Path("steering") / "reform_index.yaml"
DEMONSTRATION = "Giá trị minh họa"
Shape = TypeVar("Shape")


def check(pack_dir: Path) -> list[Problem]:
    """What is wrong with the pack's targets and index. Needs no database."""
    return [*_read(pack_dir / TARGETS, TargetsFile, _target_faults)[1],
            *_read(pack_dir / INDEX, ReformIndex, _index_faults)[1]]  # fmt: skip


def load(pack_dir: Path, say: Callable[[str], None]) -> None:
    """Stores what the pack says; within the caller's transaction."""
    targets, _ = _read(pack_dir / TARGETS, TargetsFile, _target_faults)
    index, _ = _read(pack_dir / INDEX, ReformIndex, _index_faults)
    if targets is not None:
        agencies = dict(Agency.objects.values_list("code", "number"))
        for position, each in enumerate(targets.targets):
            if each.owner in agencies:
                _store_target(each, position, agencies[each.owner])
        say(f"targets: {len(targets.targets)}")
    if index is not None:
        content = msgspec.json.encode(index, order="deterministic").decode()
        newest = IndexVersion.objects.order_by("-number").first()
        if newest is None or newest.content != content:
            IndexVersion.objects.create(number=newest.number + 1 if newest else 1, content=content)
            say("reform index: a new version")


def _read(
    path: Path, shape: type[Shape], faults: Callable[[Any], Iterator[tuple[str, str]]]
) -> tuple[Shape | None, list[Problem]]:
    if not path.is_file():
        return None, []
    found, problems = read_yaml(path, shape)
    if found is not None:
        problems = [Problem(str(path), line_of(path, where), reason) for where, reason in faults(found)]
    return (None if problems else found), problems


def _target_faults(file: TargetsFile) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for at, each in enumerate(file.targets):
        where = f"targets[{at}]"
        if each.code in seen:
            yield f"{where}.code", f"“{each.code}” is stated twice"
        seen.add(each.code)
        if each.due <= each.since:
            yield f"{where}.due", "lies before the beginning"
        if each.measure and find(each.measure) is None:
            yield f"{where}.measure", f"“{each.measure}” is no figure (known: {', '.join(MEASURES)}, and kpi:CODE)"
        if any(not each.since < stop.day < each.due for stop in each.stops):
            yield f"{where}.stops", "milestones lie between the beginning and the due date"
        if each.values and not each.is_demo:
            yield f"{where}.values", "only a demonstration brings its own values"


def _index_faults(index: ReformIndex) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for at, area in enumerate(index.areas):
        if abs(sum(each.points for each in area.criteria) - area.points) > 1e-9:
            yield f"areas[{at}].points", "is not the sum of the criteria's points"
        for number, each in enumerate(area.criteria):
            where = f"areas[{at}].criteria[{number}]"
            if each.code in seen:
                yield f"{where}.code", f"“{each.code}” is stated twice"
            seen.add(each.code)
            yield from _computed_faults(each, where)


def _computed_faults(each: Criterion, where: str) -> Iterator[tuple[str, str]]:
    if each.measure and find(each.measure) is None:
        yield f"{where}.measure", f"“{each.measure}” is no figure (known: {', '.join(MEASURES)}, and kpi:CODE)"
    if bool(each.measure) != (each.full_at is not None and each.zero_at is not None):
        yield where, "a computed criterion has “measure”, “zero_at” and “full_at”, any other none of them"
    if each.measure and each.full_at == each.zero_at:
        yield f"{where}.full_at", "must differ from “zero_at”"


def _store_target(seed: SeedTarget, position: int, owner: int) -> None:
    values: dict[str, Any] = {
        "group": seed.group, "position": position, "name_vi": seed.name.vi, "name_en": seed.name.en,
        "unit_vi": seed.unit.vi, "unit_en": seed.unit.en, "owner": owner, "measure": seed.measure,
        "every": seed.every, "since": seed.since, "baseline": Decimal(str(seed.baseline)), "due": seed.due,
        "goal": Decimal(str(seed.goal)), "more_is_better": seed.more_is_better, "is_demo": seed.is_demo,
        "stops": [[stop.day.isoformat(), stop.value] for stop in seed.stops], "source": seed.source,
    }  # fmt: skip
    target = Target.objects.update_or_create(code=seed.code, defaults=values)[0]
    there = set(target.values.filter(is_demo=True).values_list("day", flat=True))
    TargetValue.objects.bulk_create(
        TargetValue(
            target=target, day=each.day, value=Decimal(str(each.value)), is_demo=True, by_name=DEMONSTRATION,
            at=datetime.combine(each.day, time(17), CITY_ZONE),
        )
        for each in seed.values
        if each.day not in there
    )  # fmt: skip
