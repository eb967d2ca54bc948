"""Reads a whole draft as the law will see it, and says everything that is wrong with it, page by page.

Pure but for names and the catalogue: what is read are the saved answers, never a page. Handing in is left to
`handing_in`; what the law itself refuses, to the law.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import structs

from motcua.filing.communes import commune_code
from motcua.filing.declared import Mistakes, read_applicant, spoken
from motcua.filing.models import Draft
from motcua.filing.owing import owed
from motcua.filing.questions import element_id, label_of
from motcua.filing.saying import CLAIM
from motcua.filing.steps import ABOUT, DELIVERY, MONEY, PAPERS, Step, step_of_field, steps_of
from motcua.law.dossier import Address, Applicant, PaperGiven
from motcua.law.fees import Charge
from motcua.law.forms import check_form
from motcua.law.procedure import Paper, Procedure

WAYS = ("person", "electronic", "post")
FORM_SOURCE = "form"


class Delivery(msgspec.Struct, frozen=True):
    """How the result is to be received; by post with an address."""

    way: str = ""
    name: str = ""
    phone: str = ""
    address: Address = Address()


class Read(Mistakes):
    """A draft as read: the answers cleaned, the applicant, the papers, and the mistakes of each page."""

    pages: dict[str, list[tuple[str, str]]] = {}
    steps: list[Step] = []
    form: dict[str, Any] = {}
    applicant: Applicant | None = None
    papers: tuple[PaperGiven, ...] = ()
    missing: tuple[Paper, ...] = ()
    charges: tuple[Charge, ...] = ()
    delivery: Delivery = Delivery()
    page: str = ""

    def wrong(self, element: str, message: str, question: str = "") -> None:
        """Adds a mistake to the page that is being read."""
        Mistakes.wrong(self, element, message, question)
        self.pages.setdefault(self.page, []).append(self.faults[-1])

    def errors_on(self, page: str) -> dict[str, list[str]]:
        """The mistakes of one page, by element."""
        named = {element for element, _message in self.pages.get(page, ())}
        return {element: said for element, said in self.errors.items() if element in named}


def read_draft(draft: Draft, procedure: Procedure, day: date, proven: Callable[[str], str] | None = None) -> Read:
    """Everything the draft says. `proven` gives the source that makes a kind of paper unnecessary, '' for none."""
    read = Read()
    _form(draft, procedure, day, read)
    read.steps = steps_of(procedure, draft.case, read.form)
    _about(draft, day, read)
    _papers(draft, procedure, proven or (lambda topic: str(draft.sources.get(f"paper.{topic}", ""))), read)
    _money(draft, procedure, read)
    _delivery(draft, procedure, day, read)
    return read


def _form(draft: Draft, procedure: Procedure, day: date, read: Read) -> None:
    known = {field.id for field in procedure.fields()}
    answers = {name: value for name, value in draft.answers.items() if name in known}
    for field in procedure.fields():
        if field.type == "file":
            answers[field.id] = next((each["digest"] for each in draft.answers.get(field.id) or ()), "")
    read.form, faults = check_form(procedure.fields(), answers, day, draft.case)
    language = get_language() or "vi"
    for fault in faults:
        read.page = step_of_field(procedure, fault.path)
        label = label_of(procedure, fault.path, language)
        read.wrong(element_id(procedure, fault.path), spoken(fault.reason), label)


def _about(draft: Draft, day: date, read: Read) -> None:
    read.page = ABOUT
    about: Mapping[str, Any] = draft.about
    kind = str(draft.principal.get("kind_of_applicant") or "person")
    found = read_applicant(lambda part: str(about.get(part) or ""), kind, day, read)
    if not about.get("phone") and not about.get("email"):
        read.wrong("phone", _("Cần số điện thoại hoặc thư điện tử để báo tin cho bạn."))
    if kind == "person" and not about.get("number"):
        read.wrong("number", _("Cần ghi số định danh cá nhân hoặc hộ chiếu."))
    read.remarks = []
    if found is not None:
        read.applicant = structs.replace(found, account=draft.principal.get("account") or draft.account_id)


def _papers(draft: Draft, procedure: Procedure, proven: Callable[[str], str], read: Read) -> None:
    read.page = PAPERS
    given: list[PaperGiven] = []
    missing: list[Paper] = []
    for paper in procedure.papers:
        if not paper.is_asked(draft.case, read.form):
            continue
        saved: Mapping[str, Any] = draft.papers.get(paper.id) or {}
        one = _given(paper, saved, proven)
        if one is not None:
            given.append(one)
        elif saved.get("how") != "bring" and paper.required:
            missing.append(paper)
            read.wrong(f"paper-{paper.id}", _("cần tải lên, hoặc chọn cách nộp khác."), spoken(paper.name))
    read.papers, read.missing = (*given, *_claims(draft, procedure)), tuple(missing)


def _given(paper: Paper, saved: Mapping[str, Any], proven: Callable[[str], str]) -> PaperGiven | None:
    """The paper as it is handed in: this form itself, known, an issued document, or scans; None when it is not."""
    if paper.online == "form":
        return PaperGiven(paper.id, source=FORM_SOURCE)
    how = saved.get("how", "")
    if paper.known and how in ("", "known") and (source := proven(paper.known)):
        return PaperGiven(paper.id, source=source)
    if how == "issued" and saved.get("digest"):
        digest = str(saved["digest"])
        return PaperGiven(paper.id, files=(digest,), source=f"result:{digest}")
    files = tuple(str(each["digest"]) for each in saved.get("files") or ())
    if files and how in ("", "scan", "known"):
        return PaperGiven(paper.id, files=files)
    return None


def _claims(draft: Draft, procedure: Procedure) -> list[PaperGiven]:
    """Exemptions asked for, each as the paper that proves it: the clerk judges them, the page only carries them."""
    found = []
    for fee in procedure.fees:
        for each in fee.exemptions:
            saved = (draft.money.get("claims") or {}).get(f"{fee.id}.{each.id}")
            if saved is not None and fee.is_due(draft.case):
                files = tuple(str(one["digest"]) for one in saved.get("files") or ())
                found.append(PaperGiven(f"{CLAIM}{fee.id}.{each.id}", files=files, source="" if files else "claimed"))
    return found


def _money(draft: Draft, procedure: Procedure, read: Read) -> None:
    read.page = MONEY
    claims = draft.money.get("claims") or {}
    for fee in procedure.fees:
        for each in fee.exemptions:
            saved = claims.get(f"{fee.id}.{each.id}")
            if saved is None or not fee.is_due(draft.case) or each.proof is None:
                continue
            if not saved.get("files"):
                read.wrong(
                    f"claim-{fee.id}.{each.id}", _("cần tải giấy chứng minh để được miễn, giảm."), spoken(each.proof)
                )
    counts = draft.money.get("counts") or {}
    for name, said in counts.items():
        if not (str(said).isdecimal() and len(str(said)) <= 4 and int(said) >= 1):
            read.wrong(name, _("Cần một số từ 1 trở lên."))
    read.charges = owed(procedure, draft.case, read.form, claims, counts)


def _delivery(draft: Draft, procedure: Procedure, day: date, read: Read) -> None:
    read.page = DELIVERY
    saved: Mapping[str, Any] = draft.delivery
    way = str(saved.get("way") or "")
    if way not in ways(procedure):
        read.wrong("way", _("Hãy chọn cách nhận kết quả."))
        return
    text = " ".join(str(saved.get("address") or "").split())
    commune = commune_code(str(saved.get("commune") or ""), day)
    if way == "post":
        if not str(saved.get("name") or "").strip():
            read.wrong("name", _("Cần ghi tên người nhận."))
        if not str(saved.get("phone") or "").strip():
            read.wrong("phone", _("Bưu tá cần số điện thoại của người nhận."))
        if not text:
            read.wrong("address", _("Cần ghi địa chỉ nhận kết quả."))
        if commune and not commune.isdecimal():
            read.wrong("commune", _("Chưa rõ phường, xã nào: hãy chọn trong danh sách."))
    name, phone = (" ".join(str(saved.get(part) or "").split())[:200] for part in ("name", "phone"))
    read.delivery = Delivery(way, name, phone, Address(text[:500], commune)) if way == "post" else Delivery(way)


def ways(procedure: Procedure) -> tuple[str, ...]:
    """How the result may be received: by post never where the law wants the person to sign for it."""
    in_person = any(result.collected_in_person for result in procedure.results)
    return ("electronic", "person") if in_person else WAYS
