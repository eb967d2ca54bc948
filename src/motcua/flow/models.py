"""What the room keeps beside the facts: the way each dossier took, the ways there are, models of chance and chances.

All of it can be made again from the facts of `reports` (`motcua flow rebuild`, `motcua flow train`).
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Pending(models.Model):
    """A dossier whose facts have changed, up to which line of its journal. Removed as soon as its way is brought up
    to date, which is when the facts have come that far."""

    dossier_id = models.BigIntegerField(primary_key=True)
    seq = models.IntegerField()


class Variant(models.Model):
    """A way that dossiers took through one version of a process: its steps in the order they were opened.

    `fits` says whether the process draws it, `left_after` and `left_to` where it does not. `answered` ways must
    have come to the end of the process. Kept for ever: it names nobody.
    """

    id = models.BigIntegerField(primary_key=True)
    procedure = models.TextField()
    version = models.IntegerField()
    steps = ArrayField(models.TextField())
    answered = models.BooleanField()
    fits = models.BooleanField()
    left_after = models.TextField()
    left_to = models.TextField()

    def __str__(self) -> str:
        return " > ".join(self.steps)


class Way(models.Model):
    """The way of one dossier that has ended after it was accepted.

    `minutes` are those of the legal clock (worked ones where there was no answer), `agencies` divisions with their
    houses. `repeats` counts steps done again, `returned` steps sent back,
    `to_and_fro` hand-overs from one agency to another that had been made before, `crossings` all hand-overs between
    agencies and `crossings_late` those received later than the law allows. Kept as long as the dossier.
    """

    dossier_id = models.BigIntegerField(primary_key=True)
    procedure = models.TextField()
    version = models.IntegerField()
    receiving = models.IntegerField()
    agencies = ArrayField(models.IntegerField())
    finished_at = models.DateTimeField()
    outcome = models.TextField()
    late = models.BooleanField()
    minutes = models.IntegerField()
    variant = models.BigIntegerField()
    repeats = models.SmallIntegerField()
    returned = models.SmallIntegerField()
    to_and_fro = models.SmallIntegerField()
    crossings = models.SmallIntegerField()
    crossings_late = models.SmallIntegerField()

    class Meta:
        indexes = [
            models.Index(
                name="way_procedure",
                fields=["procedure", "finished_at", "dossier_id"],
                include=["variant", "late", "minutes", "repeats", "returned", "to_and_fro", "crossings",
                         "crossings_late", "receiving"],
            ),
            models.Index(name="way_variant", fields=["variant", "finished_at", "dossier_id"]),
            GinIndex(name="way_agencies", fields=["agencies"]),
        ]  # fmt: skip


class RiskModel(models.Model):
    """A model of the chance of being late as it was learned on a day, with how good it was found to be.

    `model` is empty where none may be used, and `why` says why. Kept for ever: the history of the chances shown.
    """

    trained_at = models.DateTimeField()
    learned_from = models.DateField()
    split_on = models.DateField()
    n = models.IntegerField()
    late = models.IntegerField()
    why = models.TextField()
    model = models.JSONField(null=True)
    quality = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(name="risk_model_when", fields=["-trained_at"])]


class Risk(models.Model):
    """The chance of one open dossier of being late, as reckoned at `at`, and what speaks for it.

    `reasons` are names of features with what they add to the log odds and the figures behind them. Removed when
    the dossier ends, when it is late already, or when no model may be used.
    """

    dossier_id = models.BigIntegerField(primary_key=True)
    model = models.ForeignKey(RiskModel, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    agency = models.IntegerField()
    receiving = models.IntegerField()
    chance = models.FloatField()
    reasons = models.JSONField()

    class Meta:
        indexes = [
            models.Index(name="risk_agency", fields=["agency", "-chance", "dossier_id"]),
            models.Index(name="risk_chance", fields=["-chance", "dossier_id"]),
            models.Index(name="risk_stale", fields=["at"]),
        ]
