"""What is asked for and what was paid: notices, payments, money that came in, refunds, receipts.

The tables say what cannot be: a key begins one payment, money that came in is counted once, a receipt's number is
never drawn twice. Insert-only tables and the steps a payment may take are guarded by triggers (migration 0002). The
ledger's tables are in `models_ledger`, those of settlement in `models_settling`. All money is whole đồng; dossiers
are named by their id, without a foreign key, so that they can be distributed.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from motcua.fees.models_ledger import Account, Entry, Posting
from motcua.fees.models_settling import Closing, CollectingAccount, Heard, Statement, StatementRow, Watch
from motcua.jobs.leasing import Leased
from motcua.law.payments import OPEN, STATES

__all__ = [
    "Account",
    "Closing",
    "CollectingAccount",
    "Credit",
    "Entry",
    "Heard",
    "Notice",
    "Payment",
    "PaymentChange",
    "Posting",
    "Receipt",
    "ReceiptBook",
    "ReceiptCancellation",
    "Refund",
    "Statement",
    "StatementRow",
    "Watch",
]


class Notice(models.Model):
    """A payment notice (`thông báo nộp`): what one event of a dossier's journal asks for.

    `amounts` are by fee; `settled` what of each was paid or is no longer asked for. `token` is the address of its
    page, `reference` what the payer writes.
    Retention: as long as the dossier; ten years at least (Law on Accounting 2015, art. 41).
    """

    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    dossier_id = models.BigIntegerField()
    seq = models.IntegerField()
    agency = models.IntegerField()
    reference = models.CharField(max_length=10, unique=True)
    amounts = models.JSONField()
    settled = models.JSONField(default=dict)
    amount = models.BigIntegerField()
    paid = models.BigIntegerField(default=0)
    dropped = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("thông báo nộp")
        verbose_name_plural = _("thông báo nộp")
        constraints = [
            models.UniqueConstraint(fields=["dossier_id", "seq"], name="fees_notice_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, paid__gte=0, dropped__gte=0) & Q(amount__gte=F("paid") + F("dropped")),
                name="fees_notice_adds_up",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "asked_at"],
                name="fees_notice_open",
                condition=Q(amount__gt=F("paid") + F("dropped")),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def open(self) -> int:
        """What is still to be paid, in đồng."""
        return self.amount - self.paid - self.dropped

    def open_amounts(self) -> dict[str, int]:
        """What of each fee is still to be paid."""
        left = {fee: amount - self.settled.get(fee, 0) for fee, amount in self.amounts.items()}
        return {fee: amount for fee, amount in left.items() if amount > 0}

    def settle(self, amounts: dict[str, int], *, dropped: bool = False) -> None:
        """Counts `amounts` as paid (or as no longer asked for). Not saved."""
        self.settled = {
            fee: self.settled.get(fee, 0) + amounts.get(fee, 0) for fee in sorted({*self.settled, *amounts})
        }
        if dropped:
            self.dropped += sum(amounts.values())
        else:
            self.paid += sum(amounts.values())


class Receipt(models.Model):
    """A receipt for fees (`biên lai`, form 01BLP), as it was issued. Never changed; cancelled by a new record.

    Retention: ten years (Law on Accounting 2015, art. 41; Decree 123/2020).
    """

    agency = models.IntegerField()
    form = models.CharField(max_length=10)
    series = models.CharField(max_length=12)
    year = models.IntegerField()
    number = models.IntegerField()
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="receipts")
    dossier_id = models.BigIntegerField()
    code = models.CharField(max_length=80, blank=True)
    payer = models.CharField(max_length=400)
    address = models.CharField(max_length=600, blank=True)
    amounts = models.JSONField()
    total = models.BigIntegerField()
    method = models.CharField(max_length=10)
    issued_at = models.DateTimeField()
    issued_by = models.IntegerField(default=0)
    issuer = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("biên lai")
        verbose_name_plural = _("biên lai")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "form", "series", "year", "number"], name="fees_receipt_number_once"
            ),
            models.CheckConstraint(condition=Q(total__gt=0, number__gt=0), name="fees_receipt_of_something"),
        ]
        indexes = [
            models.Index(fields=["dossier_id"], name="fees_receipt_dossier"),
            models.Index(fields=["agency", "issued_at"], name="fees_receipt_day"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The receipt's name in the dossier's journal: series and number, unique within the agency and form."""
        return f"{self.series}-{self.number:07}"


