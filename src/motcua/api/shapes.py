"""The shapes of what machines send and receive; they are the description (OpenAPI) as well.

Texts are bounded and hold no control characters. Whether what is sent is lawful is left to the law.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def _plain(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("control characters are not allowed")
    return text


def _text(most: int, least: int = 0, pattern: str | None = None) -> Any:
    return Annotated[str, StringConstraints(min_length=least, max_length=most, pattern=pattern), AfterValidator(_plain)]


Short = _text(200)
Named = _text(200, 1)
Long = _text(5_000)
Code = _text(24, 1, r"^[0-9A-Za-z./_-]+$")
Digest = _text(64, 64, r"^[0-9a-f]{64}$")
Kind = Literal["person", "business", "organisation"]


class Given(Schema):
    """What machines send: nothing that is not in the description."""

    model_config = ConfigDict(extra="forbid")


class AddressGiven(Given):
    """House and street, and the commune's code of the General Statistics Office."""

    text: Short = ""
    commune: Annotated[str, StringConstraints(pattern=r"^(|\d{5})$")] = ""


class ApplicantGiven(Given):
    """For whom."""

    kind: Kind = "person"
    name: Named
    number: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{0,20}$")] = ""
    birth: date | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+ .]{0,20}$")] = ""
    email: Annotated[str, StringConstraints(max_length=200, pattern=r"^(|[^@\s]+@[^@\s]+)$")] = ""
    address: AddressGiven = AddressGiven()


class PaperSent(Given):
    """A paper of the procedure with what was uploaded for it."""

    id: Code
    uploads: Annotated[list[Named], Field(max_length=20)] = []


class Application(Given):
    """A dossier to be filed."""

    procedure: Code
    case: Code
    agency: Code
    applicant: ApplicantGiven
    form: dict[str, Any] = {}
    papers: Annotated[list[PaperSent], Field(max_length=60)] = []


class SupplementSent(Given):
    """What was asked for."""

    papers: Annotated[list[PaperSent], Field(max_length=60)] = []
    form: dict[str, Any] = {}
    words: Long = ""


class WithdrawalSent(Given):
    """Why it is taken back."""

    reason: _text(2_000, 1)  # type: ignore[valid-type]


class DraftAnswerSent(Given):
    """Whether the draft of the result is right; what is wrong with it."""

    agrees: bool
    words: Long = ""


class RatingSent(Given):
    """The nine criteria of Circular 01/2018, each 0, 1 or 2."""

    scores: dict[Literal["1", "2", "3", "4", "5", "6", "7", "8", "9"], Annotated[int, Field(ge=0, le=2)]]
    words: Long = ""


class SubscriptionSent(Given):
    """An address to be told, and of which events (all when none is named)."""

    url: Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[!-~]+$")]
    events: Annotated[list[Code], Field(max_length=60)] = []


class TextOut(Schema):
    """Vietnamese and English."""

    vi: str
    en: str


class ProcedureRow(Schema):
    """A procedure in a list."""

    code: str
    name: TextOut
    field: str


class ProcedurePage(Schema):
    """Some procedures, and where the rest begins (empty at the end)."""

    items: list[ProcedureRow]
    next: str


class CaseOut(Schema):
    """One case and its limit on the online channel."""

    id: str
    name: TextOut
    limit: str


class PaperOut(Schema):
    """One paper, whether it is always required, and how it is given online."""

    id: str
    name: TextOut
    required: bool
    online: str
    known: str


class FeeOut(Schema):
    """One fee; `demonstration` marks an amount whose source was not seen."""

    id: str
    name: TextOut
    timing: str
    demonstration: bool


class ProcedureOut(Schema):
    """A procedure as it holds today; `form` is a JSON Schema of its answers."""

    code: str
    version: int
    name: TextOut
    field: str
    cases: list[CaseOut]
    papers: list[PaperOut]
    fees: list[FeeOut]
    form: dict[str, Any]
    agencies: list[str]


class MoneyOut(Schema):
    """An amount owed, in đồng."""

    id: str
    amount: int
    paid: int


class DossierRow(Schema):
    """A dossier in a list. `status` is the national one (Circular 22/2019, annex I)."""

    id: int
    reference: str
    code: str
    procedure: str
    case: str
    applicant: str
    status: int
    status_text: TextOut
    lodged_at: datetime
    due_at: datetime | None
    finished_at: datetime | None


class DossierPage(Schema):
    """Some dossiers, newest first, and where the rest begins (empty at the end)."""

    items: list[DossierRow]
    next: str


class AskedOut(Schema):
    """What is asked of the applicant now."""

    kind: Literal["supplement", "answer_draft", "payment", "rate"]
    until: datetime | None = None
    items: list[str] = []
    words: str = ""


class IssuedOut(Schema):
    """A signed result."""

    file: str
    number: str
    name: str
    media: str
    signed_at: datetime


class DossierOut(DossierRow):
    """A dossier as its owner sees it. `seq` rises with everything that happens."""

    seq: int
    form: dict[str, Any]
    money: list[MoneyOut]
    asked: list[AskedOut]
    results: list[IssuedOut]
    tracking: str


class HappenedOut(Schema):
    """One thing that happened: its kind, when, and at which agency (its code)."""

    seq: int
    type: str
    at: datetime
    agency: str


class HistoryOut(Schema):
    """What happened, oldest first."""

    items: list[HappenedOut]


class SubscriptionOut(Schema):
    """An address that is told; the secret is shown when it is made, and never again."""

    id: str
    url: str
    events: list[str]
    created_at: datetime
    closed_at: datetime | None
    closed_because: str
    secret: str = ""


class SubscriptionsOut(Schema):
    """All addresses of the account."""

    items: list[SubscriptionOut]


class DeliveryOut(Schema):
    """One telling, and what came of it."""

    id: str
    type: str
    dossier: int
    created_at: datetime
    done_at: datetime | None
    attempts: int
    status: int
    error: str


class DeliveryPage(Schema):
    """The newest tellings of one address."""

    items: list[DeliveryOut]


class UploadOut(Schema):
    """An upload; `digest` is that of the PDF it became, which is what the clerk will see."""

    id: str
    state: Literal["receiving", "checking", "ready", "refused"]
    name: str
    size: int
    digest: str
    why: str


class PaymentSent(Given):
    """By which way to pay."""

    way: Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[a-z_]+$")]


class PaymentOut(Schema):
    """One attempt to pay."""

    id: str
    way: str
    amount: int
    state: str
    pay_url: str
    expires_at: datetime | None


class NoticeOut(Schema):
    """What one notice asks for, in đồng; `vietqr` is the code's text, empty where there is no account."""

    reference: str
    amount: int
    paid: int
    open: int
    purpose: str
    vietqr: str
    payments: list[PaymentOut]


class NoticesOut(Schema):
    """All notices of a dossier, and the ways to pay."""

    items: list[NoticeOut]
    ways: list[str]


class PeopleSent(Given):
    """Rows of people: column to text, as in a CSV file for the register."""

    rows: Annotated[list[dict[Short, Short]], Field(min_length=1, max_length=1000)]


class FieldOut(Schema):
    """One wrong field."""

    path: str
    detail: str


class VerdictOut(Schema):
    """What became of one row."""

    row: int
    outcome: Literal["new", "changed", "unchanged", "refused"]
    number: str
    errors: list[FieldOut]
    warnings: list[str]


class VerdictsOut(Schema):
    """A verdict for each row, in order."""

    items: list[VerdictOut]
