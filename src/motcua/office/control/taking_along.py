"""The tables of the control pages as tables to take along: the same rows, with nothing folded away.

Lists of work are those of `reports.exporting`: short ones answered at once, long ones ordered.
"""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.law.procedure import Procedure
from motcua.law.working_time import city_day
from motcua.office.door import POST_KEY
from motcua.office.list_files import sent
from motcua.organisation.directory import directory
from motcua.reports import exporting
from motcua.reports.naming import place_name, said, work_state_name
from motcua.reports.work import Pace, Part, State
from motcua.tables.table import Column, Table


def overview_tables(tables: list[dict[str, Any]], states: tuple[State, ...], part: Part) -> dict[str, Table]:
    """The tables of the first page of control, by their names in its address."""
    notes = (exporting.complete_words(), _("Dưới 10 việc đã xong thì không ghi tỷ lệ."))
    return {
        table["id"]: Table(
            title=table["title"],
            columns=(
                Column("label", table["of"], width=46),
                *(Column(state, work_state_name(state), "int", total=True) for state in states),
                Column("share", _("Tỷ lệ xong trễ"), "percent"),
            ),
            rows=[
                (row["label"], *(cell["value"] for cell in row["cells"]), row["share_late"])
                for row in [*table["rows"], *table["more"]]
            ],
            notes=notes,
            made_at=part.now,
            language=(get_language() or "vi")[:2],
        )
        for table in tables
    }


def steps_table(procedure: Procedure, found: list[Pace], part: Part) -> Table:
    """How fast each step of a procedure goes, in all and at each agency; steps of older versions last."""
    names = {step.id: said(step.name) for step in procedure.process.steps}
    place = {step: at for at, step in enumerate(names)}
    rows = sorted(found, key=lambda pace: (place.get(pace.step, len(place)), pace.step, pace.agency))
    return Table(
        title=said(procedure.name),
        columns=(
            Column("step", _("Bước"), width=34),
            Column("agency", _("Cơ quan"), width=40),
            Column("done", _("Đã xong"), "int"),
            Column("late", _("Xong trễ"), "int"),
            Column("open", _("Đang giữ"), "int"),
            Column("open_late", _("Đang trễ"), "int"),
            Column("median", _("Một nửa số việc xong trong (phút làm việc)"), "decimal"),
            Column("ninety", _("Chín phần mười xong trong (phút làm việc)"), "decimal"),
            Column("waited", _("Chờ, chín phần mười không quá (phút làm việc)"), "decimal"),
        ),
        rows=[
            (
                names.get(pace.step, pace.step),
                place_name(pace.agency) if pace.agency else _("Tất cả cơ quan"),
                pace.done,
                pace.late,
                pace.open,
                pace.open_late,
                pace.worked_median,
                pace.worked_p90,
                pace.waited_p90,
            )
            for pace in rows
        ],
        notes=(exporting.complete_words(),),
        made_at=part.now,
        language=(get_language() or "vi")[:2],
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


def work_answer(request: HttpRequest, part: Part, state: State) -> HttpResponseBase:
    """A list of work as a file; one that grew too long meanwhile sends back to its page."""
    table = exporting.stages(work_parameters(request, part, state), request.user)  # type: ignore[arg-type]
    return sent(request, table, f"viec-{city_day(part.end - timedelta(days=1)):%Y%m%d}")
