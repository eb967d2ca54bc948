"""Fills the result to be signed, or its draft, from a dossier's journal.

A certificate states the form's particulars, a decision its clauses; both come from what was accepted and drafted,
up to the act of numbering and nothing later. Setting is left to `typeset`, signing to `pades`.
"""

from urllib.parse import urlsplit

from django.conf import settings

from motcua.dossiers.journal import Entry, history
from motcua.law import events as e
from motcua.law.dossier import Dossier
from motcua.papers import forms
from motcua.papers.from_dossier import NothingToPrintError, Story, authority_lines, authority_name
from motcua.papers.results import codes
from motcua.papers.results.examine import MARK
from motcua.papers.results.particulars import is_certificate, particulars

REFUSAL = "Văn bản từ chối giải quyết hồ sơ"
SOURCES_SHOWN = 4


class ResultStory(Story):
    """A dossier's journal up to the numbering of its result, the last one or that at `seq`."""

    def __init__(self, dossier_id: int, seq: int = 0) -> None:
        entries = history(dossier_id)
        super().__init__(dossier_id, [each for each in entries if not seq or each.seq <= seq], e.ResultNumbered)

    @property
    def signed(self) -> Entry:
        """The act of signing that the number was given to."""
        found = next((each for each in reversed(self.entries) if isinstance(each.event, e.Signed)), None)
        if found is None:
            raise NothingToPrintError("not signed")
        return found


def result_name(story: Story) -> str:
    """What the result is called."""
    draft = story.state.draft
    if story.state.outcome == "refused" or draft is None:
        return REFUSAL
    found = next((each for each in story.procedure.results if each.id == draft.result), None)
    return found.name.vi if found else "Văn bản trả lời"


def numbered_result(story: ResultStory, token: str) -> forms.Result:
    """The result as signed and numbered; `token` is its code, `replaces` the number of one it corrects."""
    state, signed = story.state, story.signed
    house = story.known[story.known.house(signed.agency)]
    delegated = isinstance(signed.event, e.Signed) and bool(signed.event.by_delegation_of)
    before = state.issued[-1].number if state.issued else ""
    address = f"{settings.MOTCUA_BASE_URL}/xac-minh"
    return _result(
        story,
        head=story.head(signed.agency, state.number, desk=False),
        signature=forms.Signature(authority_lines(house, delegated), name=signed.actor_name),
        replaces=before,
        check_url=f"{address}/{token}/",
        check_address=urlsplit(address).netloc + urlsplit(address).path,
        check_code=codes.shown(token),
        keywords=(MARK + token,),
    )


def drafted_result(state: Dossier) -> forms.Result:
    """The draft as it stands, for reading. Raises NothingToPrintError when nothing was drafted."""
    story = Story(state.id, history(state.id), None)
    task = next((each for each in story.state.tasks), None)
    agency = task.agency if task is not None else state.receiving
    house = story.known[story.known.house(agency)]
    return _result(
        story,
        head=story.head(agency, desk=False),
        signature=forms.Signature(authority_lines(house)),
        is_draft=True,
    )


def _result(story: Story, **given: object) -> forms.Result:
    state = story.state
    if state.draft is None:
        raise NothingToPrintError("nothing drafted")
    name = result_name(story)
    certificate = state.outcome != "refused" and is_certificate(name)
    clauses = tuple(forms.Clause(text=line) for line in state.draft.text.splitlines() if line.strip())
    house = story.known[story.known.house(state.receiving)]
    filled = {
        "kind": name,
        "about": "" if certificate else story.procedure.name.vi,
        "grounds": () if certificate else tuple(f"Căn cứ {each};" for each in story.procedure.sources[:SOURCES_SHOWN]),
        "particulars": particulars(story.procedure, state, story.known) if certificate else (),
        "clauses": clauses,
        "recipients": ("Như trên;", "Lưu: VT."),
        "code": state.code,
        "is_demo": bool(story.procedure.demonstration) or house.identifier_is_demo,
        **given,
    }
    return forms.Result(**filled)  # type: ignore[arg-type]


def agency_of(story: ResultStory) -> tuple[str, str, int]:
    """The agency that signs: its code, its name as authority, its number."""
    house = story.known[story.known.house(story.signed.agency)]
    return house.code, authority_name(house), house.number
