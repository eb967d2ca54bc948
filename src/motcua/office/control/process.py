"""The process of a procedure, drawn with what passed through each step, how long it took and where time was lost.

Below the drawing each step with its agencies: a bar to the median, a thin line to the ninetieth per cent, a mark at
the step's budget. Needs no script; with one, bpmn-js shows the same process from its BPMN file.
"""

from functools import partial
from typing import Any

import msgspec
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.dossiers.clock_face import worked_words
from motcua.flow.bpmn_out import task_ids
from motcua.flow.losses import Loss, losses, lost_by_procedure
from motcua.law.limits import Limit
from motcua.law.procedure import Procedure
from motcua.office.control.asking import asked, list_of, parts_of
from motcua.office.control.overview import removable
from motcua.office.control.taking_along import FEWEST_TO_COMPARE, choices_table, steps_table
from motcua.office.control.words import period_name
from motcua.office.door import CONTROL_ROLES, actor_of, official
from motcua.office.figure_lists import address
from motcua.office.flow.asking import Asked, looked_at, procedure_or_404, tabs
from motcua.office.flow.drawing import Load, drawing, in_short, level_of
from motcua.office.flow.files import READERS
from motcua.office.list_files import parts_file
from motcua.reports.naming import place_name, procedure_name, said
from motcua.reports.work import Counts, Pace, Part, groups, paces

DAY = 8 * 60


@official(*sorted(CONTROL_ROLES))
def control_process(request: HttpRequest) -> HttpResponseBase:
    """The steps of one procedure; without one, the procedures to choose from."""
    part = asked(request)
    context: dict[str, Any] = {
        "period": period_name(part),
        "crumbs": [
            (_("Kiểm soát"), address("control", parts_of(msgspec.structs.replace(part, procedure="", kind="")))),
            (procedure_name(part.procedure) if part.procedure else _("Quy trình"), None),
        ],
    }
    if not part.procedure:
        return _to_choose(request, part, context)
    procedure = procedure_or_404(part.procedure)
    # Opinions and corrections of errors are no steps of the process.
    part = msgspec.structs.replace(part, kind="step")
    found = paces(part)
    whole = [each for each in found if not each.agency]
    scale = _scale(procedure, found)
    asked_of = looked_at(request)
    reads = {grant.role for grant in actor_of(request).grants} & READERS
    lost = losses(msgspec.structs.replace(asked_of.slice, begin=part.begin, end=part.end))
    total = sum(each.lost for each in lost if not each.agency)
    shares = _lost(lost, total)
    budgets = {step.id: budget_minutes(step.time()) for step in procedure.process.steps}
    table = partial(steps_table, procedure, found, part, budgets, shares)
    if (file := parts_file(request, lambda: {"": table()}, "quy-trinh")) is not None:
        return file
    loads = {each.step: _load(each, total) for each in lost if not each.agency}
    ids = task_ids(procedure.process)
    context |= {
        "tabs": tabs("control_process", asked_of),
        "drawing": drawing(procedure.process, loads),
        "loads": [
            {"id": ids[name], "level": load.level, "lines": load.lines} for name, load in loads.items() if name in ids
        ],
        "bpmn_href": address("flow_bpmn", {"thu-tuc": procedure.code}),
        "read_href": address("flow_read", {"thu-tuc": procedure.code}) if reads else "",
        "lost_total": worked_words(total) if total else "",
        "name": said(procedure.name),
        "removable": removable(
            msgspec.structs.replace(part, procedure=""), "control_process", **{"thu-tuc": part.procedure}
        ),
        "steps": [_step(each, procedure, found, part, scale, shares) for each in _in_order(procedure, whole)],
        "scale": worked_words(round(scale)),
        "nothing": not found,
        "fewest": FEWEST_TO_COMPARE,
    }
    return render(request, "office/control_process.html", context)


def _to_choose(request: HttpRequest, part: Part, context: dict[str, Any]) -> HttpResponseBase:
    choices = _choices(part, looked_at(request))
    if (file := parts_file(request, lambda: {"": choices_table(choices, part)}, "thu-tuc")) is not None:
        return file
    return render(request, "office/control_process.html", {**context, "choices": choices})


def _load(loss: Loss, total: int) -> Load:
    lines = [
        _("%(n)s việc") % {"n": f"{loss.done:,}".replace(",", ".")},
        _("làm %(median)s; 90%%: %(ninety)s")
        % {"median": in_short(loss.worked_median), "ninety": in_short(loss.worked_p90)},
    ]
    if loss.waited_p90:
        waits = {"median": in_short(loss.waited_median), "ninety": in_short(loss.waited_p90)}
        lines.append(_("chờ %(median)s; 90%%: %(ninety)s") % waits)
    return Load(level_of(loss, total), tuple(lines))


