"""Fills the printed forms from a dossier's journal, and keeps what was printed.

A form tells what held when its act was done: it is filled from the journal up to that act and nothing later,
so that a second print is the first one again. Setting is left to `typeset`, the dossier's story to `dossiers`.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property

import msgspec
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from motcua.catalogue import versions
from motcua.dossiers.asked_items import item_name
from motcua.dossiers.journal import Entry, history
from motcua.files.models import StoredFile
from motcua.law import events as e
from motcua.law.directory import Agency, Directory
from motcua.law.dossier import Applicant, Dossier, Task
from motcua.law.evolve import fold
from motcua.law.intake import IN_WORDS
from motcua.law.limits import Timeliness, limit_in_words, parse_limit, timeliness
from motcua.law.procedure import Procedure
from motcua.law.regimes import Regime
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.organisation.naming import full_name
from motcua.papers import forms
from motcua.papers.models import KeptPaper
from motcua.papers.sealing import seal_paper

GOVERNED = ("city", "district", "commune")
DESK = "Bộ phận Tiếp nhận và Trả kết quả"
ONE_STOP_GROUND = "Nghị định số 61/2018/NĐ-CP, Điều 17"
_KIND = re.compile(r"^(phường|xã|thị trấn|quận|huyện|thị xã|thành phố) ", re.IGNORECASE)


class NothingToPrintError(LookupError):
    """The act that this form tells of has not happened to the dossier."""


def tracking_url(state: Dossier) -> str:
    """Where anybody who holds the receipt can follow the dossier."""
    try:
        path = reverse("portal:follow", args=[state.token])
    except NoReverseMatch:
        path = f"/theo-doi/{state.token}/"
    return f"{settings.MOTCUA_BASE_URL}{path}"


class Story:
    """A dossier's journal up to the last act of one kind, and what the forms need to know around it."""

    def __init__(self, dossier_id: int, entries: list[Entry], until: type | None) -> None:
        last = len(entries) - 1
        if until is not None:
            last = max((at for at, entry in enumerate(entries) if isinstance(entry.event, until)), default=-1)
        if last < 0:
            raise NothingToPrintError(f"dossier {dossier_id} has no such act")
        self.entries = entries[: last + 1]
        self.state = fold(dossier_id, [(entry.event, entry.at) for entry in self.entries])

    @property
    def act(self) -> Entry:
        """The act that the form tells of."""
        return self.entries[-1]

    @cached_property
    def procedure(self) -> Procedure:
        """The version under which the dossier was handed in."""
        return versions.procedure_version(self.state.version)

    @cached_property
    def known(self) -> Directory:
        """The organisation."""
        return directory()

    @cached_property
    def regime(self) -> Regime:
        """The law the dossier stands under."""
        return next(each for each in versions.regimes() if each.code == self.state.regime)

    @property
    def subject(self) -> str:
        """The procedure, with the case where there are several."""
        case = self.procedure.case(self.state.case).name.vi
        return self.procedure.name.vi if len(self.procedure.cases) == 1 else f"{self.procedure.name.vi} ({case})"

    @property
    def code_is_demo(self) -> bool:
        """True when the agency's identifier in the code is an illustration."""
        return self.known[self.state.receiving].identifier_is_demo

    def head(self, agency: int, number: str = "", *, desk: bool = True) -> forms.Letterhead:
        """The head of a paper of `agency`: of its counter, or of the authority itself."""
        house = self.known[self.known.house(agency)]
        authority, above = authority_name(house), self.known.above(house.number)
        superior = authority if desk else authority_name(above) if above is not None else ""
        return forms.Letterhead(
            agency=DESK if desk else authority,
            superior=superior,
            issued_at=self.act.at,
            number=number,
            place=place_name(house),
        )

    def filer(self) -> forms.Filer:
        """For whom, as declared."""
        applicant = self.state.applicant
        return forms.Filer(
            name=applicant.name,
            address=address_line(applicant, self.known),
            phone=applicant.phone,
            email=applicant.email,
            identity=applicant.number,
            brought_by=self.state.submitter.name if self.state.submitter else "",
        )


def authority_name(agency: Agency) -> str:
    """`Ủy ban nhân dân phường Hàng Bạc`; departments and branches by their own names."""
    if agency.tier not in GOVERNED:
        return agency.name.vi
    return f"Ủy ban nhân dân {agency.name.vi[:1].lower()}{agency.name.vi[1:]}"


def place_name(agency: Agency) -> str:
    """The place in a paper's date line: `Hàng Bạc`; that of the city for a department."""
    return _KIND.sub("", agency.name.vi) if agency.tier in GOVERNED else "Hà Nội"


def address_line(applicant: Applicant, known: Directory) -> str:
    """The address with its commune and district."""
    commune = known.by_code.get(applicant.address.commune) if applicant.address.commune else None
    parts = [applicant.address.text]
    if commune is not None:
        above = known.above(commune.number)
        parts += [commune.name.vi[:1].lower() + commune.name.vi[1:]]
        parts += [above.name.vi[:1].lower() + above.name.vi[1:]] if above is not None else []
    return ", ".join(filter(None, parts))


