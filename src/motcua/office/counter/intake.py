"""Taking a dossier in: one page, one form, every button of which works without scripts."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.catalogue.versions import UnknownProcedureError
from motcua.dossiers import clock
from motcua.dossiers.handle import Done
from motcua.filing.questions import as_typed, raw_answers, row_count, row_removed
from motcua.law.intake import IN_WORDS
from motcua.law.refusal import Refusal
from motcua.law.rights import COUNTER
from motcua.law.working_time import city_day
from motcua.office.counter import applicant, handing_in
from motcua.office.counter.checking import Checked, check
from motcua.office.counter.intake_page import give_focus, page_context, reason_choices
from motcua.office.counter.intake_sheet import IntakeSheet
from motcua.office.counter.places import receiving
from motcua.office.door import actor_of, official
from motcua.registry.models import Party

MOST_ITEMS = 30


@official(*COUNTER)
def intake(request: HttpRequest, code: str) -> HttpResponse:
    """GET opens an empty sheet; POST does what the pressed button says: look up, add a row, check, or end it."""
    try:
        version, procedure = versions.current_version(code, city_day(clock.now()))
    except UnknownProcedureError:
        raise Http404 from None
    if not receiving(actor_of(request), procedure):
        raise Http404
    return _Turn(request, IntakeSheet(request, actor_of(request), version, procedure)).answer()


class _Turn:
    """One turn of the page: what was pressed, and what it led to."""

    def __init__(self, request: HttpRequest, sheet: IntakeSheet) -> None:
        self.request, self.sheet = request, sheet
        self.pressed, _colon, self.what = request.POST.get("do", "").partition(":")
        self.parties: list[Party] = []
        self.said = ""
        self.focus = "find"
        self.tried = False
        self.panel = ""

    def answer(self) -> HttpResponse:
        """The page again, or the next one."""
        if self.request.method == "POST":
            self._prepare()
        read = check(self.sheet)
        ending = {
            "accept": self._accept,
            "supplement": self._open_supplement,
            "supplement-now": self._supplement,
            "decline": self._open_decline,
            "decline-now": self._decline,
        }.get(self.pressed)
        if ending is not None:
            return ending(read)
        if self.pressed == "preview":
            self.tried = True
            self._missing_papers(read)
            self.focus = "accept"
        return self._page(read)

    def _prepare(self) -> None:
        """What changes the sheet before it is read."""
        sheet, what = self.sheet, self.what
        self.focus = ""
        if self.pressed == "go":
            # Enter: first the look-up somebody typed, otherwise the check of the whole.
            self.pressed = "find" if sheet.said("find") else "preview"
        if self.pressed == "find":
            self.parties, self.said = applicant.look_up(sheet)
            self.focus = "pick-1" if self.parties else applicant.first_empty(sheet)
        elif self.pressed == "pick":
            applicant.pick(sheet, what)
            self.focus = applicant.first_empty(sheet)
        elif self.pressed == "same":
            applicant.copy_to(sheet, what)
            self.focus = f"form-{what}."
        elif self.pressed == "add":
            field = next((each for each in sheet.fields() if each.id == what and each.type == "table"), None)
            if field is not None:
                count = row_count(field, sheet.typed, f"form-{what}")
                sheet.typed[f"rows-form-{what}"] = str(count + 1)
                self.focus = f"form-{what}[{count}]."
        elif self.pressed == "remove":
            self._remove_row(*what.partition(":")[::2])
        elif self.pressed == "case":
            self.focus = "find"

    def _remove_row(self, name: str, at: str) -> None:
        """Takes one row out of a table, and moves those below it up."""
        sheet = self.sheet
        field = next((each for each in sheet.fields() if each.id == name and each.type == "table"), None)
        if field is None:
            return
        rows = row_removed(raw_answers([field], sheet.typed, sheet.day)[name], at)
        for key in [each for each in sheet.typed if each.startswith(f"form-{name}[")]:
            del sheet.typed[key]
        for key, values in as_typed([field], {name: rows}).lists():
            sheet.typed.setlist(key, values)
        self.focus = f"form-{name}["

    def _missing_papers(self, read: Checked) -> None:
        for paper in read.missing:
            name = paper.name.within(self.sheet.language)
            read.wrong(f"paper-{paper.id}", _("còn thiếu giấy tờ này."), name)

    def _accept(self, read: Checked) -> HttpResponse:
        self.tried = True
        self._missing_papers(read)
        if read.faults or read.applicant is None:
            return self._page(read, status=422)
        return self._after(handing_in.accept(self.sheet, read, self._key()), read)

    def _open_supplement(self, read: Checked) -> HttpResponse:
        self.panel, self.focus = "supplement", "supplement-words"
        sheet = self.sheet
        if not sheet.typed.getlist("items"):
            sheet.typed.setlist("items", [paper.id for paper in read.missing])
        if not sheet.said("other"):
            named = [message for element, message in read.faults if element.startswith("form-")]
            whole = _("Tờ khai chưa ghi: hãy ghi đủ các mục bắt buộc.")
            sheet.typed["other"] = "\n".join(named if read.form else [whole] if named else [])
        return self._page(read)

    def _supplement(self, read: Checked) -> HttpResponse:
        self.panel, self.tried = "supplement", True
        asked = {paper.id for paper in self.sheet.papers()}
        lines = [line.strip()[:500] for line in self.sheet.said("other").splitlines() if line.strip()]
        items = (
            *(item for item in self.sheet.typed.getlist("items") if item in asked),
            *(f"{IN_WORDS}{line}" for line in lines[:MOST_ITEMS]),
        )
        words = self.sheet.said("supplement-words")
        read.forget("form-", "paper-")
        if not items:
            read.wrong("supplement-items", _("Hãy đánh dấu hết những giấy tờ còn thiếu."))
        if not words:
            read.wrong("supplement-words", _("Cần ghi lý do, hướng dẫn để người dân chuẩn bị đủ trong một lần."))
        if read.faults or read.applicant is None:
            return self._page(read, status=422)
        return self._after(handing_in.ask_for_papers(self.sheet, read, self._key(), items, words), read)

    def _open_decline(self, read: Checked) -> HttpResponse:
        self.panel, self.focus = "decline", "reason"
        return self._page(read)

    def _decline(self, read: Checked) -> HttpResponse:
        self.panel, self.tried = "decline", True
        reason, words = self.sheet.said("reason"), self.sheet.said("decline-words")
        read.forget("form-", "paper-")
        if reason not in dict(reason_choices(self.sheet.language)) or not reason:
            read.wrong("reason", _("Hãy chọn lý do theo quy định."))
        if not words:
            read.wrong("decline-words", _("Cần nói rõ lý do bằng lời."))
        if read.faults or read.applicant is None:
            return self._page(read, status=422)
        return self._after(handing_in.decline(self.sheet, read, self._key(), reason, words), read)

    def _key(self) -> str:
        return self.sheet.said("key")[:64] or uuid4().hex

    def _after(self, done: Done | Refusal, read: Checked) -> HttpResponse:
        if isinstance(done, Refusal):
            read.faults = [("", done.text.within(self.sheet.language))]
            return self._page(read, status=422, ground=done.ground)
        return redirect("office:intake_done", done.dossier_id)

    def _page(self, read: Checked, status: int = 200, **more: Any) -> HttpResponse:
        context = page_context(self.sheet, read, parties=self.parties, tried=self.tried)
        faults = read.faults if self.tried else [
            (element, message)
            for element, messages in self.sheet.scans.errors.items()
            for message in messages
        ]  # fmt: skip
        context |= {
            "errors": faults,
            "said": self.said,
            "focus": "" if faults else self.focus,
            "ready": self.tried and not faults,
            "key": self.sheet.said("key")[:64] or uuid4().hex,
            "panel": self.panel,
            "items": _items(self.sheet),
            "chosen": self.sheet.typed.getlist("items"),
            "other": self.sheet.typed.get("other", ""),
            "supplement_words": self.sheet.typed.get("supplement-words", ""),
            "reason": self.sheet.said("reason"),
            "decline_words": self.sheet.typed.get("decline-words", ""),
            "reasons": reason_choices(self.sheet.language),
            **more,
        }
        if not faults:
            give_focus(context, self.focus)
        return render(self.request, "office/counter/intake.html", context, status=422 if faults else status)


def _items(sheet: IntakeSheet) -> list[tuple[str, str]]:
    return [(paper.id, paper.name.within(sheet.language)) for paper in sheet.papers()]
