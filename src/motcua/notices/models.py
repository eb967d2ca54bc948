"""What is told to whom, over which channel, and what became of it; and what each provider is worth just now.

One `Notice` is one event told to one person; each of its `Delivery` rows is one destination with a fate of its
own. The tables say what cannot be; sending is left to `sending`, what to tell to `occasions`.
"""

from django.db import models
from django.db.models import Q

from motcua.jobs.leasing import Leased

SMS, EMAIL, PUSH = "sms", "email", "push"
CHANNELS = (SMS, EMAIL, PUSH)

# held: a destination kept for the case that the one before it fails. sending: handed to a provider, its answer not
# yet recorded. doubtful: the provider may or may not have it. unknown: the same, and we stopped asking.
HELD, WAITING, SENDING, DOUBTFUL, SENT = "held", "waiting", "sending", "doubtful", "sent"
DELIVERED, FAILED, EXPIRED, UNKNOWN, NEEDLESS = "delivered", "failed", "expired", "unknown", "needless"
STATES = (HELD, WAITING, SENDING, DOUBTFUL, SENT, DELIVERED, FAILED, EXPIRED, UNKNOWN, NEEDLESS)
FINAL = (DELIVERED, FAILED, EXPIRED, UNKNOWN, NEEDLESS)

NO_PROOF, PROOF_DUE, PROVEN = 0, 1, 2


class Wording(models.Model):
    """One version of what a kind of message says, as the content pack stated it. Kept for ever, never changed."""

    kind = models.TextField()
    version = models.IntegerField()
    content = models.TextField()
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="wording_once")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.version}"


class Told(models.Model):
    """Up to which step of its journal a dossier's people have been told. Kept as long as the dossier."""

    dossier_id = models.BigIntegerField(primary_key=True)
    seq = models.IntegerField()


