"""What people (and the system's clockwork) can ask for. Each command is answered by events or a refusal."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from motcua.law.dossier import Applicant, PaperGiven, PauseGround


class Command(msgspec.Struct, frozen=True, tag_field="do", kw_only=True, forbid_unknown_fields=True):
    """What all commands share: a note, and when it happened if it is entered late."""

    note: str = ""
    occurred_at: datetime | None = None
    late_reason: str = ""


class Lodge(Command, frozen=True, tag="lodge"):
    """Hand in a dossier for a case of a procedure at the receiving agency."""

    case: str
    channel: Literal["counter", "online", "post"]
    agency: int
    applicant: Applicant
    submitter: Applicant | None = None
    form: dict[str, Any] = {}
    papers: tuple[PaperGiven, ...] = ()
    sets: int = 1
    sources: dict[str, str] = {}


class Accept(Command, frozen=True, tag="accept"):
    """Accept a complete dossier: draws the code and sets the appointed date."""

    money: dict[str, int] = {}


class Decline(Command, frozen=True, tag="decline"):
    """Decline to accept, with a reason from the law's list and words."""

    reason: str
    words: str


class RequestSupplement(Command, frozen=True, tag="request_supplement"):
    """Ask for all missing papers at once; a second request names stage, ground and approver."""

    items: tuple[str, ...]
    reason: str
    task: int = 0
    stage: str = ""
    ground: str = ""
    approver: int = 0


class GiveSupplement(Command, frozen=True, tag="supplement"):
    """Hand in what was asked for."""

    papers: tuple[PaperGiven, ...]
    form: dict[str, Any] = {}


class Assign(Command, frozen=True, tag="assign"):
    """Give a task to an official, or take it to another (then with a reason)."""

    task: int
    to: int
    to_name: str
    reason: str = ""


class Receive(Command, frozen=True, tag="receive"):
    """Confirm that the dossier has arrived."""

    tasks: tuple[int, ...]


class Forward(Command, frozen=True, tag="forward"):
    """Finish a step and pass the dossier on; `to` picks a branch, `chosen` an agency where one is picked."""

    task: int
    to: str = ""
    chosen: int = 0
    without_opinion: str = ""


class SendBack(Command, frozen=True, tag="send_back"):
    """Return the dossier to an earlier step."""

    task: int
    to: str
    reason: str


class AskOpinion(Command, frozen=True, tag="ask_opinion"):
    """Ask another agency for its opinion within a limit."""

    task: int
    agency: int
    question: str
    limit: str


class GiveOpinion(Command, frozen=True, tag="give_opinion"):
    """Answer a request for an opinion."""

    task: int
    agrees: bool
    words: str
    file: str = ""


class Suspend(Command, frozen=True, tag="suspend"):
    """Begin a lawful wait."""

    task: int
    ground: PauseGround
    document: str
    until: datetime | None = None


class Resume(Command, frozen=True, tag="resume"):
    """End a lawful wait."""

    task: int


class RequestPayment(Command, frozen=True, tag="request_payment"):
    """Ask for money; with `pauses` the legal clock stands still until it is paid."""

    task: int
    amounts: dict[str, int]
    pauses: bool = False


class RecordPayment(Command, frozen=True, tag="record_payment"):
    """Record money received."""

    amounts: dict[str, int]
    method: Literal["cash", "transfer", "online"]
    receipt: str


class DraftResult(Command, frozen=True, tag="draft_result"):
    """Draft the result."""

    task: int
    result: str
    text: str
    file: str = ""


class Sign(Command, frozen=True, tag="sign"):
    """Sign the draft and pass it on."""

    task: int


class NumberResult(Command, frozen=True, tag="number_result"):
    """Number the signed result and pass it on; an empty number draws the next one."""

    task: int
    number: str = ""


class Refuse(Command, frozen=True, tag="refuse"):
    """Refuse in substance: the draft becomes a refusal, which is signed and returned like a result."""

    task: int
    reason: str
    words: str


class RequestExtension(Command, frozen=True, tag="request_extension"):
    """Set a new appointed date, with reason and apology."""

    task: int
    due: datetime
    reason: str
    apology: str


