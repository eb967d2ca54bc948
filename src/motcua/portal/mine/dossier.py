"""One dossier as its owner sees it: what is asked of them, where it stands, everything that was done with it.

What each event may tell its owner is decided in `seeing`, what is asked of them in `asks`. Papers are shown by the
hash of what was handed in, so that anybody can check that the office has the same.
"""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.accounts.door import resident
from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.clock_face import calendar_of, dossier_face, explained
from motcua.dossiers.handle import context_for
from motcua.dossiers.journal import history
from motcua.dossiers.stage_line import stage_line
from motcua.files import store as files
from motcua.files.models import StoredFile
from motcua.filing.handing_in import delivery_of
from motcua.filing.receiving import may_change
from motcua.filing.saying import say_day, say_value, source_words
from motcua.law.actor import Actor
from motcua.law.clocks import read_clocks
from motcua.law.codes import reference
from motcua.law.dossier import NATIONAL_STATUSES, Dossier, national_status
from motcua.law.offers import offers
from motcua.law.procedure import Procedure
from motcua.portal.mine.asks import asks
from motcua.portal.mine.owning import mine_or_404
from motcua.portal.mine.receiving import way_words
from motcua.portal.mine.seeing import as_timeline, story
from motcua.portal.mine.words import agency_name
from motcua.portal.paying import box as paying
from motcua.portal.results import box as results
from motcua.reports.rating_words import as_rated


@resident()
def my_dossier(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Everything about one's own dossier."""
    state, actor = mine_or_404(request, dossier_id)
    return render(request, "portal/mine/dossier.html", page_context(request, state, actor))


def page_context(request: HttpRequest, state: Dossier, actor: Actor) -> dict[str, Any]:
    """What the page shows."""
    language, now = get_language() or "vi", clock.now()
    procedure = versions.procedure_version(state.version)
    entries = history(state.id)
    found = asks(state, procedure, actor, now)
    lawful = {offer.action for offer in offers(state, context_for(state, actor, now))}
    return {
        "state": state,
        "code": state.code or reference(state.id),
        "has_code": bool(state.code),
        "name": procedure.name.within(language),
        "case": procedure.case(state.case).name.within(language),
        "status": NATIONAL_STATUSES[national_status(state)][int(language.startswith("en"))],
        "clock": _clock(state, procedure, entries, now),
        "next": found[0] if found else None,
        "asks": found[1:],
        "stages": stage_line(state, procedure, naming_agencies=True),
        "timeline": as_timeline(story(entries, procedure, actor.account)),
        "papers": papers(state, procedure),
        "form": form(state, procedure),
        "applicant": applicant(state),
        "receiving": agency_name(state.receiving),
        "may_withdraw": "withdraw" in lawful,
        "delivery": way_words(delivery_of(state.id).way),
        "may_change_delivery": may_change(state, procedure),
        "rating": as_rated(state),
        "paying": paying.box(state, request),
        "results_box": results.box(state, request),
        "follow": reverse("portal:follow", args=[state.token]) if state.token else "",
        "key": uuid4().hex,
        "crumbs": [(_("Của tôi"), reverse("portal:mine")), (state.code or reference(state.id), None)],
    }


def _clock(state: Dossier, procedure: Procedure, entries: list[Any], now: Any) -> dict[str, Any] | None:
    face = dossier_face(state, now)
    if face is None:
        return None
    regimes = {regime.code: regime for regime in versions.regimes()}
    clocks = read_clocks(state.id, [(each.event, each.at) for each in entries], calendar_of, regimes, now)
    return explained(face, state, procedure, clocks.waits, now, clocks.agencies)


def papers(state: Dossier, procedure: Procedure) -> list[dict[str, Any]]:
    """Every paper of the dossier: what was handed in, where it came from, and the hash of each file."""
    language = get_language() or "vi"
    given = {paper.id: paper for paper in state.papers}
    names = dict(
        StoredFile.objects.filter(digest__in=[each for paper in state.papers for each in paper.files]).values_list(
            "digest", "name"
        )
    )
    rows = []
    for paper in procedure.papers:
        has = given.get(paper.id)
        if has is None and not paper.is_asked(state.case, state.form):
            continue
        rows.append(
            {
                "name": paper.name.within(language),
                "given": has is not None and has.is_given,
                "required": paper.required,
                "source": source_words(has.source) if has else "",
                "kinds": _kinds(has) if has else [],
                "files": [
                    {
                        "href": reverse("portal:my_file", args=[state.id, digest]),
                        "name": names.get(digest, _("bản quét")),
                        "digest": digest,
                        "short": digest[:12],
                    }
                    for digest in (has.files if has else ())
                ],
            }
        )
    return rows


def _kinds(has: Any) -> list[str]:
    said = [
        (has.original, _("%(n)d bản chính")),
        (has.certified, _("%(n)d bản sao chứng thực")),
        (has.copy, _("%(n)d bản chụp")),
    ]
    return [words % {"n": number} for number, words in said if number]


def form(state: Dossier, procedure: Procedure) -> list[dict[str, str]]:
    """The form as it was submitted, each answer with its source where it was not typed."""
    language = get_language() or "vi"
    return [
        {
            "key": field.label.within(language),
            "value": say_value(field, state.form[field.id], language),
            "source": source_words(state.sources[field.id]) if field.id in state.sources else "",
        }
        for field in procedure.fields()
        if field.id in state.form
    ]


def applicant(state: Dossier) -> list[dict[str, str]]:
    """For whom the dossier is, as declared."""
    person = state.applicant
    rows = [
        ("name", _("Họ tên, tên gọi"), person.name),
        ("number", _("Số giấy tờ"), person.number),
        ("birth", _("Ngày sinh"), say_day(person.birth) if person.birth else ""),
        ("phone", _("Điện thoại"), person.phone),
        ("email", _("Thư điện tử"), person.email),
        ("address", _("Địa chỉ"), person.address.text),
    ]
    found = [
        {"key": label, "value": value, "source": source_words(state.sources.get(f"applicant.{part}", ""))}
        for part, label, value in rows
        if value
    ]
    if state.submitter is not None:
        found.append({"key": _("Người nộp thay"), "value": state.submitter.name, "source": ""})
    return found


def files_shown(state: Dossier) -> set[str]:
    """The digests of the files an owner may open: papers, results, and a draft that was laid before them."""
    shown = {each for paper in state.papers for each in paper.files} | {each.file for each in state.issued}
    if state.draft is not None and state.draft.file and state.shown is not None:
        shown.add(state.draft.file)
    return shown


@resident()
def my_file(request: HttpRequest, dossier_id: int, digest: str) -> HttpResponse | StreamingHttpResponse:
    """A file of one's own dossier, byte for byte what its hash names."""
    state, _actor = mine_or_404(request, dossier_id)
    if digest not in files_shown(state):
        raise Http404
    stored = StoredFile.objects.filter(pk=digest).first()
    if stored is None or not files.path_of(digest).exists():
        raise Http404
    answer = StreamingHttpResponse(files.read(digest), content_type=stored.media_type)
    answer["Content-Disposition"] = f'inline; filename="{digest[:12]}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
