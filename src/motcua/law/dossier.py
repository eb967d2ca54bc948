"""The state of a dossier (`hồ sơ`): the fold of its journal, and the small records it is made of.

Everything here is frozen data. How it changes is in `evolve`, what may happen to it in `decide`, and how
long each clock has run in `clocks`.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

Phase = Literal["lodged", "returned", "working", "supplement", "ready", "ended"]
Outcome = Literal["", "granted", "refused", "declined", "withdrawn", "stopped", "closed"]
PauseGround = Literal["supplement", "tax", "payment", "verification", "confirmation"]
TaskKind = Literal["step", "opinion", "correction"]


class Address(msgspec.Struct, frozen=True, omit_defaults=True):
    """An address as declared, with the unit's code and the catalogue it was taken from."""

    text: str = ""
    commune: str = ""
    catalogue: str = ""


class Applicant(msgspec.Struct, frozen=True, omit_defaults=True):
    """For whom: a person, a business or an organisation, as declared (names in NFC).

    `party` is the register's number of who was declared, `account` the signed-in person who filed: two
    different series, and only the second gives a resident rights.
    """

    kind: Literal["person", "business", "organisation"]
    name: str
    number: str = ""
    birth: str = ""
    phone: str = ""
    email: str = ""
    address: Address = Address()
    party: int = 0
    account: int = 0


class PaperGiven(msgspec.Struct, frozen=True, omit_defaults=True):
    """A paper handed in: how many of each kind, and the digests of its scans.

    `source` says that nobody had to bring it: `register:identity@<instant>`, `result:<digest>`.
    """

    id: str
    original: int = 0
    certified: int = 0
    copy: int = 0
    files: tuple[str, ...] = ()
    note: str = ""
    source: str = ""

    @property
    def is_given(self) -> bool:
        """True when it lies before us in any kind, or is known without being brought."""
        return bool(self.original + self.certified + self.copy or self.files or self.source)


class Task(msgspec.Struct, frozen=True, omit_defaults=True):
    """One open piece of work. `no` is unique within the dossier and never used again.

    `received_at` is None while the papers are on their way to another agency. `group` ties the branches of
    a parallel step together; `parent` is the task that asked for an opinion.
    """

    no: int
    step: str
    stage: str
    agency: int
    role: str
    opened_at: datetime
    due_at: datetime
    kind: TaskKind = "step"
    assignee: int = 0
    received_at: datetime | None = None
    sent_by: int = 0
    parent: int = 0
    question: str = ""


class Supplement(msgspec.Struct, frozen=True, omit_defaults=True):
    """A request for missing papers, and when it was answered."""

    asked_at: datetime
    items: tuple[str, ...]
    reason: str
    at_intake: bool
    agency: int = 0
    stage: str = ""
    approver: int = 0
    given_at: datetime | None = None


class Pause(msgspec.Struct, frozen=True, omit_defaults=True):
    """A lawful wait during which the legal clock stands still."""

    ground: PauseGround
    since: datetime
    agency: int
    until: datetime | None = None
    document: str = ""


class Extension(msgspec.Struct, frozen=True):
    """A new appointed date with an apology."""

    at: datetime
    old_due: datetime
    new_due: datetime
    reason: str
    agency: int


class Money(msgspec.Struct, frozen=True, omit_defaults=True):
    """An amount asked for, in đồng, and what was paid against it."""

    id: str
    amount: int
    paid: int = 0


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """The result as drafted: its words or its file."""

    result: str
    text: str
    file: str = ""
    by: int = 0


class Showing(msgspec.Struct, frozen=True, omit_defaults=True):
    """The draft result as shown to the applicant, and what they said until when; silence agrees."""

    at: datetime
    until: datetime
    answered_at: datetime | None = None
    agrees: bool = True
    words: str = ""
    silent: bool = False


class Issued(msgspec.Struct, frozen=True, omit_defaults=True):
    """A result as a signed file: its digest, its number, and whose certificate signed it."""

    file: str
    number: str
    name: str
    media: str
    certificate: str
    signed_at: datetime
    replaces: str = ""


