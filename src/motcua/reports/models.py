"""What the reports keep: facts per dossier, stage and span, sums per half month and day; all of it from the journal.

Nothing here is entered by hand: `facts.follow` writes it, `motcua reports rebuild` makes it anew, and
`motcua reports verify` compares it with the journal. Reading it is left to `figures` and `lists`.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import Func, Q

_OPEN = Q(finished_at=None, accepted_at__isnull=False)


class DossierFact(models.Model):
    """One dossier as the figures count it, once, whatever number of agencies it passes.

    What was answered stays as it was answered: the first answer fixes `finished_at`, `due_at`, `outcome` and
    `timeliness`, and the minutes of the clocks with them, so that a correction afterwards changes no period of the
    past (`corrected_at` tells of it). `waiting` is true only while a lawful wait runs that began before the date had
    passed: a wait can hide nothing that was late already. Minutes are worked minutes but for the resident's clock,
    which never stops before the hand-over. `agencies` and `officers` are those that held it, in order, once each.
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
    applicant_kind = models.TextField()
    level = models.SmallIntegerField()
    lodged_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    index_due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    accepted_half = models.DateField(null=True)
    finished_half = models.DateField(null=True)
    handed_half = models.DateField(null=True)
    outcome = models.TextField()
    status = models.SmallIntegerField()
    timeliness = models.TextField()
    index_timeliness = models.TextField()
    index_reason = models.TextField()
    waiting = models.BooleanField()
    supplements = models.SmallIntegerField()
    supplements_at_intake = models.SmallIntegerField()
    extended = models.BooleanField()
    sent_back = models.SmallIntegerField()
    replayed = models.BooleanField()
    agency = models.IntegerField()
    step = models.TextField()
    stage = models.TextField()
    legal_minutes = models.IntegerField(null=True)
    index_minutes = models.IntegerField(null=True)
    agency_minutes = models.IntegerField(null=True)
    step_minutes = models.IntegerField(null=True)
    resident_minutes = models.IntegerField(null=True)
    agencies = ArrayField(models.IntegerField())
    officers = ArrayField(models.BigIntegerField())
    paid = models.BooleanField()
    paid_online = models.BooleanField()
    identified = models.BooleanField()
    digitised = models.BooleanField()
    reused = models.BooleanField()
    e_result = models.BooleanField()

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
            models.Index(
                name="fact_accepted",
                fields=["accepted_at", "dossier_id"],
                include=["receiving", "field", "procedure", "channel", "replayed"],
            ),
            models.Index(
                name="fact_finished",
                fields=["finished_at", "dossier_id"],
                include=["receiving", "field", "procedure", "timeliness", "replayed"],
            ),
            models.Index(name="fact_handed", fields=["handed_at", "dossier_id"], condition=Q(handed_at__isnull=False)),
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

    `allowed`, `worked`, `waited` and `in_transit` are minutes of the agency's working time, the wait also by ground;
    None, like `late`, while the work is open (its date says whether it is late now). The last step is closed when the
    result lies at the counter, not when it is collected. `officer` is the account assigned to it, or, where nobody
    was, the one who closed it; `ended_by` the event that closed it. Kept as long as the dossier.
    """

    pk = models.CompositePrimaryKey("dossier_id", "no")
    dossier_id = models.BigIntegerField()
    no = models.IntegerField()
    receiving = models.IntegerField()
    field = models.TextField()
    procedure = models.TextField()
    version = models.IntegerField()
    step = models.TextField()
    stage = models.TextField()
    agency = models.IntegerField()
    role = models.TextField()
    kind = models.TextField()
    officer = models.BigIntegerField()
    closed_by = models.BigIntegerField()
    sent_by = models.IntegerField()
    opened = models.DateTimeField()
    received = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    due = models.DateTimeField()
    allowed = models.IntegerField()
    worked = models.IntegerField(null=True)
    waited = models.IntegerField(null=True)
    waited_supplement = models.IntegerField(null=True)
    waited_tax = models.IntegerField(null=True)
    waited_payment = models.IntegerField(null=True)
    waited_verification = models.IntegerField(null=True)
    waited_confirmation = models.IntegerField(null=True)
    late = models.BooleanField(null=True)
    in_transit = models.IntegerField(null=True)
    ended_by = models.TextField()
    replayed = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(name="stage_open", fields=["agency", "due"], condition=Q(closed=None)),
            models.Index(name="stage_closed", fields=["agency", "closed"], condition=Q(closed__isnull=False)),
            models.Index(name="stage_when", fields=["closed", "dossier_id", "no"]),
            models.Index(name="stage_procedure", fields=["procedure", "closed"]),
            models.Index(name="stage_officer", fields=["officer", "closed"], condition=~Q(officer=0)),
            models.Index(
                name="stage_late",
                fields=["closed"],
                include=["procedure", "kind", "worked", "allowed", "receiving", "agency"],
                condition=Q(late=True),
            ),
            models.Index(
                name="stage_crossing",
                fields=["procedure", "closed"],
                include=["sent_by", "agency", "in_transit", "opened", "receiving"],
                condition=~Q(sent_by=0) & Q(kind="step"),
            ),
        ]


class DossierSpan(models.Model):
    """A stretch in which a dossier stood as one thing: what was open, waiting or lodged at any instant of the past.

    Asked for with `stock.AT`: at an instant a dossier stands as it did just before it. Nothing after its answer.
    Kept as long as the dossier.
    """

    pk = models.CompositePrimaryKey("dossier_id", "no")
    dossier_id = models.BigIntegerField()
    no = models.IntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    state = models.TextField()
    ground = models.TextField()
    due = models.DateTimeField(null=True)
    receiving = models.IntegerField()
    field = models.TextField()
    procedure = models.TextField()
    replayed = models.BooleanField()

    class Meta:
        db_table = "reports_span"
        indexes = [
            GistIndex(Func("since", "until", models.Value("(]"), function="tstzrange"), name="span_at"),
            models.Index(name="span_open", fields=["receiving", "due"], condition=Q(until=None)),
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


class HalfSums(models.Model):
    """What is added up of a half month: flows, and changes (`d_`) of what was open."""

    received = models.IntegerField(default=0)
    received_online = models.IntegerField(default=0)
    before_date = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    granted = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    declined = models.IntegerField(default=0)
    withdrawn = models.IntegerField(default=0)
    stopped = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    dropped = models.IntegerField(default=0)
    handed = models.IntegerField(default=0)
    d_in_time = models.IntegerField(default=0)
    d_overdue = models.IntegerField(default=0)
    d_waiting = models.IntegerField(default=0)
    d_lodged = models.IntegerField(default=0)
    d_returned = models.IntegerField(default=0)

    class Meta:
        abstract = True


class Cube(HalfSums):
    """Sums per half month, receiving agency, procedure and field.

    Flows stand in the half month in which they happened: received at acceptance, answered or otherwise ended when
    finished (`dropped`: accepted, and ended without an answer), handed over at the hand-over. Stocks are kept as
    changes (`d_`): what was open at the end of a half month is the sum of all changes up to it. Changes may lie in
    half months to come, where a date will pass. Replays are not in it. Kept for ever: it names nobody.
    """

    pk = models.CompositePrimaryKey("half", "receiving", "procedure", "field")
    half = models.DateField()
    receiving = models.IntegerField()
    procedure = models.TextField()
    field = models.TextField()

    class Meta:
        indexes = [
            models.Index(name="cube_receiving", fields=["receiving", "half"]),
            models.Index(name="cube_procedure", fields=["procedure", "half"]),
            models.Index(name="cube_field", fields=["field", "half"]),
        ]


class CityHalf(HalfSums):
    """The sums of `Cube` of the whole city: what its desk, its public page and its indicators show most.

    Kept for ever: it names nobody.
    """

    half = models.DateField(primary_key=True)


class CarriedHalf(models.Model):
    """A half month at whose beginning what was open is added up and stands in `Carry`. Kept for ever, or made again."""

    half = models.DateField(primary_key=True)


class Carry(models.Model):
    """What was open when a half month began; nothing that the sums do not say. Counts only while the half is carried.

    Kept for ever: it names nobody. Made again by `carry` at any time.
    """

    pk = models.CompositePrimaryKey("half", "receiving", "procedure", "field")
    half = models.DateField()
    receiving = models.IntegerField()
    procedure = models.TextField()
    field = models.TextField()
    in_time = models.IntegerField()
    overdue = models.IntegerField()
    waiting = models.IntegerField()


class OpenDay(models.Model):
    """Open work per agency that holds it and day of the city, as changes; and what was done on the day.

    The sum of the changes up to a day is what was open, late or waiting at the end of it. Replays are not in it.
    Kept for ever: it names nobody.
    """

    pk = models.CompositePrimaryKey("agency", "day")
    day = models.DateField()
    agency = models.IntegerField()
    d_open = models.IntegerField(default=0)
    d_late = models.IntegerField(default=0)
    d_waiting = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    closed_late = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(name="openday_day", fields=["day"])]


class WorkDay(models.Model):
    """Work finished on a day of the city by an agency, by procedure and field; `late` of it after its own date.

    Replays are in it, as they are in the lists of work. Kept for ever: it names nobody.
    """

    pk = models.CompositePrimaryKey("day", "agency", "procedure", "field")
    day = models.DateField()
    agency = models.IntegerField()
    procedure = models.TextField()
    field = models.TextField()
    done = models.IntegerField(default=0)
    late = models.IntegerField(default=0)


class OfficerDay(models.Model):
    """Work finished on a day of the city by an official (0: by nobody). Kept as long as the stages it counts."""

    pk = models.CompositePrimaryKey("day", "officer")
    day = models.DateField()
    officer = models.BigIntegerField()
    done = models.IntegerField(default=0)
    late = models.IntegerField(default=0)


class RoleDay(models.Model):
    """Work finished on a day of the city by the posts of a role, and the minutes it took, waited and was on its way.

    Replays are not in it. Kept for ever: it names nobody.
    """

    pk = models.CompositePrimaryKey("day", "role")
    day = models.DateField()
    role = models.TextField()
    done = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    worked = models.IntegerField(default=0)
    waited = models.IntegerField(default=0)
    in_transit = models.IntegerField(default=0)


class Kept(models.Model):
    """An answer about days that are over (`kept`), until the day on which it was found has passed. It names nobody."""

    pk = models.CompositePrimaryKey("name", "key")
    name = models.TextField()
    key = models.TextField()
    day = models.DateField()
    body = models.BinaryField()


class Standing(models.Model):
    """One row: how many facts there must be, and what is wrong with them. Says when figures must not be trusted."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    scheme = models.IntegerField()
    dossiers = models.BigIntegerField(default=0)
    stages = models.BigIntegerField(default=0)
    spans = models.BigIntegerField(default=0)
    trouble = models.TextField(default="")
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_standing")]
