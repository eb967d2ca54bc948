"""One page of an application after the other: shown, saved when sent, checked by the law, and left for the next.

Every button works without scripts. A page made from an older draft overwrites nothing: it is shown again with
what was changed meanwhile. What stands on each kind of page is left to `pages`, handing in to `ending`.
"""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.accounts.door import actor_behind, resident, resident_behind
from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.filing import drafts
from motcua.filing.drafts import Conflict
from motcua.filing.knowing import look_again, renew
from motcua.filing.models import Draft
from motcua.filing.reading import Read, read_draft
from motcua.filing.steps import REVIEW, Step
from motcua.law.procedure import Procedure
from motcua.law.working_time import city_day
from motcua.portal.filing.answers import sent
from motcua.portal.filing.ending import hand_in
from motcua.portal.filing.opening import cannot
from motcua.portal.filing.pages import page_context

TEMPLATES = {
    "group": "portal/filing/group.html",
    "about": "portal/filing/about.html",
    "papers": "portal/filing/papers.html",
    "money": "portal/filing/money.html",
    "delivery": "portal/filing/delivery.html",
    "review": "portal/filing/review.html",
}
STAYS = ("add", "remove", "drop", "upload", "save-here")


def own_draft(request: HttpRequest, key: uuid.UUID) -> Draft:
    """The signed-in person's draft; somebody else's does not exist."""
    found = drafts.find(key, resident_behind(request).account)
    if found is None:
        raise Http404
    return found


@resident()
def open_draft(request: HttpRequest, draft: uuid.UUID) -> HttpResponse:
    """Goes to the page where the draft was left, or to the first one that is not done."""
    found = own_draft(request, draft)
    if found.dossier is not None:
        return redirect("portal:filed", draft)
    procedure = versions.procedure_version(found.version)
    read = read_draft(found, procedure, city_day(clock.now()))
    todo = (each.key for each in read.steps if each.key not in found.revisions or each.key in read.pages)
    return redirect("portal:draft_step", draft, next(todo, REVIEW))


@resident()
def step(request: HttpRequest, draft: uuid.UUID, step: str) -> HttpResponse:
    """One page: GET shows it, POST saves it and goes on."""
    found = own_draft(request, draft)
    procedure = versions.procedure_version(found.version)
    if found.dossier is not None:
        return redirect("portal:filed", draft)
    if found.goes_at <= clock.now():
        text = _("Hồ sơ khai dở được giữ 90 ngày. Hãy bắt đầu lại; những gì cơ sở dữ liệu đã có sẽ được điền sẵn.")
        return cannot(request, procedure, _("Hồ sơ khai dở này đã hết hạn giữ"), text, 410)
    if step == REVIEW and request.method == "GET":
        found = look_again(found, resident_behind(request).account, actor_behind(request))
    turn = Turn(request, found, procedure, step)
    return turn.post() if request.method == "POST" else turn.page()


def _told(saved: Draft | Conflict | None) -> JsonResponse:
    """What a page that saves by itself is told: the revision it is made from now, or that it was overtaken."""
    if isinstance(saved, Draft):
        return JsonResponse({"revision": saved.revision})
    return JsonResponse({"error": "conflict" if saved else "unknown"}, status=409 if saved else 404)


class Turn:
    """One turn of one page: what is saved, what was sent, and what comes of it."""

    def __init__(self, request: HttpRequest, draft: Draft, procedure: Procedure, key: str) -> None:
        self.request, self.draft, self.procedure = request, draft, procedure
        self.day = city_day(clock.now())
        self.read = self._read()
        self.step = self._step(key)
        self.account = resident_behind(request).account

    def _read(self) -> Read:
        return read_draft(self.draft, self.procedure, self.day)

    def _step(self, key: str) -> Step:
        found = next((each for each in self.read.steps if each.key == key), None)
        if found is None:
            raise Http404
        return found

    def post(self) -> HttpResponse:
        """Does what the pressed button says."""
        pressed, _colon, what = self.request.POST.get("do", "next").partition(":")
        if pressed == "carry":
            return self._carried()
        if pressed == "free":
            drafts.free(self.draft.uuid, self.account, what, self.step.key)
            return redirect(f"{self._address(self.step.key)}#block-form-{what}")
        if self.step.kind == "review":
            return hand_in(self.request, self.draft, self.procedure, self.read)
        said, unstored = sent(self.request, self.draft, self.procedure, self.step, self.read, self.day)
        seen = self.request.POST.get("revision", "")
        saved = drafts.save(
            self.draft.uuid, self.account, self.step.key, said, int(seen) if seen.isdecimal() and len(seen) < 9 else -1
        )
        if pressed == "by-itself":
            return _told(saved)
        if saved is None:
            return redirect("portal:draft", self.draft.uuid)
        if isinstance(saved, Conflict):
            return self.page(status=409, typed=said, conflict=saved)
        self.draft = saved
        return self._saved(pressed, what, unstored)

    def _saved(self, pressed: str, what: str, unstored: dict[str, list[str]]) -> HttpResponse:
        """Where it goes once the page is saved."""
        self.read = self._read()
        if unstored:
            return self.page(status=422, unstored=unstored)
        if pressed in STAYS:
            name = what.partition(":")[0]
            anchor = {"add": f"#form-{name}", "remove": f"#form-{name}"}.get(pressed, f"#{name}" if name else "")
            return redirect(f"{self._address(self.step.key)}{anchor}")
        if pressed == "later":
            return redirect("portal:drafts")
        if self.read.pages.get(self.step.key):
            return self.page(status=422, tried=True)
        if self.request.POST.get("back") == REVIEW:
            return redirect(self._address(REVIEW))
        keys = [each.key for each in self.read.steps]
        # A condition answered here may have taken this very page away.
        following = keys[keys.index(self.step.key) + 1 :] if self.step.key in keys else keys
        return redirect(self._address(next(iter(following), REVIEW)))

    def _carried(self) -> HttpResponse:
        newer = drafts.newer_version(self.draft)
        if newer is not None:
            moved = drafts.carry_over(self.draft.uuid, self.account, newer)
            if moved is not None:
                renew(moved, self.account, actor_behind(self.request))
        return redirect("portal:draft", self.draft.uuid)

    def _address(self, key: str) -> str:
        return reverse("portal:draft_step", args=[self.draft.uuid, key])

    def page(self, status: int = 200, **more: Any) -> HttpResponse:
        """The page as it stands."""
        context = page_context(self.request, self.draft, self.procedure, self.step, self.read, **more)
        return render(self.request, TEMPLATES[self.step.kind], context, status=status)
