"""A resident's own results: read, download, share for a while, use again in the next dossier."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.accounts.authority import of_resident
from motcua.accounts.door import actor_behind, resident, resident_behind
from motcua.catalogue import versions
from motcua.dossiers import clock, store
from motcua.dossiers.policy import may_see
from motcua.law.procedure import Procedure
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.papers.from_dossier import authority_name
from motcua.papers.results import checking, codes, draft_pdf, sharing
from motcua.papers.results.post import deliveries_of
from motcua.papers.results.tables import IssuedResult
from motcua.portal.results.verifying import send, send_file

PAGE = 50


def accounts_of(request: HttpRequest) -> list[int]:
    """One's own account and those of whom one may act for today."""
    me = resident_behind(request)
    return sorted({me.account_id, *(each.account for each in of_resident(me) if each.account)})


def _own(request: HttpRequest) -> Q:
    accounts = accounts_of(request)
    return Q(account__in=accounts, account__gt=0) | Q(filer__in=accounts, filer__gt=0)


def _mine_or_404(request: HttpRequest, code: str) -> IssuedResult:
    found = IssuedResult.objects.filter(_own(request), token=codes.parse(code) or "-").first()
    if found is None:
        raise Http404
    return found


@resident()
def results(request: HttpRequest) -> HttpResponse:
    """Everything that was issued to the person, the newest first."""
    found = list(IssuedResult.objects.filter(_own(request)).order_by("-dossier_id", "-seq")[: PAGE + 1])
    context = {
        "rows": [card(each) for each in found[:PAGE]],
        "more": len(found) > PAGE,
        "crumbs": [(_("Trang của tôi"), _home()), (_("Kết quả của tôi"), None)],
    }
    return render(request, "portal/results/mine.html", context)


def card(issued: IssuedResult) -> dict[str, Any]:
    """What a list says of one result."""
    return {
        "href": reverse("portal:my_result", args=[issued.token]),
        "name": issued.name,
        "number": issued.number,
        "agency": authority_name(directory()[issued.agency]),
        "owner": issued.owner_name,
        "at": issued.signed_at,
        "replaced": bool(issued.replaced_by),
        "open": checking.is_open_to_owner(issued),
        "file": reverse("portal:my_result_file", args=[issued.token]),
        "is_demo": issued.is_demo,
    }


@resident()
def result(request: HttpRequest, code: str) -> HttpResponse:
    """One result: what it is, its file, who may read it by a link, where it can be used again."""
    issued = _mine_or_404(request, code)
    successor = IssuedResult.objects.filter(token=issued.replaced_by).first() if issued.replaced_by else None
    context = {
        "card": card(issued),
        "code": codes.shown(issued.token),
        "raw_code": issued.token,
        "check": reverse("portal:checked_result", args=[issued.token]),
        "dossier": issued.code,
        "successor": reverse("portal:my_result", args=[successor.token]) if successor else "",
        "links": list(sharing.open_links(issued)),
        "days": sharing.DAYS,
        "fresh": _fresh_link(request, issued),
        "uses": [] if successor else uses(issued),
        "deliveries": deliveries_of(issued.dossier_id),
        "crumbs": [(_("Trang của tôi"), _home()), (_("Kết quả của tôi"), reverse("portal:my_results")),
                   (issued.name, None)],
    }  # fmt: skip
    return render(request, "portal/results/one.html", context)


def _fresh_link(request: HttpRequest, issued: IssuedResult) -> str:
    """The address of a link just made, shown this once."""
    token = request.session.pop(f"shared/{issued.token}", "")
    return request.build_absolute_uri(reverse("portal:shared_result", args=[token])) if token else ""


def _home() -> str:
    return "/cua-toi/"


def uses(issued: IssuedResult) -> list[dict[str, str]]:
    """Procedures in which this result stands for a paper that need not be brought again."""
    language = get_language() or "vi"
    topic = f"result:{issued.procedure}"
    return [
        {"href": reverse("portal:procedure", args=[each.code]), "name": each.name.within(language)}
        for each in _procedures()
        if any(paper.known == topic for paper in each.papers)
    ]


def _procedures() -> Iterator[Procedure]:
    for each in versions.cards_on(city_day(clock.now())):
        yield versions.procedure_version(each.version_id)


@resident()  # type: ignore[arg-type]
def download(request: HttpRequest, code: str) -> HttpResponseBase:
    """The file itself."""
    issued = _mine_or_404(request, code)
    if not checking.is_open_to_owner(issued):
        messages.warning(request, _("Kết quả chưa sẵn sàng, hoặc còn khoản phải nộp."))
        return redirect("portal:my_result", issued.token)
    return send(issued)


@resident()  # type: ignore[arg-type]
def draft(request: HttpRequest, dossier_id: int) -> HttpResponseBase:
    """The draft that was laid before the applicant, as a page marked as one."""
    found = store.read(dossier_id)
    if found is None or not may_see(actor_behind(request), found[0]):
        raise Http404
    state = found[0]
    if state.shown is None or state.draft is None:
        raise Http404
    return send_file(draft_pdf(state), f"du-thao-{state.code or state.id}.pdf")


@require_POST
@resident()
def share(request: HttpRequest, code: str) -> HttpResponse:
    """Makes a link; its address is shown once."""
    issued = _mine_or_404(request, code)
    days = request.POST.get("ngay", "")
    if not checking.is_open_to_owner(issued) or days not in {str(each) for each in sharing.DAYS}:
        messages.error(request, _("Chưa tạo được đường dẫn: hãy chọn thời hạn."))
        return redirect("portal:my_result", issued.token)
    token = sharing.share(issued, resident_behind(request).account_id, int(days), request.POST.get("cho_ai", ""))
    if token is None:
        messages.error(request, _("Đang có quá nhiều đường dẫn còn mở. Hãy ngừng bớt rồi tạo lại."))
    else:
        request.session[f"shared/{issued.token}"] = token
    return redirect("portal:my_result", issued.token)


@require_POST
@resident()
def end_share(request: HttpRequest, code: str) -> HttpResponse:
    """Ends a link at once."""
    issued = _mine_or_404(request, code)
    if sharing.end(issued, request.POST.get("lien_ket", "")[:64]):
        messages.success(request, _("Đã ngừng chia sẻ: đường dẫn đó không mở được nữa."))
    return redirect("portal:my_result", issued.token)
