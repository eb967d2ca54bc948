"""A campaign rolled up: the whole, its districts, each cell opened down to the agency's own; who is late; the file.

What is missing is said on every page: a roll-up that is not whole never looks as if it were.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.campaigns import progress
from motcua.campaigns.models import Answer, Campaign
from motcua.campaigns.rolling import Group, RollUp, Source, roll_up, sources
from motcua.dossiers import clock
from motcua.law.campaign import Column
from motcua.law.campaign_cells import value_of
from motcua.law.campaign_course import State
from motcua.law.campaign_rollup import NOTHING, Key, Tally
from motcua.office.campaigns import asking, term_words
from motcua.office.campaigns.taking_along import cell_table, late_tables
from motcua.office.door import official
from motcua.office.list_files import parts_file
from motcua.organisation.directory import directory

OVERSEERS = ("control", "leader")
LEVEL_SLUGS: dict[State, str] = {"signed": "da-ky", "district": "huyen-duyet", "city": "tp-duyet"}
_LEVELS = {slug: level for level, slug in LEVEL_SLUGS.items()}


class Asked:
    """What the address asks for: the level, the district, and which row the table of districts shows."""

    def __init__(self, request: HttpRequest, number: int) -> None:
        self.campaign = asking.campaign_or_404(request, number)
        query = request.GET
        if query.get("muc") and query["muc"] not in _LEVELS:
            raise Http404
        self.level: State = _LEVELS.get(query.get("muc", ""), "signed")
        scope = asking.districts_seen(asking.scope_of(request))
        self.district = self._district(query.get("huyen", ""), scope)
        if not self.district and scope is not None and len(scope) == 1:
            self.district = next(iter(scope))
        self.found = roll_up(self.campaign, self.level, self.district, scope)
        if self.district and not self.found.groups:
            raise Http404
        self.row = query.get("dong", self.found.rows()[0])
        if self.row not in self.found.rows():
            raise Http404

    def _district(self, code: str, scope: frozenset[int] | None) -> int:
        if not code:
            return 0
        known = directory().by_code.get(code)
        if known is None or (scope is not None and known.number not in scope):
            raise Http404
        return known.number

    def href(self, name: str = "campaign", **more: str) -> str:
        """The address of a page about the same part of the campaign; an empty word takes one out."""
        level = LEVEL_SLUGS[self.level] if self.level != "signed" else ""
        place = directory()[self.district].code if self.district else ""
        parts = {"muc": level, "huyen": place, "dong": self.row} | more
        said = urlencode({key: value for key, value in parts.items() if value})
        return f"{reverse(f'office:{name}', args=[self.campaign.pk])}?{said}"

    def head(self) -> dict[str, Any]:
        """What every page about a roll-up shows."""
        title = asking.title_of(self.campaign)
        crumbs: list[tuple[str, str | None]] = [(title, self.href(huyen="", dong=""))]
        if self.district:
            crumbs.append((asking.name_of(self.district), None))
        else:
            crumbs = [(title, None)]
        return {
            "campaign": self.campaign,
            "title": title,
            "place": asking.name_of(self.district) if self.district else _("Toàn thành phố"),
            "found": self.found,
            "complete": _complete(self.found),
            "term": term_words.term_of(self.campaign),
            "unanswered": term_words.unanswered(self.found, self.campaign),
            "missing_href": self.href("campaign_late", dong="", muc=""),
            "crumbs": asking.crumbs(*crumbs),
            "now": clock.now(),
        }


def _complete(found: RollUp) -> dict[str, Any]:
    level = {
        "signed": _("đã ký"), "district": _("cấp huyện đã duyệt"), "city": _("thành phố đã duyệt"),
    }[found.level]  # fmt: skip
    correcting = sum(each.is_being_corrected for each in found.counted)
    return {"whole": found.is_whole, "answered": found.answered, "asked": found.asked, "level": level,
            "until": found.until, "missing": found.asked - found.answered, "correcting": correcting}  # fmt: skip


@official(*OVERSEERS)
def rollup_page(request: HttpRequest, number: int) -> HttpResponse:
    """The whole by rows and columns, then each district (or each agency of one) in the chosen row."""
    asked = Asked(request, number)
    found = asked.found
    row_titles = {row.key: row.title.within(asking.language()) for row in found.form.rows}
    context = asked.head() | {
        "columns": [_column(each) for each in found.columns()],
        "whole": [
            {"title": row_titles.get(row, _("Tất cả các dòng")), "cells": _cells(asked, found.tallies, row)}
            for row in found.rows()
        ],
        "groups": [_group(asked, group) for group in found.groups],
        "changes": term_words.doors(request, asked.campaign),
        "row_title": row_titles.get(asked.row, ""),
        "rows": [{"href": asked.href(dong=key) + "#huyen", "title": name, "current": key == asked.row}
                 for key, name in row_titles.items()],
        "levels": [
            {"href": asked.href(muc=LEVEL_SLUGS[level]), "label": words, "current": level == asked.level}
            for level, words in (("signed", _("Đã ký")), ("district", _("Cấp huyện đã duyệt")),
                                 ("city", _("Thành phố đã duyệt")))
        ],
        "download": [(kind, asked.href("campaign_download", dang=kind)) for kind in ("xlsx", "csv")],
        "late_href": asked.href("campaign_late", dong="", muc=""),
        "of_agencies": bool(asked.district),
        "form": found.form,
        "help": found.form.help.within(asking.language()) if found.form.help else "",
    }  # fmt: skip
    return render(request, "office/campaigns/rollup.html", context)


def _column(column: Column) -> dict[str, Any]:
    said = {"sum": _("tổng"), "count": _("đếm"), "average": _("bình quân"), "min": _("nhỏ nhất"), "max": _("lớn nhất")}
    return {"title": column.title.within(asking.language()), "rule": said[column.rollup]}


def _cells(asked: Asked, tallies: dict[Key, Tally], row: str, **more: str) -> list[dict[str, Any]]:
    cells = []
    for column in asked.found.columns():
        tally = tallies.get((row, column.key), NOTHING)
        cells.append(
            {
                "title": column.title.within(asking.language()),
                "value": asking.said_value(column, asked.found.value(tallies, row, column)),
                "of": tally.agencies,
                "href": asked.href("campaign_cell", dong=row, cot=column.key, **more),
            }
        )
    return cells


def _group(asked: Asked, group: Group) -> dict[str, Any]:
    answer = group.counted[0].answer
    if group.is_district:
        code = directory()[group.agency].code
        href, cells = asked.href(huyen=code), _cells(asked, group.tallies, asked.row, huyen=code)
    else:
        href = reverse("office:campaign_answer", args=[answer.pk])
        cells = _cells(asked, group.tallies, asked.row)
        for cell in cells:
            cell["href"] = href
    state, words = asking.state_words(answer.state, asked.campaign.closed_at is not None)
    return {
        "title": asking.name_of(group.agency),
        "href": href,
        "cells": cells,
        "answered": group.answered,
        "asked": group.asked,
        "is_whole": group.answered == group.asked,
        "state": None if group.is_district else (state, words),
        "correcting": not group.is_district and group.counted[0].is_being_corrected,
    }


@official(*OVERSEERS)
def cell_page(request: HttpRequest, number: int) -> HttpResponseBase:
    """What a rolled-up cell is made of: districts first, within one the agencies' own cells and whose hand they are."""
    asked = Asked(request, number)
    column = asked.found.form.column(request.GET.get("cot", ""))
    if column is None or column.rollup == "none":
        raise Http404
    value = asking.said_value(column, asked.found.value(asked.found.tallies, asked.row, column))
    row = asked.found.form.row(asked.row)
    by_district = any(group.is_district for group in asked.found.groups)
    context = asked.head() | {
        "value": value,
        "column": _column(column),
        "weight": _weight(asked.found, column),
        "row_title": row.title.within(asking.language()) if row else "",
        "groups": [_part(asked, group, column) for group in asked.found.groups] if by_district else [],
        "cells": [] if by_district else [_source(asked, column, each)
                                         for each in sources(asked.found, asked.row, column)],
        "back": asked.href(),
    }  # fmt: skip
    if (file := parts_file(request, lambda: {"o": cell_table(context, column)})) is not None:
        return file
    context["crumbs"] = [*context["crumbs"][:-1], (context["crumbs"][-1][0], asked.href()), (_("Nguồn của ô"), None)]
    return render(request, "office/campaigns/cell.html", context)


