"""Handing results over: those that lie ready at the counter, and those on their way to it."""

import re
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import store
from motcua.dossiers.handle import handle
from motcua.dossiers.rows import decode_state
from motcua.filing.handing_in import delivery_of, delivery_words
from motcua.law import commands as c
from motcua.law.dossier import Dossier
from motcua.law.names import search_key
from motcua.law.refusal import Refusal
from motcua.law.rights import COUNTER
from motcua.office.counter.places import counters
from motcua.office.counter.post import NoTrackingError, tracked
from motcua.office.desk.action_forms import ways_to_collect
from motcua.office.door import actor_of, dossier_or_404, official

PAGE = 50
MOST_AT_ONCE = 50
_TOKEN = re.compile(r"/theo-doi/([\w-]{10,60})")
_READY = "d.receiving = ANY (%(agencies)s) AND d.status = 9"
_SEARCHED = """
    (%(said)s = '' OR d.code = %(code)s OR d.token = %(token)s OR d.applicant_key LIKE %(prefix)s
     OR (d.applicant_number = %(said)s AND d.applicant_number <> ''))
"""
_COMING = """
    SELECT t.dossier_id, t.no, t.received, d.code, d.version, d.applicant_name, t.opened_at
      FROM dossiers_task t JOIN dossiers_dossier d ON d.id = t.dossier_id
     WHERE t.agency = ANY (%(agencies)s) AND t.role = ANY (%(roles)s) AND t.no > 1
       AND d.phase = 'working' AND NOT t.waiting
"""


@official(*COUNTER)
def results(request: HttpRequest) -> HttpResponse:
    """The two lists; POST hands over those that were chosen."""
    agencies = [place.number for place in counters(actor_of(request))]
    if request.method == "POST":
        return _hand_over(request)
    parameters = _question(request.GET.get("tim", ""), agencies)
    after = request.GET.get("sau", "")
    rows, following = _ready(parameters, int(after) if after.isdecimal() and len(after) < 19 else 0)
    query = request.GET.get("tim", "").strip()
    context = {
        "query": query,
        "rows": rows,
        "total": _count(parameters),
        "next": "?" + urlencode({"tim": query, "sau": following}) if following else None,
        "first": "?" + urlencode({"tim": query}) if after else None,
        "coming": _coming(agencies),
        "by_paper": _hand_over_fields(rows),
        "key": uuid4().hex,
        "english": (get_language() or "vi").startswith("en"),
    }
    return render(request, "office/counter/results.html", context)


def _question(said: str, agencies: list[int]) -> dict[str, Any]:
    """What was typed or scanned: a code, the address behind a receipt's QR code, a number, or a name."""
    said = said.strip()
    token = _TOKEN.search(said)
    key = "" if token else search_key(said)
    return {
        "agencies": agencies,
        "said": said.replace(" ", "") if key and key.replace(" ", "").isdecimal() else said,
        "code": said.upper(),
        "token": token[1] if token else "\x01",
        "prefix": (key or "\x01") + "%",
        "limit": PAGE + 1,
    }


def _count(parameters: dict[str, Any]) -> int:
    with store.cursor() as run:
        row = run.execute(
            f"SELECT count(*) FROM dossiers_dossier d WHERE {_READY} AND {_SEARCHED}",  # noqa: S608  our own conditions
            parameters,
        ).fetchone()
    return int(row[0]) if row else 0


def _ready(parameters: dict[str, Any], after: int) -> tuple[list[dict[str, Any]], str]:
    with store.cursor() as run:
        found = run.execute(
            f"SELECT d.state FROM dossiers_dossier d WHERE {_READY} AND {_SEARCHED} AND d.id > %(after)s"  # noqa: S608  ours
            " ORDER BY d.id LIMIT %(limit)s",
            {**parameters, "after": after},
        ).fetchall()
    states = [decode_state(row[0]) for row in found]
    following = str(states[PAGE - 1].id) if len(states) > PAGE else ""
    return [_row(state) for state in states[:PAGE]], following


