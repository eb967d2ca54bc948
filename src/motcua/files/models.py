"""Which files are stored, by the hash of their content, and what is on its way in; the bytes lie in the city's home.

The tables say what cannot be. Taking an upload in is left to `uploads` and `intake`, the bytes to `parts` and
`store`.
"""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from motcua.jobs.leasing import Leased

RECEIVING, CHECKING, READY, REFUSED, GONE = "receiving", "checking", "ready", "refused", "gone"
STATES = (RECEIVING, CHECKING, READY, REFUSED, GONE)


class StoredFile(models.Model):
    """One content, stored once however often it is handed in.

    Kept as long as the longest-kept dossier that names it; never removed while one does. What was uploaded and
    is not yet in a dossier has `passing_until`; it is None for all that stays.
    """

    digest = models.TextField(primary_key=True)
    size = models.BigIntegerField()
    media_type = models.TextField()
    name = models.TextField()
    stored_at = models.DateTimeField(auto_now_add=True)
    passing_until = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [
            models.Index(fields=["passing_until"], name="stored_passing", condition=Q(passing_until__isnull=False))
        ]


class Upload(Leased):
    """One file that somebody sends: being received, being checked, ready as a PDF, refused with a reason, or gone.

    `account` is who sends it, `bundle` what it is for (a draft), `field` which question or paper of it. The
    offset is not here: it is the size of the part on the disk. Retention: parts a week after the last byte, what
    is ready as long as its draft; what is left of the row once it is gone, a month. Kept ones (`kept_at`) belong
    to a dossier and stay as the record of what was sent and what was made of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.BigIntegerField()
    bundle = models.CharField(max_length=64, blank=True, default="")
    field = models.CharField(max_length=100, blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")
    says = models.CharField(max_length=100, blank=True, default="")
    metadata = models.TextField(blank=True, default="")
    length = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=[(each, each) for each in STATES], default=RECEIVING)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, default=None)
    kept_at = models.DateTimeField(null=True, default=None)
    reason = models.CharField(max_length=40, blank=True, default="")
    told = models.JSONField(default=dict)
    original_digest = models.CharField(max_length=64, blank=True, default="")
    original_media = models.CharField(max_length=40, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    size = models.BigIntegerField(default=0)
    pages = models.IntegerField(default=0)
    previews = models.JSONField(default=list)
    scanned = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="upload_length_positive", condition=Q(length__gte=0)),
            models.CheckConstraint(name="upload_ready_has_digest", condition=~Q(state=READY) | ~Q(digest="")),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="upload_due", condition=Q(next_at__isnull=False)),
            models.Index(fields=["account", "bundle", "created_at"], name="upload_of_bundle"),
            models.Index(fields=["digest"], name="upload_digest", condition=~Q(digest="")),
            models.Index(fields=["expires_at"], name="upload_expires", condition=Q(kept_at__isnull=True)),
            GinIndex(fields=["previews"], name="upload_previews", opclasses=["jsonb_path_ops"]),
        ]


class Allowance(models.Model):
    """How much one person, or one bundle of theirs, has on its way in: kept as sums, never counted.

    `key` is the account's number, or number and bundle. `day` and `begun` bound how many uploads one person may
    begin in a day. Retention: rows go when they are at zero and
    a day old: they say nothing then.
    """

    key = models.CharField(max_length=90, primary_key=True)
    bytes = models.BigIntegerField(default=0)
    number = models.IntegerField(default=0)
    day = models.DateField(null=True, default=None)
    begun = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["day"], name="allowance_idle", condition=Q(number=0))]
        constraints = [
            models.CheckConstraint(
                name="allowance_not_negative", condition=Q(bytes__gte=0) & Q(number__gte=0) & Q(begun__gte=0)
            )
        ]