def _weight(found: RollUp, column: Column) -> str:
    by = found.form.column(column.weight) if column.weight else None
    return by.title.within(asking.language()) if by else ""


def _part(asked: Asked, group: Group, column: Column) -> dict[str, Any]:
    answer = group.counted[0].answer
    code = directory()[group.agency].code
    return {
        "title": asking.name_of(group.agency),
        "href": asked.href("campaign_cell", cot=column.key, huyen=code)
        if group.is_district
        else reverse("office:campaign_answer", args=[answer.pk]),
        "number": asked.found.value(group.tallies, asked.row, column),
        "value": asking.said_value(column, asked.found.value(group.tallies, asked.row, column)),
        "answered": group.answered,
        "asked": group.asked,
    }


def _source(asked: Asked, column: Column, each: Source) -> dict[str, Any]:
    href = reverse("office:campaign_answer", args=[each.answer.pk])
    closed = asked.campaign.closed_at is not None
    state, words = asking.state_words(each.version.state if each.version is not None else each.answer.state, closed)
    return {
        "agency": asking.name_of(each.answer.agency),
        "href": f"{href}?ban={each.version.no}" if each.version is not None else href,
        "number": None if each.stored is None else value_of(column, each.stored),
        "value": asking.said_stored(column, each.stored),
        "weight": each.weight,
        "no": each.version.no if each.version is not None else 0,
        "state": (state, words),
        "who": each.hand.name if each.hand is not None else "",
        "at": each.hand.at if each.hand is not None else None,
        "source": asking.source_words(each.hand.source) if each.hand is not None else "",
        "missing": each.version is None,
    }


