"""The tables of the control pages as tables to take along: the same rows, with nothing folded away.

Lists of work are those of `reports.exporting`: short ones answered at once, long ones ordered.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from motcua.law.procedure import Procedure
from motcua.law.working_time import city_day
from motcua.office.control.words import names_of, period_name
from motcua.office.door import POST_KEY
from motcua.office.list_files import figure_table, parts_file, trusted, worked
from motcua.organisation.directory import directory
from motcua.reports import exporting
from motcua.reports.naming import place_name, said, work_state_name
from motcua.reports.work import Pace, Part, State
from motcua.tables.table import Column, Table

# Below so many finished pieces of work a share says nothing.
FEWEST_TO_COMPARE = 10


def overview_tables(tables: list[dict[str, Any]], states: tuple[State, ...], part: Part) -> dict[str, Table]:
    """The tables of the first page of control, by their names in its address."""
    notes = (
        *names_of(part).values(),
        period_name(part),
        _("Dưới 10 việc đã xong thì không ghi tỷ lệ."),
    )
    return {
        table["id"]: figure_table(
            table["title"],
            (
                Column("label", table["of"], width=46),
                *(Column(state, work_state_name(state), "int", total=True) for state in states),
                Column("share", _("Tỷ lệ xong trễ"), "percent"),
            ),
            [
                (row["label"], *(cell["value"] for cell in row["cells"]), row["share_late"])
                for row in [*table["rows"], *table["more"]]
            ],
            notes,
        )
        for table in tables
    }


def choices_table(choices: list[dict[str, Any]], part: Part) -> Table:
    """The procedures with work in the period, the one that lost most time first."""
    columns = (
        Column("name", _("Thủ tục"), width=60),
        Column("open", _("Đang giữ"), "int", total=True),
        Column("done", _("Đã xong"), "int", total=True),
        Column("lost", worked(_("Thời gian quá hạn của các bước")), "minutes", total=True),
    )
    rows = [[each[column.key] for column in columns] for each in choices]
    return figure_table(_("Thời gian từng bước"), columns, rows, (*names_of(part).values(), period_name(part)))


def steps_table(
    procedure: Procedure,
    found: list[Pace],
    part: Part,
    budgets: Mapping[str, int | None],
    lost: Mapping[tuple[str, int], float],
) -> Table:
    """How fast each step of a procedure goes, in all and at each agency; steps of older versions last.

    `budgets` are minutes, `lost` the share of all time lost of a step at an agency (0: in all).
    """
    names = {step.id: said(step.name) for step in procedure.process.steps}
    place = {step: at for at, step in enumerate(names)}
    rows = [
        (
            names.get(pace.step, pace.step),
            place_name(pace.agency) if pace.agency else _("Tất cả cơ quan"),
            pace.done,
            pace.late,
            pace.share_late if pace.done >= FEWEST_TO_COMPARE else None,
            pace.open,
            pace.open_late,
            budgets.get(pace.step),
            pace.worked_median,
            pace.worked_p90,
            pace.waited_median,
            pace.waited_p90,
            lost.get((pace.step, pace.agency)),
        )
        for pace in sorted(found, key=lambda pace: (place.get(pace.step, len(place)), pace.step, pace.agency))
    ]
    return figure_table(said(procedure.name), _step_columns(), rows, (*names_of(part).values(), period_name(part)))


def _step_columns() -> tuple[Column, ...]:
    return (
        Column("step", _("Bước"), width=34),
        Column("agency", _("Cơ quan"), width=40),
        Column("done", _("Đã xong"), "int"),
        Column("late", _("Xong trễ"), "int"),
        Column("share", _("Tỷ lệ xong trễ"), "percent"),
        Column("open", _("Đang giữ"), "int"),
        Column("open_late", _("Đang trễ"), "int"),
        Column("budget", worked(_("Được giao")), "minutes"),
        Column("median", _("Một nửa số việc xong trong (phút làm việc)"), "decimal"),
        Column("ninety", _("Chín phần mười xong trong (phút làm việc)"), "decimal"),
        Column("waited_median", worked(_("Chờ theo luật, ở giữa")), "decimal"),
        Column("waited", _("Chờ, chín phần mười không quá (phút làm việc)"), "decimal"),
        Column("lost", _("Phần trong tổng thời gian trễ"), "percent"),
    )


def work_parameters(request: HttpRequest, part: Part, state: State) -> dict[str, str]:
    """The list of work on a page as the parameters of `reports.stages`."""
    found = {
        "state": state,
        "begin": city_day(part.begin).isoformat(),
        "end": city_day(part.end).isoformat(),
        "agency": directory()[part.agency].code if part.agency else "",
        "officer": str(part.officer) if part.officer else "",
        "field": part.field,
        "procedure": part.procedure,
        "step": part.step,
        "work": part.kind,
        "post": str(request.session.get(POST_KEY, "")),
    }
    return {name: value for name, value in found.items() if value}


def work_file(request: HttpRequest, part: Part, state: State) -> HttpResponseBase | None:
    """A list of work as a file; None when the page itself is asked."""
    wanted, day = work_parameters(request, part, state), city_day(part.end - timedelta(days=1))

    def table() -> dict[str, Table]:
        return {"": trusted(exporting.stages(wanted, request.user))}  # type: ignore[arg-type]

    return parts_file(request, table, f"viec-{day:%Y%m%d}")