def receipt(story: Story) -> forms.Receipt:
    """Form 01: what was handed in, and until when it will be answered."""
    state, accepted = story.state, story.act
    event = accepted.event
    if not isinstance(event, e.Accepted) or state.due_at is None:
        raise NothingToPrintError("not accepted")
    illustrations = set(story.procedure.demonstration)
    fees = {fee.id: fee for fee in story.procedure.fees}
    return forms.Receipt(
        head=story.head(state.receiving, f"{event.book}/BPTNTRKQ"),
        code=state.code,
        filer=story.filer(),
        subject=story.subject,
        papers=_papers(story),
        limit=limit_in_words(parse_limit(event.limit)).vi,
        received_at=event.occurred_at or accepted.at,
        recorded_at=accepted.at if event.occurred_at else None,
        due_at=event.due,
        sets=state.sets,
        collect_at=f"{DESK} {authority_name(story.known[state.receiving])}",
        book=str(city_day(accepted.at).year),
        book_number=str(event.book),
        officer=accepted.actor_name,
        fees=tuple(
            forms.Fee(
                fees[name].name.vi if name in fees else name,
                amount,
                is_demo="fees" in illustrations or (name in fees and fees[name].demonstration),
            )
            for name, amount in event.money.items()
        ),
        tracking_url=tracking_url(state),
        code_is_demo=story.code_is_demo,
        limit_is_demo="cases" in illustrations,
    )


def _papers(story: Story) -> tuple[forms.Paper, ...]:
    found = []
    for given in story.state.papers:
        paper = story.procedure.paper(given.id)
        note = "bản điện tử" if given.files and not (given.original + given.certified + given.copy) else given.note
        found.append(
            forms.Paper(
                paper.name.vi if paper else given.id,
                originals=given.original,
                certified=given.certified,
                copies=given.copy,
                note=note,
            )
        )
    return tuple(found)


def supplement_slip(story: Story) -> forms.SupplementSlip:
    """Form 02: everything that is missing, at once."""
    asked, event = story.act, story.act.event
    if not isinstance(event, e.SupplementRequested):
        raise NothingToPrintError("no papers were asked for")
    items = []
    for item in event.items:
        paper = None if item.startswith(IN_WORDS) else story.procedure.paper(item)
        if paper is None:
            items.append(forms.Paper(item_name(story.procedure, item, "vi")))
        else:
            items.append(
                forms.Paper(paper.name.vi, originals=paper.original, certified=paper.certified, copies=paper.copy)
            )
    days = story.regime.close_without_supplement_days
    return forms.SupplementSlip(
        head=story.head(event.agency or story.state.receiving),
        filer=story.filer(),
        subject=story.subject,
        items=tuple(items),
        reason=event.reason,
        code=story.state.code,
        ground=story.regime.ground.vi,
        answer_by=city_day(asked.at) + timedelta(days=days) if days else None,
        contact=asked.actor_name,
        officer=asked.actor_name,
        code_is_demo=story.code_is_demo,
    )


def refusal_slip(story: Story) -> forms.RefusalSlip:
    """Form 03: why it was not accepted."""
    event = story.act.event
    if not isinstance(event, e.Declined):
        raise NothingToPrintError("not declined")
    reason = next((each for each in versions.reasons("decline") if each.code == event.reason), None)
    named = (reason.name.vi,) if reason else ()
    return forms.RefusalSlip(
        head=story.head(story.state.receiving),
        filer=story.filer(),
        subject=story.subject,
        reasons=(*named, event.words),
        code=story.state.code,
        ground=(reason.ground if reason else "") or ONE_STOP_GROUND,
        officer=story.act.actor_name,
        code_is_demo=story.code_is_demo,
    )


def apology_slip(story: Story) -> forms.ApologySlip:
    """Form 04: an apology and a new date, once."""
    state, event = story.state, story.act.event
    if not isinstance(event, e.Extended) or state.accepted_at is None or state.extension is None:
        raise NothingToPrintError("no new date was set")
    house = story.known[story.known.house(event.agency)]
    return forms.ApologySlip(
        head=story.head(event.agency, desk=False),
        code=state.code,
        filer=story.filer(),
        subject=story.subject,
        received_at=state.accepted_at,
        promised_at=state.extension.old_due,
        reason=event.reason,
        due_at=event.due,
        signature=forms.Signature(authority_lines(house), name=story.act.actor_name),
        responsible=full_name(story.known, event.agency).vi,
        ground=story.regime.ground.vi,
        recipients=("Như trên;", "Lưu: VT."),
        code_is_demo=story.code_is_demo,
    )


def authority_lines(house: Agency, delegated: bool = False) -> tuple[str, ...]:
    """By what authority a leader of `house` signs: of its own, or as a deputy by delegation."""
    if house.tier in GOVERNED:
        return ("TM. Ủy ban nhân dân", *(("KT. Chủ tịch", "Phó Chủ tịch") if delegated else ("Chủ tịch",)))
    return ("KT. Giám đốc", "Phó Giám đốc") if delegated else ("Giám đốc",)


