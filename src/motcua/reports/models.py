"""What the reports keep: a fact per dossier, a fact per stage, and sums per month; all of it from the journal.

Nothing here is entered by hand: `facts.follow` writes it, `motcua reports rebuild` makes it anew, and
`motcua reports verify` compares it with the journal. Reading it is left to `figures` and `lists`.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

_OPEN = Q(finished_at=None, accepted_at__isnull=False)


class DossierFact(models.Model):
    """One dossier as the figures count it, once, whatever number of agencies it passes.

    What was answered stays as it was answered: the first answer fixes `finished_at`, `due_at`, `outcome` and
    `timeliness`, so that a correction afterwards changes no period of the past. `waiting` is true only while a
    lawful wait runs that began before the date had passed: a wait can hide nothing that was late already.
    Kept as long as the dossier; can be made again from its journal at any time.
    """

    dossier_id = models.BigIntegerField(primary_key=True)
    seq = models.IntegerField()
    code = models.TextField()
    procedure = models.TextField()
    version = models.IntegerField()
    field = models.TextField()
    receiving = models.IntegerField()
    tier = models.TextField()
    district = models.IntegerField()
    resolving = models.IntegerField()
    channel = models.TextField()
    lodged_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    accepted_month = models.DateField(null=True)
    finished_month = models.DateField(null=True)
    handed_month = models.DateField(null=True)
    outcome = models.TextField()
    status = models.SmallIntegerField()
    timeliness = models.TextField()
    index_timeliness = models.TextField()
    waiting = models.BooleanField()
    supplements = models.SmallIntegerField()
    extended = models.BooleanField()
    replayed = models.BooleanField()
    agency = models.IntegerField()
    step = models.TextField()
    stage = models.TextField()

    class Meta:
        indexes = [
            models.Index(
                name="fact_open",
                fields=["due_at", "dossier_id"],
                include=["receiving", "field", "procedure", "waiting", "replayed"],
                condition=_OPEN,
            ),
            models.Index(name="fact_held", fields=["agency", "due_at", "dossier_id"], condition=~Q(agency=0)),
            models.Index(
                name="fact_lodged",
                fields=["lodged_at", "dossier_id"],
                include=["receiving", "field", "procedure", "replayed"],
                condition=Q(finished_at=None, accepted_at=None),
            ),
            models.Index(name="fact_accepted", fields=["accepted_at", "dossier_id"]),
            models.Index(name="fact_finished", fields=["finished_at", "dossier_id"]),
            models.Index(name="fact_late", fields=["finished_at", "dossier_id"], condition=Q(timeliness="late")),
            models.Index(name="fact_receiving_accepted", fields=["receiving", "accepted_at", "dossier_id"]),
            models.Index(name="fact_receiving_finished", fields=["receiving", "finished_at", "dossier_id"]),
            models.Index(name="fact_procedure_finished", fields=["procedure", "finished_at", "dossier_id"]),
            models.Index(name="fact_procedure_accepted", fields=["procedure", "accepted_at", "dossier_id"]),
            models.Index(name="fact_field_finished", fields=["field", "finished_at", "dossier_id"]),
            models.Index(name="fact_field_accepted", fields=["field", "accepted_at", "dossier_id"]),
        ]


class StageFact(models.Model):
    """One piece of work of one agency on one dossier: how long it took, how long it waited, whether it was late.

    `worked`, `waited` and `in_transit` are minutes of the agency's working time; None, like `late`, while the
    work is open (its date says whether it is late now). The last step is closed when the result lies at the counter,
    not when it is collected. `officer` is the account assigned to it, or, where
    nobody was, the one who closed it. Kept as long as the dossier.
    """

    pk = models.CompositePrimaryKey("dossier_id", "no")
    dossier_id = models.BigIntegerField()
    no = models.IntegerField()
    receiving = models.IntegerField()
    field = models.TextField()
    procedure = models.TextField()
    step = models.TextField()
    stage = models.TextField()
    agency = models.IntegerField()
    role = models.TextField()
    kind = models.TextField()
    officer = models.BigIntegerField()
    opened = models.DateTimeField()
    received = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    due = models.DateTimeField()
    worked = models.IntegerField(null=True)
    waited = models.IntegerField(null=True)
    late = models.BooleanField(null=True)
    in_transit = models.IntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(name="stage_open", fields=["agency", "due"], condition=Q(closed=None)),
            models.Index(name="stage_closed", fields=["agency", "closed"], condition=Q(closed__isnull=False)),
            models.Index(name="stage_when", fields=["closed", "dossier_id", "no"]),
            models.Index(name="stage_procedure", fields=["procedure", "closed"]),
            models.Index(name="stage_officer", fields=["officer", "closed"], condition=~Q(officer=0)),
        ]


class RatingFact(models.Model):
    """One rated dossier: the points it was given, and whether the rating was contested and stands.

    `agencies` are those that worked on it, with their houses. Written by `ratings.follow` from the dossier's state.
    Kept as long as the dossier; can be made again from it at any time.
    """

    dossier_id = models.BigIntegerField(primary_key=True)
    code = models.TextField()
    procedure = models.TextField()
    version = models.IntegerField()
    receiving = models.IntegerField()
    agencies = ArrayField(models.IntegerField())
    at = models.DateTimeField()
    by = models.TextField()
    scores = models.JSONField()
    words = models.TextField(default="")
    contested_at = models.DateTimeField(null=True)
    stands = models.BooleanField(null=True)

    class Meta:
        indexes = [
            GinIndex(name="rating_agencies", fields=["agencies"]),
            models.Index(name="rating_when", fields=["-at", "-dossier_id"]),
            models.Index(
                name="rating_contested", fields=["contested_at"], condition=Q(contested_at__isnull=False, stands=None)
            ),
        ]


class Cube(models.Model):
    """Sums per month, receiving agency, procedure and field: dossiers received in the month of their acceptance,
    answered or otherwise ended in the month they were finished, handed over in the month of the hand-over.

    Replays are not in it. Kept for ever: it names nobody.
    """

    pk = models.CompositePrimaryKey("month", "receiving", "procedure", "field")
    month = models.DateField()
    receiving = models.IntegerField()
    procedure = models.TextField()
    field = models.TextField()
    received = models.IntegerField(default=0)
    before_date = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    granted = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    declined = models.IntegerField(default=0)
    withdrawn = models.IntegerField(default=0)
    stopped = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    handed = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(name="cube_receiving", fields=["receiving", "month"]),
            models.Index(name="cube_procedure", fields=["procedure", "month"]),
            models.Index(name="cube_field", fields=["field", "month"]),
        ]
