"""One answer: filled in, checked and handed in; read version by version; signed, accepted, returned or corrected."""

from datetime import datetime
from typing import Any, get_args

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.campaigns import answering
from motcua.campaigns.answering import Seen, hands_in, lines_in
from motcua.campaigns.models import Answer, Version
from motcua.dossiers import clock
from motcua.exports.answers import asked_format
from motcua.law.campaign import Form
from motcua.law.campaign_cells import written
from motcua.law.campaign_check import Finding, Typed, errors, warnings
from motcua.law.campaign_course import Act, may
from motcua.law.campaign_term import CLOSED
from motcua.law.refusal import Refusal
from motcua.office.campaigns import asking, grid, term_words
from motcua.office.campaigns.taking_along import answer_table
from motcua.office.door import actor_of, official
from motcua.office.list_files import parts_file
from motcua.organisation.directory import directory


@official()
def answer_page(request: HttpRequest, number: int) -> HttpResponseBase:
    """The answer as it stands: a form for whoever may fill it in, otherwise a table to read."""
    answer = asking.answer_or_404(request, number)
    version = answering.version_of(answer)
    if not _may(request, answer, version, "save"):
        if request.method == "POST":
            closed = answer.campaign.closed_at is not None
            messages.error(
                request, CLOSED.within(asking.language()) if closed else _("Phiếu này bạn chỉ xem được.")
            )  # fmt: skip
            return redirect("office:campaign_answer", number)
        return _read(request, answer)
    if request.method == "POST":
        return _posted(request, answer)
    if request.GET.get("ban") or asked_format(request):
        return _read(request, answer)
    return _form(request, answer, version)


def _may(request: HttpRequest, answer: Answer, version: Version | None, kind: Act) -> bool:
    state: Any = version.state if version is not None else None
    closed = answer.campaign.closed_at is not None
    return may(actor_of(request), kind, answering.place(answer), state, directory(), closed)


def _page(request: HttpRequest) -> int:
    words = request.POST.get("trang") or request.GET.get("trang") or "1"
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 6 else 1


def _posted(request: HttpRequest, answer: Answer) -> HttpResponse:
    form, actor = asking.form_in(answer.campaign), actor_of(request)
    seen = _seen(request.POST.get("seen", ""))
    cells, drop = grid.posted(form, request.POST)
    saved = answering.save(answer.pk, cells, seen, actor, "browser", drop=drop)
    if isinstance(saved, Refusal):
        if saved.code == "campaign_conflict":
            return _conflict(request, answer, cells, seen)
        messages.error(request, saved.text.within(asking.language()))
        return redirect("office:campaign_answer", answer.pk)
    here = f"{reverse('office:campaign_answer', args=[answer.pk])}?trang={_page(request)}"
    if request.POST.get("act") != "submit":
        messages.success(request, _saved_words(list(saved.findings)))
        return redirect(here)
    now_seen = answering.seen_now(saved.version)
    done = answering.submit(answer.pk, now_seen, actor, request.POST.get("words", ""))
    if isinstance(done, Refusal):
        if done.code != "campaign_errors":
            messages.error(request, done.text.within(asking.language()))
        return redirect(f"{here}&soat=1")
    messages.success(request, _("Đã trình lãnh đạo ký."))
    return redirect("office:campaign_answer", answer.pk)


def _seen(words: str) -> Seen:
    parts = words.split(".")
    if len(parts) != 3 or not all(each.isascii() and each.isdecimal() and len(each) < 9 for each in parts):
        return Seen(-1)
    return Seen(*(int(each) for each in parts))


def _saved_words(found: list[Finding]) -> str:
    n = len(errors(found))
    if not n:
        return _("Đã lưu nháp. Phiếu đủ để trình lãnh đạo.")
    return ngettext(
        "Đã lưu nháp. Còn %(n)d chỗ cần sửa.", "Đã lưu nháp. Còn %(n)d chỗ cần sửa.", n
    ) % {"n": n}  # fmt: skip


