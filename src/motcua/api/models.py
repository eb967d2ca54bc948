"""What the machines' face keeps: its clients, which requests were made once, and what is told to whom.

Tokens are kept by the OAuth library; dossiers, files and money by the rooms they belong to.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from motcua.jobs.leasing import Leased
from motcua.organisation.models import Account


class Client(AbstractApplication):  # type: ignore[misc]
    """A program of another house, or an app that a resident uses; `scopes` are the most it may ever ask for.

    A partner's program acts in the name of `user`, an account of the side `partner`.
    Retention: as long as an act in the journal names its account; closed by taking its scopes away.
    """

    scopes = models.TextField(default="", blank=True)

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"
        verbose_name = _("chương trình kết nối")
        verbose_name_plural = _("chương trình kết nối")


class Once(models.Model):
    """What was asked under an idempotency key, as a digest, so that the same key never means two things.

    Retention: 90 days, then destroyed.
    """

    pk = models.CompositePrimaryKey("account", "key")
    account = models.BigIntegerField()
    key = models.TextField()
    digest = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="once_at")]


class Subscription(models.Model):
    """An address that wants to be told what happens to the dossiers of one account.

    `secret` signs what is sent and is shown once. Closed after too many failures, with the reason.
    Retention: until removed; its deliveries go with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    url = models.TextField()
    secret = models.TextField()
    events = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    failures = models.IntegerField(default=0)
    closed_at = models.DateTimeField(null=True, default=None)
    closed_because = models.TextField(default="", blank=True)


class Delivery(Leased):
    """One event told to one address, once; sent again until it is taken or given up.

    Retention: 30 days after it is done or given up, then destroyed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    dossier = models.BigIntegerField()
    seq = models.IntegerField()
    type = models.TextField()
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    status = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True, default=None)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "dossier", "seq"], name="webhook_once")]
        indexes = [
            models.Index(fields=["next_at"], name="webhook_due", condition=models.Q(next_at__isnull=False)),
            models.Index(fields=["created_at"], name="webhook_created"),
        ]
