"""The published history of the KPIs: what was said of a period stays said, and a correction is another version."""

from django.db import models


class Value(models.Model):
    """One published value of one unit (the city, a district, a tier, an agency) and one period that is over.

    A recomputation that comes to something else is a row with the next `version`; nothing is ever changed or taken
    away, which the database refuses too. Kept for ever: it names nobody.
    """

    code = models.TextField()
    period = models.TextField()
    ends = models.DateTimeField()
    unit_kind = models.TextField()
    unit = models.TextField(default="")
    version = models.SmallIntegerField()
    numerator = models.FloatField()
    denominator = models.FloatField(null=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    cases = models.IntegerField()
    enough = models.BooleanField()
    published_at = models.DateTimeField()
    complete_until = models.DateTimeField()

    class Meta:
        db_table = "kpis_value"
        constraints = [
            models.UniqueConstraint(fields=["code", "period", "unit_kind", "unit", "version"], name="kpi_value_once")
        ]
        indexes = [models.Index(name="kpi_value_unit", fields=["unit_kind", "unit", "code", "ends"])]
