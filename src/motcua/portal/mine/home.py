"""The first page of a resident: what is asked of me now, my drafts and dossiers, and how to begin something new."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.accounts.door import actor_behind, resident, resident_behind
from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.clock_face import dossier_face
from motcua.filing.drafts import open_drafts
from motcua.law.actor import Actor
from motcua.law.codes import reference
from motcua.law.dossier import NATIONAL_STATUSES, Dossier, national_status
from motcua.notices.inbox import unread
from motcua.portal.mine import finding
from motcua.portal.mine.asks import asks
from motcua.portal.mine.owning import accounts

ASKED_AT_ONCE = 6


@resident()
def mine(request: HttpRequest) -> HttpResponse:
    """Everything of the signed-in person and of those they act for."""
    own, now = accounts(request), clock.now()
    actor = actor_behind(request)
    try:
        open_now, open_next = finding.open_ones(own, request.GET.get("mo", "")[:60])
        done, done_next = finding.done_ones(own, request.GET.get("xong", "")[:20])
    except ValueError:
        raise Http404 from None
    found = finding.pressing_ones(own)
    rateable = finding.unrated_ones(own)
    context = {
        "person": resident_behind(request).account.full_name,
        "asks": _asked(found, actor, now)[:ASKED_AT_ONCE] + _asked(rateable, actor, now),
        "counts": finding.counts(own),
        "drafts": _drafts(request),
        "unread": unread(actor.account),
        "open": [_row(state, actor, now) for state in open_now],
        "done": [_row(state, actor, now) for state in done],
        "open_pages": _pages("mo", open_next, request),
        "done_pages": _pages("xong", done_next, request),
    }
    return render(request, "portal/mine/home.html", context)


def _drafts(request: HttpRequest) -> list[dict[str, Any]]:
    """What was begun and not handed in, the latest first."""
    language = get_language() or "vi"
    return [
        {
            "href": reverse("portal:draft", args=[draft.uuid]),
            "name": versions.procedure_version(draft.version).name.within(language),
            "saved": draft.updated_at,
            "goes": draft.goes_at if hasattr(draft, "warning") else None,
            "for": str(draft.principal.get("name", "")) if draft.principal.get("kind", "self") != "self" else "",
        }
        for draft in open_drafts(resident_behind(request).account)
    ]


def _pages(name: str, following: str, request: HttpRequest) -> dict[str, str | None]:
    here = reverse("portal:mine")
    return {
        "first": here if request.GET.get(name) else None,
        "next": f"{here}?{urlencode({name: following})}" if following else None,
    }


def _asked(found: list[Dossier], actor: Actor, now: Any) -> list[dict[str, Any]]:
    """The first thing that each dossier asks; nearest date first, what has none last."""
    language = get_language() or "vi"
    rows = []
    for state in found:
        procedure = versions.procedure_version(state.version)
        for ask in asks(state, procedure, actor, now)[:1]:
            rows.append({"ask": ask, "procedure": procedure.name.within(language), "for": _for_whom(state, actor)})
    return sorted(rows, key=lambda row: (row["ask"].until is None, row["ask"].until or now))


def _row(state: Dossier, actor: Actor, now: Any) -> dict[str, Any]:
    language = get_language() or "vi"
    return {
        "href": reverse("portal:my_dossier", args=[state.id]),
        "name": versions.procedure_version(state.version).name.within(language),
        "code": state.code or reference(state.id),
        "status": NATIONAL_STATUSES[national_status(state)][int(language.startswith("en"))],
        "clock": dossier_face(state, now),
        "lodged": state.lodged_at,
        "for": _for_whom(state, actor),
    }


def _for_whom(state: Dossier, actor: Actor) -> str:
    """The applicant's name where it is not the reader."""
    own = state.applicant.account == actor.account and state.applicant.name == actor.name
    return "" if own else _("cho %(name)s") % {"name": state.applicant.name}