def control_slip(story: Story) -> forms.ControlSlip:
    """Form 05: from hand to hand, each time whether the giver was before the date, on time or late."""
    state = story.state
    if not state.code:
        raise NothingToPrintError("not accepted")
    names = {each: full_name(story.known, each).vi for each in {entry.agency for entry in story.entries}}
    partners = [name for agency, name in names.items() if agency != state.receiving]
    return forms.ControlSlip(
        head=story.head(state.receiving),
        code=state.code,
        agency=full_name(story.known, state.receiving).vi,
        handovers=_handovers(story),
        partners=tuple(partners),
        filer_name=state.applicant.name,
        subject=story.subject,
        received_at=state.accepted_at,
        due_at=state.due_at,
        code_is_demo=story.code_is_demo,
    )


_WORDS: dict[Timeliness, forms.Outcome] = {
    Timeliness.BEFORE_DATE: "before", Timeliness.ON_TIME: "on_time", Timeliness.LATE: "late",
}  # fmt: skip


def _handovers(story: Story) -> tuple[forms.Handover, ...]:
    """Every passage in the journal; one that nobody has confirmed yet has no receiver."""
    open_tasks: dict[int, Task] = {}
    passages: dict[int, forms.Handover] = {}
    for entry in story.entries:
        event = entry.event
        if isinstance(event, e.Received):
            for no in event.tasks:
                if no in passages:
                    passages[no] = msgspec.structs.replace(passages[no], receiver=entry.actor_name)
        closed = [open_tasks.pop(no) for no in event.closed if no in open_tasks]
        for task in event.opened:
            open_tasks[task.no] = task
            if not closed:
                continue
            passages[task.no] = forms.Handover(
                giver_agency=full_name(story.known, closed[0].agency).vi,
                receiver_agency=full_name(story.known, task.agency).vi,
                at=entry.at,
                giver=entry.actor_name,
                receiver=entry.actor_name if task.received_at is not None and task.agency == entry.agency else "",
                outcome=_WORDS[timeliness(entry.at, closed[0].due_at)],
                note=story.procedure.process.step(task.step).name.vi,
            )
    return tuple(passages.values())


def decision(story: Story) -> forms.Decision:
    """The result as numbered, in the layout of Decree 30/2020."""
    state = story.state
    signed = next((entry for entry in reversed(story.entries) if isinstance(entry.event, e.Signed)), None)
    if state.draft is None or not state.number or signed is None:
        raise NothingToPrintError("no numbered result")
    delegated = isinstance(signed.event, e.Signed) and bool(signed.event.by_delegation_of)
    house = story.known[story.known.house(signed.agency)]
    result = next((each for each in story.procedure.results if each.id == state.draft.result), None)
    return forms.Decision(
        head=story.head(signed.agency, state.number, desk=False),
        kind=result.name.vi if result else "Văn bản trả lời",
        about=story.procedure.name.vi,
        grounds=tuple(f"Căn cứ {source};" for source in story.procedure.sources[:4]),
        opening="",
        clauses=tuple(forms.Clause(text=line) for line in state.draft.text.splitlines() if line.strip()),
        signature=forms.Signature(authority_lines(house, delegated), name=signed.actor_name),
        recipients=("Như trên;", "Lưu: VT."),
        code=state.code,
        verify_url=tracking_url(state),
        is_demo=bool(story.procedure.demonstration) or house.identifier_is_demo,
    )


_PAPERS: dict[str, tuple[type | None, Callable[[Story], forms.Form]]] = {
    "receipt": (e.Accepted, receipt),
    "supplement": (e.SupplementRequested, supplement_slip),
    "refusal": (e.Declined, refusal_slip),
    "apology": (e.Extended, apology_slip),
    "control": (None, control_slip),
    "result": (e.ResultNumbered, decision),
}
PAPERS = tuple(_PAPERS)


def paper_of(dossier_id: int, name: str) -> forms.Form:
    """The form called `name` (one of PAPERS), filled from the journal.

    Raises KeyError for a name there is none of, and NothingToPrintError before the act it tells of.
    """
    until, fill = _PAPERS[name]
    return fill(Story(dossier_id, history(dossier_id), until))


def kept_paper(dossier_id: int, name: str) -> StoredFile:
    """The form as a file: made and stored at the first print, the same file at every other, whatever the
    templates have become since. The control slip is the dossier's progress and is printed anew with each act.
    """
    until, fill = _PAPERS[name]
    story = Story(dossier_id, history(dossier_id), until)
    printed = KeptPaper.objects.filter(dossier_id=dossier_id, name=name, seq=story.act.seq).first()
    if printed is not None:
        kept = StoredFile.objects.filter(pk=printed.digest).first()
        if kept is not None:
            return kept
    made = seal_paper(fill(story))
    KeptPaper.objects.get_or_create(
        dossier_id=dossier_id, name=name, seq=story.act.seq, defaults={"digest": made.digest}
    )
    return made
