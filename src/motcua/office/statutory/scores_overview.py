"""The scores of all agencies, and which have recorded indices 5, 6 and 8: for who oversees several of them.

Agencies stand as the city is built, not by their points: its own office, departments, then each district before its
communes. A few statements ask for all of them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby, islice
from typing import Any

import msgspec
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.law.directory import Agency
from motcua.law.recorded_scores import RECORDED
from motcua.law.scoring import NAMES, Index, Score, agency_grade
from motcua.law.working_time import city_day
from motcua.office.control.asking import scope_of
from motcua.office.figure_lists import address, turned
from motcua.office.list_files import parts_file
from motcua.office.statutory.asking import period_choices, scope_choices
from motcua.office.statutory.taking_along import overview_table, running_words
from motcua.office.statutory.words import grade_words
from motcua.organisation.directory import directory
from motcua.reports.naming import said
from motcua.reports.periods import Period
from motcua.statutory import recording
from motcua.statutory.all_scores import of_all, until
from motcua.statutory.recording import NOT_RECORDED, TOO_EARLY
from motcua.statutory.scope import Scope
from motcua.statutory.scope import parse as parse_scope
from motcua.statutory.words import tier_name
from motcua.tables.table import Table

PAGE = 50
MISSING = "con-thieu"
_BEFORE_DISTRICTS = ("city", "department", "branch")
Place = tuple[int, str, bool, str]


class Line(msgspec.Struct, frozen=True):
    """An agency and its three indices."""

    agency: Agency
    indices: dict[str, Index]

    @property
    def is_whole(self) -> bool:
        """True when all three are recorded for the period."""
        return all(each.why_not is None for each in self.indices.values())


def houses_overseen(request: HttpRequest, period: Period, scope: Scope | None = None) -> list[Agency]:
    """The agencies of a scope that the reader oversees and that existed in the period, in the order of the city."""
    reach = scope_of(request)
    found = (scope or Scope()).houses(period.first, period.last_day + timedelta(days=1))
    return sorted((each for each in found if reach is None or each.number in reach), key=place_of)


def oversees_several(request: HttpRequest) -> bool:
    """True when the reader oversees more than one of the agencies of today; one that was merged into theirs is none."""
    reach, today = scope_of(request), city_day(clock.now())
    found = (each for each in Scope().houses(today, today + timedelta(days=1)) if reach is None or each.number in reach)
    return len(list(islice(found, 2))) > 1


def place_of(agency: Agency) -> Place:
    """Where an agency stands in the list: what belongs to no district first, then each district before its communes."""
    district = directory().at_tier(agency.number, "district")
    if district is None:
        tiers = _BEFORE_DISTRICTS
        return tiers.index(agency.tier) if agency.tier in tiers else len(tiers), "", False, agency.code
    return len(_BEFORE_DISTRICTS) + 1, district.code, agency.number != district.number, agency.code


def overview(request: HttpRequest, scope: Scope | None, period: Period, own: Scope | None) -> HttpResponseBase:
    """The page. `own` is the reader's own agency, whose score stays one step away."""
    now = clock.now()
    houses = houses_overseen(request, period, scope)
    offering = versions.agencies_offering(period.last_day)
    asked = [each for each in houses if each.number in offering]
    found = recording.indices_of([each.number for each in asked], period, now)
    lines = [Line(each, found[each.number]) for each in asked]
    missing = [each for each in lines if not each.is_whole]
    only_missing = request.GET.get("loc") == MISSING
    parts = {"ky": period.code} | ({"pham-vi": scope.code} if scope else {})
    shown = missing if only_missing else lines
    kept = parts | ({"loc": MISSING} if only_missing else {})
    if (file := parts_file(request, lambda: {"co-quan": _file(shown, scope, period, now)}, "diem")) is not None:
        return file
    rows, pages = turned(request, partial(_page, shown), lambda **more: address("scores", kept | more))
    scores = of_all(period, {each.agency.number: each.indices for each in rows}, now)
    context = {
        "title": _("Điểm theo Thông tư 01/2018"),
        "period_name": said(period.name),
        "running": not period.is_over(now),
        "periods": period_choices(period),
        "scopes": _choices(request, scope, period),
        "action": reverse("office:scores"),
        "kept": {"loc": MISSING} if only_missing else {},
        "recorded": len(lines) - len(missing),
        "asked": len(lines),
        "shown": len(shown),
        "without": len(houses) - len(asked),
        "names": [(number, said(NAMES[number])) for number in RECORDED],
        "chips": [
            {"label": _("Tất cả"), "count": len(lines), "href": address("scores", parts), "active": not only_missing},
            {
                "label": _("Còn thiếu"), "count": len(missing), "active": only_missing,
                "href": address("scores", {**parts, "loc": MISSING}),
            },
        ],
        "groups": [
            (name, [_row(each, period, scores[each.agency.number]) for each in some])
            for name, some in groupby(rows, _group)
        ],
        "until": until(period, now) if not period.is_over(now) else None,
        "own_href": address("scores", {"pham-vi": own.code, "ky": period.code}) if own else "",
        "own_name": said(own.name) if own else "",
        "crumbs": [(_("Số liệu"), reverse("office:figures")), (_("Điểm theo Thông tư 01/2018"), None)],
        **pages,
    }  # fmt: skip
    return render(request, "office/statutory/scores_overview.html", context)