class Rating(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the applicant said of the service (Circular 01/2018, art. 13): criteria `1` to `9`, each 0, 1 or 2.

    `stands` is None until control has ruled on a rating that was contested.
    """

    at: datetime
    scores: dict[str, int]
    by: str
    words: str = ""
    contested_at: datetime | None = None
    contested_for: str = ""
    stands: bool | None = None
    ruling: str = ""


class Correction(msgspec.Struct, frozen=True, omit_defaults=True):
    """The mending of an error of ours, after the result was ready."""

    at: datetime
    reason: str
    done_at: datetime | None = None


class Dossier(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a dossier stands after its last event."""

    id: int
    seq: int
    phase: Phase
    procedure: str
    version: int
    case: str
    channel: str
    receiving: int
    applicant: Applicant
    lodged_at: datetime
    regime: str
    submitter: Applicant | None = None
    form: dict[str, Any] = {}
    papers: tuple[PaperGiven, ...] = ()
    sets: int = 1
    token: str = ""
    replayed: bool = False
    code: str = ""
    book: int = 0
    accepted_at: datetime | None = None
    promised_at: datetime | None = None
    due_at: datetime | None = None
    tasks: tuple[Task, ...] = ()
    next_task: int = 1
    arrived: dict[str, int] = {}
    places: dict[str, int] = {}
    supplements: tuple[Supplement, ...] = ()
    pause: Pause | None = None
    pauses: int = 0
    extension: Extension | None = None
    money: tuple[Money, ...] = ()
    draft: Draft | None = None
    signed_by: int = 0
    signed_at: datetime | None = None
    number: str = ""
    outcome: Outcome = ""
    finished_at: datetime | None = None
    handed_at: datetime | None = None
    corrections: tuple[Correction, ...] = ()
    sources: dict[str, str] = {}
    shown: Showing | None = None
    issued: tuple[Issued, ...] = ()
    rating: Rating | None = None

    def task(self, number: int) -> Task | None:
        """The open task `number`, or None when it is done."""
        return next((task for task in self.tasks if task.no == number), None)

    @property
    def open_supplement(self) -> Supplement | None:
        """The request for papers that still waits for its answer."""
        last = self.supplements[-1] if self.supplements else None
        return last if last is not None and last.given_at is None else None

    @property
    def correcting(self) -> bool:
        """True while an error of ours is being mended."""
        return bool(self.corrections) and self.corrections[-1].done_at is None

    @property
    def open_showing(self) -> Showing | None:
        """The draft that lies with the applicant and has no answer yet."""
        return self.shown if self.shown is not None and self.shown.answered_at is None else None

    @property
    def owed(self) -> int:
        """What is still to be paid, in đồng."""
        return sum(max(0, each.amount - each.paid) for each in self.money)


NATIONAL_STATUSES = {
    1: ("Mới đăng ký", "Registered"),
    2: ("Được tiếp nhận", "Accepted"),
    3: ("Không được tiếp nhận", "Not accepted"),
    4: ("Đang xử lý", "In progress"),
    5: ("Yêu cầu bổ sung giấy tờ", "Papers to be supplemented"),
    6: ("Yêu cầu thực hiện nghĩa vụ tài chính", "Payment required"),
    7: ("Công dân yêu cầu rút hồ sơ", "Withdrawn by the applicant"),
    8: ("Dừng xử lý", "Stopped"),
    9: ("Đã xử lý xong", "Answered"),
    10: ("Đã trả kết quả", "Result returned"),
}


def national_status(dossier: Dossier) -> int:
    """The status of Circular 22/2019, annex I, that the state stands for (1 to 10)."""
    if dossier.phase == "ended":
        return {"declined": 3, "withdrawn": 7, "stopped": 8, "closed": 8}.get(dossier.outcome, 10)
    if dossier.phase == "ready":
        return 9
    if dossier.phase == "lodged":
        return 1
    if dossier.phase in ("returned", "supplement"):
        return 5
    if dossier.pause is not None and dossier.pause.ground in ("tax", "payment"):
        return 6
    first = len(dossier.tasks) == 1 and dossier.tasks[0].no == 1
    return 2 if first and not dossier.correcting else 4
