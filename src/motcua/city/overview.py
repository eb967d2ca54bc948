"""The live page: how the city answers its people, in numbers that each open the list they count.

Reads the request, asks `reports.figures`, and lays the answer out; nothing is counted here.
"""

from datetime import timedelta
from typing import Any

import msgspec
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.city import words
from motcua.city.asking import asked, is_about_affairs, list_of, page_of, points_at_people, ranking_of
from motcua.city.comparing import chooser, compared
from motcua.city.guarding import GUARDED, guarded
from motcua.city.online_levels import online_levels
from motcua.city.taking_along import figure_tables, taken_along
from motcua.dossiers import clock
from motcua.law.directory import Agency
from motcua.law.working_time import city_day
from motcua.opendata.catalogue import path_of_dataset
from motcua.organisation.directory import directory
from motcua.reports.figures import Board, Figures, Filter, by_month, in_period, months_to
from motcua.reports.naming import agency_name, field_name, kind_name, procedure_name, said, tier_name

REFRESH_SECONDS = 60
TIERS = ("city", "department", "district", "commune", "branch", "")


def city(request: HttpRequest) -> HttpResponseBase:
    """The figures of the city, or of the part and period the address names."""
    now = clock.now()
    which = asked(request.GET, now)
    if points_at_people(which):
        return guarded(request, which)
    board = Board(which, now)
    tables = _tables(which, board)
    notes = (_("Thành phố trả lời người dân thế nào"), ", ".join(words.part_names(which)), words.period_name(which))
    if (file := taken_along(request, lambda: figure_tables(tables, notes), "so-lieu")) is not None:
        return file
    refreshes = request.GET.get("tu-cap-nhat") == "1"
    context = {
        "now": now,
        "refresh_seconds": REFRESH_SECONDS if refreshes else None,
        "refresh_href": page_of(which) if refreshes else page_of(which, **{"tu-cap-nhat": "1"}),
        "parts": words.part_names(which),
        "period": words.period_name(which),
        "crumbs": _crumbs(which),
        "periods": _periods(which, now),
        "chooser": chooser(which, now),
        "compared": compared(which, board.total, now),
        "ranking": ranking_of(which),
        "guarded": path_of_dataset(GUARDED) if is_about_affairs(which) else "",
        "answered": _answered(which, board.total),
        "open": _open(which, board.total),
        "otherwise": _otherwise(which, board.total),
        "tables": tables,
        "tiles": [] if is_about_affairs(which) else _tiles(which, board),
        "definitions": words.definitions(),
        "online": online_levels(city_day(now)) if not words.part_names(which) else None,
    }
    return render(request, "city/city.html", context)


def _crumbs(which: Filter) -> list[tuple[str, str | None]]:
    known = directory()
    whole = msgspec.structs.replace(which, agency=0, tier="", field="", procedure="")
    above: list[int] = []
    number: int | None = which.agency or None
    while number is not None and number in known.by_number:
        above.insert(0, number)
        number = known[number].parent
    inside = [each for each in above if known[each].parent is not None]
    crumbs: list[tuple[str, str | None]] = [(_("Toàn thành phố"), page_of(whole))]
    for each in inside:
        crumbs.append((agency_name(each), page_of(msgspec.structs.replace(whole, agency=each))))
    rest = words.part_names(msgspec.structs.replace(which, agency=0))
    crumbs += [(each, None) for each in rest]
    return [] if len(crumbs) == 1 else [*crumbs[:-1], (crumbs[-1][0], None)]


def _periods(which: Filter, now: Any) -> list[dict[str, Any]]:
    today = city_day(now)
    year = msgspec.structs.replace(which, first=months_to(today).first, last=months_to(today).last, day=None)
    choices = [
        (_("Hôm nay"), msgspec.structs.replace(months_to(today, 1), day=today)),
        (_("Hôm qua"), msgspec.structs.replace(months_to(today - timedelta(days=1), 1), day=today - timedelta(days=1))),
        (_("Tháng này"), months_to(today, 1)),
        (_("12 tháng"), year),
    ]
    found = []
    for label, period in choices:
        here = msgspec.structs.replace(which, first=period.first, last=period.last, day=period.day)
        found.append(
            {"label": label, "count": in_period(here).answered, "href": page_of(here), "active": here == which}
        )
    return found


def _number(which: Filter, numbers: Figures, kind: str, of: int | None = None, state: str = "", note: str = "") -> Any:
    return {
        "value": getattr(numbers, kind),
        "label": kind_name(kind),
        "of": of,
        "href": list_of(which, kind),
        "state": state,
        "note": note,
        "share": None,
    }


def _answered(which: Filter, numbers: Figures) -> list[dict[str, Any]]:
    split = "" if numbers.answered else _("chưa trả hồ sơ nào trong kỳ này")
    return [
        _number(which, numbers, "received"),
        _number(which, numbers, "answered", note=split),
        {**_number(which, numbers, "not_late", numbers.answered, "on_time"), "share": numbers.share_on_time},
        _number(which, numbers, "late", numbers.answered, "late"),
    ]


