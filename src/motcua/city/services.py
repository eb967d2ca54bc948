"""How long people wait and what they say of it, from the newest published quarter: the same rows as the open data.

Shown from what was published and not counted anew, so that the page and the file can never differ.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers.clock_face import worked_words
from motcua.opendata.catalogue import path_of_dataset
from motcua.opendata.models import Release
from motcua.opendata.publishing import rows_of
from motcua.reports.periods import parse
from motcua.reports.rating_words import questions

SHOWN = 40
STEPS, RATINGS = "thoi-gian-tung-buoc", "hai-long"
MINUTES = ("worked_median", "worked_90", "waited_median")


def services(request: HttpRequest) -> HttpResponse:
    """The steps that take longest, and satisfaction by agency; each says its quarter and its denominators."""
    context = {
        "steps": _steps(_newest(STEPS)),
        "ratings": _ratings(_newest(RATINGS)),
        "crumbs": [(_("Toàn thành phố"), reverse("city:city")), (_("Thời gian chờ và mức hài lòng"), None)],
    }
    return render(request, "city/services.html", context)


def _newest(code: str) -> Release | None:
    return Release.objects.filter(dataset=code).order_by("-last", "-version").first()


def _about(release: Release | None, code: str) -> dict[str, Any]:
    found: dict[str, Any] = {"dataset": path_of_dataset(code), "rows": [], "period": ""}
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


def _ratings(release: Release | None) -> dict[str, Any]:
    by_agency: dict[str, dict[str, Any]] = {}
    for row in rows_of(release) if release else []:
        agency = by_agency.setdefault(row["agency"], {"name": row["agency_name"], "cells": {}})
        agency["cells"][row["criterion"]] = row
    asked = {number: question for number, (question, _answers) in questions().items()}
    rows = [
        {"name": each["name"], "cells": [(asked[number], each["cells"].get(number)) for number in asked]}
        for each in by_agency.values()
    ]
    return {**_about(release, RATINGS), "asked": list(asked.values()), "rows": rows}
