"""Forms, campaigns, who was asked, the versions of each answer, and everything that was done with them.

An answer has versions: the one being written may change, one that was handed in never does again (a trigger
refuses, migration 0002), and acts are only ever added. What may be done by whom is the law's (`campaign_course`).
"""

from django.db import models
from django.db.models import F, Q

from motcua.law.campaign_term import Term

STATES = ("draft", "submitted", "returned", "signed", "district", "city")
SOURCES = ("browser", "excel", "copied")


class FormVersion(models.Model):
    """One version of a form, as the pack or the control office stated it; unchangeable once a campaign opened with it.

    Retention: for ever; figures are read by it.
    """

    code = models.CharField(max_length=40)
    number = models.IntegerField()
    content = models.TextField()
    origin = models.CharField(max_length=10)
    by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    opened = models.BooleanField(default=False)

    class Meta:
        verbose_name = "biểu thu thập"
        verbose_name_plural = "biểu thu thập"
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="campaign_form_once"),
            models.CheckConstraint(name="campaign_form_origin", condition=Q(origin__in=("pack", "browser"))),
        ]

    def __str__(self) -> str:
        return f"{self.code}/{self.number}"


class Campaign(models.Model):
    """One collection: a version of a form, the days it is about, when it was opened and when it is due.

    `due_at` is the date that holds, `closed_at` since when nothing can be written any more: what they were before,
    who changed them and why are acts. `previous` is the last campaign of the same form, with which answers are
    compared. Retention: 20 years, like the reports it feeds; then destroyed with a record.
    """

    form = models.ForeignKey(FormVersion, models.PROTECT, related_name="campaigns")
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    about_from = models.DateField()
    about_to = models.DateField()
    whom = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    opened_by = models.BigIntegerField()
    opened_name = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "đợt thu thập"
        verbose_name_plural = "đợt thu thập"
        indexes = [models.Index(fields=["-due_at", "-id"], name="campaign_by_due")]
        constraints = [
            models.CheckConstraint(name="campaign_period_in_order", condition=Q(about_to__gte=F("about_from"))),
            models.CheckConstraint(name="campaign_due_after_opening", condition=Q(due_at__gt=F("opened_at"))),
            models.CheckConstraint(name="campaign_closed_after_opening", condition=Q(closed_at__gte=F("opened_at"))),
        ]

    def __str__(self) -> str:
        return self.title_vi

    @property
    def term(self) -> Term:
        """Until when it is to be answered, for the law."""
        return Term(self.due_at, self.closed_at)


class Answer(models.Model):
    """What one agency owes to one campaign. `current` is its newest version (0: none was begun).

    Of a closed campaign `current` is the newest that was signed, where there is one: a correction that did not come
    in time stays beside it and goes on when the campaign is opened again. `signed_at` is when a version was first
    signed, which says whether it came in time. Retention: as its campaign.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="answers")
    agency = models.IntegerField()
    district = models.IntegerField(default=0)
    current = models.IntegerField(default=0)
    state = models.CharField(max_length=10, blank=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "phiếu trả lời"
        verbose_name_plural = "phiếu trả lời"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "agency"], name="campaign_answer_once"),
            models.CheckConstraint(name="campaign_answer_state", condition=Q(state__in=("", *STATES))),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "-id"], name="answer_by_agency"),
            models.Index(fields=["district", "state", "-id"], name="answer_by_district"),
            models.Index(fields=["state", "-id"], name="answer_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.agency}"


class Version(models.Model):
    """One version of an answer. `lines` are its rows, `hands` whose hand each cell is: who, when, browser or Excel.

    `revision` counts the times it was saved: whoever saves says which they saw. Retention: as its campaign; versions
    that were corrected stay.
    """

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="versions")
    no = models.IntegerField()
    state = models.CharField(max_length=10, default="draft")
    revision = models.IntegerField(default=0)
    lines = models.JSONField(default=list)
    hands = models.JSONField(default=list)
    words = models.CharField(max_length=1000, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "bản trả lời"
        verbose_name_plural = "bản trả lời"
        constraints = [
            models.UniqueConstraint(fields=["answer", "no"], name="campaign_version_once"),
            models.CheckConstraint(name="campaign_version_state", condition=Q(state__in=STATES)),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}/{self.no}"


class ActDone(models.Model):
    """Something somebody did with a campaign or an answer: one row per act, never altered (a trigger refuses).

    Retention: as its campaign; it is the evidence for who answered, signed and accepted.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="acts")
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="acts")
    no = models.IntegerField(default=0)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    account = models.BigIntegerField()
    name = models.CharField(max_length=200)
    words = models.CharField(max_length=1000, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = "việc đã làm"
        verbose_name_plural = "việc đã làm"
        indexes = [
            models.Index(fields=["answer", "id"], name="campaign_act_of_answer"),
            models.Index(fields=["campaign", "id"], name="campaign_own_acts", condition=Q(answer=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.answer_id}"


class Upload(models.Model):
    """A spreadsheet that was sent in, and what became of every row and cell: kept, so that nothing goes unsaid.

    The file itself is not kept, its digest is. Retention: two years, then destroyed; the answer and its hands stay.
    """

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="uploads")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    account = models.BigIntegerField()
    by = models.CharField(max_length=200)
    verdict = models.JSONField(default=dict)

    class Meta:
        verbose_name = "tệp đã nộp"
        verbose_name_plural = "tệp đã nộp"

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.name}"


class Reminder(models.Model):
    """That the officials of an answer were reminded on an occasion: written with the notices, so never twice.

    Retention: as its campaign.
    """

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="reminders")
    occasion = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "lần nhắc"
        verbose_name_plural = "lần nhắc"
        constraints = [models.UniqueConstraint(fields=["answer", "occasion"], name="campaign_reminder_once")]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.occasion}"
