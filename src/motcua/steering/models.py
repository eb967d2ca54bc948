"""What the city's desk keeps: saved views, alerts and their firings, digests, targets and self-assessments.

The tables say what cannot be. Figures are never kept here but for what was told or signed at a moment.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from motcua.steering.hysteresis import COMPARISONS
from motcua.steering.measures import WINDOWS


class SavedView(models.Model):
    """A filter of the dashboard under a name, one's own or shared with one's agency.

    Retention: until its owner removes it; a view nobody opened for two years is removed by the worker.
    """

    account = models.BigIntegerField()
    agency = models.IntegerField()
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=500, blank=True)
    shared = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="view_name_once"),
            models.UniqueConstraint(fields=["account"], condition=Q(is_default=True), name="view_default_once"),
        ]
        indexes = [
            models.Index(fields=["agency"], condition=Q(shared=True), name="view_shared"),
            models.Index(fields=["used_at"], name="view_used"),
        ]

    def __str__(self) -> str:
        return self.name


class Alert(models.Model):
    """A figure watched against a limit. `release` is where it ends, so that it does not flap (`hysteresis`).

    `roles` are told at the alert's agency, `account` (who made it) always. Retention: until it is switched off and
    its last firing is five years old.
    """

    name = models.CharField(max_length=120)
    account = models.BigIntegerField()
    measure = models.CharField(max_length=40)
    window = models.CharField(max_length=8, default="now")
    agency = models.IntegerField(default=0)
    field = models.CharField(max_length=60, blank=True, default="")
    procedure = models.CharField(max_length=40, blank=True, default="")
    comparison = models.CharField(max_length=5)
    threshold = models.DecimalField(max_digits=14, decimal_places=2)
    release = models.DecimalField(max_digits=14, decimal_places=2)
    smallest = models.IntegerField(default=0)
    roles = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    is_on = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, default=None)
    last_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, default=None)
    last_sample = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="alert_comparison_known", condition=Q(comparison__in=COMPARISONS)),
            models.CheckConstraint(name="alert_window_known", condition=Q(window__in=WINDOWS)),
            models.CheckConstraint(
                name="alert_ends_on_the_good_side",
                condition=Q(comparison="above", release__lte=models.F("threshold"))
                | Q(comparison="below", release__gte=models.F("threshold")),
            ),
        ]
        indexes = [models.Index(fields=["looked_at"], condition=Q(is_on=True), name="alert_due")]

    def __str__(self) -> str:
        return self.name


class Firing(models.Model):
    """One time an alert went off: since when, with which figure, until when, and who said "seen".

    At most one of an alert goes on at a time. Retention: five years.
    """

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="firings")
    since = models.DateTimeField()
    value = models.DecimalField(max_digits=14, decimal_places=2)
    sample = models.IntegerField()
    until = models.DateTimeField(null=True, default=None)
    end_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, default=None)
    told = models.IntegerField(default=0)
    seen_by = models.BigIntegerField(default=0)
    seen_name = models.CharField(max_length=200, blank=True, default="")
    seen_at = models.DateTimeField(null=True, default=None)
    words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert"], condition=Q(until=None), name="firing_once")]
        indexes = [models.Index(fields=["-since"], name="firing_newest")]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.since:%Y-%m-%d %H:%M}"


KINDS = ("day", "week", "month")


class Digest(models.Model):
    """An official's wish to be sent the figures: of which agency, how often, at which hour.

    `weekday` (0 is Monday) is for weekly ones, `monthday` for monthly ones. Retention: until it is ended, or a year
    after the account was closed.
    """

    account = models.BigIntegerField()
    agency = models.IntegerField(default=0)
    kind = models.CharField(max_length=5)
    hour = models.SmallIntegerField(default=7)
    weekday = models.SmallIntegerField(default=0)
    monthday = models.SmallIntegerField(default=1)
    is_on = models.BooleanField(default=True)
    since = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "agency", "kind"], name="digest_once"),
            models.CheckConstraint(name="digest_kind_known", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(name="digest_hour", condition=Q(hour__gte=0, hour__lte=23)),
            models.CheckConstraint(name="digest_weekday", condition=Q(weekday__gte=0, weekday__lte=6)),
            models.CheckConstraint(name="digest_monthday", condition=Q(monthday__gte=1, monthday__lte=28)),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.kind}"


class Issue(models.Model):
    """One digest that was made and told: its period, its file, until when its figures are complete.

    Unique per digest and period: whatever is run twice, nobody is sent the same one twice. Retention: two years.
    """

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="issues")
    first = models.DateField()
    last = models.DateField()
    made_at = models.DateTimeField()
    complete_until = models.DateTimeField(null=True)
    file = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "first"], name="issue_once")]
        indexes = [models.Index(fields=["made_at"], name="issue_made")]

    def __str__(self) -> str:
        return f"{self.digest_id} {self.first}"


# Django looks for a room's tables here.
from motcua.steering.models_targets import (  # noqa: E402
    Assessment,
    Evidence,
    IndexVersion,
    Score,
    Target,
    TargetReminder,
    TargetSignature,
    TargetValue,
)

__all__ = [
    "Alert",
    "Assessment",
    "Digest",
    "Evidence",
    "Firing",
    "IndexVersion",
    "Issue",
    "SavedView",
    "Score",
    "Target",
    "TargetReminder",
    "TargetSignature",
    "TargetValue",
]
