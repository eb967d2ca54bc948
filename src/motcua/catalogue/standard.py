"""The standard process for procedures that nobody has modelled: the steps of their tier, cut to fit their limit.

The steps and their shares are content (`catalogue/standard_processes.yaml`). Real processes are left to the
packs.
"""

from collections.abc import Iterator, Set
from datetime import date
from itertools import accumulate

from motcua.catalogue.content_shapes import StandardProcess, StandardProcessesFile
from motcua.law.directory import Directory
from motcua.law.faults import Fault, fault
from motcua.law.limits import Limit
from motcua.law.procedure import Case, Procedure, Result, Tier
from motcua.law.process import Process, Stage, Step
from motcua.law.process_check import check_procedure
from motcua.law.process_times import nominal_hours
from motcua.law.texts import Text

AT_ONCE = "at_once"
WHOLE = 100


def fitted(standard: StandardProcess, hours: int) -> Process:
    """The process with budgets in whole working hours that add up to at most `hours`.

    Every step has an hour, and the rest is shared out. ValueError when there are more steps than hours.
    """
    if len(standard.steps) > hours:
        raise ValueError(f"{len(standard.steps)} steps do not fit into {hours} hours")
    spare = hours - len(standard.steps)
    budgets = {step.id: 1 + spare * step.share // WHOLE for step in standard.steps}
    steps = tuple(
        Step(
            id=step.id,
            name=step.name,
            stage=step.stage,
            role=step.role,
            budget=f"{budgets[step.id]} working_hours",
            actions=step.actions,
            unit=step.unit,
            next=step.next,
            back=step.back,
        )
        for step in standard.steps
    )
    stages = tuple(
        Stage(
            id=stage.id,
            name=stage.name,
            place=stage.place,
            limit=f"{sum(budgets[step.id] for step in standard.steps if step.stage == stage.id)} working_hours",
        )
        for stage in standard.stages
    )
    return Process(stages, steps)


def standard_process(standard: StandardProcessesFile, tier: str, limit: Limit) -> Process:
    """The standard process of `tier` within `limit`; what has fewer hours than steps is done at once."""
    hours = int(nominal_hours(limit))
    by_tier: dict[str, StandardProcess] = {each.tier: each for each in standard.standard_processes}
    usual = by_tier[tier]
    return fitted(usual if len(usual.steps) <= hours else by_tier[AT_ONCE], max(hours, 1))


def check_standard(standard: StandardProcessesFile, roles: Set[str], directory: Directory | None) -> Iterator[Fault]:
    """Every standard process must be one that could be published, and be there once for each tier."""
    tiers: list[str] = [each.tier for each in standard.standard_processes]
    for wanted in ("commune", "district", "department", "branch", AT_ONCE):
        if tiers.count(wanted) != 1:
            yield fault(
                "$.standard_processes",
                f"Cần đúng một quy trình chuẩn “{wanted}”.",
                f"There must be exactly one standard process “{wanted}”.",
            )
    for at, each in enumerate(standard.standard_processes):
        path = f"$.standard_processes[{at}]"
        beyond = next((end for end, total in enumerate(accumulate(s.share for s in each.steps)) if total > WHOLE), None)
        if beyond is not None:
            where = f"{path}.steps[{beyond}].share"
            yield fault(where, "Tổng tỷ lệ vượt 100.", "The shares add up to more than 100.")
            continue
        tier: Tier = "commune" if each.tier == "at_once" else each.tier
        sample = _sample(fitted(each, max(40, len(each.steps))), tier)
        for found in check_procedure(sample, directory, roles):
            yield Fault(found.path.replace("$.process", path), found.reason)
    for at, rule in enumerate(standard.departments):
        if directory is not None and rule.department not in directory.by_code:
            yield fault(
                f"$.departments[{at}].department",
                f"Không có cơ quan mã “{rule.department}”.",
                f"There is no agency with the code “{rule.department}”.",
            )


def _sample(process: Process, tier: Tier) -> Procedure:
    name = Text("Quy trình chuẩn", "Standard process")
    return Procedure(
        code="0.000000",
        version=1,
        name=name,
        field="",
        valid_from=date(2018, 6, 21),
        received_at=(tier,),
        applicants=("person",),
        online_level=2,
        cases=(Case(id="any", name=name, statutory="5 working_days"),),
        papers=(),
        results=(Result(id="any", name=name),),
        process=process,
    )
