"""Targets with the history of their values, and the self-assessment of the reform index.

Values and signatures are only ever added: a wrong value is followed by a right one, both stay.
"""

from django.db import models
from django.db.models import F, Q

EVERY = ("month", "quarter", "year")
GROUPS = ("city", "programme")
DRAFT, SUBMITTED, REVIEWED = "draft", "submitted", "reviewed"


class Target(models.Model):
    """What the city wants to reach: from where, to where, by when, who answers for it.

    With a `measure` the system reckons its values; without one its owner reports them every period. `stops` are own
    milestones as [day, value]. Kept for ever: it is what the city promised.
    """

    code = models.CharField(max_length=40, unique=True)
    group = models.CharField(max_length=12, default="city")
    position = models.SmallIntegerField(default=0)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    unit_vi = models.CharField(max_length=40)
    unit_en = models.CharField(max_length=40, blank=True)
    owner = models.IntegerField()
    measure = models.CharField(max_length=40, blank=True, default="")
    every = models.CharField(max_length=8, default="year")
    since = models.DateField()
    baseline = models.DecimalField(max_digits=18, decimal_places=3)
    due = models.DateField()
    goal = models.DecimalField(max_digits=18, decimal_places=3)
    more_is_better = models.BooleanField(default=True)
    stops = models.JSONField(default=list)
    is_demo = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True, default="")
    is_on = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="target_dates_in_order", condition=Q(due__gt=F("since"))),
            models.CheckConstraint(name="target_every_known", condition=Q(every__in=EVERY)),
            models.CheckConstraint(name="target_group_known", condition=Q(group__in=GROUPS)),
        ]

    def __str__(self) -> str:
        return self.code


class TargetValue(models.Model):
    """A value for the period that ends on `day`: reported by somebody or reckoned by the system (`account` 0).

    Insert-only. The last one entered for a day holds once it is signed (reckoned ones need no signature).
    Kept for ever, with the evidence it names.
    """

    target = models.ForeignKey(Target, models.PROTECT, related_name="values")
    day = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=3)
    sample = models.IntegerField(default=0)
    note = models.CharField(max_length=1000, blank=True, default="")
    file = models.TextField(blank=True, default="")
    file_name = models.CharField(max_length=200, blank=True, default="")
    account = models.BigIntegerField(default=0)
    by_name = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["target", "day"], condition=Q(account=0, is_demo=False), name="value_reckoned_once"
            )
        ]
        indexes = [models.Index(fields=["target", "day"], name="value_of_target")]

    def __str__(self) -> str:
        return f"{self.target_id} {self.day}: {self.value}"


class TargetSignature(models.Model):
    """A leader of the owner stands for a reported value. Insert-only, kept for ever."""

    value = models.OneToOneField(TargetValue, models.PROTECT, related_name="signature")
    account = models.BigIntegerField()
    name = models.CharField(max_length=200)
    agency = models.IntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.value_id}"


class TargetReminder(models.Model):
    """That an owner was reminded of the value of a period. Kept two years."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="reminders")
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target", "day"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.target_id} {self.day}"


class IndexVersion(models.Model):
    """The areas and criteria of the reform index as a content pack stated them. Kept for ever, never changed."""

    number = models.IntegerField(unique=True)
    content = models.TextField()
    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.number)


class Assessment(models.Model):
    """An agency's own assessment for a year, by one version of the index: draft, submitted, reviewed.

    Retention: ten years after its year; then destroyed with a record.
    """

    agency = models.IntegerField()
    year = models.SmallIntegerField()
    version = models.ForeignKey(IndexVersion, models.PROTECT)
    state = models.CharField(max_length=10, default=DRAFT)
    made_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=200, blank=True, default="")
    submitted_at = models.DateTimeField(null=True, default=None)
    reviewed_by = models.CharField(max_length=200, blank=True, default="")
    reviewed_at = models.DateTimeField(null=True, default=None)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="assessment_once"),
            models.CheckConstraint(name="assessment_state_known", condition=Q(state__in=(DRAFT, SUBMITTED, REVIEWED))),
            models.CheckConstraint(
                name="assessment_submitted_by_somebody", condition=Q(state=DRAFT) | Q(submitted_at__isnull=False)
            ),
            models.CheckConstraint(
                name="assessment_reviewed_by_somebody", condition=~Q(state=REVIEWED) | Q(reviewed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.year}"


class Score(models.Model):
    """The points for one criterion: the agency's own, and the reviewer's beside them with the difference explained.

    `figure` and `sample` are what a computed criterion stood on when it was submitted. Kept with its assessment.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=20)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True, default=None)
    note = models.CharField(max_length=1000, blank=True, default="")
    figure = models.DecimalField(max_digits=14, decimal_places=2, null=True, default=None)
    sample = models.IntegerField(default=0)
    reviewed = models.DecimalField(max_digits=6, decimal_places=2, null=True, default=None)
    review_note = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "criterion"], name="score_once")]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.criterion}"


class Evidence(models.Model):
    """A file that proves the points of a criterion. Kept with its assessment; the content with the files."""

    score = models.ForeignKey(Score, models.CASCADE, related_name="evidence")
    file = models.TextField()
    name = models.CharField(max_length=200)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["score", "file"], name="evidence_once")]

    def __str__(self) -> str:
        return self.name