class ReceiptBook(models.Model):
    """The last number drawn in one book of receipts. Retention: for ever."""

    agency = models.IntegerField()
    form = models.CharField(max_length=10)
    series = models.CharField(max_length=12)
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "form", "series", "year"], name="fees_book_once")]

    def __str__(self) -> str:
        return f"{self.series}/{self.year}"


class Payment(Leased):
    """One attempt to pay a notice: begun under a key of its own, moved only along the graph in `law.payments`.

    Retention: as its notice.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    key = models.CharField(max_length=200, unique=True)
    amount = models.BigIntegerField()
    state = models.CharField(max_length=16, default="created")
    theirs = models.CharField(max_length=100, blank=True)
    pay_url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    difference = models.CharField(max_length=20, blank=True)
    returned = models.BigIntegerField(default=0)
    account = models.IntegerField(default=0)
    receipt = models.OneToOneField(Receipt, null=True, on_delete=models.PROTECT, related_name="payment")

    class Meta:
        verbose_name = _("lần thanh toán")
        verbose_name_plural = _("lần thanh toán")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="fees_payment_state"),
            models.CheckConstraint(condition=Q(amount__gt=0, returned__gte=0), name="fees_payment_of_something"),
            # Two pages open at once must not make two payments that may both succeed.
            models.UniqueConstraint(
                fields=["notice", "provider"], condition=Q(state__in=sorted(OPEN)), name="fees_payment_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="fees_payment_due", condition=Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.id}"


class PaymentChange(models.Model):
    """One step of a payment, with who or what made it. Only added to. Retention: as the payment."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="changes")
    before = models.CharField(max_length=16, blank=True)
    after = models.CharField(max_length=16)
    at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Credit(models.Model):
    """Money that came in at a provider or a bank, counted once by the name the other side gave it.

    `held` is what of it waits in suspense; `difference` names what was not as asked.
    Retention: ten years.
    """

    channel = models.CharField(max_length=20)
    external = models.CharField(max_length=100)
    agency = models.IntegerField()
    amount = models.BigIntegerField()
    purpose = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="credits")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="credits")
    held = models.BigIntegerField(default=0)
    difference = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("khoản tiền vào")
        verbose_name_plural = _("khoản tiền vào")
        constraints = [
            models.UniqueConstraint(fields=["channel", "external"], name="fees_credit_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, held__gte=0) & Q(held__lte=F("amount")), name="fees_credit_adds_up"
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "at"], name="fees_credit_day"),
            models.Index(fields=["agency"], name="fees_credit_held", condition=Q(held__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.channel}/{self.external}"


class Refund(Leased):
    """Money owed back to a payer, and that it was given back.

    `amounts` are by fee where what was paid for a notice is undone; money that was never due has none.
    Retention: ten years.
    """

    REASONS: ClassVar[tuple[str, ...]] = ("over", "twice", "ended", "unmatched", "decided", "cancelled")
    STATES: ClassVar[tuple[str, ...]] = ("due", "paid", "failed")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    agency = models.IntegerField()
    dossier_id = models.BigIntegerField(default=0)
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="refunds")
    channel = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    amounts = models.JSONField(default=dict)
    reason = models.CharField(max_length=20)
    words = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, default="due")
    document = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.IntegerField(default=0)
    paid_at = models.DateTimeField(null=True)
    paid_by = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("khoản phải hoàn")
        verbose_name_plural = _("khoản phải hoàn")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="fees_refund_of_something"),
            models.CheckConstraint(condition=Q(state__in=("due", "paid", "failed")), name="fees_refund_state"),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="fees_refund_due", condition=Q(next_at__isnull=False)),
            models.Index(fields=["agency", "asked_at"], name="fees_refund_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.amount}"


class ReceiptCancellation(models.Model):
    """That a receipt no longer holds, and why: the only way to undo one. Retention: as the receipt."""

    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="cancellation")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.IntegerField()
    by_name = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("biên lai hủy")
        verbose_name_plural = _("biên lai hủy")

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.reason}"
