"""Receipts for fees (`biên lai`, form 01BLP): drawn without a gap in each book, undone only by a new record.

A number is drawn in the transaction that takes the money: what is refused or rolled back gives it back. Printing is
left to `papers`, which the faces ask.
"""

from datetime import datetime

from django.db import transaction

from motcua.dossiers import clock, store
from motcua.fees.models import Notice, Receipt, ReceiptCancellation
from motcua.fees.refusals import refuse
from motcua.law.actor import Actor
from motcua.law.dossier import Dossier
from motcua.law.refusal import Refusal
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory

FORM = "01BLP"
# Which letters a book bears is set with the tax office; these are a demonstration value.
LETTERS = "MC"


def series_of(agency: int, year: int) -> str:
    """The symbol of an agency's book of a year: `MC00001-26E` (E: electronic)."""
    known = directory().by_number.get(agency)
    mark = "".join(letter for letter in (known.code if known else str(agency)) if letter.isalnum())[:5].upper()
    return f"{LETTERS}{mark}-{year % 100:02}E"


def draw(agency: int, year: int) -> tuple[str, int]:
    """The next number of the agency's book; the book stays locked until the commit."""
    series = series_of(agency, year)
    with store.cursor() as run:
        row = run.execute(
            "INSERT INTO fees_receiptbook (agency, form, series, year, last) VALUES (%s, %s, %s, %s, 1)"
            " ON CONFLICT (agency, form, series, year) DO UPDATE SET last = fees_receiptbook.last + 1 RETURNING last",
            (agency, FORM, series, year),
        ).fetchone()
    if row is None:
        raise LookupError("no number was drawn")
    return series, int(row[0])


def issue(
    notice: Notice, state: Dossier, amounts: dict[str, int], method: str, at: datetime, by: Actor | None = None
) -> Receipt:
    """Issues the receipt for `amounts` of a notice. Call it within the transaction that takes the money."""
    year = city_day(at).year
    series, number = draw(notice.agency, year)
    agency = directory().by_number.get(notice.agency)
    return Receipt.objects.create(
        agency=notice.agency,
        form=FORM,
        series=series,
        year=year,
        number=number,
        notice=notice,
        dossier_id=notice.dossier_id,
        code=state.code,
        payer=state.applicant.name[:400],
        address=state.applicant.address.text[:600],
        amounts=amounts,
        total=sum(amounts.values()),
        method=method,
        issued_at=at,
        issued_by=by.account if by else 0,
        issuer=(by.name if by else agency.name.vi if agency else "")[:200],
    )


def is_cancelled(receipt: Receipt) -> bool:
    """True when a later record says that the receipt no longer holds."""
    return ReceiptCancellation.objects.filter(receipt=receipt).exists()


def cancel(receipt: Receipt, reason: str, actor: Actor) -> ReceiptCancellation | Refusal:
    """Records that a receipt no longer holds. What becomes of the money is left to `refunds.undo`."""
    if not actor.holds(receipt.agency, "one_stop_head"):
        return refuse("not_head")
    if not reason.strip():
        return refuse("reason_needed")
    with transaction.atomic():
        made, new = ReceiptCancellation.objects.get_or_create(
            receipt=receipt,
            defaults={
                "reason": reason.strip()[:500], "at": clock.now(), "by": actor.account, "by_name": actor.name[:200]
            },
        )  # fmt: skip
    return made if new else refuse("already_cancelled")