class MarkReady(Command, frozen=True, tag="mark_ready"):
    """The result lies at the counter and the applicant may be told."""

    task: int


class HandOverResult(Command, frozen=True, tag="hand_over_result"):
    """Hand the result over: to whom, by which paper."""

    task: int
    to_name: str
    by_paper: Literal["receipt", "identity_card", "authorisation", "post", "account"]
    paper_number: str = ""


class ShowDraft(Command, frozen=True, tag="show_draft"):
    """Show the draft result to the applicant, who may object until the procedure's limit has passed."""

    task: int


class AnswerDraft(Command, frozen=True, tag="answer_draft"):
    """What the applicant says of the draft; the system says it for them when the limit has passed."""

    agrees: bool
    words: str = ""


class IssueResult(Command, frozen=True, tag="issue_result"):
    """Record the signed file of the numbered result; `replaces` is the digest of an earlier one."""

    file: str
    name: str
    media: str
    certificate: str
    signed_at: datetime
    replaces: str = ""


class RecordNotice(Command, frozen=True, tag="record_notice"):
    """Record that a message the law requires was delivered, or could not be: the proof stays with the dossier."""

    kind: str
    channel: str
    address: str
    provider: str
    reference: str
    outcome: Literal["delivered", "failed", "expired"]
    sent_at: datetime
    done_at: datetime


class RecordRefund(Command, frozen=True, tag="record_refund"):
    """Record money given back, by fee."""

    amounts: dict[str, int]
    method: Literal["cash", "transfer", "online"]
    receipt: str
    reason: str


class Rate(Command, frozen=True, tag="rate"):
    """Rate the service of an answered dossier: criteria `1` to `9`, each 0, 1 or 2."""

    scores: dict[str, int]
    words: str = ""
    by: Literal["account", "link", "counter"] = "account"


class ContestRating(Command, frozen=True, tag="contest_rating"):
    """An agency that worked on the dossier says why it finds the rating wrong or unfair."""

    reason: str


class RuleOnRating(Command, frozen=True, tag="rule_on_rating"):
    """Control decides whether a contested rating stands."""

    stands: bool
    words: str


class Withdraw(Command, frozen=True, tag="withdraw"):
    """The applicant takes the dossier back."""

    reason: str


class Stop(Command, frozen=True, tag="stop"):
    """Stop the dossier on a ground in the law."""

    reason: str
    ground: str


class Close(Command, frozen=True, tag="close"):
    """Close a dossier whose supplement never came."""


class Correct(Command, frozen=True, tag="correct"):
    """Put right what we typed wrongly: path -> new value (`applicant.name`, `form.area`)."""

    changes: dict[str, str]
    reason: str


class CorrectResult(Command, frozen=True, tag="correct_result"):
    """Reopen an answered dossier to mend an error of ours in its result."""

    reason: str


class MoveDue(Command, frozen=True, tag="move_due"):
    """Reckon the appointed date again after a change of calendar."""

    reason: str


class Note(Command, frozen=True, tag="note"):
    """Leave a note for colleagues, or attach scans to a paper."""

    words: str
    paper: str = ""
    files: tuple[str, ...] = ()


class RecordStep(Command, frozen=True, tag="record_step"):
    """Play back a step of a log; `due` is the date the log promised, `last` ends the case."""

    activity: str
    resource: str
    agency: int
    due: datetime | None = None
    last: bool = False


AnyCommand = (
    Lodge | Accept | Decline | RequestSupplement | GiveSupplement | Assign | Receive | Forward | SendBack
    | AskOpinion | GiveOpinion | Suspend | Resume | RequestPayment | RecordPayment | DraftResult | Sign
    | NumberResult | Refuse | RequestExtension | MarkReady | HandOverResult | Withdraw | Stop | Close
    | Correct | CorrectResult | MoveDue | Note | RecordStep | ShowDraft | AnswerDraft | IssueResult
    | RecordNotice | RecordRefund | Rate | ContestRating | RuleOnRating
)  # fmt: skip
