"""What the room keeps: reports that were issued and what was recorded for scores, each version for ever."""

from django.db import models
from django.db.models import F, Q

# The columns of each index that is recorded.
_OF_INDEX = {
    "5": ("whole", "offered"),
    "6": ("posted", "correct", "inspected_on"),
    "8": ("received", "on_time", "prolonged"),
}


def _filled(index: str) -> Q:
    """The values of this index are all there, those of the others are not."""
    filled = {f"{column}__isnull": number != index for number, columns in _OF_INDEX.items() for column in columns}
    return Q(index=index, withdrawn=False, **filled)


def _emptied() -> Q:
    """A withdrawal says nothing but its reason, and there is something before it to take back."""
    empty = {f"{column}__isnull": True for columns in _OF_INDEX.values() for column in columns}
    return Q(withdrawn=True, index__in=tuple(_OF_INDEX), version__gte=2, file="", **empty)


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


class ScoreRecord(models.Model):
    """What an agency or the city's control recorded for index 5, 6 or 8 of Circular 01/2018 in a period.

    Values, evidence in words, by whom and when; `offered` is what the system counted at that moment. A later version
    stands beside the earlier ones, never in their place; rows are only ever added. One that is `withdrawn` takes back
    what was recorded: it has no values, and its evidence is the reason. Kept for ever, like the grades that stand on
    it: it names nobody but who recorded it.
    """

    id = models.BigAutoField(primary_key=True)
    agency = models.IntegerField()
    period = models.TextField()
    index = models.CharField(max_length=1)
    version = models.PositiveSmallIntegerField()
    withdrawn = models.BooleanField(default=False, db_default=False)
    whole = models.IntegerField(null=True)
    offered = models.IntegerField(null=True)
    posted = models.BooleanField(null=True)
    correct = models.BooleanField(null=True)
    inspected_on = models.DateField(null=True)
    received = models.IntegerField(null=True)
    on_time = models.IntegerField(null=True)
    prolonged = models.IntegerField(null=True)
    evidence = models.TextField()
    file = models.TextField(default="", blank=True)
    file_name = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    by = models.BigIntegerField()
    by_name = models.TextField()
    by_agency = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_score_version", fields=["agency", "period", "index", "version"]),
            models.CheckConstraint(name="score_has_evidence", condition=~Q(evidence="")),
            models.CheckConstraint(
                name="score_is_of_its_index",
                condition=_filled("5") | _filled("6") | _filled("8") | _emptied(),
            ),
            models.CheckConstraint(
                name="score_counts_can_be",
                condition=(Q(whole__isnull=True) | Q(whole__gte=0, whole__lte=F("offered"), offered__gte=1))
                & (
                    Q(received__isnull=True)
                    | Q(on_time__gte=0, prolonged__gte=0, received__gte=F("on_time") + F("prolonged"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.period} {self.index} v{self.version}"
