"""Reads the KPI files, those shipped with the program and those a city adds, and checks them against the columns.

A file that names a column there is not is refused by file and line, with what there is instead; the others load all
the same, and pages say that one is missing. Nothing here asks the database.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from motcua.kpis.columns import SOURCES, Column
from motcua.kpis.shapes import VIEWERS, Cohort, Condition, Kpi, Viewer, When
from motcua.law.actor import Actor
from motcua.law.texts import Text
from motcua.organisation.content_files import Problem, line_of, read_yaml

SHIPPED = Path(__file__).parent / "files"
# In a city's home: its own KPIs, read like ours.
OWN_FOLDER = "kpis"
CONTROL_ROLES = frozenset({"control"})
HEAD_ROLES = frozenset({"leader", "head", "one_stop_head"})

GROUPS: dict[str, Text] = {
    "volume": Text("Khối lượng", "Volume"),
    "timeliness": Text("Đúng hạn", "Timeliness"),
    "open": Text("Đang giải quyết", "Open now"),
    "speed": Text("Nhanh chậm", "Speed"),
    "quality": Text("Chất lượng giải quyết", "Quality of the work"),
    "channels": Text("Trực tuyến, số hóa", "Online and digital"),
    "satisfaction": Text("Hài lòng", "Satisfaction"),
    "load": Text("Việc của từng cơ quan", "Work of each agency"),
}


class UnknownKpiError(LookupError):
    """There is no KPI of this code, or its file is refused."""


def folders() -> tuple[Path, ...]:
    """Where KPI files are looked for."""
    return SHIPPED, Path(settings.MOTCUA_HOME) / OWN_FOLDER


def all(viewer: Viewer = "control") -> tuple[Kpi, ...]:
    """The KPIs that such a reader may see, in the order of their groups and their own."""
    level = VIEWERS.index(viewer)
    return tuple(each for each in _read()[0].values() if VIEWERS.index(each.visibility) <= level)


def get(code: str) -> Kpi:
    """One KPI. Raises UnknownKpiError."""
    try:
        return _read()[0][code]
    except KeyError:
        raise UnknownKpiError(code) from None


def problems() -> tuple[Problem, ...]:
    """What is wrong with the files that are refused."""
    return _read()[1]


def may_see(viewer: Viewer, kpi: Kpi) -> bool:
    """True when such a reader may see it."""
    return VIEWERS.index(kpi.visibility) <= VIEWERS.index(viewer)


def viewer_of(actor: Actor) -> Viewer:
    """Which kind of reader an actor is by the posts held."""
    held = {grant.role for grant in actor.grants}
    if held & CONTROL_ROLES or actor.kind == "system":
        return "control"
    if held & HEAD_ROLES:
        return "head"
    return "officials" if held and actor.kind == "official" else "public"


def _read() -> tuple[dict[str, Kpi], tuple[Problem, ...]]:
    return _read_files(tuple((path, path.stat().st_mtime_ns) for folder in folders() for path in _files(folder)))


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml")) if folder.is_dir() else []


@lru_cache(maxsize=4)
def _read_files(stamped: tuple[tuple[Path, int], ...]) -> tuple[dict[str, Kpi], tuple[Problem, ...]]:
    found: dict[str, Kpi] = {}
    wrong: list[Problem] = []
    for path, _stamp in stamped:
        kpi, problems_here = read_file(path)
        if kpi is not None and kpi.code in found:
            problems_here = [Problem(str(path), line_of(path, "code"), f"the code “{kpi.code}” is given twice")]
            kpi = None
        wrong.extend(problems_here)
        if kpi is not None:
            found[kpi.code] = kpi
    order = list(GROUPS)
    ordered = sorted(found.values(), key=lambda each: (order.index(each.group), each.order))
    return {each.code: each for each in ordered}, tuple(wrong)


def read_file(path: Path) -> tuple[Kpi | None, list[Problem]]:
    """One KPI file; the KPI is None exactly when something is wrong with it."""
    kpi, found = read_yaml(path, Kpi)
    if kpi is not None:
        found = [Problem(str(path), line_of(path, where), reason) for where, reason in faults(kpi)]
        if kpi.code != path.stem:
            found.append(Problem(str(path), line_of(path, "code"), f"the code must be the file's name, “{path.stem}”"))
    return (None if found else kpi), found


def faults(kpi: Kpi) -> Iterator[tuple[str, str]]:
    """What is wrong with a KPI, each with its place in the file."""
    source = SOURCES[kpi.grain]
    if kpi.group not in GROUPS:
        yield "group", f"there is no group “{kpi.group}”; there is {', '.join(GROUPS)}"
    for name in ("name", "definition", "legal"):
        text: Text = getattr(kpi, name)
        if not (text.vi.strip() and text.en.strip()):
            yield name, f"“{name}” must be said in both languages"
    if kpi.smallest_sample < 1:
        yield "smallest_sample", "at least one case is needed to show anything"
    yield from _when_faults(kpi, source.whens)
    for at, dimension in enumerate(kpi.by):
        if dimension not in source.dimensions:
            yield f"by[{at}]", f"a {kpi.grain} has no “{dimension}”; it has {', '.join(source.dimensions)}"
    for name in ("count", "denominator", "numerator"):
        yield from _condition_faults(f"{name}", getattr(kpi, name) or (), source.columns)
    for at, cohort in enumerate(kpi.also):
        yield from _condition_faults(f"also[{at}].where", cohort.where, source.columns)
    yield from _measure_faults(kpi)


def _when_faults(kpi: Kpi, whens: Mapping[When, str]) -> Iterator[tuple[str, str]]:
    cohorts = [("when", Cohort(kpi.when, ())), *((f"also[{at}].when", each) for at, each in enumerate(kpi.also))]
    for where, cohort in cohorts:
        if cohort.when not in whens:
            yield where, f"a {kpi.grain} has no instant “{cohort.when}”; it has {', '.join(map(str, whens))}"
        elif (cohort.when == "as_of") != kpi.is_stock:
            yield where, "what is so at an instant and what happened in a period cannot be counted together"


def _condition_faults(
    name: str, conditions: tuple[Condition, ...], columns: dict[str, Column]
) -> Iterator[tuple[str, str]]:
    for at, condition in enumerate(conditions):
        where, column = f"{name}[{at}]", columns.get(condition.column)
        if column is None:
            yield f"{where}.column", f"there is no column “{condition.column}”; there is {', '.join(columns)}"
            continue
        said = condition.said()
        if len(said) != 1:
            yield where, "a condition says exactly one of is, not, in, at_least, at_most, more_than, less_than"
            continue
        yield from ((where, reason) for reason in _value_faults(condition.column, column, *said[0]))


def _value_faults(name: str, column: Column, operator: str, value: object) -> Iterator[str]:
    comparing = operator not in ("is", "not", "in")
    if comparing != (column.kind == "number"):
        yield f"“{name}” is a {column.kind} and cannot be asked with {operator}"
    elif column.kind == "flag" and (operator == "in" or value not in ("true", "false")):
        yield f"“{name}” is true or false"
    elif column.kind == "text" and column.values:
        for each in value if isinstance(value, tuple) else (str(value),):
            if each not in column.values:
                yield f"“{name}” is never “{each}”; it is {', '.join(column.values)}"


_NEEDS: dict[str, tuple[str, ...]] = {
    "count": ("count",), "share": ("denominator", "numerator"), "percentile": ("denominator", "of", "share"),
    "mean": ("denominator", "of"), "sums": ("amount",),
}  # fmt: skip


def _measure_faults(kpi: Kpi) -> Iterator[tuple[str, str]]:
    source, needed = SOURCES[kpi.grain], _NEEDS[kpi.measure]
    if kpi.grain == "open_day" and kpi.measure != "sums":
        yield "measure", "the open work of a day is only ever added up: its measure is sums"
        return
    for name in ("count", "denominator", "numerator", "of", "share", "amount"):
        given = getattr(kpi, name) not in (None, "")
        allowed = name in needed or (kpi.measure == "sums" and name == "denominator")
        if name in needed and not given:
            yield "measure", f"a {kpi.measure} needs “{name}”" + (" (a list, [] for all)" if name != "of" else "")
        elif given and not allowed:
            yield name, f"a {kpi.measure} has no “{name}”"
    if kpi.measure == "share" and kpi.numerator == ():
        yield "numerator", "a share of everything is always one"
    if kpi.of and (kpi.of not in source.columns or source.columns[kpi.of].kind != "number"):
        numbers = [name for name, column in source.columns.items() if column.kind == "number"]
        yield "of", f"there is no column of numbers “{kpi.of}”; there is {', '.join(numbers)}"
    if kpi.share is not None and not 0 < kpi.share <= 1:
        yield "share", "a percentile lies above 0 and at most at 1"
    if kpi.amount is not None:
        for name, value in (("numerator", kpi.amount.numerator), ("denominator", kpi.amount.denominator)):
            if value not in source.amounts and not (name == "denominator" and value in ("", "days")):
                yield f"amount.{name}", f"there is no amount “{value}”; there is {', '.join(source.amounts)}"
