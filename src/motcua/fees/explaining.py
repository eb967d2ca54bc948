"""What a notice and a receipt say in words: each fee by its name, how its amount was reached, who takes it.

Only data for pages and papers; laying them out is left to the faces and to `papers`.
"""

from typing import Any, Literal

import msgspec

from motcua.catalogue import versions
from motcua.fees.accounts import account_for
from motcua.fees.attempts import held_for
from motcua.fees.models import Notice, Payment, Receipt, ReceiptCancellation, Refund, Watch
from motcua.fees.providers import available
from motcua.law.dossier import Dossier
from motcua.law.fees import Fee, reached
from motcua.law.payments import OPEN
from motcua.law.texts import Text
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory

OTHER = Text("Khoản thu khác", "Other charge")


class Line(msgspec.Struct, frozen=True):
    """One fee of a notice: its name, its amount, and the account that leads to it (empty when none is known)."""

    id: str
    name: str
    amount: int
    how: tuple[tuple[str, int], ...] = ()
    demonstration: bool = False


def fee_of(version: int, fee: str) -> Fee | None:
    """The fee `fee` of the procedure under which a dossier stands."""
    return next((each for each in versions.procedure_version(version).fees if each.id == fee), None)


def lines_of(notice: Notice, state: Dossier, language: str) -> list[Line]:
    """Each fee of the notice and how it was reached, where the procedure's rule explains the amount."""
    procedure, found = versions.procedure_version(state.version), []
    for name, amount in notice.amounts.items():
        fee = fee_of(state.version, name)
        if fee is None:
            found.append(Line(name, OTHER.within(language), amount))
            continue
        told = reached(fee, amount, state.case, state.channel, state.form)  # type: ignore[arg-type]
        how = tuple((line.text.within(language), line.amount) for line in told.lines) if told else ()
        demonstration = fee.demonstration or "fees" in procedure.demonstration
        found.append(Line(name, fee.name.within(language), amount, how, demonstration))
    return found


Stage = Literal["open", "paid", "dropped"]


class Standing(msgspec.Struct, frozen=True):
    """Where a notice stands, in one look: what is open, what waits, which attempt goes on, what goes back."""

    stage: Stage
    open: int
    held: int
    attempt: str = ""
    pay_url: str = ""
    silent: bool = False
    back: int = 0
    given: int = 0
    failed: bool = False

    @property
    def mark(self) -> str:
        """Changes whenever the page would say something else."""
        known = (self.stage, self.open, self.held, self.attempt, bool(self.pay_url), self.back, self.given, self.failed)
        return "/".join(map(str, known))


def standing_of(notice: Notice) -> Standing:
    """Where the notice stands now."""
    payments = list(notice.payments.order_by("-created_at")[:20])
    going = next((each for each in payments if each.state in OPEN), None)
    last = payments[0] if payments else None
    refunds = list(Refund.objects.filter(notice=notice))
    held = held_for(notice)
    stage: Stage = "open" if notice.open > 0 else "paid" if notice.paid > 0 else "dropped"
    return Standing(
        stage=stage,
        open=max(0, notice.open - held) if stage == "open" else 0,
        held=held if stage == "open" else 0,
        attempt=going.state if going else "",
        pay_url=going.pay_url if going else "",
        silent=_silent(going),
        back=sum(each.amount for each in refunds if each.state != "paid"),
        given=sum(each.amount for each in refunds if each.state == "paid"),
        failed=bool(last and stage == "open" and not held and last.state in ("failed", "expired")),
    )


def _silent(going: Payment | None) -> bool:
    if going is None:
        return False
    return Watch.objects.filter(channel=going.provider, silent_since__isnull=False).exists()


def ways() -> list[tuple[str, Text]]:
    """The providers on whose page one can pay, by name and label."""
    return [(name, each.label) for name, each in available().items() if each.begins]


def as_printed(receipt: Receipt, state: Dossier | None) -> dict[str, Any]:
    """The values of a receipt for its paper, in Vietnamese as the form is."""
    account = account_for(receipt.agency, city_day(receipt.issued_at))
    cancelled = ReceiptCancellation.objects.filter(receipt=receipt).first()
    named = []
    for name, amount in receipt.amounts.items():
        fee = fee_of(state.version, name) if state else None
        named.append((fee.name.vi if fee else OTHER.vi, amount))
    return {
        "form": receipt.form,
        "series": receipt.series,
        "number": f"{receipt.number:07}",
        "payer": receipt.payer,
        "address": receipt.address,
        "code": receipt.code,
        "subject": versions.procedure_version(state.version).name.vi if state else "",
        "lines": named,
        "total": receipt.total,
        "method": receipt.method,
        "issued_at": receipt.issued_at,
        "issuer": receipt.issuer,
        "tax_code": account.tax_code if account else "",
        "cancelled": cancelled.reason if cancelled else "",
        "is_demo": account is None or account.demonstration,
    }


def collected_by(notice: Notice, language: str) -> str:
    """The name of the agency that takes the money."""
    known = directory().by_number.get(notice.agency)
    return known.name.within(language) if known else str(notice.agency)
