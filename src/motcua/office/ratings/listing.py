"""What residents said of the service, for those who answer for it: counts with denominators, and each rating.

Heads see dossiers their agencies worked on, control all it oversees. Contesting and ruling are acts on the dossier.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers.policy import visible
from motcua.law.rating import MOST_POINTS
from motcua.office.door import CONTROL_ROLES, actor_of, official
from motcua.office.figure_lists import address, turned
from motcua.office.list_files import downloads_of, figure_table, list_table, parts_file
from motcua.reports import ratings
from motcua.reports.naming import agency_name
from motcua.reports.rating_words import questions
from motcua.reports.ratings import Line, Summary, Which
from motcua.tables.table import Column, Table

SLUGS: dict[str, Which] = {"": "all", "co-diem-0": "low", "khieu-nai": "contested", "co-loi": "words"}


@official(*sorted(CONTROL_ROLES))
def ratings_page(request: HttpRequest) -> HttpResponseBase:
    """The criteria over all these dossiers, and the ratings, the newest first."""
    which = SLUGS.get(request.GET.get("loc", ""))
    if which is None:
        raise Http404
    agencies = visible(actor_of(request))
    here, chosen = reverse("office:ratings"), request.GET.get("loc", "")
    found, page = ratings.summary(agencies), partial(ratings.page, agencies, which)
    chips = _chips(found, chosen, here)
    filtered = next(str(each["label"]) for each in chips if each["active"])
    if (file := parts_file(request, lambda: _tables(found, page, filtered), "danh-gia")) is not None:
        return file
    lines, pages = turned(request, page, lambda **more: address("ratings", {"loc": chosen} | more))
    total = {"all": found.rated, "low": found.low, "contested": found.contested, "words": found.words}[which]
    context = {
        "summary": found,
        "criteria": _criteria(found),
        "smallest": ratings.SMALLEST_SAMPLE,
        "chips": chips,
        "table": _table(lines),
        "total": total,
        **pages,
        **downloads_of(total),
    }
    return render(request, "office/ratings/ratings.html", context)


def _chips(found: Summary, chosen: str, here: str) -> list[dict[str, Any]]:
    labels = {
        "": (_("Tất cả"), found.rated),
        "co-diem-0": (_("Có câu 0 điểm"), found.low),
        "co-loi": (_("Có lời viết thêm"), found.words),
        "khieu-nai": (_("Bị khiếu nại"), found.contested),
    }
    return [
        {"label": label, "count": count, "href": f"{here}?loc={slug}" if slug else here, "active": slug == chosen}
        for slug, (label, count) in labels.items()
    ]


def _criteria(found: Summary) -> list[dict[str, Any]]:
    said = questions()
    language = get_language() or "vi"
    return [
        {
            "number": each.number,
            "question": said[each.number][0],
            "average": _decimal(str(each.average), language) if each.average is not None else "",
            "points": each.points,
            "most": each.answers * MOST_POINTS,
            "answers": each.answers,
        }
        for each in found.criteria
    ]


def _decimal(text: str, language: str) -> str:
    return text if language.startswith("en") else text.replace(".", ",")


def _tables(found: Summary, page: Callable[[str], tuple[list[Line], str]], filtered: str) -> dict[str, Table]:
    """The criteria, averages only where the page has them; and every rating of the filter."""
    columns = (
        Column("number", _("Mã")),
        Column("question", _("Câu hỏi"), width=60),
        Column("average", _("Điểm trung bình"), "decimal"),
        Column("points", _("Điểm"), "int"),
        Column("most", _("Tối đa"), "int"),
        Column("answers", _("Số trả lời"), "int"),
    )
    said, title = questions(), _("Đánh giá của người dân")
    rows = [
        (each.number, said[each.number][0], each.average, each.points, each.answers * MOST_POINTS, each.answers)
        for each in found.criteria
    ]
    few = _("Dưới %(fewest)s trả lời thì không ghi điểm trung bình.") % {"fewest": ratings.SMALLEST_SAMPLE}
    return {
        "tieu-chi": figure_table(_("Chín tiêu chí, Thông tư 01/2018"), columns, rows, (title, few)),
        "danh-gia": list_table(_("Các đánh giá"), page, partial(_table, in_file=True), (title, filtered)),
    }


def _table(lines: list[Line], *, in_file: bool = False) -> dict[str, Any]:
    """The ratings as rows. A file has the points as numbers where the page has them over their most."""
    language = get_language() or "vi"
    most = [{"key": "most", "label": _("Tối đa"), "kind": "number"}] if in_file else []
    return {
        "caption": _("Các đánh giá"),
        "columns": [
            {"key": "at", "label": _("Lúc"), "kind": "when"},
            {"key": "code", "label": _("Mã hồ sơ"), "kind": "code"},
            {"key": "procedure", "label": _("Thủ tục"), "kind": "text"},
            {"key": "place", "label": _("Nơi nhận"), "kind": "text"},
            {"key": "points", "label": _("Điểm"), "kind": "number" if in_file else "code"},
            *most,
            {"key": "low", "label": _("Câu 0 điểm"), "kind": "text"},
            {"key": "words", "label": _("Lời viết thêm"), "kind": "text"},
            {"key": "state", "label": _("Khiếu nại"), "kind": "tag"},
        ],
        "rows": [
            {
                "id": line.dossier_id,
                "href": reverse("office:dossier", args=[line.dossier_id]) + "#danh-gia",
                "label": line.code,
                "cells": {
                    "at": line.at,
                    "code": line.code,
                    "procedure": versions.procedure_version(line.version).name.within(language),
                    "place": agency_name(line.receiving),
                    "points": sum(line.scores.values()) if in_file else _points(line),
                    "most": MOST_POINTS * len(line.scores),
                    "low": ", ".join(sorted(each for each, points in line.scores.items() if not points)),
                    "words": line.words,
                    "state": _contest(line),
                },
            }
            for line in lines
        ],
    }


def _points(line: Line) -> str:
    return f"{sum(line.scores.values())} / {MOST_POINTS * len(line.scores)}"


def _contest(line: Line) -> tuple[str, str] | None:
    if line.contested_at is None:
        return None
    if line.stands is None:
        return "waiting", _("chờ kết luận")
    return ("on_time", _("được giữ")) if line.stands else ("done", _("không tính"))
