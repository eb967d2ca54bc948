"""Rating the service of an answered dossier, once: by its owner, by the link in a message, at a counter's tablet.

Who rates by a link or at the counter is not signed in: the link itself was made for this one dossier. The answer
stands as it was given; what an agency says against it is shown beside it.
"""

from typing import Any, Literal
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.accounts.door import resident
from motcua.catalogue import versions
from motcua.dossiers import rating_links, store
from motcua.dossiers.handle import handle
from motcua.law import commands as c
from motcua.law.actor import SYSTEM, Actor
from motcua.law.codes import reference
from motcua.law.dossier import Dossier
from motcua.law.rating import is_rateable
from motcua.law.refusal import Refusal
from motcua.portal.mine.owning import mine_or_404
from motcua.reports.rating_words import as_rated, fields, scores_of

LONGEST_WORDS = 2000


@resident()
def my_rating(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The owner rates; afterwards they see what they said and what came of it."""
    state, actor = mine_or_404(request, dossier_id)
    code = state.code or reference(state.id)
    crumbs = [
        (_("Của tôi"), reverse("portal:mine")),
        (code, reverse("portal:my_dossier", args=[state.id])),
        (_("Đánh giá"), None),
    ]
    if state.rating is None and not is_rateable(state):
        messages.info(request, _("Đánh giá được sau khi hồ sơ có kết quả."))
        return redirect("portal:my_dossier", dossier_id)
    return _rate(request, state, actor, "account", crumbs)


def rate_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link of a dossier rates it, once; they see no name and no paper."""
    made_for = rating_links.check(token)
    stored = store.read(made_for.dossier_id) if made_for else None
    if made_for is None or stored is None:
        return _finished(render(request, "portal/mine/link_ended.html", status=404))
    state = stored[0]
    if state.rating is None and not is_rateable(state):
        return _finished(render(request, "portal/mine/link_ended.html", status=404))
    return _finished(_rate(request, state, SYSTEM, made_for.by, [], kiosk=made_for.by == "counter"))


def _finished(answer: HttpResponse) -> HttpResponse:
    """Nothing of it is kept by machines on the way or shown to searchers."""
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _rate(
    request: HttpRequest,
    state: Dossier,
    actor: Actor,
    by: Literal["account", "link", "counter"],
    crumbs: list[Any],
    kiosk: bool = False,
) -> HttpResponse:
    typed = {name: str(value) for name, value in request.POST.items()}
    errors: list[tuple[str, str]] = []
    if request.method == "POST" and state.rating is None:
        scores, words = scores_of(typed), typed.get("words", "").strip()[:LONGEST_WORDS]
        if not scores:
            errors.append(("c1", _("Hãy trả lời ít nhất một câu.")))
        else:
            command = c.Rate(scores=scores, words=words, by=by)
            done = handle(state.id, command, actor, f"rate/{state.id}")
            if not isinstance(done, Refusal):
                return redirect(request.path)
            errors.append(("", done.text.within(get_language() or "vi")))
            stored = store.read(state.id)
            state = stored[0] if stored else state
    context = {
        "name": versions.procedure_version(state.version).name.within(get_language() or "vi"),
        "code": state.code or reference(state.id),
        "crumbs": crumbs,
        "kiosk": kiosk,
        "errors": errors,
        "rated": as_rated(state),
        # What was said is shown again to its owner only: a link may be passed on.
        "own": by == "account",
        "questions": fields(typed),
        "words": {
            "id": "words", "name": "words", "kind": "textarea", "rows": 4, "value": typed.get("words", ""),
            "label": _("Bạn muốn nói thêm gì?"), "hint": _("Không ghi số giấy tờ, số điện thoại của ai."),
        },
        "key": uuid4().hex,
    }  # fmt: skip
    return render(request, "portal/mine/rating.html", context, status=422 if errors else 200)
