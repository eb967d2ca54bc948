"""The step chart of a procedure: each step with how much passed through it, how long it took and how much was late.

Drawn from finished work of the period: a bar to the median, a thin line to the ninetieth per cent, a mark at the
step's budget. Needs no script.
"""

from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers.clock_face import worked_words
from motcua.law.limits import Limit
from motcua.law.procedure import Procedure
from motcua.office.control.asking import address, asked, list_of, parts_of
from motcua.office.control.overview import FEWEST_TO_COMPARE, removable
from motcua.office.control.words import period_name
from motcua.office.door import CONTROL_ROLES, official
from motcua.reports.naming import place_name, procedure_name, said
from motcua.reports.work import Counts, Pace, Part, groups, paces

DAY = 8 * 60


@official(*sorted(CONTROL_ROLES))
def control_process(request: HttpRequest) -> HttpResponse:
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
        return render(request, "office/control_process.html", {**context, "choices": _choices(part)})
    procedure = _procedure(part.procedure)
    # Opinions and corrections of errors are no steps of the process.
    part = msgspec.structs.replace(part, kind="step")
    found = paces(part)
    whole = [each for each in found if not each.agency]
    scale = _scale(procedure, found)
    context |= {
        "name": said(procedure.name),
        "removable": removable(
            msgspec.structs.replace(part, procedure=""), "control_process", **{"thu-tuc": part.procedure}
        ),
        "steps": [_step(each, procedure, found, part, scale) for each in _in_order(procedure, whole)],
        "scale": worked_words(round(scale)),
        "nothing": not found,
        "fewest": FEWEST_TO_COMPARE,
    }
    return render(request, "office/control_process.html", context)


def _procedure(code: str) -> Procedure:
    cards = versions.snapshot().cards.get(code)
    if not cards:
        raise Http404
    return versions.procedure_version(cards[-1].version_id)


def _choices(part: Part) -> list[dict[str, Any]]:
    def busiest(each: tuple[str, Counts]) -> tuple[int, str]:
        return (-each[1].open - each[1].done, each[0])

    return [
        {
            "name": procedure_name(code),
            "href": address("control_process", parts_of(msgspec.structs.replace(part, procedure=code))),
            "open": numbers.open,
            "done": numbers.done,
        }
        for code, numbers in sorted(groups(part).procedures.items(), key=busiest)
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
    named: tuple[str, Pace | None], procedure: Procedure, found: list[Pace], part: Part, scale: float
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
        "line": _line(pace, budget, msgspec.structs.replace(part, step=name), scale) if pace else None,
        "agencies": [
            {
                "name": place_name(each.agency),
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
