"""What can have happened to a dossier. The journal stores these, in order, for ever.

Every event may close tasks and open others; what else it carries is its own. Times are not in the events:
each is recorded at the instant of its envelope, and `occurred_at` only says when something entered late
happened on paper.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

from motcua.law.dossier import Applicant, PaperGiven, PauseGround, Task


class Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", kw_only=True):
    """What all events share: the tasks they close and open, a note, and the mark of a late entry."""

    closed: tuple[int, ...] = ()
    opened: tuple[Task, ...] = ()
    note: str = ""
    occurred_at: datetime | None = None
    late_reason: str = ""


class Lodged(Event, frozen=True, tag="lodged"):
    """The applicant handed in a dossier; nothing is promised yet."""

    procedure: str
    version: int
    case: str
    channel: str
    agency: int
    applicant: Applicant
    regime: str
    submitter: Applicant | None = None
    form: dict[str, Any] = {}
    papers: tuple[PaperGiven, ...] = ()
    sets: int = 1
    token: str = ""
    replayed: bool = False
    sources: dict[str, str] = {}


class Accepted(Event, frozen=True, tag="accepted"):
    """The dossier is complete and valid: it has its code, its place in the book and its appointed date."""

    code: str
    book: int
    due: datetime
    limit: str
    places: dict[str, int] = {}
    regime: str = ""
    money: dict[str, int] = {}


class Declined(Event, frozen=True, tag="declined"):
    """Not accepted, for a reason in the law."""

    reason: str
    words: str


class SupplementRequested(Event, frozen=True, tag="supplement_requested"):
    """All that is missing, asked for at once."""

    items: tuple[str, ...]
    reason: str
    agency: int
    at_intake: bool = False
    stage: str = ""
    approver: int = 0
    ground: str = ""


class Supplemented(Event, frozen=True, tag="supplemented"):
    """The applicant brought what was asked for; `due` is the appointed date after it."""

    papers: tuple[PaperGiven, ...]
    form: dict[str, Any] = {}
    due: datetime | None = None
    moved: tuple[Task, ...] = ()


class Assigned(Event, frozen=True, tag="assigned"):
    """A task was given to an official."""

    task: int
    to: int
    to_name: str
    before: int = 0
    reason: str = ""


class Received(Event, frozen=True, tag="received"):
    """The receiving agency confirmed that it holds the dossier."""

    tasks: tuple[int, ...]


class Forwarded(Event, frozen=True, tag="forwarded"):
    """A step is done and the next one opened."""

    task: int
    step: str
    to: tuple[str, ...]
    waiting_for: str = ""
    chosen: int = 0


class SentBack(Event, frozen=True, tag="sent_back"):
    """Returned to an earlier step, with the reason."""

    task: int
    step: str
    to: str
    reason: str


class OpinionAsked(Event, frozen=True, tag="opinion_asked"):
    """Another agency is asked for its opinion within a limit of its own."""

    task: int
    agency: int
    question: str
    limit: str


class OpinionGiven(Event, frozen=True, tag="opinion_given"):
    """The agency answered."""

    task: int
    asked_by: int
    agrees: bool
    words: str
    file: str = ""


class Suspended(Event, frozen=True, tag="suspended"):
    """A lawful wait began."""

    ground: PauseGround
    agency: int
    document: str = ""
    until: datetime | None = None


class Resumed(Event, frozen=True, tag="resumed"):
    """A lawful wait ended; the rest of the time is laid from here."""

    due: datetime
    moved: tuple[Task, ...] = ()


class PaymentRequested(Event, frozen=True, tag="payment_requested"):
    """Money is to be paid before the work goes on, or before the result is handed over."""

    amounts: dict[str, int]
    agency: int
    pauses: bool = False


class PaymentRecorded(Event, frozen=True, tag="payment_recorded"):
    """Money was paid; when it ends a wait, `due` is the appointed date after it."""

    amounts: dict[str, int]
    method: str
    receipt: str
    due: datetime | None = None
    moved: tuple[Task, ...] = ()


class ResultDrafted(Event, frozen=True, tag="result_drafted"):
    """The result was drafted, or drafted again."""

    task: int
    result: str
    text: str
    file: str = ""
    refusal: bool = False


class Signed(Event, frozen=True, tag="signed"):
    """The competent leader signed the draft."""

    task: int
    by_delegation_of: int = 0


class ResultNumbered(Event, frozen=True, tag="result_numbered"):
    """The registrar gave the result its number."""

    task: int
    number: str
    serial: int = 0


class Refused(Event, frozen=True, tag="refused"):
    """The request is refused in substance, with a reason; the refusal is itself signed and returned."""

    task: int
    reason: str
    words: str


class Extended(Event, frozen=True, tag="extended"):
    """A new appointed date with an apology (once, at least a day before expiry)."""

    due: datetime
    reason: str
    agency: int
    apology: str
    moved: tuple[Task, ...] = ()


class ResultReady(Event, frozen=True, tag="result_ready"):
    """The result lies at the counter: here the clocks of the office end."""

    task: int
    agency: int


class HandedOver(Event, frozen=True, tag="handed_over"):
    """The result was handed to the applicant or who acts for them."""

    task: int
    to_name: str
    by_paper: str
    paper_number: str = ""
    channel: str = "counter"


class Withdrawn(Event, frozen=True, tag="withdrawn"):
    """The applicant took the dossier back."""

    reason: str


class Stopped(Event, frozen=True, tag="stopped"):
    """The dossier was stopped on a ground in the law."""

    reason: str
    ground: str


class Closed(Event, frozen=True, tag="closed"):
    """Closed because nothing came after the request for papers (Decree 118/2025, art. 19.5)."""

    days: int


class Corrected(Event, frozen=True, tag="corrected"):
    """A slip in what we typed was put right; old and new values both stay.

    `form` holds the answers that follow, cleaned as at intake, computed ones too; None where one is gone.
    """

    changes: dict[str, tuple[str, str]]
    reason: str
    form: dict[str, Any] = {}


class CorrectionOpened(Event, frozen=True, tag="correction_opened"):
    """An error of ours in a result is being mended (Decree 61/2018, art. 21)."""

    reason: str


class DueMoved(Event, frozen=True, tag="due_moved"):
    """The calendar in force changed, so the appointed date was reckoned again."""

    old: datetime
    due: datetime
    reason: str
    moved: tuple[Task, ...] = ()


class Noted(Event, frozen=True, tag="noted"):
    """A note among colleagues, or scans attached to a paper already handed in."""

    words: str
    paper: str = ""
    files: tuple[str, ...] = ()


class DraftShown(Event, frozen=True, tag="draft_shown"):
    """The draft lies with the applicant until `until`; the legal clock stands still meanwhile."""

    task: int
    until: datetime
    agency: int


class DraftAnswered(Event, frozen=True, tag="draft_answered"):
    """The applicant agreed or objected, or said nothing in time (`silent`)."""

    agrees: bool
    due: datetime
    words: str = ""
    silent: bool = False
    moved: tuple[Task, ...] = ()


class ResultIssued(Event, frozen=True, tag="result_issued"):
    """The numbered result exists as a signed file."""

    file: str
    number: str
    name: str
    media: str
    certificate: str
    signed_at: datetime
    replaces: str = ""


class NoticeRecorded(Event, frozen=True, tag="notice_recorded"):
    """A message the law requires reached the person, or did not; `address` is a digest of where it went."""

    kind: str
    channel: str
    address: str
    provider: str
    reference: str
    outcome: str
    sent_at: datetime
    done_at: datetime


class PaymentRefunded(Event, frozen=True, tag="payment_refunded"):
    """Money was given back, by fee."""

    amounts: dict[str, int]
    method: str
    receipt: str
    reason: str


class Rated(Event, frozen=True, tag="rated"):
    """The applicant rated the service, once."""

    scores: dict[str, int]
    by: str
    words: str = ""


class RatingContested(Event, frozen=True, tag="rating_contested"):
    """An agency holds the rating to be wrong or unfair; it stands until control has ruled."""

    reason: str
    agency: int


class RatingRuled(Event, frozen=True, tag="rating_ruled"):
    """Control ruled on a contested rating."""

    stands: bool
    words: str


class StepRecorded(Event, frozen=True, tag="step_recorded"):
    """A step played back from a log: who did what when, without a rule of ours; `due` is what was promised."""

    activity: str
    resource: str
    agency: int
    due: datetime | None = None


class ReplayEnded(Event, frozen=True, tag="replay_ended"):
    """The last event of a log's case: the dossier was answered."""

    activity: str


