"""For whom: residents, households and businesses of the city, what was said of them when, and who asked.

The tables hold the data and say what cannot be. Changing them is left to the verbs in `record`, `households`,
`importing` and `documents`, asking to `lookups`. Who was at a counter before is `Party`, which is no register.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


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


class Resident(models.Model):
    """A person of the population register, as held to be true now.

    `birth` may lack day or month (`1980`, `1980-05`). Addresses carry the commune's code and the catalogue of units
    it is from. `since` is the day from which the first record speaks, `known_at` when it was made. Facts that ever
    changed have their whole story in `Statement`; the others are as first recorded.
    Retention: for ever; the register outlives the person.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=12)
    name = models.TextField()
    name_key = models.TextField()
    sex = models.TextField(default="", blank=True)
    birth = models.TextField(default="", blank=True)
    birth_year = models.SmallIntegerField(default=0)
    ethnicity = models.TextField(default="", blank=True)
    birthplace = models.JSONField(null=True, default=None)
    origin = models.JSONField(null=True, default=None)
    permanent = models.JSONField(null=True, default=None)
    temporary = models.JSONField(null=True, default=None)
    present = models.JSONField(null=True, default=None)
    father = models.JSONField(null=True, default=None)
    mother = models.JSONField(null=True, default=None)
    spouse = models.JSONField(null=True, default=None)
    since = models.DateField()
    known_at = models.DateTimeField()
    source = models.TextField(default="", blank=True)
    merged_into = models.ForeignKey("self", models.RESTRICT, null=True, default=None, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="resident_number_unique"),
            models.CheckConstraint(name="resident_number_digits", condition=Q(number__regex="^[0-9]{12}$")),
            models.CheckConstraint(name="resident_sex_known", condition=Q(sex__in=("", "male", "female"))),
        ]
        indexes = [
            models.Index(
                fields=["birth_year", "name_key", "id"],
                name="resident_year_name",
                opclasses=["int2_ops", "text_pattern_ops", "int8_ops"],
            ),
            models.Index(fields=["merged_into"], name="resident_merged", condition=Q(merged_into__isnull=False)),
        ]


class Alias(models.Model):
    """An earlier number of a resident: a 9-digit identity card, or the number of a record that was the same person.

    Retention: with the resident.
    """

    number = models.CharField(max_length=12, primary_key=True)
    resident = models.ForeignKey(Resident, models.RESTRICT, related_name="aliases")


class Statement(models.Model):
    """One value of one fact, with the days for which it holds and the time during which we believed it.

    Written when a fact first changes, and from then on. Nothing is altered but `known_to`, once (a trigger holds it);
    what is believed of one fact never says two things of one day (an exclusion constraint).
    Retention: for ever, with the resident.
    """

    id = models.BigAutoField(primary_key=True)
    resident = models.ForeignKey(Resident, models.RESTRICT, related_name="statements", db_index=False)
    fact = models.SmallIntegerField()
    value = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, default=None)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True, default=None)
    source = models.TextField()
    dossier = models.BigIntegerField(default=0)
    by = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="statement_has_a_day", condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from"))
            ),
        ]
        indexes = [models.Index(fields=["resident", "fact", "valid_from"], name="statement_of_resident")]


class Household(models.Model):
    """People who live together under one head (`hộ gia đình`), by the number of its residence file.

    Retention: for ever, with its members.
    """

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=20)
    address = models.TextField()
    commune = models.CharField(max_length=5)
    catalogue = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="household_code_once")]
        indexes = [models.Index(fields=["commune", "id"], name="household_commune")]


class Member(models.Model):
    """Somebody's place in a household, from a day to another: `head`, or the relation to the head.

    `known_at` is when we learnt that it began, `end_known_at` when we learnt that it ended.
    Retention: for ever, with the resident.
    """

    id = models.BigAutoField(primary_key=True)
    household = models.ForeignKey(Household, models.RESTRICT, related_name="members")
    resident = models.ForeignKey(Resident, models.RESTRICT, related_name="memberships")
    relation = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, default=None)
    known_at = models.DateTimeField(db_default=Now())
    end_known_at = models.DateTimeField(null=True, default=None)
    source = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household"], name="household_one_head", condition=Q(relation="head", valid_to=None)
            ),
            models.UniqueConstraint(fields=["resident"], name="member_of_one_household", condition=Q(valid_to=None)),
            models.CheckConstraint(
                name="member_has_a_day", condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from"))
            ),
        ]


