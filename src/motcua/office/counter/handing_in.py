"""The three endings of an intake, each in one transaction and done once however often it is sent."""

from django.db import transaction
from msgspec import structs

from motcua.dossiers.handle import Done, handle, lodge, lodge_and_accept
from motcua.law import commands as c
from motcua.law.refusal import Refusal
from motcua.office.counter.checking import Checked, lodging, sheet_fees
from motcua.office.counter.intake_sheet import IntakeSheet
from motcua.registry.parties import remember


def _remembered(read: Checked) -> None:
    """Keeps the applicant for the next visit.

    The dossier keeps what was declared, without a party: that number means an account to those who ask
    whose dossier it is.
    """
    if read.applicant is not None and not any(element == "number" for element, _ in read.faults):
        remember(structs.replace(read.applicant, party=0))


def accept(sheet: IntakeSheet, read: Checked, key: str) -> Done | Refusal:
    """Lodged and accepted: the code is drawn, the date promised."""
    command = lodging(sheet, read)
    promise = c.Accept(
        money=sheet_fees(sheet, read.form).owed(), occurred_at=read.occurred_at, late_reason=read.late_reason
    )
    with transaction.atomic():
        done = lodge_and_accept(sheet.version, command, promise, sheet.actor, key)
        if not isinstance(done, Refusal):
            _remembered(read)
    return done


def ask_for_papers(sheet: IntakeSheet, read: Checked, key: str, items: tuple[str, ...], words: str) -> Done | Refusal:
    """Lodged, and everything that is missing asked for at once (form 02)."""
    return _lodge_then(sheet, read, key, c.RequestSupplement(items=items, reason=words))


def decline(sheet: IntakeSheet, read: Checked, key: str, reason: str, words: str) -> Done | Refusal:
    """Lodged, and not accepted (form 03)."""
    return _lodge_then(sheet, read, key, c.Decline(reason=reason, words=words))


def _lodge_then(sheet: IntakeSheet, read: Checked, key: str, then: c.RequestSupplement | c.Decline) -> Done | Refusal:
    with transaction.atomic():
        lodged = lodge(sheet.version, lodging(sheet, read), sheet.actor, key)
        if isinstance(lodged, Refusal):
            return lodged
        done = handle(lodged.dossier_id, then, sheet.actor, f"{key}/then")
        if isinstance(done, Refusal):
            transaction.set_rollback(True)
        else:
            _remembered(read)
    return done
