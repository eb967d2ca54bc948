"""The first page of an application: which case, for whom, where; and the list of what was begun.

Filling in is left to `wizard`. What cannot be filed online gets one clear sentence and where to go instead.
"""

import uuid
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.accounts.authority import Principal, of_resident
from motcua.accounts.door import acting_for, actor_behind, resident, resident_behind
from motcua.catalogue import versions
from motcua.catalogue.online import cases_taken_online
from motcua.dossiers import clock
from motcua.files import uploads
from motcua.filing import drafts, offices
from motcua.filing.drafts import Beginning, TooManyDraftsError
from motcua.filing.knowing import ask
from motcua.law.directory import Agency
from motcua.law.procedure import Procedure
from motcua.law.working_time import city_day

FEW = 8


@resident()
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """GET asks where to begin; POST begins a draft, once however often it is sent, and goes to its first page."""
    day = city_day(clock.now())
    try:
        version, procedure = versions.current_version(code, day)
    except versions.UnknownProcedureError:
        raise Http404 from None
    if procedure.code != code:
        return redirect("portal:file", procedure.code)
    open_at = offices.taking(code, day)
    if not open_at or not procedure.form:
        return cannot(request, procedure, _("Thủ tục này chưa nộp được qua mạng"), _not_online(procedure))
    if resident_behind(request).assurance < procedure.assurance:
        return cannot(request, procedure, *_not_proven())
    chooser = _Chooser(request, procedure, version, open_at, day)
    if request.method == "POST" and not chooser.read():
        return chooser.begun()
    return chooser.page()


def _not_online(procedure: Procedure) -> str:
    return _("Chưa cơ quan nào nhận thủ tục này trực tuyến. Trang thủ tục cho biết nộp ở đâu và cần mang gì.")


def _not_proven() -> tuple[str, str]:
    return (
        _("Thủ tục này cần tài khoản đã xác thực (mức 2)"),
        _("Mang giấy tờ tùy thân đến một quầy Một cửa, hoặc đăng nhập bằng định danh điện tử; rồi quay lại đây."),
    )


def cannot(request: HttpRequest, procedure: Procedure, title: str, text: str, status: int = 403) -> HttpResponse:
    """One sentence why it does not go on here, and the way to the procedure's page."""
    context = {"title": title, "text": text, "code": procedure.code, "name": procedure.name.within(_language())}
    return render(request, "portal/filing/cannot.html", context, status=status)


def _language() -> str:
    return get_language() or "vi"