class Business(models.Model):
    """A business or its branch as held to be true now, by tax code. `head` is the business a branch belongs to.

    The check digit is held by the table too (migration 0005).
    Retention: for ever; dossiers refer to closed businesses.
    """

    tax_code = models.CharField(max_length=14, primary_key=True)
    name = models.TextField()
    name_key = models.TextField()
    address = models.TextField(default="", blank=True)
    commune = models.CharField(max_length=5, default="", blank=True)
    representative = models.CharField(max_length=12, default="", blank=True)
    head = models.ForeignKey("self", models.RESTRICT, null=True, default=None, related_name="branches")
    since = models.DateField(null=True, default=None)
    until = models.DateField(null=True, default=None)
    source = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["name_key", "tax_code"],
                name="business_name_key",
                opclasses=["text_pattern_ops", "varchar_ops"],
            ),
            models.Index(fields=["representative"], name="business_of", condition=~Q(representative="")),
        ]


class BusinessStatement(models.Model):
    """What was said of a business, with the days for which it holds and the time during which we believed it.

    Nothing is altered but `known_to`, once, and no two of one business are believed of one day (migration 0005).
    Retention: for ever, with the business.
    """

    id = models.BigAutoField(primary_key=True)
    business = models.ForeignKey(Business, models.RESTRICT, related_name="statements")
    value = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, default=None)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True, default=None)
    source = models.TextField()
    dossier = models.BigIntegerField(default=0)
    by = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="business_statement_day", condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from"))
            ),
        ]


class Document(models.Model):
    """A document issued to somebody, whose file may be used again instead of bringing it (Decree 45/2020).

    Retention: as long as the dossier it came from; a revoked one stays, so that it can be said to be revoked.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    owner = models.CharField(max_length=14)
    kind = models.TextField()
    name = models.TextField()
    dossier = models.BigIntegerField()
    code = models.TextField(default="", blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, default=None)
    revoked_by = models.CharField(max_length=64, default="", blank=True)
    issued_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "-issued_at"], name="document_owner")]


class Access(models.Model):
    """Somebody asked about somebody: who, for which office, why, for which dossier, and what was shown.

    Insert only (a trigger and the role's rights hold it). Shown to the person asked about.
    Retention: at least five years (Decree 69/2024, art. 18), then destroyed with a record.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True)
    account = models.BigIntegerField()
    name = models.TextField()
    agency = models.IntegerField(default=0)
    purpose = models.TextField()
    reason = models.TextField(default="", blank=True)
    dossier = models.BigIntegerField(default=0)
    asked = models.TextField()
    resident = models.BigIntegerField(default=0)
    shown = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["resident", "-id"], name="access_resident", condition=~Q(resident=0)),
            models.Index(fields=["account", "-id"], name="access_account"),
        ]


class Contest(models.Model):
    """A resident says that a fact is wrong: which, what it should be, and the dossier that decides about it.

    `applied_at` is when it was written, `closed_at` when it was put away because no dossier granted it.
    Retention: with the dossier.
    """

    dossier = models.BigIntegerField(primary_key=True)
    resident = models.ForeignKey(Resident, models.RESTRICT, related_name="contests")
    what = models.TextField()
    present = models.JSONField(null=True)
    proposed = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, default=None)
    closed_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [models.Index(fields=["at"], name="contest_waits", condition=Q(applied_at=None, closed_at=None))]


class Twin(models.Model):
    """Two records that may be one person: equal name and birth under two numbers. Decided by an official, with words.

    Retention: with the residents.
    """

    pk = models.CompositePrimaryKey("one", "other")
    one = models.ForeignKey(Resident, models.RESTRICT, related_name="+")
    other = models.ForeignKey(Resident, models.RESTRICT, related_name="+")
    found_at = models.DateTimeField(auto_now_add=True)
    same = models.BooleanField(null=True, default=None)
    words = models.TextField(default="", blank=True)
    decided_by = models.TextField(default="", blank=True)
    decided_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [models.Index(fields=["found_at"], name="twin_open", condition=Q(same=None))]


class ParkedIndex(models.Model):
    """An index or constraint taken away while a population is loaded, and the statement that makes it again.

    Empty at all other times: what a killed load leaves here, `motcua registry mend` makes again.
    """

    id = models.BigAutoField(primary_key=True)
    statement = models.TextField()
