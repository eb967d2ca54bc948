"""People and businesses as intake needs them: who was here before, so that nothing is typed twice."""

from django.db import models


class Party(models.Model):
    """A person, business or organisation as last declared at a counter.

    Kept while a dossier of theirs is kept. The dossiers themselves hold what was declared each time.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    name = models.TextField()
    name_key = models.TextField()
    number = models.TextField(default="")
    birth = models.TextField(default="")
    phone = models.TextField(default="")
    email = models.TextField(default="")
    address = models.TextField(default="")
    commune = models.TextField(default="")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="party_number_once", condition=~models.Q(number="")),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="party_name_key", opclasses=["text_pattern_ops", "int8_ops"]),
        ]


class FormerNumber(models.Model):
    """An earlier number of the same party (a 9-digit identity card). Kept as long as the party."""

    number = models.TextField(primary_key=True)
    party = models.ForeignKey(Party, on_delete=models.RESTRICT)
