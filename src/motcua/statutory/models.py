"""What the room keeps: reports that were issued, each version for ever."""

from django.db import models


class IssuedReport(models.Model):
    """A report as the control office issued it, to the digit: every cell, its notes, who, when, complete until when.

    `content` is the report in its one encoding, `digest` the SHA-256 of it. Asked for again it is this one that is
    shown. A later version stands beside it, with the reason, never in its place; rows are only ever added. Kept for
    ever: it names nobody but who issued it.
    """

    id = models.BigAutoField(primary_key=True)
    form = models.TextField()
    period = models.TextField()
    scope = models.TextField()
    version = models.PositiveSmallIntegerField()
    content = models.TextField()
    digest = models.TextField()
    complete_until = models.DateTimeField()
    issued_at = models.DateTimeField()
    issued_by = models.BigIntegerField()
    issued_by_name = models.TextField()
    reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_issued_version", fields=["form", "period", "scope", "version"])
        ]
        indexes = [models.Index(name="issued_when", fields=["-issued_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.form} {self.period} {self.scope} v{self.version}"