def _open(which: Filter, numbers: Figures) -> list[dict[str, Any]]:
    whole = numbers.open_accepted
    return [
        _number(which, numbers, "open_in_time", whole, "on_time"),
        _number(which, numbers, "open_overdue", whole, "late"),
        _number(which, numbers, "open_waiting", whole, "waiting"),
        _number(which, numbers, "open_lodged"),
    ]


def _otherwise(which: Filter, numbers: Figures) -> list[dict[str, Any]]:
    kinds = ("before_date", "on_time", "granted", "refused", "withdrawn", "stopped", "closed", "declined")
    return [_number(which, numbers, kind) for kind in kinds]


def _wide(share: float) -> str:
    return f"{share:.2%}"


def _row(label: str, href: str, which: Filter, numbers: Figures) -> dict[str, Any]:
    """One row of a table of figures: each figure with the list it counts, the share as a bar."""
    share = None if numbers.too_few else numbers.share_on_time
    kinds = ("received", "answered", "late", "open_accepted", "open_overdue")
    return {
        "label": label,
        "href": href,
        "share": share,
        "answered": numbers.answered,
        "width": _wide(share) if share is not None else "",
        "rest": _wide(1 - share) if share is not None else "",
        "cells": [
            {
                "kind": kind,
                "label": kind_name(kind),
                "value": getattr(numbers, kind),
                "href": list_of(which, kind),
            }
            for kind in kinds
        ],
    }


def _tables(which: Filter, board: Board) -> list[dict[str, Any]]:
    found = [
        {"id": "thang", "title": _("Theo tháng"), "of": _("Tháng"), "rows": _months(which)},
        {"id": "cap", "title": _("Theo cấp"), "of": _("Cấp"), "rows": _tiers(which, board)},
        {"id": "don-vi", "title": _("Theo cơ quan"), "of": _("Cơ quan"), "rows": _units(which, board)},
        {"id": "linh-vuc", "title": _("Theo lĩnh vực"), "of": _("Lĩnh vực"), "rows": _fields(which, board)},
    ]  # fmt: skip
    # By place or by affair, never both at once: what crosses them is published with small cells hidden.
    left_out = {"linh-vuc"} if which.agency or which.tier else {"cap", "don-vi"} if is_about_affairs(which) else set()
    return [each for each in found if each["rows"] and each["id"] not in left_out]


def _months(which: Filter) -> list[dict[str, Any]]:
    # Whole months, also where a report period ends in the middle of one.
    months = months_to(which.last)
    span = msgspec.structs.replace(which, first=months.first, last=months.last, day=None)
    rows = []
    for month, numbers in by_month(span).items():
        here = msgspec.structs.replace(span, first=month, last=month)
        row = _row(f"{month.month}/{month.year}", page_of(here), here, numbers)
        # What is open belongs to no month.
        row["cells"] = row["cells"][:3]
        rows.append(row)
    return rows


def _tiers(which: Filter, board: Board) -> list[dict[str, Any]]:
    by_tier = board.by_tier()
    rows = []
    for tier in TIERS:
        if tier in by_tier and tier:
            here = msgspec.structs.replace(which, tier=tier)
            rows.append(_row(tier_name(tier), page_of(here), here, by_tier[tier]))
    return rows


def _fields(which: Filter, board: Board) -> list[dict[str, Any]]:
    if which.field:
        return [
            _row(procedure_name(code), page_of(here), here, numbers)
            for code, numbers in sorted(board.by_procedure.items())
            for here in [msgspec.structs.replace(which, procedure=code)]
        ]
    names = {code: field_name(code) for code in board.by_field}
    return [
        _row(names[code], page_of(here), here, board.by_field[code])
        for code in sorted(names, key=lambda code: names[code])
        for here in [msgspec.structs.replace(which, field=code)]
    ]


def _children(which: Filter) -> list[Agency]:
    """The agencies right below the chosen one, or right below the city, in their order."""
    known = directory()
    tops = [which.agency] if which.agency else [each.number for each in known.by_number.values() if each.parent is None]
    return [known[number] for top in tops for number in sorted(known.children.get(top, ()))]


def _units(which: Filter, board: Board) -> list[dict[str, Any]]:
    """What is received below, unit by unit; units without any dossier are left out."""
    children = {each.number: each for each in _children(which)}
    rows = []
    for number, numbers in board.under(children).items():
        if numbers == Figures():
            continue
        here = msgspec.structs.replace(which, agency=number)
        rows.append(_row(agency_name(number), page_of(here), here, numbers))
    return rows


def _tiles(which: Filter, board: Board) -> list[dict[str, Any]]:
    """The districts of the city, or the communes of a district, as tiles."""
    wanted = "commune" if which.agency else "district"
    units = [each for each in _children(which) if each.tier == wanted]
    figures = board.under([each.number for each in units])
    open_now = [each for each in units if each.is_valid(city_day(board.now)) or figures[each.number].answered]
    return [
        {
            "name": said(each.name),
            "href": page_of(msgspec.structs.replace(which, agency=each.number)),
            "value": figures[each.number].not_late,
            "of": figures[each.number].answered,
            "too_few": figures[each.number].too_few,
        }
        for each in open_now
    ]
