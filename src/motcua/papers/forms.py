"""What each printed paper shows, and nothing else: frozen data, filled by the caller.

Forms 01 to 06 follow Circular 01/2018/TT-VPCP, Article 9; the other three are papers every office needs beside
them. Where the figures come from is left to `dossiers/` and the faces, how they are set to `typeset`.

Instants carry a time zone. Texts are shown letter for letter. Optional texts left empty print a dotted line
where the state's form has a blank to fill, and nothing where it has none.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

Outcome = Literal["before", "on_time", "late", "open"]
Copy = Literal["kept", "given"]


class Letterhead(msgspec.Struct, frozen=True):
    """The head of a paper (Decree 30/2020, Annex I): who issues it, its number, where and when.

    `issued_at` is also the creation instant of the file, so the same form always gives the same bytes.
    """

    agency: str
    issued_at: datetime
    superior: str = ""
    number: str = ""
    place: str = ""


class Filer(msgspec.Struct, frozen=True):
    """For whom the dossier is, and who brought it when that is somebody else."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""
    identity: str = ""
    brought_by: str = ""


class Paper(msgspec.Struct, frozen=True):
    """One paper handed in, or asked for: how many originals, certified copies and plain copies."""

    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0
    note: str = ""


class Fee(msgspec.Struct, frozen=True):
    """One fee or charge, in đồng."""

    name: str
    amount: int
    paid: bool = False
    is_demo: bool = False


class Signature(msgspec.Struct, frozen=True):
    """Who signs and by what authority: ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), top line first."""

    lines: tuple[str, ...]
    name: str = ""
    note: str = ""


class Receipt(msgspec.Struct, frozen=True):
    """Form 01, giấy tiếp nhận hồ sơ và hẹn trả kết quả: A5, one page or more for each of `copies`.

    `tracking_url` carries a random token and becomes the QR code. `recorded_at` is set when the dossier was
    taken in on paper and entered later: both times are printed. `english` adds two lines at the foot of the page.
    """

    head: Letterhead
    code: str
    filer: Filer
    subject: str
    papers: tuple[Paper, ...]
    limit: str
    received_at: datetime
    due_at: datetime
    sets: int = 1
    collect_at: str = ""
    later_stage: str = ""
    book: str = ""
    book_number: str = ""
    officer: str = ""
    fees: tuple[Fee, ...] = ()
    tracking_url: str = ""
    recorded_at: datetime | None = None
    copies: tuple[Copy, ...] = ("kept", "given")
    english: bool = False
    code_is_demo: bool = False
    limit_is_demo: bool = False


class SupplementSlip(msgspec.Struct, frozen=True):
    """Form 02, phiếu yêu cầu bổ sung, hoàn thiện hồ sơ: A5. Everything that is missing, at once."""

    head: Letterhead
    filer: Filer
    subject: str
    items: tuple[Paper, ...]
    reason: str
    code: str = ""
    ground: str = ""
    answer_by: date | None = None
    contact: str = ""
    contact_phone: str = ""
    officer: str = ""
    code_is_demo: bool = False


class RefusalSlip(msgspec.Struct, frozen=True):
    """Form 03, phiếu từ chối tiếp nhận giải quyết hồ sơ: A5."""

    head: Letterhead
    filer: Filer
    subject: str
    reasons: tuple[str, ...]
    code: str = ""
    ground: str = ""
    advice: str = ""
    officer: str = ""
    code_is_demo: bool = False


class ApologySlip(msgspec.Struct, frozen=True):
    """Form 04, phiếu xin lỗi và hẹn lại ngày trả kết quả: A5. A dossier gets at most one."""

    head: Letterhead
    code: str
    filer: Filer
    subject: str
    received_at: datetime
    promised_at: datetime
    reason: str
    due_at: datetime
    signature: Signature
    responsible: str = ""
    ground: str = ""
    recipients: tuple[str, ...] = ()
    code_is_demo: bool = False


class Handover(msgspec.Struct, frozen=True):
    """One passage of a dossier from hand to hand, as form 05 shows it; `outcome` is the receiver's finding."""

    giver_agency: str
    receiver_agency: str
    at: datetime | None = None
    giver: str = ""
    receiver: str = ""
    outcome: Outcome = "open"
    note: str = ""


