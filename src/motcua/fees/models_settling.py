"""The tables of reconciling: where money is collected, what providers said, their statements, days that are closed.

What is compared with what is left to `settling`, and how a provider is asked to `working`.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from motcua.jobs.leasing import Leased


class CollectingAccount(models.Model):
    """The bank account into which an agency, and those below it, collect; dated.

    `demonstration` marks data that no bank gave. Retention: for ever.
    """

    agency = models.IntegerField()
    bin = models.CharField(max_length=6)
    account = models.CharField(max_length=19)
    bank = models.CharField(max_length=120)
    holder = models.CharField(max_length=120)
    tax_code = models.CharField(max_length=14, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=200, blank=True)
    demonstration = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("tài khoản thu")
        verbose_name_plural = _("tài khoản thu")
        constraints = [
            models.UniqueConstraint(fields=["agency", "valid_from"], name="fees_collecting_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="fees_collecting_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bin} {self.account}"


class Heard(models.Model):
    """A provider's message whose signature held, by its nonce. Only added to.

    Retention: ten years, as the money it speaks of.
    """

    channel = models.CharField(max_length=20)
    nonce = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    said = models.JSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "nonce"], name="fees_heard_once")]

    def __str__(self) -> str:
        return f"{self.channel}/{self.nonce}"


class Watch(Leased):
    """How far a provider's list of money was read, and since when it does not answer. Retention: one row each."""

    channel = models.CharField(max_length=20, primary_key=True)
    cursor = models.CharField(max_length=100, blank=True)
    answered_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="fees_watch_due", condition=Q(next_at__isnull=False))]

    def __str__(self) -> str:
        return self.channel


class Statement(models.Model):
    """A provider's or bank's own file for a day or a month, as it was read. Only added to. Retention: ten years."""

    channel = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    first = models.DateField()
    last = models.DateField()
    rows = models.IntegerField()
    differences = models.IntegerField()
    at = models.DateTimeField()
    by = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("sao kê")
        verbose_name_plural = _("sao kê")
        constraints = [models.UniqueConstraint(fields=["channel", "digest"], name="fees_statement_once")]
        indexes = [models.Index(fields=["channel", "last"], name="fees_statement_day")]

    def __str__(self) -> str:
        return self.name


class StatementRow(models.Model):
    """One row of a statement, or one of ours that it lacks (`no` 0), and what came of comparing it. Only added to."""

    VERDICTS: ClassVar[tuple[str, ...]] = (
        "matched", "missing_here", "missing_there", "amount_differs", "double", "unreadable",
    )  # fmt: skip

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    no = models.IntegerField()
    external = models.CharField(max_length=100, blank=True)
    amount = models.BigIntegerField(null=True)
    ours = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=200, blank=True)
    agency = models.IntegerField(default=0)
    at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=16)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes = [models.Index(fields=["statement", "verdict"], name="fees_statementrow_verdict")]

    def __str__(self) -> str:
        return f"{self.no}: {self.verdict}"


class Closing(models.Model):
    """A day (or month) of a drawer or a provider that was counted and closed for good. Only added to.

    `drawer` is the clerk's account for cash, 0 otherwise. Retention: ten years.
    """

    agency = models.IntegerField()
    channel = models.CharField(max_length=20)
    drawer = models.IntegerField(default=0)
    period = models.CharField(max_length=5, choices=[("day", "day"), ("month", "month")])
    day = models.DateField()
    expected = models.BigIntegerField()
    counted = models.BigIntegerField()
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.IntegerField()
    by_name = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("khóa sổ")
        verbose_name_plural = _("khóa sổ")
        constraints = [
            models.UniqueConstraint(fields=["agency", "channel", "drawer", "period", "day"], name="fees_closing_once"),
            models.CheckConstraint(condition=Q(period__in=("day", "month")), name="fees_closing_period"),
        ]
        indexes = [models.Index(fields=["agency", "day"], name="fees_closing_day")]

    def __str__(self) -> str:
        return f"{self.channel} {self.day}"

    @property
    def difference(self) -> int:
        """What was counted beyond (or, negative, below) what should be there."""
        return self.counted - self.expected
