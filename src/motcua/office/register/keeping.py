"""Keeping the register: people from a file with a verdict for each row, and changes that dossiers granted.

Records that may be one person are decided in `alike`.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers import store
from motcua.dossiers.policy import may_see
from motcua.law.actor import Actor
from motcua.law.codes import reference
from motcua.law.dossier import Dossier
from motcua.office.door import actor_of, dossier_or_404, official
from motcua.registry import contesting, twins
from motcua.registry.csv_reading import LARGEST, UnreadableError, read_rows
from motcua.registry.facts import FACTS, said
from motcua.registry.importing import COLUMNS, MOST_ROWS, Verdict, import_rows

KEEPERS = ("control",)
SHOWN = 200
MOST_CONTESTS = 50


@official(*KEEPERS)
def keep(request: HttpRequest) -> HttpResponse:
    """What waits: twins to decide about and changes to write; and the way to take people in."""
    language = get_language() or "vi"
    context = {
        "twins": [
            {"one": each.one_id, "other": each.other_id, "name": each.one.name, "year": each.one.birth_year}
            for each in twins.open_twins()
        ],
        "twin_count": twins.count_open(),
        "contests": _contests(actor_of(request), language),
        "columns": COLUMNS,
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
        rows = list(islice(read_rows(given.read()), MOST_ROWS + 1))
        verdicts = import_rows(rows, actor_of(request), given.name or "csv")
    except UnreadableError as error:
        messages.error(request, error.text.within(get_language() or "vi"))
        return redirect("office:register_keep")
    if request.POST.get("as") == "csv":
        return _as_file(rows, verdicts)
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


def _as_file(rows: Sequence[Mapping[str, str]], verdicts: list[Verdict]) -> HttpResponse:
    """Every row's verdict as CSV; those refused with their cells, to be mended and sent again."""
    language = get_language() or "vi"
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["row", "outcome", "faults", *COLUMNS])
    for each in verdicts:
        faults = "; ".join(f"{name}: {why.within(language)}" for name, why in each.faults)
        row = rows[each.row - 1] if each.outcome == "refused" else {"number": each.number}
        cells = [_harmless(str(row.get(name) or "")) for name in COLUMNS]
        writer.writerow([each.row, each.outcome, _harmless(faults), *cells])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="ket-qua.csv"'
    return answer


def _harmless(cell: str) -> str:
    """A leading apostrophe keeps spreadsheets from reading a cell as a formula."""
    return f"'{cell}" if cell.lstrip()[:1] in tuple("=+-@") else cell


@official(*KEEPERS)
def apply_contest(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Writes what the dossier granted, or puts away what it did not. A dossier one may not see does not exist."""
    if request.method == "POST":
        state = dossier_or_404(request, dossier_id)
        ended = state.finished_at is not None
        if request.POST.get("act") == "close":
            if ended and state.outcome != "granted" and contesting.close(dossier_id):
                messages.success(request, _("Đã cất đi; dữ liệu giữ nguyên."))
            return redirect("office:register_keep")
        granted = state.outcome == "granted" and ended
        try:
            contesting.apply(dossier_id, granted=granted, by=actor_of(request).name)
            messages.success(request, _("Đã ghi vào cơ sở dữ liệu, kèm số hồ sơ."))
        except (contesting.NotGrantedError, contesting.Contest.DoesNotExist):
            messages.error(request, _("Hồ sơ chưa được chấp nhận, hoặc đã ghi rồi."))
    return redirect("office:register_keep")


def _contests(actor: Actor, language: str) -> list[dict[str, Any]]:
    """Those whose dossiers the actor may see, the oldest first."""
    found: list[dict[str, Any]] = []
    after = None
    while page := contesting.open_contests(100, after):
        after = page[-1].at
        for each in page:
            stored = store.read(each.dossier)
            if stored is not None and may_see(actor, stored[0]):
                found.append(_contest(each, stored[0], language))
            if len(found) == MOST_CONTESTS:
                return found
    return found


def _contest(each: Any, state: Dossier, language: str) -> dict[str, Any]:
    return {
        "dossier": each.dossier,
        "code": state.code or reference(each.dossier),
        "name": each.resident.name,
        "what": FACTS[each.what][2].within(language),
        "present": said(each.what, each.present, language) if each.present else "–",
        "proposed": said(each.what, each.proposed, language),
        "granted": state.outcome == "granted" and state.finished_at is not None,
        "ended": state.finished_at is not None,
    }
