"""The drill-down: each piece of work with its dossier, who holds it, its clock, and the stages that were late."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.dossiers.clock_face import calendar_of, short_face, time_left
from motcua.exports.answers import FORMATS, PARAMETER, fits
from motcua.office.control.asking import SLUGS, asked, asked_state, list_of, parts_of
from motcua.office.control.overview import removable, state_chips
from motcua.office.control.taking_along import work_file, work_parameters
from motcua.office.control.words import people, period_name
from motcua.office.door import CONTROL_ROLES, official
from motcua.office.exports.ordering import place
from motcua.office.figure_lists import address, dossier_row, dossier_table, turned
from motcua.reports.naming import agency_name, place_name, step_name, version_name, work_name, work_state_name
from motcua.reports.work import LateStage, Piece, counts, late_stages, page


@official(*sorted(CONTROL_ROLES))
def control_dossiers(request: HttpRequest) -> HttpResponseBase:
    """One page of the work in one state."""
    part, state = asked(request), asked_state(request.GET)
    if request.method == "POST":
        return place(request, "reports.stages", work_parameters(request, part, state), request.POST.get(PARAMETER, ""))
    if (file := work_file(request, part, state)) is not None:
        return file
    numbers = counts(part)
    total = getattr(numbers, state)
    rows, pages = turned(request, partial(page, part, state), partial(list_of, part, state))
    late = late_stages([row.dossier_id for row in rows], part.now)
    names = people([row.officer for row in rows] + [each.officer for some in late.values() for each in some])
    context = {
        "title": work_state_name(state),
        "period": period_name(part) if state.startswith("done") else "",
        "chips": state_chips(part, numbers, state),
        "removable": removable(part, "control_dossiers", loai=SLUGS[state]),
        "table": _table(rows, late, names, part.now, work_state_name(state)),
        "total": total,
        "formats": ",".join(each for each in FORMATS if fits(each, total)),
        "is_long": not fits("xlsx", total),
        **pages,
        "crumbs": [(_("Kiểm soát"), address("control", parts_of(part))), (work_state_name(state), None)],
        "back": address("control", parts_of(part)),
    }
    return render(request, "office/control_dossiers.html", context)


def _table(
    rows: list[Piece], late: dict[int, list[LateStage]], names: dict[int, str], now: datetime, caption: str
) -> dict[str, Any]:
    columns = [
        ("clock", _("Hạn của bước"), "clock"),
        ("code", _("Mã hồ sơ"), "code"),
        ("procedure", _("Thủ tục"), "text"),
        ("step", _("Bước"), "text"),
        ("agency", _("Cơ quan giữ"), "text"),
        ("officer", _("Người giữ"), "text"),
        ("since", _("Từ lúc"), "when"),
        ("receiving", _("Nơi nhận"), "text"),
        ("due", _("Hẹn trả hồ sơ"), "when"),
        ("late", _("Các bước đã trễ"), "text"),
    ]
    return dossier_table(caption, columns, [_row(row, late.get(row.dossier_id, []), names, now) for row in rows])


def _row(row: Piece, late: list[LateStage], names: dict[int, str], now: datetime) -> dict[str, Any]:
    clock = _clock(row, now)
    cells = {
        "clock": clock,
        "code": row.code,
        "procedure": version_name(row.version),
        "step": work_name(row.version, row.step, row.kind),
        "agency": place_name(row.agency),
        "officer": names.get(row.officer, _("chưa giao")),
        "since": row.opened,
        "receiving": agency_name(row.receiving),
        "due": row.dossier_due,
        "late": "; ".join(_held_late(row.version, each, names, now) for each in late),
    }
    return dossier_row(row.dossier_id, row.code, cells, no=row.no, late=clock["state"] == "late")


def _clock(row: Piece, now: datetime) -> dict[str, Any]:
    calendar = calendar_of(row.agency)
    if row.closed is None:
        return short_face(calendar, now, row.opened, row.due, waiting=row.waiting)
    if row.late:
        return {"state": "late", "words": time_left(calendar, row.closed, row.due)[1], "share": None, "due": row.due}
    return {"state": "done", "words": _("xong đúng hạn"), "share": None, "due": row.due}


def _held_late(version: int, stage: LateStage, names: dict[int, str], now: datetime) -> str:
    """Which step, how late, where and by whom."""
    by_how_much = time_left(calendar_of(stage.agency), stage.closed or now, stage.due)[1]
    who = ", ".join(each for each in (names.get(stage.officer), place_name(stage.agency)) if each)
    return f"{step_name(version, stage.step)} {by_how_much} ({who})"