def _file(lines: Sequence[Line], scope: Scope | None, period: Period, now: datetime) -> Table:
    scores = of_all(period, {each.agency.number: each.indices for each in lines}, now)
    rows = [
        (
            _group(each), each.agency.code, said(each.agency.name), *_in_all(scores[each.agency.number]),
            *(cell for index in each.indices.values() for cell in (index.score, _missing(index) or None)),
        )
        for each in lines
    ]  # fmt: skip
    names = [(number, said(NAMES[number])) for number in RECORDED]
    running = "" if period.is_over(now) else running_words(until(period, now))
    notes = (said(scope.name) if scope else "", said(period.name), running)
    return overview_table(_("Điểm theo Thông tư 01/2018"), names, rows, notes)


def _in_all(score: Score) -> tuple[Any, int, str | None]:
    """Total, out of how much, and the grade; no total where nothing is known."""
    grade = agency_grade(score)
    return score.total if score.most else None, score.most, grade_words(grade) if grade else None


def _page(lines: Sequence[Line], after: str) -> tuple[list[Line], str]:
    """The lines behind an agency's place and the code of the last; ValueError for an agency that is none."""
    rest = list(lines)
    if after:
        agency = directory().by_code.get(after)
        if agency is None:
            raise ValueError(after)
        rest = [each for each in lines if place_of(each.agency) > place_of(agency)]
    return rest[:PAGE], rest[PAGE - 1].agency.code if len(rest) > PAGE else ""


def _group(line: Line) -> str:
    district = directory().at_tier(line.agency.number, "district")
    return said(district.name if district else tier_name(line.agency.tier))


def _row(line: Line, period: Period, score: Score) -> dict[str, Any]:
    total, most, grade = _in_all(score)
    return {
        "total": total,
        "most": most,
        "grade": grade,
        "name": said(line.agency.name),
        "href": address("scores", {"pham-vi": Scope("own", agency=line.agency.number).code, "ky": period.code}),
        "cells": [(number, index.score, _missing(index)) for number, index in line.indices.items()],
    }


def _missing(index: Index) -> str:
    """What is wanted yet, in a word or two; '' when it is recorded."""
    if index.why_not is None:
        return ""
    if index.why_not == NOT_RECORDED[index.number]:
        return _("chưa ghi")
    return _("cần ghi lại cho cả kỳ") if index.why_not == TOO_EARLY else _("đã rút lại")


def _choices(
    request: HttpRequest, scope: Scope | None, period: Period
) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What the list can be narrowed to: tiers, and agencies with some of what is below them."""
    every = len(houses_overseen(request, period))
    groups = [
        (label, [each for each in options if not each[0].startswith("own:")])
        for label, options in scope_choices(request, scope or Scope())
    ]
    if scope_of(request) is not None:
        # An agency below which lies all that the reader oversees narrows nothing.
        part = [
            (label, [each for each in options if len(houses_overseen(request, period, parse_scope(each[0]))) < every])
            for label, options in groups
        ]
        groups = [("", [("", _("Mọi cơ quan tôi phụ trách"), scope is None)]), *part]
    return [each for each in groups if each[1]] if sum(len(options) for _label, options in groups) > 1 else []
