"""The tables of the heart. Everything a dossier owns has the key `(dossier_id, seq)` or `(dossier_id, no)`.

Tables that belong to dossiers are distributed by `dossier_id` when PostgreSQL is Citus; no unique constraint
or foreign key stands in the way of that. Rows are written by `store`, never by `save()`.
"""

from django.db import models


class Dossier(models.Model):
    """Where a dossier stands: the encoded state and the columns lists are filtered by.

    `account` is the signed-in owner's, `filer` that of somebody else who filed it; `wake_at` is when the clock
    has to do something about it.

    Kept for the retention period of the procedure's result type, then archived with its journal.
    """

    id = models.BigIntegerField(primary_key=True)
    seq = models.IntegerField()
    head = models.BinaryField()
    state = models.TextField()
    last_at = models.DateTimeField()
    code = models.TextField(default="")
    token = models.TextField(default="")
    procedure = models.TextField()
    version = models.IntegerField()
    channel = models.TextField()
    receiving = models.IntegerField()
    phase = models.TextField()
    outcome = models.TextField(default="")
    status = models.SmallIntegerField()
    waiting = models.BooleanField(default=False)
    applicant_name = models.TextField()
    applicant_key = models.TextField()
    applicant_number = models.TextField(default="")
    lodged_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    account = models.BigIntegerField(default=0, db_default=0)
    filer = models.BigIntegerField(default=0, db_default=0)
    wake_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["code"], name="dossier_code"),
            models.Index(fields=["token"], name="dossier_token"),
            models.Index(fields=["receiving", "status", "-id"], name="dossier_receiving"),
            models.Index(
                fields=["applicant_number", "-id"],
                name="dossier_applicant_number",
                condition=~models.Q(applicant_number=""),
            ),
            models.Index(
                fields=["receiving", "due_at", "id"],
                name="dossier_open_due",
                condition=models.Q(finished_at=None),
            ),
            models.Index(
                fields=["procedure", "-id"],
                name="dossier_procedure",
            ),
            models.Index(fields=["account", "-id"], name="dossier_account", condition=~models.Q(account=0)),
            models.Index(fields=["filer", "-id"], name="dossier_filer", condition=~models.Q(filer=0)),
            models.Index(fields=["wake_at", "id"], name="dossier_wake", condition=models.Q(wake_at__isnull=False)),
        ]


class Name(models.Model):
    """Under which name a dossier was taken in, and where: what it is found by.

    Apart from the dossier's own row, which every act writes anew with all that indexes say of it: names hardly ever
    change. Kept as long as the dossier.
    """

    dossier_id = models.BigIntegerField(primary_key=True)
    receiving = models.IntegerField()
    key = models.TextField()

    class Meta:
        indexes = [
            models.Index(
                fields=["receiving", "key", "-dossier_id"],
                name="name_of_agency",
                opclasses=["int4_ops", "text_pattern_ops", "int8_ops"],
            ),
            models.Index(
                fields=["key", "-dossier_id"],
                name="name_in_city",
                opclasses=["text_pattern_ops", "int8_ops"],
                include=["receiving"],
            ),
        ]


class Event(models.Model):
    """The journal (`nhật ký`): insert only, sealed row onto row. Kept as long as its dossier.

    `payload` is the sealed encoding, byte for byte. `key` stands on the first event of a command and makes
    a repeated command one act.
    """

    pk = models.CompositePrimaryKey("dossier_id", "seq")
    dossier_id = models.BigIntegerField()
    seq = models.IntegerField()
    at = models.DateTimeField()
    type = models.TextField()
    actor = models.TextField()
    agency = models.IntegerField()
    key = models.TextField(default="")
    payload = models.TextField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier_id", "key"], name="event_once", condition=~models.Q(key="")),
        ]


class Task(models.Model):
    """An open piece of work, one row each; gone when it is done (the journal remembers)."""

    pk = models.CompositePrimaryKey("dossier_id", "no")
    dossier_id = models.BigIntegerField()
    no = models.IntegerField()
    agency = models.IntegerField()
    role = models.TextField()
    assignee = models.BigIntegerField(default=0)
    procedure = models.TextField()
    step = models.TextField()
    stage = models.TextField()
    kind = models.TextField()
    sent_by = models.IntegerField(default=0)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    received = models.BooleanField()
    waiting = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["agency", "due_at", "dossier_id", "no"], name="task_inbox"),
            models.Index(
                fields=["assignee", "due_at", "dossier_id", "no"],
                name="task_mine",
                condition=~models.Q(assignee=0),
            ),
            models.Index(fields=["sent_by", "opened_at"], name="task_sent", condition=models.Q(received=False)),
        ]


class Outbox(models.Model):
    """One row a transition, for the followers; removed when all of them have passed it.

    `xid` is the transaction that wrote it and `pos` its place; both are drawn by the database. Followers
    read in the order (xid, pos) up to the oldest transaction still running, so that none is ever missed.
    """

    pk = models.CompositePrimaryKey("dossier_id", "seq")
    dossier_id = models.BigIntegerField()
    seq = models.IntegerField()
    xid = models.BigIntegerField()
    pos = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["xid", "pos"], name="outbox_order")]


class Counter(models.Model):
    """The last number drawn, per kind, agency and period. Kept for ever: numbers are never used again."""

    pk = models.CompositePrimaryKey("kind", "agency", "period")
    kind = models.TextField()
    agency = models.IntegerField()
    period = models.IntegerField()
    last = models.IntegerField()


class Lookup(models.Model):
    """Which dossier a key means: the idempotency keys of lodgings. Kept a year."""

    key = models.TextField(primary_key=True)
    dossier_id = models.BigIntegerField()
    at = models.DateTimeField()


class Checkpoint(models.Model):
    """A signed seal over all heads that changed since the one before. Kept for ever; insert only."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    prev = models.BinaryField()
    root = models.BinaryField()
    leaves = models.IntegerField()
    dossiers = models.BigIntegerField()
    events = models.BigIntegerField()
    hash = models.BinaryField()
    signature = models.BinaryField()
    key_id = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["at", "number"], name="checkpoint_when")]


class CheckpointLeaf(models.Model):
    """The head of one dossier under one checkpoint. Kept as long as the dossier; insert only."""

    pk = models.CompositePrimaryKey("dossier_id", "checkpoint")
    dossier_id = models.BigIntegerField()
    checkpoint = models.BigIntegerField()
    seq = models.IntegerField()
    head = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["checkpoint", "dossier_id"], name="leaf_checkpoint")]


class Follower(models.Model):
    """How far a follower has read the outbox, and until when its figures are complete."""

    name = models.TextField(primary_key=True)
    xid = models.BigIntegerField(default=0)
    pos = models.BigIntegerField(default=0)
    complete_until = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