@official(*OVERSEERS)
def late_page(request: HttpRequest, number: int) -> HttpResponseBase:
    """How each district stands, and by name who has not signed or signed late, or never answered."""
    campaign, scope, now = asking.campaign_or_404(request, number), asking.scope_of(request), clock.now()
    answers = [each for each in progress.answers_of(campaign, scope) if scope.city or each.district in scope.districts]
    rows = [
        {
            "title": asking.name_of(each.agency),
            "standing": each,
            "href": f"{reverse('office:campaign', args=[campaign.pk])}?huyen={directory()[each.agency].code}"
            if each.agency
            else "",
        }
        for each in progress.standings(campaign, answers, now)
    ]
    owing = [
        each for each in answers
        if not progress.is_signed(campaign, each) or progress.is_late(campaign, each, now)
    ]  # fmt: skip
    context = {
        "campaign": campaign,
        "title": asking.title_of(campaign),
        "is_over": now > campaign.due_at,
        "rows": rows,
        "owing": [_owing(campaign, each, now) for each in owing],
        "asked": len(answers),
        "signed": sum(progress.is_signed(campaign, each) for each in answers),
        "late": sum(progress.is_late(campaign, each, now) for each in answers),
        "unanswered": sum(progress.is_unanswered(campaign, each) for each in answers),
        "term": term_words.term_of(campaign),
        "now": now,
        "crumbs": asking.crumbs(
            (asking.title_of(campaign), reverse("office:campaign", args=[campaign.pk])), (_("Tiến độ, trễ hạn"), None)
        ),
    }
    if (file := parts_file(request, lambda: late_tables(context), f"tien-do-{campaign.form.code}")) is not None:
        return file
    return render(request, "office/campaigns/late.html", context)


def _owing(campaign: Campaign, answer: Answer, now: Any) -> dict[str, Any]:
    state, words = asking.state_words(answer.state, campaign.closed_at is not None)
    answer.campaign = campaign
    return {
        "agency": asking.name_of(answer.agency),
        "district": asking.name_of(answer.district) if answer.district else "",
        "href": reverse("office:campaign_answer", args=[answer.pk]),
        "state": state,
        "words": words,
        "signed_at": None if progress.is_unanswered(campaign, answer) else answer.signed_at,
        "clock": asking.clock_of(answer, now),
    }