def _conflict(request: HttpRequest, answer: Answer, cells: grid.Cells, seen: Seen) -> HttpResponse:
    """Somebody else saved in between: what they wrote is said at each cell, and what was typed here stays."""
    form, version = asking.form_in(answer.campaign), answering.version_of(Answer.objects.get(pk=answer.pk))
    others: dict[tuple[str, str], str] = {}
    if version is not None:
        hands = hands_in(version)
        for line in lines_in(form, version):
            for name, given in cells.get(line.key, {}).items():
                column, at = form.column(name), line.by.get(name)
                if column is None or at is None or (version.no == seen.no and at < seen.hands):
                    continue
                theirs = line.typed.get(name) or written(column, line.cells.get(name))
                mine = given.words if isinstance(given, Typed) else written(column, given)
                if theirs != mine:
                    others[line.key, name] = _("%(who)s vừa ghi “%(value)s”") % {
                        "who": hands[at].name,
                        "value": theirs or "–",
                    }
    messages.warning(request, _("Người khác vừa lưu phiếu này. Hãy so các ô dưới đây rồi lưu lại."))
    return _form(request, answer, version, cells, others, status=409)


def _form(
    request: HttpRequest,
    answer: Answer,
    version: Version | None,
    over: grid.Cells | None = None,
    others: dict[tuple[str, str], str] | None = None,
    status: int = 200,
) -> HttpResponse:
    form, now = asking.form_in(answer.campaign), clock.now()
    lines = lines_in(form, version)
    found = answering.findings(answer, version)
    looked = request.GET.get("soat") == "1"
    shown, pages = grid.page_of(form, lines, _page(request), blank=True)
    if over is not None:
        known = {line.key for _at, line in shown}
        shown += [(-1, answering.Line(key)) for key in over if key not in known]
    # Nobody is told of empty cells before they had a chance to fill them.
    told = [each for each in found if looked or each.value or each.weight == "warning"]
    table = grid.view(form, shown, told, over, others)
    page = min(max(_page(request), 1), pages)
    context = _head(request, answer, version, form, now) | {
        "table": table,
        "errors": grid.summary(table),
        "seen": ".".join(str(each) for each in answering.seen_now(version)),
        "pages": [{"n": n, "current": n == page} for n in range(1, pages + 1)] if pages > 1 else [],
        "page": page,
        "elsewhere": len(errors(found)) if pages > 1 else 0,
        "explain": bool(warnings(found)),
        "words": request.POST.get("words", version.words if version is not None else ""),
        "returned": _returned(answer, version),
    }
    return render(request, "office/campaigns/answer.html", context, status=status)


def _returned(answer: Answer, version: Version | None) -> Any:
    if version is None or version.state != "returned":
        return None
    return answer.acts.filter(kind="return").order_by("-id").first()


def _head(request: HttpRequest, answer: Answer, version: Version | None, form: Form, now: datetime) -> dict[str, Any]:
    campaign = answer.campaign
    # A correction that was put aside is not the answer.
    ended = campaign.closed_at is not None and (version is None or version.no == answer.current)
    state, words = asking.state_words(version.state if version is not None else "", ended)
    return {
        "answer": answer,
        "campaign": campaign,
        "title": asking.title_of(campaign),
        "agency": asking.name_of(answer.agency),
        "form": form,
        "help": form.help.within(asking.language()) if form.help else "",
        "state": state,
        "state_words": words,
        "clock": asking.clock_of(answer, now),
        "term": term_words.term_of(campaign),
        "history": _history(answer),
        "uploads": [
            {"href": reverse("office:campaign_verdict", args=[answer.pk, each.pk]), "name": each.name, "at": each.at,
             "by": each.by}
            for each in answer.uploads.order_by("-id").defer("verdict")[:5]
        ],
        "crumbs": asking.crumbs((asking.title_of(campaign), None)),
    }  # fmt: skip