class ControlSlip(msgspec.Struct, frozen=True):
    """Form 05, phiếu kiểm soát quá trình giải quyết hồ sơ: A5, as many pages as there were hand-overs."""

    head: Letterhead
    code: str
    agency: str
    handovers: tuple[Handover, ...]
    partners: tuple[str, ...] = ()
    filer_name: str = ""
    subject: str = ""
    received_at: datetime | None = None
    due_at: datetime | None = None
    code_is_demo: bool = False


class BookEntry(msgspec.Struct, frozen=True):
    """One line of the book of dossiers."""

    number: str
    code: str
    procedure: str
    name: str
    received_at: datetime
    due_at: datetime | None = None
    sets: int = 1
    contact: str = ""
    agency: str = ""
    returned_at: datetime | None = None
    method: str = ""
    signed: str = ""
    note: str = ""


class Book(msgspec.Struct, frozen=True):
    """Form 06, sổ theo dõi hồ sơ: A4 lying, a cover and then the lines.

    One book a year; volumes go on with the numbers and the pages of the one before, so `first_page` is given
    (Circular 01/2018, Article 10).
    """

    head: Letterhead
    year: int
    entries: tuple[BookEntry, ...]
    volume: str = "01"
    field: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    first_page: int = 1
    cover: bool = True


class HandoverRow(msgspec.Struct, frozen=True):
    """One dossier in a hand-over list; `papers` counts the papers inside."""

    code: str
    name: str
    subject: str
    papers: int = 0
    due_at: datetime | None = None
    note: str = ""


class HandoverList(msgspec.Struct, frozen=True):
    """A hand-over list between two agencies: A4. `received_at` is set once the receiver has confirmed."""

    head: Letterhead
    giver_agency: str
    receiver_agency: str
    rows: tuple[HandoverRow, ...]
    given_at: datetime
    giver: str = ""
    receiver: str = ""
    received_at: datetime | None = None
    carrier: str = ""
    note: str = ""


class Clause(msgspec.Struct, frozen=True):
    """A numbered or named part of a decision: a bold `label`, running `text`, and lines under it."""

    label: str = ""
    text: str = ""
    lines: tuple[str, ...] = ()


class Decision(msgspec.Struct, frozen=True):
    """A result in the layout of Decree 30/2020: A4, for permits, decisions and certificates.

    `kind` is the document's type in capitals, `about` its abstract, `resolves` the line before the clauses
    ("QUYẾT ĐỊNH:"). A demonstration says on every page that it has no legal force.
    """

    head: Letterhead
    kind: str
    signature: Signature
    about: str = ""
    grounds: tuple[str, ...] = ()
    resolves: str = ""
    opening: str = ""
    clauses: tuple[Clause, ...] = ()
    closing: str = ""
    recipients: tuple[str, ...] = ()
    code: str = ""
    verify_url: str = ""
    is_demo: bool = False


class Particulars(msgspec.Struct, frozen=True):
    """One part of a certificate: a heading, and what is stated under it as label and value."""

    heading: str
    rows: tuple[tuple[str, str], ...]
    strong: bool = False


class Result(msgspec.Struct, frozen=True):
    """A result to be signed digitally: A4. A certificate states `particulars`, a decision has `clauses`.

    `keywords` go into the file's own description. A draft has no number, no check and no room for a signature.
    """

    head: Letterhead
    kind: str
    signature: Signature
    about: str = ""
    grounds: tuple[str, ...] = ()
    particulars: tuple[Particulars, ...] = ()
    clauses: tuple[Clause, ...] = ()
    closing: str = ""
    replaces: str = ""
    recipients: tuple[str, ...] = ()
    code: str = ""
    check_url: str = ""
    check_address: str = ""
    check_code: str = ""
    keywords: tuple[str, ...] = ()
    is_demo: bool = False
    is_draft: bool = False


class ToBring(msgspec.Struct, frozen=True):
    """One line of the checklist; `only_if` says for whom it is asked."""

    name: str
    how: str = ""
    only_if: str = ""
    hint: str = ""


class Checklist(msgspec.Struct, frozen=True):
    """What to bring for a procedure: A5, to be taken home."""

    head: Letterhead
    procedure: str
    papers: tuple[ToBring, ...]
    procedure_code: str = ""
    who: str = ""
    limit: str = ""
    where: str = ""
    hours: str = ""
    online: str = ""
    fees: tuple[Fee, ...] = ()
    url: str = ""
    phone: str = ""
    limit_is_demo: bool = False


Form = (
    Receipt | SupplementSlip | RefusalSlip | ApologySlip | ControlSlip | Book | HandoverList | Decision | Result
    | Checklist
)  # fmt: skip
