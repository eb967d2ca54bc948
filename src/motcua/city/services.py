"""How long people wait and what they say of it, from the newest published quarter: the same rows as the open data.

Shown from what was published and not counted anew, so that the page and the file can never differ.
"""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from motcua.dossiers.clock_face import worked_words
from motcua.opendata.catalogue import path_of_dataset
from motcua.opendata.definitions import datasets
from motcua.opendata.models import Release, ReleaseFile
from motcua.opendata.publishing import rows_of, with_rule
from motcua.reports.periods import parse
from motcua.reports.rating_words import questions

SHOWN = 40
STEPS = "thoi-gian-tung-buoc"
RATINGS, RATINGS_OF_PROCEDURES = "hai-long", "hai-long-theo-thu-tuc"
OPINIONS, OPINIONS_OF_PROCEDURES = "danh-gia-theo-co-quan", "danh-gia-theo-thu-tuc"
MINUTES = ("worked_median", "worked_90", "waited_median")
COUNTS = ("answered", "rated", "with_zero", "with_words", "contested", "stands", "struck", "undecided")


def services(request: HttpRequest) -> HttpResponse:
    """The steps that take longest, satisfaction, and what people said; each says its quarter and its denominators."""
    newest = _newest(STEPS, RATINGS, RATINGS_OF_PROCEDURES, OPINIONS, OPINIONS_OF_PROCEDURES)
    context = {
        "steps": _steps(newest.get(STEPS)),
        "asked": list(_asked().values()),
        "ratings": [
            {"id": "hai-long", "title": _("Mức hài lòng theo cơ quan"), "of": _("Cơ quan"),
             **_ratings(newest.get(RATINGS), RATINGS, "agency")},
            {"id": "hai-long-thu-tuc", "title": _("Mức hài lòng theo thủ tục"), "of": _("Thủ tục"),
             **_ratings(newest.get(RATINGS_OF_PROCEDURES), RATINGS_OF_PROCEDURES, "procedure")},
        ],
        "opinions": [
            {"id": "danh-gia", "title": _("Theo cơ quan"), "of": _("Cơ quan"),
             **_opinions(newest.get(OPINIONS), OPINIONS, "agency")},
            {"id": "danh-gia-thu-tuc", "title": _("Theo thủ tục"), "of": _("Thủ tục"),
             **_opinions(newest.get(OPINIONS_OF_PROCEDURES), OPINIONS_OF_PROCEDURES, "procedure")},
        ],
        "counted": _definitions(),
        "crumbs": [(_("Toàn thành phố"), reverse("city:city")), (_("Thời gian chờ và mức hài lòng"), None)],
    }  # fmt: skip
    return render(request, "city/services.html", context)


def _newest(*codes: str) -> dict[str, Release]:
    """The newest version of the newest period of each dataset that has one, with their files: two queries."""
    found = Release.objects.filter(dataset__in=codes).order_by("dataset", "-last", "-version").distinct("dataset")
    kept = Prefetch("files", ReleaseFile.objects.filter(format="json"))
    return {each.dataset: each for each in found.prefetch_related(kept)}


def _about(release: Release | None, code: str) -> dict[str, Any]:
    found: dict[str, Any] = {"dataset": path_of_dataset(code), "rows": [], "period": "", "more": 0}
    if release is not None:
        found["period"] = parse(release.period).name.within(get_language() or "vi")
        found["complete_until"] = release.complete_until
    return found


def _steps(release: Release | None) -> dict[str, Any]:
    rows = [row for row in rows_of(release) if row["worked_90"] is not None] if release else []
    rows.sort(key=lambda row: (-row["worked_90"], row["procedure"], row["step"]))
    shown = [{**row, "words": {key: _worked(row[key]) for key in MINUTES}} for row in rows[:SHOWN]]
    return {**_about(release, STEPS), "rows": shown, "more": max(0, len(rows) - SHOWN)}


def _worked(minutes: float | None) -> str:
    """Minutes of working time in words: a day of it has eight hours, not twenty-four."""
    return "" if minutes is None else worked_words(round(minutes)) if round(minutes) else _("0 phút")


def _asked() -> dict[str, str]:
    return {number: question for number, (question, _answers) in questions().items()}


def _ratings(release: Release | None, code: str, of: str) -> dict[str, Any]:
    """Each agency or procedure with its points by criterion: those with the most answers first where they are many."""
    by_unit: dict[str, dict[str, Any]] = {}
    for row in rows_of(release) if release else []:
        unit = by_unit.setdefault(row[of], {"name": row[f"{of}_name"], "cells": {}})
        unit["cells"][row["criterion"]] = row
    asked = _asked()
    most = sorted(by_unit.values(), key=lambda each: -max(row["answers"] for row in each["cells"].values()))
    rows = [
        {"name": each["name"], "cells": [(asked[number], each["cells"].get(number)) for number in asked]}
        for each in most[:SHOWN]
    ]
    return {**_about(release, code), "rows": rows, "more": max(0, len(most) - SHOWN)}


def _opinions(release: Release | None, code: str, of: str) -> dict[str, Any]:
    """The rows that are told, most ratings first, and how many are not told or stand in the file alone."""
    rows = rows_of(release) if release else []
    told = sorted((row for row in rows if row["rated"] is not None), key=lambda row: (-row["rated"], row[of]))
    titles = _titles()
    shown = [
        {"name": row[f"{of}_name"] or row[of], "cells": [(titles[key], row[key]) for key in COUNTS]}
        for row in told[:SHOWN]
    ]
    return {**_about(release, code), "rows": shown, "more": len(told) - len(shown), "hidden": len(rows) - len(told)}


def _titles() -> dict[str, str]:
    return {
        "answered": _("Đã trả"), "rated": _("Có đánh giá"), "with_zero": _("Có câu 0 điểm"),
        "with_words": _("Có viết lời"), "contested": _("Bị khiếu nại"),
        "stands": pgettext("rating", "Được giữ"), "struck": pgettext("rating", "Bị bác"),
        "undecided": _("Chưa kết luận"),
    }  # fmt: skip


def _definitions() -> list[tuple[str, str]]:
    """What each count counts, in the words of the dataset's own dictionary, and how small ones are hidden."""
    dataset, language, titles = datasets()[OPINIONS], get_language() or "vi", _titles()
    defined = {each.key: with_rule(each.definition).within(language) for each in dataset.columns}
    return [*((titles[key], defined[key]) for key in COUNTS), (_("Ô nhỏ"), with_rule(dataset.rule).within(language))]