def _history(answer: Answer) -> list[dict[str, Any]]:
    found = []
    for each in answering.history(answer):
        what, icon = asking.act_words(each.kind)
        if each.kind == "save":
            what = (
                f"{what} ({asking.source_words(each.details.get('source', ''))}, "
                + ngettext("%(n)d ô", "%(n)d ô", each.details.get("cells", 0)) % {"n": each.details.get("cells", 0)}
                + ")"
            )
        # Which version it was only matters once there are several.
        version = f"{_('bản')} {each.no}" if answer.current > 1 else ""
        note = ": ".join(part for part in (version, each.words) if part)
        found.append({"what": what, "icon": icon, "who": each.name, "when": each.at, "note": note})
    return found


def _read(request: HttpRequest, answer: Answer) -> HttpResponseBase:
    form, now = asking.form_in(answer.campaign), clock.now()
    words = request.GET.get("ban", "")
    no = int(words) if words.isascii() and words.isdecimal() and len(words) < 6 else answer.current
    version = answering.version_of(answer, no) if no else None
    if no and version is None:
        raise Http404
    lines = lines_in(form, version)
    head = _head(request, answer, version, form, now)
    file = parts_file(request, lambda: {"phieu": answer_table(head, form, lines, version)} if version else {})
    if file is not None:
        return file
    shown, pages = grid.page_of(form, lines, _page(request), blank=False)
    newest = answering.version_of(answer)
    is_newest = version is None or version.no == answer.current
    acts = [
        kind
        for kind in ("sign", "accept_district", "accept_city", "return", "correct")
        if is_newest and newest is not None and _may(request, answer, newest, kind)
    ]  # type: ignore[arg-type]
    found = answering.findings(answer, version) if version is not None else []
    page = min(max(_page(request), 1), pages)
    context = head | {
        "columns": [column.title.within(asking.language()) for column in form.columns],
        "numbers": [column.is_number for column in form.columns],
        "rows": [_row(form, at, line) for at, line in shown],
        "version": version,
        "versions": list(answer.versions.order_by("-no").values("no", "state", "changed_at")),
        "is_newest": is_newest,
        "is_aside": version is not None and version.no > answer.current,
        "acts": acts,
        "warnings": [_warning(form, lines, each) for each in warnings(found)],
        "pages": [{"n": n, "current": n == page} for n in range(1, pages + 1)] if pages > 1 else [],
        "page": page,
    }  # fmt: skip
    return render(request, "office/campaigns/read.html", context)


def _row(form: Form, at: int, line: Any) -> dict[str, Any]:
    named = form.row(line.key)
    cells = []
    for column in form.columns:
        cells.append(
            {
                "title": column.title.within(asking.language()),
                "value": asking.said_stored(column, line.cells.get(column.key)),
                "typed": line.typed.get(column.key, ""),
                "number": column.is_number,
            }
        )
    return {"title": named.title.within(asking.language()) if named else str(at + 1), "cells": cells}


def _warning(form: Form, lines: Any, each: Finding) -> str:
    column, line = form.column(each.column), lines[each.row] if each.row >= 0 else None
    row = form.row(line.key) if line is not None else None
    where = [part.title.within(asking.language()) for part in (row, column) if part is not None]
    return f"{', '.join(where)} {each.value}: {each.reason.within(asking.language())}"


@official()
def act_page(request: HttpRequest, number: int) -> HttpResponse:
    """Signs, accepts, returns or opens for correction, with words where the law asks for them."""
    answer = asking.answer_or_404(request, number)
    kind, looked_at = request.POST.get("act", ""), request.POST.get("no", "")
    if request.method != "POST" or kind not in set(get_args(Act)) - {"save", "submit"}:
        return redirect("office:campaign_answer", number)
    no = int(looked_at) if looked_at.isascii() and looked_at.isdecimal() and len(looked_at) < 6 else -1
    done = answering.act(answer.pk, kind, actor_of(request), request.POST.get("words", ""), no=no)  # type: ignore[arg-type]
    if isinstance(done, Refusal):
        messages.error(request, done.text.within(asking.language()))
    else:
        messages.success(request, asking.act_words(kind)[0])
    return redirect("office:campaign_answer", number)
