"""Who ordered which list, how far it is, where its file lies and until when.

The tables say what cannot be: a list that is offered has a file and an end, one that is over is never due again,
and the same list is not ordered twice while it is still being made.
"""

from django.db import models
from django.db.models import Q

from motcua.jobs.leasing import Leased

WAITING, MAKING, READY, FAILED, GONE = "waiting", "making", "ready", "failed", "gone"
STATES = (WAITING, MAKING, READY, FAILED, GONE)
FORMATS = ("xlsx", "csv", "pdf")


class Export(Leased):
    """One order. `sameness` is a digest of what was ordered; `reason` one of `words.REASONS`.

    Retention: the file seven days, then destroyed, or before by who ordered it; the row a year, since it says who
    took which list out of the house, and how often.
    """

    account = models.BigIntegerField()
    kind = models.TextField()
    parameters = models.JSONField(default=dict)
    format = models.TextField()
    language = models.TextField(default="vi")
    title = models.TextField()
    sameness = models.TextField()
    state = models.TextField(default=WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True, default=None)
    reason = models.TextField(default="", blank=True)
    file = models.TextField(default="", blank=True)
    size = models.BigIntegerField(default=0)
    fetched = models.IntegerField(default=0)
    ordered_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, default=None)
    expires_at = models.DateTimeField(null=True, default=None)

    class Meta:
        constraints = [
            models.CheckConstraint(name="export_state_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="export_format_known", condition=Q(format__in=FORMATS)),
            # What is offered is whole; what is not offered has no file to be fetched.
            models.CheckConstraint(
                name="export_ready_has_its_file",
                condition=Q(state=READY, made_at__isnull=False, expires_at__isnull=False) & ~Q(file="")
                | ~Q(state=READY) & Q(file=""),
            ),
            models.CheckConstraint(
                name="export_over_rests", condition=Q(state__in=(WAITING, MAKING)) | Q(next_at=None)
            ),
            models.CheckConstraint(name="export_failed_says_why", condition=~Q(state=FAILED) | ~Q(reason="")),
            models.UniqueConstraint(
                name="export_once_at_a_time", fields=["account", "sameness"], condition=Q(state__in=(WAITING, MAKING))
            ),
        ]
        indexes = [
            models.Index(name="export_due", fields=["next_at"], condition=~Q(next_at=None)),
            models.Index(name="export_mine", fields=["account", "-id"]),
            models.Index(name="export_expires", fields=["expires_at"], condition=Q(state=READY)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        """True while it waits or is being made."""
        return self.state in (WAITING, MAKING)
