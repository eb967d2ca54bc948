"""Keeping the register: people from a file with a verdict for each row, twins, and changes that dossiers granted."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers import store
from motcua.law.codes import reference
from motcua.office.door import actor_of, official
from motcua.registry import contesting, twins
from motcua.registry.csv_reading import LARGEST, UnreadableError, read_rows
from motcua.registry.facts import FACTS, said
from motcua.registry.importing import COLUMNS, Verdict, import_rows

KEEPERS = ("control",)
SHOWN = 200


@official(*KEEPERS)
def keep(request: HttpRequest) -> HttpResponse:
    """What waits: twins to decide about and changes to write; and the way to take people in."""
    language = get_language() or "vi"
    context = {
        "twins": [_pair(each) for each in twins.open_twins()],
        "twin_count": twins.count_open(),
        "contests": [_contest(each, language) for each in contesting.open_contests()],
        "columns": ", ".join(COLUMNS),
        "crumbs": [(_("Dân cư"), "/can-bo/dan-cu/"), (_("Dữ liệu"), None)],
    }
    return render(request, "office/register/keep.html", context)


@official(*KEEPERS)
def take_in(request: HttpRequest) -> HttpResponse:
    """Takes a file in; good rows are stored, each bad one is named, and the page can be kept as a file."""
    given = request.FILES.get("file")
    if request.method != "POST" or given is None:
        messages.error(request, _("Hãy chọn tệp CSV."))
        return redirect("office:register_keep")
    if given.size is not None and given.size > LARGEST:
        messages.error(request, _("Tệp quá lớn."))
        return redirect("office:register_keep")
    try:
        verdicts = import_rows(read_rows(given.read()), actor_of(request), given.name or "csv")
    except UnreadableError as error:
        messages.error(request, error.text.within(get_language() or "vi"))
        return redirect("office:register_keep")
    if request.POST.get("as") == "csv":
        return _as_file(verdicts)
    counts = {
        name: sum(each.outcome == name for each in verdicts) for name in ("new", "changed", "unchanged", "refused")
    }
    bad = [each for each in verdicts if each.faults]
    context = {
        "counts": counts,
        "total": len(verdicts),
        "bad": [_bad(each) for each in bad[:SHOWN]],
        "more": max(0, len(bad) - SHOWN),
        "crumbs": [(_("Dân cư"), "/can-bo/dan-cu/"), (_("Dữ liệu"), "/can-bo/dan-cu/du-lieu/"), (_("Kết quả"), None)],
    }
    return render(request, "office/register/taken_in.html", context)


def _bad(each: Verdict) -> dict[str, Any]:
    language = get_language() or "vi"
    return {
        "row": each.row,
        "number": each.number,
        "faults": [(name, why.within(language)) for name, why in each.faults],
    }


def _as_file(verdicts: list[Verdict]) -> HttpResponse:
    """Every row's verdict as CSV. A leading apostrophe keeps spreadsheets from reading a cell as a formula."""
    language = get_language() or "vi"
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["row", "outcome", "number", "faults"])
    for each in verdicts:
        faults = "; ".join(f"{name}: {why.within(language)}" for name, why in each.faults)
        writer.writerow(
            [each.row, each.outcome, each.number, f"'{faults}" if faults[:1] in "=+-@" and faults else faults]
        )
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="ket-qua.csv"'
    return answer


@official(*KEEPERS)
def decide_twins(request: HttpRequest) -> HttpResponse:
    """One person or two."""
    one, other = (request.POST.get(name, "") for name in ("one", "other"))
    keep_id, words = request.POST.get("keep", ""), request.POST.get("words", "").strip()[:300]
    if request.method == "POST" and one.isdecimal() and other.isdecimal() and words:
        try:
            twins.decide(
                int(one), int(other), same=keep_id.isdecimal(), words=words, by=actor_of(request).name,
                keep=int(keep_id) if keep_id.isdecimal() else 0,
            )  # fmt: skip
            messages.success(request, _("Đã ghi quyết định."))
        except twins.DecidedError:
            messages.info(request, _("Cặp này đã có người quyết định."))
    else:
        messages.error(request, _("Hãy chọn và ghi căn cứ."))
    return redirect("office:register_keep")


@official(*KEEPERS)
def apply_contest(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Writes what the dossier granted."""
    if request.method == "POST":
        stored = store.read(dossier_id)
        granted = stored is not None and stored[0].outcome == "granted" and bool(stored[0].finished_at)
        try:
            contesting.apply(dossier_id, granted=granted, by=actor_of(request).name)
            messages.success(request, _("Đã ghi vào cơ sở dữ liệu, kèm số hồ sơ."))
        except (contesting.NotGrantedError, contesting.Contest.DoesNotExist):
            messages.error(request, _("Hồ sơ chưa được chấp nhận, hoặc đã ghi rồi."))
    return redirect("office:register_keep")


def _pair(each: Any) -> dict[str, Any]:
    return {
        "one": each.one,
        "other": each.other,
        "rows": [
            (row.pk, row.name, row.number, said("birth", row.birth, "vi"), (row.permanent or {}).get("text", ""))
            for row in (each.one, each.other)
        ],
    }


def _contest(each: Any, language: str) -> dict[str, Any]:
    stored = store.read(each.dossier)
    state = stored[0] if stored is not None else None
    return {
        "dossier": each.dossier,
        "code": (state.code or reference(each.dossier)) if state else reference(each.dossier),
        "name": each.resident.name,
        "what": FACTS[each.what][2].within(language),
        "present": said(each.what, each.present, language) if each.present else "–",
        "proposed": said(each.what, each.proposed, language),
        "granted": state is not None and state.outcome == "granted" and state.finished_at is not None,
        "ended": state is not None and state.finished_at is not None,
    }
