"""Checks a procedure before it may be published: nothing that a dossier could get stuck in, or come too late by.

Faults are told with their place in the file, all at once, in both languages. Reading the file is left to
`catalogue/`; the parts are checked in `procedure_check` (papers, form, fees), `process_shape`,
`process_times` and `process_places`.
"""

from collections.abc import Iterator, Set

from motcua.law.directory import Directory
from motcua.law.faults import Fault, fault
from motcua.law.limits import LimitError, parse_limit
from motcua.law.procedure import Procedure
from motcua.law.procedure_check import check_content
from motcua.law.process import Process
from motcua.law.process_graph import Graph
from motcua.law.process_places import check_places
from motcua.law.process_shape import check_acts, check_shape
from motcua.law.process_times import check_promises, check_times

MOST_STEPS = 200
MOST_STAGES = 50
PLACES = ("here", "above", "tier:", "named:", "chosen:", "stage:")


def check_procedure(
    procedure: Procedure, directory: Directory | None, roles: Set[str], *, bilingual: bool = True
) -> list[Fault]:
    """Everything that stands against publishing `procedure`; empty when nothing does.

    With a `directory`, every step must find its agency wherever the procedure is received. `roles` are the
    codes of the posts that exist. Without `bilingual`, names may be Vietnamese only. What is checked where:

    - names in both languages; ids unique; cases, fields and tables named where they are used;
    - conditions, computed fields and the bases of fees refer to fields of the form, without circles;
    - an online level of 3 or 4 (Decree 43/2011) has a form, and only such a level promises an online limit;
    - no limit promised is longer than the one in law;
    - from the first step every step is reached, every way ends, and at each end a result that was drafted,
      signed and numbered lies ready and is handed over;
    - branches opened together meet in one join, which waits for exactly these;
    - the longest way, at eight hours to a day and without lawful waits, fits the limit of every case and
      channel, and the steps of a stage fit its own limit.
    """
    found = [*check_content(procedure, bilingual=bilingual), *check_promises(procedure)]
    process = procedure.process
    names = [*_names(process, roles)]
    found += names
    if names or not process.steps:
        return found
    graph = Graph(process)
    shape = check_shape(graph)
    found += shape
    if graph.circular:
        return found
    found += check_times(procedure, graph)
    if not shape and not procedure.replayed:
        found += check_acts(graph, process)
    if directory is not None:
        found += check_places(procedure, directory)
    return found


def _names(process: Process, roles: Set[str]) -> Iterator[Fault]:
    """Stages, steps, roles and limits that are named but do not exist; the graph is drawn only without these."""
    if not process.steps:
        yield fault("$.process.steps", "Quy trình chưa có bước nào.", "The process has no steps.")
    if len(process.steps) > MOST_STEPS or len(process.stages) > MOST_STAGES:
        yield fault(
            "$.process",
            f"Quy trình có quá {MOST_STEPS} bước hoặc {MOST_STAGES} giai đoạn.",
            f"The process has more than {MOST_STEPS} steps or {MOST_STAGES} stages.",
        )
        return
    yield from _stages(process)
    yield from _steps(process, roles)


def _stages(process: Process) -> Iterator[Fault]:
    known: set[str] = set()
    used = {step.stage for step in process.steps}
    for index, stage in enumerate(process.stages):
        path = f"$.process.stages[{index}]"
        if stage.id in known:
            yield _twice(f"{path}.id", stage.id)
        known.add(stage.id)
        if stage.id not in used:
            yield fault(
                f"{path}.id",
                f"Giai đoạn “{stage.id}” không có bước nào.",
                f"Stage “{stage.id}” has no step.",
            )
        if not stage.place.startswith(PLACES):
            yield fault(
                f"{path}.place",
                f"“{stage.place}” không phải nơi giải quyết (here, above, tier:, named:, chosen:, stage:).",
                f"“{stage.place}” is not a place (here, above, tier:, named:, chosen:, stage:).",
            )
        yield from _limit(f"{path}.limit", stage.limit)
    for index in range(len(process.stages)):
        yield from _base(process, index, known)


def _base(process: Process, index: int, known: set[str]) -> Iterator[Fault]:
    """`stage:ID/UNIT` names another stage, not itself in a circle, and none whose agency is yet to be chosen."""
    place, path = process.stages[index].place, f"$.process.stages[{index}].place"
    passed = {process.stages[index].id}
    while place.startswith("stage:"):
        base, _, unit = place.removeprefix("stage:").partition("/")
        if base not in known or not unit:
            yield fault(
                path,
                f"“{place}” phải là stage:GIAIĐOẠN/ĐƠNVỊ với một giai đoạn có trong quy trình.",
                f"“{place}” must be stage:STAGE/UNIT with a stage of this process.",
            )
            return
        if base in passed:
            yield fault(path, f"“{place}” dẫn vòng về chính nó.", f"“{place}” leads back to itself.")
            return
        passed.add(base)
        place = process.stage(base).place
        if place.startswith("chosen:"):
            yield fault(
                path,
                f"Cơ quan của giai đoạn “{base}” chỉ được chọn khi chuyển; hãy dùng `unit` ở bước.",
                f"The agency of stage “{base}” is chosen only when forwarding; use `unit` on the step.",
            )


def _steps(process: Process, roles: Set[str]) -> Iterator[Fault]:
    stages = {stage.id for stage in process.stages}
    steps = {step.id for step in process.steps}
    known: set[str] = set()
    for index, step in enumerate(process.steps):
        path = f"$.process.steps[{index}]"
        if step.id in known:
            yield _twice(f"{path}.id", step.id)
        known.add(step.id)
        if step.stage not in stages:
            yield fault(f"{path}.stage", f"Không có giai đoạn “{step.stage}”.", f"There is no stage “{step.stage}”.")
        if step.role not in roles:
            yield fault(f"{path}.role", f"Không có vai trò “{step.role}”.", f"There is no role “{step.role}”.")
        for kind, names in (("next", step.next), ("back", step.back)):
            for at, name in enumerate(names):
                if name not in steps:
                    yield fault(f"{path}.{kind}[{at}]", f"Không có bước “{name}”.", f"There is no step “{name}”.")
                elif name in names[:at]:
                    yield _twice(f"{path}.{kind}[{at}]", name)
        yield from _limit(f"{path}.budget", step.budget)


def _limit(path: str, words: str) -> Iterator[Fault]:
    try:
        parse_limit(words)
    except LimitError as error:
        yield Fault(path, error.text)


def _twice(path: str, name: str) -> Fault:
    return fault(path, f"“{name}” đã có rồi.", f"“{name}” is there already.")
