"""The parts of the dashboard: tables, tiles, trend and charts, laid out from figures that were reckoned before."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers.clock_face import calendar_of, time_left, worked_words
from motcua.law.working_time import city_day
from motcua.office.steering import words
from motcua.office.steering.asking import list_of, page_of, spent_of
from motcua.office.steering.tile_map import PLACES
from motcua.organisation.directory import directory
from motcua.reports.figures import Board, Figures, Filter, months_to, of_period
from motcua.reports.naming import (
    agency_name,
    field_name,
    kind_name,
    place_name,
    procedure_name,
    said,
    step_name,
    version_name,
)
from motcua.reports.periods import CUT, midnight, year
from motcua.steering.desk import Stretch, Wait
from motcua.steering.spending import Spent

COLUMNS = ("received", "answered", "late", "open_accepted", "open_overdue")
SHOWN = 12
Row = dict[str, Any]


def crumbs(which: Filter, held: list[int]) -> list[tuple[str, str | None]]:
    """From the widest place the reader may see down to this one, and what narrows it."""
    known = directory()
    whole = msgspec.structs.replace(which, agency=0, field="", procedure="")
    above: list[int] = []
    number: int | None = which.agency or None
    while number is not None and known[number].parent is not None:
        above.insert(0, number)
        if number in held:
            break
        number = known[number].parent
    found: list[tuple[str, str | None]] = []
    if 0 in held:
        found.append((_("Toàn thành phố"), page_of(whole)))
    found += [(agency_name(each), page_of(msgspec.structs.replace(whole, agency=each))) for each in above]
    found += [(each, None) for each in words.part_names(which)]
    return [] if len(found) == 1 else [*found[:-1], (found[-1][0], None)]


def periods(which: Filter, now: datetime) -> list[Row]:
    """The periods to choose from."""
    today = city_day(now)
    this = months_to(today, 1)
    before = months_to(this.first - timedelta(days=1), 1)
    choices = [
        (_("Hôm nay"), msgspec.structs.replace(this, day=today)),
        (_("Tháng này"), this),
        (_("Tháng trước"), before),
        (_("Năm nay"), of_period(year(today.year))),
    ]
    found = []
    for label, period in choices:
        here = msgspec.structs.replace(which, first=period.first, last=period.last, day=period.day)
        found.append({"label": label, "href": page_of(here), "active": here == which})
    return found


def compared(which: Filter, stretches: list[Stretch]) -> Row:
    """This month so far beside the same days of other months: each figure with what it is a part of."""
    columns = []
    for each in stretches:
        begin = {"tu": midnight(each.month).isoformat(), "den": each.until.isoformat()}
        figures = each.figures
        here = msgspec.structs.replace(which, first=each.month, last=each.month.replace(day=CUT), day=None)
        columns.append(
            {
                "name": f"{each.month.month}/{each.month.year}",
                "month": each.month,
                "until": each.until,
                "cells": [
                    {"value": getattr(figures, kind), "of": of, "href": list_of(here, kind, **begin),
                     "late": kind == "late" and figures.late > 0}
                    for kind, of in (("received", None), ("answered", None), ("not_late", figures.answered),
                                     ("late", figures.answered))
                ],
                "share": None if figures.too_few else figures.share_on_time,
                "online": {
                    "value": figures.received_online,
                    "of": figures.received,
                    "href": list_of(here, "received_online", **begin),
                },
            }
        )  # fmt: skip
    labels = [kind_name(each) for each in ("received", "answered", "not_late", "late")]
    rows = [{"label": label, "cells": [column["cells"][at] for column in columns]} for at, label in enumerate(labels)]
    return {"columns": columns, "rows": rows}


def row_of(label: str, href: str, which: Filter, numbers: Figures) -> Row:
    """One row of a table of figures: each figure with the list it counts, the share as a bar."""
    share = None if numbers.too_few else numbers.share_on_time
    return {
        "label": label,
        "href": href,
        "share": share,
        "answered": numbers.answered,
        "width": "" if share is None else f"{share:.2%}",
        "rest": "" if share is None else f"{1 - share:.2%}",
        "cells": [
            {"kind": kind, "label": kind_name(kind), "value": getattr(numbers, kind), "href": list_of(which, kind),
             "late": kind in ("late", "open_overdue") and getattr(numbers, kind) > 0}
            for kind in COLUMNS
        ],
    }  # fmt: skip


def _below(which: Filter) -> list[int]:
    known = directory()
    tops = [which.agency] if which.agency else [each.number for each in known.by_number.values() if each.parent is None]
    return [number for top in tops for number in sorted(known.children.get(top, ()))]


def units(which: Filter, board: Board) -> list[Row]:
    """What is received below, unit by unit, the most overdue first; units without any dossier are left out."""
    found = []
    for number, numbers in board.under(_below(which)).items():
        if numbers != Figures():
            here = msgspec.structs.replace(which, agency=number)
            found.append(({**row_of(agency_name(number), page_of(here), here, numbers)}, numbers))
    found.sort(key=lambda each: (-each[1].open_overdue, -each[1].late, each[0]["label"]))
    return [row for row, _numbers in found]


def tables(which: Filter, board: Board, by_unit: list[Row]) -> list[Row]:
    """By agency below, by field, by procedure; the first dozen, the rest folded away."""

    def narrowed(figures: Mapping[str, Figures], name: Any, **part: str) -> list[Row]:
        key = next(iter(part))
        ordered = sorted(figures.items(), key=lambda each: (-each[1].open_overdue, -each[1].late, name(each[0])))
        rows = []
        for code, numbers in ordered:
            here = msgspec.structs.replace(which, **{key: code})
            rows.append(row_of(name(code), page_of(here), here, numbers))
        return rows

    found = [
        {"id": "don-vi", "title": _("Theo cơ quan"), "of": _("Cơ quan"), "rows": by_unit},
        {"id": "linh-vuc", "title": _("Theo lĩnh vực"), "of": _("Lĩnh vực"),
         "rows": [] if which.field else narrowed(board.by_field, field_name, field="")},
        {"id": "thu-tuc", "title": _("Theo thủ tục"), "of": _("Thủ tục"),
         "rows": narrowed(board.by_procedure, procedure_name, procedure="")},
    ]  # fmt: skip
    return [{**each, "rows": each["rows"][:SHOWN], "more": each["rows"][SHOWN:]} for each in found if each["rows"]]


def tiles(which: Filter, board: Board) -> Row | None:
    """The districts, each where it lies, or the communes of a district; None where there are none below."""
    known, today = directory(), city_day(board.now)
    wanted = "commune" if which.agency else "district"
    below = [each for each in _below(which) if known[each].tier == wanted and known[each].is_valid(today)]
    if not below:
        return None
    figures = board.under(below)
    found = []
    for number in below:
        numbers, place = figures[number], PLACES.get(known[number].code, (None, None))
        found.append(
            {"name": said(known[number].name), "href": page_of(msgspec.structs.replace(which, agency=number)),
             "value": numbers.not_late, "of": numbers.answered, "too_few": numbers.too_few,
             "column": place[0], "row": place[1]}
        )  # fmt: skip
    placed = wanted == "district" and all(each["column"] for each in found)
    return {"units": found, "placed": placed}


def trend(which: Filter, months: Mapping[date, Figures]) -> list[Row]:
    """The months, the earliest first, each figure with its list."""
    most = max([1, *(max(each.received, each.answered) for each in months.values())])
    found = []
    for month, numbers in months.items():
        here = msgspec.structs.replace(which, first=month, last=month.replace(day=CUT), day=None)
        row = row_of(f"{month.month}/{month.year}", page_of(here), here, numbers)
        row["cells"] = row["cells"][:3]
        row["online"], row["received"] = numbers.received_online, numbers.received
        found.append({**row, "month": month, "wide": f"{numbers.received / most:.2%}"})
    return found


def charts(by_trend: list[Row], by_unit: list[Row]) -> Row:
    """What the script draws; all of it also stands in the tables."""
    return {
        "trend": {
            "months": [row["label"] for row in by_trend],
            "received": [row["cells"][0]["value"] for row in by_trend],
            "answered": [row["cells"][1]["value"] for row in by_trend],
            "share": [None if row["share"] is None else round(100 * row["share"], 1) for row in by_trend],
            "names": [kind_name("received"), kind_name("answered"), _("Đúng hạn, %")],
        },
        "units": {
            "names": [row["label"] for row in by_unit[:SHOWN]],
            "overdue": [row["cells"][4]["value"] for row in by_unit[:SHOWN]],
            "open": [row["cells"][3]["value"] - row["cells"][4]["value"] for row in by_unit[:SHOWN]],
            "labels": [_("Quá hạn"), _("Đang giải quyết, chưa quá hạn")],
        },
    }


def waits(found: list[Wait], now: datetime) -> list[Row]:
    """The dossiers longest past their date; each opens its timeline."""
    return [
        {
            "code": each.code,
            "href": reverse("office:dossier", args=[each.dossier_id]),
            "procedure": version_name(each.version),
            "where": ": ".join(part for part in (place_name(each.agency), step_name(each.version, each.step)) if part),
            "receiving": agency_name(each.receiving),
            "due": each.due_at,
            "late": time_left(calendar_of(each.receiving), now, each.due_at)[1],
        }
        for each in found
    ]


def spent(which: Filter, found: list[Spent]) -> list[Row]:
    """Where the working time went, by post: worked, waited, on the way; each count opens its pieces."""
    most = max([1, *(each.worked + each.waited + each.in_transit for each in found)])
    rows = []
    for each in found:
        whole = (each.worked, each.waited, each.in_transit)
        x, bars = 0.0, []
        for minutes, state in zip(whole, ("worked", "waited", "moved"), strict=True):
            bars.append({"x": f"{x / most:.2%}", "width": f"{minutes / most:.2%}", "state": state})
            x += minutes
        mean = worked_words(round(each.worked / each.pieces)) if each.pieces else ""
        waited = worked_words(round(each.waited / each.pieces)) if each.pieces and each.waited else ""
        rows.append({"label": words.role_words(each.role), "pieces": each.pieces, "late": each.late, "bars": bars,
                     "minutes": whole, "mean": mean, "waited": waited, "href": spent_of(which, each.role),
                     "late_href": spent_of(which, each.role, late=True)})  # fmt: skip
    return rows
