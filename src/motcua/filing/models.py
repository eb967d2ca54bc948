"""What people are filling in, what of it was handed in, and whom we told that a draft will go.

A draft belongs to the account that began it and to nobody else. Rows are written by the verbs of `drafts`
and `handing_in`; whether answers are right is asked of the law.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models


def _nothing() -> dict[str, Any]:
    return {}


class Draft(models.Model):
    """One application being filled in, saved at every step and kept 90 days after the last one.

    `answers` are raw, as typed, so that what is wrong is not lost either; `about`, `money` and `delivery` too.
    `papers` says how each paper comes. `sources` names what the register filled in: those answers are the
    register's and no page changes them. `revision` rises with every saved step; `revisions` says at which one
    each step last changed. `dossier` is what it became.
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    principal = models.JSONField(default=_nothing)
    procedure = models.TextField()
    version = models.IntegerField()
    case = models.TextField()
    agency = models.IntegerField()
    answers = models.JSONField(default=_nothing)
    about = models.JSONField(default=_nothing)
    papers = models.JSONField(default=_nothing)
    money = models.JSONField(default=_nothing)
    delivery = models.JSONField(default=_nothing)
    sources = models.JSONField(default=_nothing)
    step = models.TextField(default="")
    revision = models.IntegerField(default=0)
    revisions = models.JSONField(default=_nothing)
    begun_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    known_at = models.DateTimeField(null=True, default=None)
    goes_at = models.DateTimeField()
    dossier = models.BigIntegerField(null=True, default=None)
    submitted_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-updated_at"], name="draft_of_account"),
            models.Index(fields=["goes_at"], name="draft_goes", condition=models.Q(dossier=None)),
            models.Index(fields=["dossier"], name="draft_dossier", condition=models.Q(dossier__isnull=False)),
        ]


class DraftWarning(models.Model):
    """That a draft will be removed, said a week before, and once. Goes with the draft.

    Whoever sends messages reads these rows and notes `told_at`; the page of drafts shows them as well.
    """

    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, primary_key=True, related_name="warning")
    at = models.DateTimeField()
    goes_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, default=None)


class HandedIn(models.Model):
    """One application handed in online, and what it is like: equal ones have the same `likeness`.

    `twin` is an earlier dossier that says the same, 0 when there is none. Kept as long as the dossier.
    """

    dossier = models.BigIntegerField(primary_key=True)
    account = models.BigIntegerField()
    procedure = models.TextField()
    likeness = models.TextField()
    twin = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    delivery = models.JSONField(default=_nothing)

    class Meta:
        indexes = [models.Index(fields=["likeness", "-at"], name="handed_in_likeness")]