class _Chooser:
    """The first page: what was chosen, and what is wrong with it."""

    def __init__(
        self, request: HttpRequest, procedure: Procedure, version: int, open_at: list[Agency], day: date
    ) -> None:
        self.request, self.procedure, self.version, self.open_at, self.day = request, procedure, version, open_at, day
        self.resident = resident_behind(request)
        fitting = [each for each in of_resident(self.resident, day) if each.covers(procedure.code)]
        self.people = [each for each in fitting if kind_of(each, procedure)]
        chosen = acting_for(request)
        said = request.POST.get("whom", str(chosen.authority))
        self.principal = next((each for each in self.people if str(each.authority) == said), None)
        cases = procedure.cases
        wanted = request.POST.get("case") or request.GET.get("case", "")
        self.case = next((each.id for each in cases if each.id == wanted), cases[0].id if len(cases) == 1 else "")
        self.faults: list[tuple[str, str]] = []
        self.office: Agency | None = None

    def read(self) -> list[tuple[str, str]]:
        """What is wrong with the choices; empty when a draft can be begun."""
        if self.principal is None:
            self.faults.append(("whom", _("Hãy chọn nộp cho ai.")))
        if not self.case:
            self.faults.append(("case", _("Hãy chọn trường hợp của bạn.")))
        said, other = self.request.POST.get("office", ""), self.request.POST.get("office-other", "")
        if said and said != "other":
            self.office = next((each for each in self.open_at if str(each.number) == said), None)
        else:
            self.office = offices.named(other, self.open_at)
        if self.office is None:
            here = "office-other" if other.strip() or said == "other" else "office"
            self.faults.append((here, _("Chưa rõ nộp ở đâu: hãy chọn một nơi nhận trong danh sách.")))
        elif self.case and self.case not in cases_taken_online(self.procedure, self.office.number, self.day):
            self.faults.append(("case", _("Trường hợp này phải mang bản chính đến nộp tại quầy.")))
        return self.faults

    def begun(self) -> HttpResponse:
        """The draft, with what is known put in."""
        if self.principal is None or self.office is None:
            raise ValueError("a draft needs somebody to file for and an office to receive it")
        person, kind = self.principal, kind_of(self.principal, self.procedure)
        known = ask(self.procedure, self.case, person.number if kind == "person" else "", actor_behind(self.request))
        if not known.about:
            # Without a register the account itself says who they are.
            known.about.update({"name": person.name, "number": person.number})
        contact = {"phone": self.resident.phone, "email": self.resident.email}
        start = Beginning(
            principal={
                "kind": person.kind, "name": person.name, "number": person.number, "account": person.account,
                "authority": person.authority, "kind_of_applicant": kind,
            },
            version=self.version,
            case=self.case,
            agency=self.office.number,
        )  # fmt: skip
        try:
            draft = drafts.begin(self.resident.account, _key(self.request), start, known, contact)
        except TooManyDraftsError:
            text = _("Bạn có quá nhiều hồ sơ đang khai dở. Hãy nộp hoặc bỏ bớt rồi khai hồ sơ mới.")
            return cannot(self.request, self.procedure, _("Chưa mở được hồ sơ mới"), text, 409)
        return redirect("portal:draft", draft.uuid)

    def page(self) -> HttpResponse:
        """The page, with what was chosen."""
        language = _language()
        near = self._near()
        few = self.open_at if len(self.open_at) <= FEW else near
        said = self.request.POST.get("office", "")
        chosen = said or (str(near[0].number) if near else str(few[0].number) if len(few) == 1 else "")
        begun = [each for each in drafts.open_drafts(self.resident.account) if each.procedure == self.procedure.code]
        context = {
            "code": self.procedure.code,
            "name": self.procedure.name.within(language),
            "errors": self.faults,
            "wrong": dict(self.faults),
            "wrong_other": dict(self.faults).get("office-other", ""),
            "cases": [(each.id, each.name.within(language)) for each in self.procedure.cases],
            "case": self.case,
            "people": [
                {"value": str(each.authority), "name": each.name, "kind": whom_words(each)} for each in self.people
            ],
            "whom": str(self.principal.authority) if self.principal else "",
            "offices": [(str(each.number), offices.office_label(each, language), each in near) for each in few],
            "office": chosen,
            "all_offices": [offices.office_label(each, language) for each in self.open_at]
            if len(self.open_at) > len(few)
            else [],
            "office_other": self.request.POST.get("office-other", ""),
            "key": str(_key(self.request)),
            "begun": [draft_row(each) for each in begun],
            "level": self.procedure.assurance,
        }
        return render(self.request, "portal/filing/begin.html", context, status=422 if self.faults else 200)

    def _near(self) -> list[Agency]:
        """The offices for where the person lives, as the register or their last draft says."""
        last = next(iter(drafts.open_drafts(self.resident.account)), None)
        commune = str(last.about.get("commune") or "") if last else ""
        if not commune and self.principal is not None and kind_of(self.principal, self.procedure) == "person":
            known = ask(self.procedure, "", self.principal.number, actor_behind(self.request))
            commune = known.about.get("commune", "")
        return offices.suggested(self.open_at, commune)


def kind_of(person: Principal, procedure: Procedure) -> str:
    """As which kind of applicant the procedure takes this principal; '' when it does not."""
    kinds = ("business", "organisation") if person.business else ("person",)
    return next((kind for kind in kinds if kind in procedure.applicants), "")


def whom_words(person: Principal) -> str:
    """What the principal is to whoever files."""
    return {
        "self": _("chính tôi"),
        "child": _("con tôi"),
        "parent": _("cha, mẹ tôi"),
        "company": _("tổ chức tôi đại diện"),
        "other": _("người ủy quyền cho tôi"),
    }[person.kind]


def _key(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


@require_GET
@resident()
def list_drafts(request: HttpRequest) -> HttpResponse:
    """What was begun and not handed in."""
    rows = [draft_row(each) for each in drafts.open_drafts(resident_behind(request).account)]
    return render(request, "portal/filing/drafts.html", {"rows": rows, "mine": reverse("portal:mine")})


def draft_row(draft: Any) -> dict[str, Any]:
    """A draft as lists show it."""
    procedure = versions.procedure_version(draft.version)
    warning = getattr(draft, "warning", None)
    return {
        "uuid": draft.uuid,
        "href": reverse("portal:draft", args=[draft.uuid]),
        "name": procedure.name.within(_language()),
        "whom": draft.about.get("name") or draft.principal.get("name", ""),
        "updated": draft.updated_at,
        "goes": draft.goes_at,
        "soon": warning is not None,
        "reached": draft.step,
    }


@require_POST
@resident()
def discard(request: HttpRequest, draft: uuid.UUID) -> HttpResponse:
    """Removes a draft at its owner's wish: asked on a page first."""
    account = resident_behind(request).account
    found = drafts.find(draft, account)
    if found is None or found.dossier is not None:
        raise Http404
    if request.POST.get("sure") == "yes":
        if drafts.discard(draft, account):
            uploads.remove_bundle(account.pk, drafts.bundle_of(found))
        return redirect("portal:drafts")
    return render(request, "portal/filing/discard.html", {"row": draft_row(found)})