class Notice(models.Model):
    """One event told to one person; for a person with an account it is also their inbox's entry.

    `event` and `person` together are unique: whatever is run twice, nobody is told twice. `values` holds what the
    words need and nothing more. Retention: two years, then destroyed; proofs of delivery stay in the journal.
    """

    event = models.TextField()
    person = models.TextField()
    account = models.BigIntegerField(default=0)
    dossier_id = models.BigIntegerField(default=0)
    seq = models.IntegerField(default=0)
    agency = models.IntegerField(default=0)
    kind = models.TextField()
    version = models.IntegerField()
    language = models.TextField(default="vi")
    values = models.JSONField(default=dict)
    required = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, default=None)
    # Why nothing leaves the house: opted_out, no_contact, no_channel, over_limit.
    kept_in = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "person"], name="notice_once")]
        indexes = [
            models.Index(fields=["account", "-id"], name="notice_inbox", condition=~Q(account=0)),
            models.Index(fields=["account"], name="notice_unread", condition=Q(read_at=None) & ~Q(account=0)),
            models.Index(fields=["dossier_id", "id"], name="notice_dossier", condition=~Q(dossier_id=0)),
            models.Index(fields=["expires_at"], name="notice_codes", condition=Q(kind="sign_in_code")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event}"


class Delivery(Leased):
    """One destination of a notice. `message` is our id of the message, the same at every attempt.

    Retention: with its notice; the address is wiped half a year after the last attempt.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    rank = models.SmallIntegerField(default=0)
    channel = models.TextField()
    address = models.TextField()
    address_hash = models.TextField()
    message = models.UUIDField(unique=True)
    agency = models.IntegerField(default=0)
    state = models.TextField(default=WAITING)
    provider = models.TextField(default="", blank=True)
    reference = models.TextField(default="", blank=True)
    tries = models.SmallIntegerField(default=0)
    segments = models.SmallIntegerField(default=1)
    cost = models.IntegerField(default=0)
    handed_at = models.DateTimeField(null=True, default=None)
    sent_at = models.DateTimeField(null=True, default=None)
    done_at = models.DateTimeField(null=True, default=None)
    proof = models.SmallIntegerField(default=NO_PROOF)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "rank"], name="delivery_rank_once"),
            models.CheckConstraint(name="delivery_channel_known", condition=Q(channel__in=CHANNELS)),
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=STATES)),
            # What is over is never due again, and what is handed over has a provider.
            models.CheckConstraint(name="delivery_final_rests", condition=~Q(state__in=FINAL) | Q(next_at=None)),
            models.CheckConstraint(
                name="delivery_sent_by_somebody", condition=~Q(state__in=(SENDING, DOUBTFUL, SENT)) | ~Q(provider="")
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "next_at"], name="delivery_due", condition=~Q(next_at=None)),
            models.Index(fields=["provider", "reference"], name="delivery_reference", condition=~Q(reference="")),
            models.Index(fields=["id"], name="delivery_proof_due", condition=Q(proof=PROOF_DUE)),
            models.Index(fields=["done_at"], name="delivery_address_kept", condition=~Q(address="")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.message}"


class Letter(models.Model):
    """What the sandbox provider was given: nothing left the house. Retention: thirty days."""

    message = models.UUIDField(unique=True)
    at = models.DateTimeField(auto_now_add=True)
    channel = models.TextField()
    address = models.TextField()
    title = models.TextField(blank=True)
    text = models.TextField()
    segments = models.SmallIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["-id"], name="letter_newest")]

    def __str__(self) -> str:
        return f"{self.channel} {self.message}"


class Provider(models.Model):
    """How a provider does: its share of the traffic, the last minutes' figures, its breaker. One row each."""

    name = models.TextField(primary_key=True)
    channel = models.TextField()
    share = models.SmallIntegerField(default=100)
    rest = models.SmallIntegerField(default=100)
    since = models.DateTimeField()
    asked = models.IntegerField(default=0)
    slow = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    retried = models.IntegerField(default=0)
    before_asked = models.IntegerField(default=0)
    before_slow = models.IntegerField(default=0)
    before_failed = models.IntegerField(default=0)
    before_retried = models.IntegerField(default=0)
    in_a_row = models.IntegerField(default=0)
    broken_until = models.DateTimeField(null=True, default=None)
    breaks = models.IntegerField(default=0)
    moved_at = models.DateTimeField(null=True, default=None)
    last_good_at = models.DateTimeField(null=True, default=None)

    def __str__(self) -> str:
        return self.name


class Cost(models.Model):
    """What an agency's messages came to in a month, added up as they are sent. Kept ten years, as accounts are."""

    pk = models.CompositePrimaryKey("agency", "month", "channel", "provider")
    agency = models.IntegerField()
    month = models.DateField()
    channel = models.TextField()
    provider = models.TextField()
    messages = models.IntegerField(default=0)
    segments = models.IntegerField(default=0)
    dong = models.BigIntegerField(default=0)


class Used(models.Model):
    """How many messages an agency has asked for on a day, against its limit. Kept a month."""

    pk = models.CompositePrimaryKey("agency", "day")
    agency = models.IntegerField()
    day = models.DateField()
    messages = models.IntegerField(default=0)


class Preference(models.Model):
    """How a person wants to be told. Without a row the defaults hold. Kept as long as the account."""

    account = models.BigIntegerField(primary_key=True)
    language = models.TextField(default="vi")
    sms = models.BooleanField(default=True)
    email = models.BooleanField(default=True)
    push = models.BooleanField(default=True)
    progress = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True, default=None)
    quiet_until = models.TimeField(null=True, default=None)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.account)


class Subscription(models.Model):
    """A browser that shows messages of ours. Removed when the push service says it is gone, or by its owner."""

    account = models.BigIntegerField()
    endpoint = models.TextField(unique=True)
    p256dh = models.TextField()
    auth = models.TextField()
    agent = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["account"], name="subscription_account")]

    def __str__(self) -> str:
        return f"{self.account} {self.pk}"


class Unanswered(models.Model):
    """An online dossier that nobody has answered yet, and when its clerks are to be alerted. Gone once answered."""

    dossier_id = models.BigIntegerField(primary_key=True)
    agency = models.IntegerField()
    alert_at = models.DateTimeField()
    alerted_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [models.Index(fields=["alert_at"], name="unanswered_due", condition=Q(alerted_at=None))]

    def __str__(self) -> str:
        return str(self.dossier_id)
