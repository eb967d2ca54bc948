"""Checks that every step finds its agency wherever the procedure is received.

A place is a relation (here, above, at a tier, a division of another stage's agency), so it must be tried at
each agency that receives. Finding one agency for one dossier is left to `process`.
"""

from collections.abc import Iterator

from motcua.law.directory import Agency, Directory
from motcua.law.faults import Fault, fault
from motcua.law.procedure import Procedure
from motcua.law.process import Process, Step, resolve_step

NAMED_IN_FAULT = 5


def receiving_agencies(procedure: Procedure, directory: Directory) -> list[Agency]:
    """Every agency that receives the procedure at some time while this version holds, in order of number.

    Those of a tier in `received_at`, and those named in `received_by` (Decree 61/2018, art. 14).
    """
    return [
        agency
        for _, agency in sorted(directory.by_number.items())
        if (agency.tier in procedure.received_at or agency.code in procedure.received_by)
        and (procedure.valid_to is None or agency.valid_from <= procedure.valid_to)
        and (agency.valid_to is None or procedure.valid_from <= agency.valid_to)
    ]


def check_places(procedure: Procedure, directory: Directory) -> list[Fault]:
    """Unknown agencies named, and steps for which nobody would be responsible somewhere, agency by agency."""
    found = [
        fault(
            f"$.received_by[{at}]",
            f"Không có cơ quan nào mã “{code}”.",
            f"There is no agency with the code “{code}”.",
        )
        for at, code in enumerate(procedure.received_by)
        if code not in directory.by_code
    ]
    process = procedure.process
    receiving = receiving_agencies(procedure, directory)
    for index, step in enumerate(process.steps):
        place = process.stage(step.stage).place
        if place.startswith("chosen:"):
            found += _chosen(index, step, place.removeprefix("chosen:"), directory)
        else:
            found += _unresolved(index, step, process, receiving, directory)
    return found


def _unresolved(
    index: int, step: Step, process: Process, receiving: list[Agency], directory: Directory
) -> Iterator[Fault]:
    missing = [each for each in receiving if resolve_step(process, step, each.number, directory) is None]
    if missing:
        yield fault(
            f"$.process.steps[{index}].{'unit' if step.unit else 'stage'}",
            f"Bước “{step.id}” không có cơ quan chịu trách nhiệm khi tiếp nhận tại {_names(missing, 'vi')}.",
            f"Step “{step.id}” has no responsible agency when received at {_names(missing, 'en')}.",
        )


def _chosen(index: int, step: Step, tier: str, directory: Directory) -> Iterator[Fault]:
    candidates = [agency for agency in directory.by_number.values() if agency.tier == tier]
    path = f"$.process.steps[{index}].{'unit' if step.unit else 'stage'}"
    if not candidates:
        yield fault(
            path, f"Không có cơ quan nào ở cấp “{tier}” để chọn.", f"There is no agency at tier “{tier}” to choose."
        )
    without = [each for each in candidates if step.unit and directory.unit(each.number, step.unit) is None]
    if without:
        yield fault(
            path,
            f"Bước “{step.id}” cần đơn vị “{step.unit}”, không có ở {_names(without, 'vi')}.",
            f"Step “{step.id}” needs the unit “{step.unit}”, which is missing at {_names(without, 'en')}.",
        )


def _names(agencies: list[Agency], language: str) -> str:
    shown = "; ".join(f"{each.name.within(language)} ({each.code})" for each in agencies[:NAMED_IN_FAULT])
    more = len(agencies) - NAMED_IN_FAULT
    if more <= 0:
        return shown
    return shown + (f"; và {more} cơ quan khác" if language == "vi" else f"; and {more} more")