AnyEvent = (
    Lodged | Accepted | Declined | SupplementRequested | Supplemented | Assigned | Received | Forwarded
    | SentBack | OpinionAsked | OpinionGiven | Suspended | Resumed | PaymentRequested | PaymentRecorded
    | ResultDrafted | Signed | ResultNumbered | Refused | Extended | ResultReady | HandedOver | Withdrawn
    | Stopped | Closed | Corrected | CorrectionOpened | DueMoved | Noted | StepRecorded | ReplayEnded
    | DraftShown | DraftAnswered | ResultIssued | NoticeRecorded | PaymentRefunded | Rated | RatingContested
    | RatingRuled
)  # fmt: skip

Verb = Literal[
    "lodged", "accepted", "declined", "supplement_requested", "supplemented", "assigned", "received",
    "forwarded", "sent_back", "opinion_asked", "opinion_given", "suspended", "resumed", "payment_requested",
    "payment_recorded", "result_drafted", "signed", "result_numbered", "refused", "extended",
    "result_ready", "handed_over", "withdrawn", "stopped", "closed", "corrected", "correction_opened",
    "due_moved", "noted", "step_recorded", "replay_ended", "draft_shown", "draft_answered", "result_issued",
    "notice_recorded", "payment_refunded", "rated", "rating_contested", "rating_ruled",
]  # fmt: skip
