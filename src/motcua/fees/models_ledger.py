"""The ledger's tables: accounts with their sums, postings, and their entries.

Debits are positive, credits negative; the entries of a posting add up to zero, which a deferred trigger checks at
commit. An account's sum is kept by a trigger in the same statement and cannot be written by the application. What
is posted when is left to `ledger`.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

KINDS = (
    "receivable",  # what payers owe (phải thu)
    "revenue",  # fees asked for, by fee (thu phí, lệ phí)
    "clearing",  # money at a provider, on its way to the treasury account
    "bank",  # the agency's own account
    "drawer",  # cash with one clerk
    "treasury",  # handed over to the state treasury
    "suspense",  # came in and is not yet anybody's (chờ đối chiếu)
    "refunds",  # owed back to payers (phải hoàn)
    "difference",  # counted more or less than it should be
)


class Account(models.Model):
    """One account: a kind, an agency, and its detail (a fee, a provider, a clerk). Retention: for ever."""

    kind = models.CharField(max_length=12)
    agency = models.IntegerField()
    detail = models.CharField(max_length=80, blank=True)
    balance = models.BigIntegerField(default=0)
    entries = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("tài khoản sổ cái")
        verbose_name_plural = _("tài khoản sổ cái")
        constraints = [
            models.UniqueConstraint(fields=["kind", "agency", "detail"], name="fees_account_once"),
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="fees_account_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.agency}/{self.detail}"


class Posting(models.Model):
    """One transaction of the ledger, made once under its key. Only added to. Retention: ten years."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    dossier_id = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("bút toán")
        verbose_name_plural = _("bút toán")

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """One side of a posting. Only added to. Retention: as its posting."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines", db_index=False)
    amount = models.BigIntegerField()

    class Meta:
        verbose_name = _("dòng bút toán")
        verbose_name_plural = _("dòng bút toán")
        ordering: ClassVar[list[str]] = ["pk"]
        indexes = [models.Index(fields=["account", "id"], name="fees_entry_account")]
        constraints = [models.CheckConstraint(condition=~models.Q(amount=0), name="fees_entry_of_something")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount:+}"
