"""Checking a result, for anybody: by its code, by its QR, or by the file itself; in plain words.

Without a word from its owner a name is masked. What is known is asked of `papers.results.checking`.
"""

from typing import Any

import msgspec
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.files import store
from motcua.organisation.directory import directory
from motcua.papers.from_dossier import authority_name
from motcua.papers.results import checking, codes, sharing
from motcua.papers.results.bounded import BusyError
from motcua.papers.results.tables import IssuedResult
from motcua.portal.results import limits, words

LARGEST = 20 * 1024 * 1024


def ask(request: HttpRequest) -> HttpResponse:
    """Asks for the code, or takes the file."""
    if request.method == "POST":
        return _examine(request)
    typed = request.GET.get("ma", "").strip()[:80]
    if not typed:
        return _page(request, "portal/results/ask.html", {"typed": ""})
    code = codes.parse(typed)
    if code is None:
        return _page(request, "portal/results/ask.html", {"typed": typed, "wrong": True}, 404)
    return redirect("portal:checked_result", code)


def result(request: HttpRequest, code: str) -> HttpResponse:
    """What stands on record under a code; the QR opens this page."""
    if not limits.may_ask(request):
        return _page(request, "portal/results/ask.html", {"typed": "", "too_many": True}, 429)
    verdict = checking.by_code(code)
    if verdict.issued is None:
        limits.missed(request)
        return _page(request, "portal/results/ask.html", {"typed": code[:40], "wrong": True}, 404)
    return _show(request, verdict, code)


def _examine(request: HttpRequest) -> HttpResponse:
    given, typed = request.FILES.get("tep"), request.POST.get("ma", "")[:80]
    again = {"typed": typed}
    if given is None or isinstance(given, list):
        return _page(request, "portal/results/ask.html", {**again, "fault": _("Hãy chọn một tệp PDF.")}, 400)
    if not given.size or given.size > LARGEST:
        return _page(request, "portal/results/ask.html", {**again, "fault": words.too_large(LARGEST)}, 400)
    if not limits.may_examine(request):
        return _page(request, "portal/results/ask.html", {**again, "too_many": True}, 429)
    try:
        verdict = checking.by_file(given.read(), typed)
    except BusyError:
        fault = _("Đang có nhiều tệp được kiểm tra. Hãy thử lại sau ít phút.")
        return _page(request, "portal/results/ask.html", {**again, "fault": fault}, 503)
    return _show(request, verdict, typed, is_file=True)


def _show(request: HttpRequest, verdict: checking.Verdict, code: str, *, is_file: bool = False) -> HttpResponse:
    issued, number = verdict.issued, request.POST.get("so", request.GET.get("so", "")).strip()[:40]
    context: dict[str, Any] = {
        "answer": words.answer(verdict),
        "verdict": verdict,
        "signatures": words.signatures(verdict.finding),
        "is_file": is_file,
        "code": codes.shown(issued.token) if issued else "",
        "raw_code": issued.token if issued else "",
        "number": number,
        "crumbs": [(_("Trang đầu"), reverse("portal:home")), (_("Kiểm tra kết quả"), reverse("portal:check_result")),
                   (_("Câu trả lời"), None)],
    }  # fmt: skip
    if issued is not None and verdict.kind not in ("altered", "damaged"):
        context |= {"rows": _rows(issued, number), "masked": not _may_read_name(issued, number)}
    if issued is not None:
        context["proof"] = reverse("portal:result_proof", args=[issued.token]) if verdict.sealed else ""
    if verdict.successor is not None:
        context["successor"] = reverse("portal:checked_result", args=[verdict.successor.token])
    return _page(request, "portal/results/answer.html", context)


def _rows(issued: IssuedResult, number: str) -> list[tuple[str, Any]]:
    agency = directory()[issued.agency]
    name = issued.owner_name if _may_read_name(issued, number) else words.masked(issued.owner_name)
    return [
        (_("Văn bản"), issued.name),
        (_("Số"), issued.number),
        (_("Cơ quan ban hành"), authority_name(agency)),
        (_("Chứng thư ký"), issued.signer),
        (_("Ký lúc"), issued.signed_at),
        (_("Cấp cho"), name),
    ]


def _may_read_name(issued: IssuedResult, typed: str) -> bool:
    """Who knows the whole number of the person, or of the paper where no person's is known, may compare the name."""
    known = issued.owner_number or issued.number
    return bool(typed) and typed.replace(" ", "").upper() == known.replace(" ", "").upper()


def proof(request: HttpRequest, code: str) -> HttpResponse:
    """The proof, for `verify_motcua.py`, that this file's issue is in the sealed journal."""
    if not limits.may_ask(request):
        return JsonResponse({"sealed": False}, status=429)
    issued = checking.by_code(code).issued
    if issued is None:
        limits.missed(request)
        raise Http404
    made = checking.proof_of(issued)
    if made is None:
        answer = JsonResponse({"sealed": False}, status=202)
        answer["Retry-After"] = "60"
        return answer
    body = HttpResponse(msgspec.json.format(msgspec.json.encode(made), indent=1), content_type="application/json")
    body["Content-Disposition"] = f'attachment; filename="chung-cu-{issued.token}.json"'
    body["Cache-Control"] = "no-store"
    return body


def shared(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file behind a link that its owner made; an expired or ended one says so."""
    if not limits.may_ask(request):
        return _page(request, "portal/results/ask.html", {"typed": "", "too_many": True}, 429)
    issued = sharing.opened(token[:80])
    if issued is None:
        limits.missed(request)
        return _page(request, "portal/results/not_shared.html", {}, 404)
    return send(issued)


def send(issued: IssuedResult) -> FileResponse:
    """The stored file itself, byte for byte."""
    return send_file(issued.digest, f"{issued.procedure}-{issued.number.replace('/', '-')}.pdf")


def send_file(digest: str, name: str) -> FileResponse:
    """A stored PDF, shown in the browser and kept out of caches and of search."""
    answer = FileResponse(store.path_of(digest).open("rb"), content_type="application/pdf", filename=name)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    answer = render(request, template, context, status=status)
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