def _row(state: Dossier) -> dict[str, Any]:
    language = get_language() or "vi"
    procedure = versions.procedure_version(state.version)
    task = _handing_task(state)
    owed = 0 if state.outcome == "refused" else state.owed
    result = next((each for each in procedure.results if state.draft and each.id == state.draft.result), None)
    return {
        "id": state.id,
        "code": state.code,
        "href": reverse("office:dossier", args=[state.id]),
        "procedure": procedure.name.within(language),
        "applicant": state.applicant.name,
        "submitter": state.submitter.name if state.submitter else "",
        "since": state.finished_at,
        "owed": owed,
        "refused": state.outcome == "refused",
        "in_person": bool(result and result.collected_in_person),
        "number": state.number,
        "hand": reverse("office:act", args=[state.id, "hand_over", task]) if task else "",
        "pay": reverse("office:take_money", args=[state.id]) + "?" + urlencode({"next": reverse("office:results")}),
        "choosable": bool(task) and not owed,
        "wish": delivery_words(delivery_of(state.id)) if state.channel == "online" else "",
    }


def _handing_task(state: Dossier) -> int:
    return next((task.no for task in state.tasks if task.agency == state.receiving), 0)


def _coming(agencies: list[int]) -> list[dict[str, Any]]:
    """Results that are with this counter but not announced, or on their way to it."""
    language = get_language() or "vi"
    with store.cursor() as run:
        found = run.execute(
            f"{_COMING} ORDER BY t.opened_at, t.dossier_id LIMIT 50",
            {"agencies": agencies, "roles": list(COUNTER)},
        ).fetchall()
    rows = []
    for dossier, no, received, code, version, applicant, since in found:
        action = "ready" if received else "receive"
        rows.append(
            {
                "href": reverse("office:dossier", args=[dossier]),
                "code": code,
                "procedure": versions.procedure_version(version).name.within(language),
                "applicant": applicant,
                "since": since,
                "received": received,
                "act": reverse("office:act", args=[dossier, action, no]),
                "label": _("Báo có kết quả") if received else _("Xác nhận đã nhận"),
            }
        )
    return rows


def _hand_over_fields(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"id": "to_name", "name": "to_name", "label": _("Người nhận"), "kind": "text", "width": 20,
         "hint": _("Để trống: chính người đứng tên từng hồ sơ.")},
        {"id": "by_paper", "name": "by_paper", "label": _("Nhận bằng giấy tờ"), "kind": "choice",
         "choices": ways_to_collect(), "value": "receipt", "required": True},
        {"id": "paper_number", "name": "paper_number", "label": _("Số giấy tờ, hoặc mã bưu gửi"), "kind": "text",
         "width": 12},
    ]  # fmt: skip


def _hand_over(request: HttpRequest) -> HttpResponse:
    """Each chosen dossier is an act of its own; one that is refused stops no other."""
    actor, key = actor_of(request), request.POST.get("key", "")[:64] or uuid4().hex
    by_paper = request.POST.get("by_paper", "receipt")
    number, done = request.POST.get("paper_number", "").strip()[:40], 0
    if by_paper == "post":
        try:
            number = tracked(number)
        except NoTrackingError as error:
            messages.error(request, str(error))
            return redirect("office:results")
    for chosen in dict.fromkeys(request.POST.getlist("dossier")[:MOST_AT_ONCE]):
        if not chosen.isdecimal() or len(chosen) > 18:
            continue
        state = dossier_or_404(request, int(chosen))
        command = c.HandOverResult(
            task=_handing_task(state),
            to_name=request.POST.get("to_name", "").strip()[:200] or state.applicant.name,
            by_paper=by_paper if by_paper in ("identity_card", "authorisation", "post") else "receipt",  # type: ignore[arg-type]
            paper_number=number,
        )
        answer = handle(state.id, command, actor, f"{key}/{state.id}")
        if isinstance(answer, Refusal):
            said = answer.text.within(get_language() or "vi")
            messages.error(request, f"{state.code}, {state.applicant.name}: {said}")
        else:
            done += 1
    if done:
        messages.success(request, ngettext("Đã trả %(n)d kết quả.", "Đã trả %(n)d kết quả.", done) % {"n": done})
    elif not request.POST.getlist("dossier"):
        messages.warning(request, _("Chưa chọn hồ sơ nào: đánh dấu ô ở đầu dòng rồi bấm lại."))
    return redirect("office:results")