def _lost(lost: list[Loss], total: int) -> dict[tuple[str, int], float]:
    """The share of all time lost of each step, in all (0) and at each agency."""
    return {(each.step, each.agency): each.lost / total for each in lost} if total else {}


def _choices(part: Part, asked_of: Asked) -> list[dict[str, Any]]:
    """The procedures with work in the period, the one that lost most time first."""
    lost = lost_by_procedure(msgspec.structs.replace(asked_of.slice, begin=part.begin, end=part.end))

    def costliest(each: tuple[str, Counts]) -> tuple[int, int, str]:
        return (-lost.get(each[0], 0), -each[1].open - each[1].done, each[0])

    return [
        {
            "name": procedure_name(code),
            "href": address("control_process", parts_of(msgspec.structs.replace(part, procedure=code))),
            "open": numbers.open,
            "done": numbers.done,
            "lost": lost.get(code) or None,
        }
        for code, numbers in sorted(groups(part).procedures.items(), key=costliest)
    ]


def budget_minutes(limit: Limit) -> int | None:
    """A step's budget in working minutes, a day being eight hours; None for one that counts calendar days."""
    match limit.unit:
        case "working_hours":
            return limit.n * 60
        case "working_days":
            return limit.n * DAY
        case "same_day":
            return DAY
    return None


def _in_order(procedure: Procedure, whole: list[Pace]) -> list[tuple[str, Pace | None]]:
    """The steps of the newest version in its order, then those only older versions had."""
    by_step = {each.step: each for each in whole}
    known = [step.id for step in procedure.process.steps]
    return [(name, by_step.get(name)) for name in [*known, *sorted(by_step.keys() - set(known))]]


def _scale(procedure: Procedure, found: list[Pace]) -> float:
    """The minutes at the right end of every bar."""
    longest = [budget_minutes(step.time()) or 0 for step in procedure.process.steps]
    return max([*longest, *(each.worked_p90 or 0 for each in found), 1.0])


def _step(
    named: tuple[str, Pace | None],
    procedure: Procedure,
    found: list[Pace],
    part: Part,
    scale: float,
    lost: dict[tuple[str, int], float],
) -> dict[str, Any]:
    name, pace = named
    step = next((each for each in procedure.process.steps if each.id == name), None)
    budget = budget_minutes(step.time()) if step else None
    stage = procedure.process.stage(step.stage) if step else None
    at_agencies = sorted((each for each in found if each.step == name and each.agency), key=lambda each: each.agency)
    return {
        "name": said(step.name) if step else name,
        "stage": said(stage.name) if stage else _("bước của phiên bản cũ"),
        "budget": worked_words(budget) if budget else "",
        "lost": lost.get((name, 0)),
        "line": _line(pace, budget, msgspec.structs.replace(part, step=name), scale) if pace else None,
        "agencies": [
            {
                "name": place_name(each.agency),
                "lost": lost.get((name, each.agency)),
                **_line(each, budget, msgspec.structs.replace(part, step=name, agency=each.agency), scale),
            }
            for each in at_agencies
        ],
    }


def _line(pace: Pace, budget: int | None, part: Part, scale: float) -> dict[str, Any]:
    median, ninety = pace.worked_median, pace.worked_p90
    return {
        "done": pace.done,
        "late": pace.late,
        "open": pace.open,
        "open_late": pace.open_late,
        "share_late": pace.share_late if pace.done >= FEWEST_TO_COMPARE else None,
        "median": _words(median),
        "ninety": _words(ninety),
        "waited": _words(pace.waited_p90) if pace.waited_p90 else "",
        "waited_median": _words(pace.waited_median) if pace.waited_p90 else "",
        "median_width": _wide(median, scale),
        "ninety_width": _wide(ninety, scale),
        "budget_x": _wide(budget, scale) if budget else "",
        "over": bool(budget and median is not None and median > budget),
        "done_late_href": list_of(part, "done_late"),
        "done_in_time_href": list_of(part, "done_in_time"),
        "in_time": pace.done - pace.late,
        "open_href": list_of(part, "open"),
        "open_late_href": list_of(part, "late"),
    }


def _words(minutes: float | None) -> str:
    return "" if minutes is None else worked_words(round(minutes))


def _wide(minutes: float | None, scale: float) -> str:
    return f"{min((minutes or 0) / scale, 1.0):.2%}"
