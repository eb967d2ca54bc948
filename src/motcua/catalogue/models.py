"""What: fields, procedures, their immutable versions, where they are offered, and the law's regimes.

The tables hold the data and say what cannot be. Publishing is left to `publishing`, reading to `versions`
and `search`. All are small and read everywhere: reference tables where the database is spread over several.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.law.texts import Text
from motcua.organisation.models import Agency

TIERS = ("commune", "district", "department", "branch")
ORIGINS = ("pack", "national", "log")
ONLINE_KINDS = ("takes", "pays")
WORD_KINDS = ("name", "english", "called", "code", "alias")
_IN_ORDER = Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))


class Field(models.Model):
    """A field of activity (lĩnh vực) to which procedures belong. Retention: for ever."""

    code = models.CharField(primary_key=True, max_length=60)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    position = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("lĩnh vực")
        verbose_name_plural = _("lĩnh vực")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name_vi

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(self.name_vi, self.name_en)


class LifeEvent(models.Model):
    """An event of a life by which the portal groups procedures. Retention: while it is shown."""

    code = models.CharField(primary_key=True, max_length=40)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    summary_vi = models.CharField(max_length=500, blank=True)
    summary_en = models.CharField(max_length=500, blank=True)
    position = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("sự kiện đời sống")
        verbose_name_plural = _("sự kiện đời sống")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name_vi


class Reason(models.Model):
    """A reason of the law's list, and for which acts it may be given. Retention: for ever; journals name it."""

    code = models.CharField(primary_key=True, max_length=40)
    use = models.JSONField(default=list)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    ground = models.CharField(max_length=300, blank=True)
    position = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("lý do")
        verbose_name_plural = _("lý do")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name_vi


class RegimeRow(models.Model):
    """A state of the one-stop law. Its rules never change once stored; only its end and its names may.

    Retention: for ever; a dossier stays under the regime of its acceptance.
    """

    code = models.CharField(primary_key=True, max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    content = models.TextField()

    class Meta:
        verbose_name = _("chế độ pháp lý")
        verbose_name_plural = _("chế độ pháp lý")
        ordering = ["valid_from"]
        constraints = [models.CheckConstraint(name="regime_dates_in_order", condition=_IN_ORDER)]

    def __str__(self) -> str:
        return self.code


class Procedure(models.Model):
    """A procedure (thủ tục hành chính) by its present code. `origin` says who described it.

    Retention: for ever; dossiers name it.
    """

    code = models.CharField(primary_key=True, max_length=40)
    field = models.ForeignKey(Field, models.PROTECT, related_name="procedures")
    origin = models.CharField(max_length=10, choices=[(each, each) for each in ORIGINS])

    class Meta:
        verbose_name = _("thủ tục")
        verbose_name_plural = _("thủ tục")
        ordering = ["code"]
        constraints = [models.CheckConstraint(name="procedure_origin_known", condition=Q(origin__in=ORIGINS))]

    def __str__(self) -> str:
        return self.code


class ProcedureVersion(models.Model):
    """One published version: canonical JSON and its digest, never altered or deleted (a trigger refuses both).

    The columns beside the content repeat what lists need. Retention: for ever; every dossier points to the
    version under which it was accepted.
    """

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions", db_column="code")
    version = models.IntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    name_vi = models.TextField()
    name_en = models.TextField(blank=True)
    online_level = models.SmallIntegerField()
    life_events = models.JSONField(default=list)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("phiên bản thủ tục")
        verbose_name_plural = _("phiên bản thủ tục")
        ordering = ["procedure", "version"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "version"], name="procedure_version_once"),
            models.CheckConstraint(name="procedure_version_dates_in_order", condition=_IN_ORDER),
            models.CheckConstraint(name="procedure_version_from_one", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="procedure_online_level_known", condition=Q(online_level__gte=1, online_level__lte=4)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} v{self.version}"

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(self.name_vi, self.name_en)


class ProcedureAlias(models.Model):
    """An earlier or later code of a procedure, with its days. Retention: for ever."""

    alias = models.CharField(max_length=40, db_index=True)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="aliases")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("mã khác của thủ tục")
        verbose_name_plural = _("mã khác của thủ tục")
        constraints = [models.UniqueConstraint(fields=["alias", "procedure"], name="procedure_alias_once")]

    def __str__(self) -> str:
        return f"{self.alias} -> {self.procedure_id}"


class Offering(models.Model):
    """Who offers a procedure in some days: every agency of a tier, or one agency by name.

    A tier is one row, so that agencies founded later offer it too. `online_level` set means that somebody
    decided it for this agency; such a row outlives the loading of content.
    Retention: for ever; it says who was competent when.
    """

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="offerings")
    tier = models.CharField(max_length=12, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="offerings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    online_level = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("nơi cung cấp thủ tục")
        verbose_name_plural = _("nơi cung cấp thủ tục")
        constraints = [
            models.CheckConstraint(
                name="offering_by_tier_or_agency",
                condition=Q(tier="", agency__isnull=False) | Q(tier__in=TIERS, agency__isnull=True),
            ),
            models.CheckConstraint(name="offering_dates_in_order", condition=_IN_ORDER),
            models.UniqueConstraint(
                fields=["procedure", "tier", "agency", "valid_from"],
                name="offering_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} @ {self.tier or self.agency_id}"


class OnlineOffering(models.Model):
    """What agencies offer online in some days: they take procedures in, or they can be paid.

    By a tier or by one agency; `procedure` None means all that it receives. Rows are the content pack's: loading
    writes them anew. Retention: while the pack states them; they are dated, so what held on a day stays known.
    """

    what = models.CharField(max_length=5, choices=[(each, each) for each in ONLINE_KINDS])
    procedure = models.ForeignKey(Procedure, models.PROTECT, null=True, blank=True, related_name="online_offerings")
    tier = models.CharField(max_length=12, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="online_offerings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    ground = models.CharField(max_length=300, blank=True)
    demonstration = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("dịch vụ trực tuyến của cơ quan")
        verbose_name_plural = _("dịch vụ trực tuyến của cơ quan")
        constraints = [
            models.CheckConstraint(name="online_offering_what_known", condition=Q(what__in=ONLINE_KINDS)),
            models.CheckConstraint(
                name="online_offering_by_tier_or_agency",
                condition=Q(tier="", agency__isnull=False) | Q(tier__in=TIERS, agency__isnull=True),
            ),
            models.CheckConstraint(name="online_offering_dates_in_order", condition=_IN_ORDER),
            models.UniqueConstraint(
                fields=["what", "procedure", "tier", "agency", "valid_from"],
                name="online_offering_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.procedure_id or '*'} @ {self.tier or self.agency_id}"


class OnlineClaim(models.Model):
    """What an authority said of its own online services on a day. Retention: for ever; it is history."""

    day = models.DateField(primary_key=True)
    at_level_3_or_4 = models.IntegerField()
    of = models.IntegerField()
    source_vi = models.CharField(max_length=300)
    source_en = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("số liệu trực tuyến tự công bố")
        verbose_name_plural = _("số liệu trực tuyến tự công bố")
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                name="online_claim_part_of_whole",
                condition=Q(at_level_3_or_4__gte=0, at_level_3_or_4__lte=F("of")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at_level_3_or_4}/{self.of} ({self.day})"


class SearchWord(models.Model):
    """A text by which a procedure is found: its names, what people call it, its codes; with and without marks.

    Retention: none; written anew with every version.
    """

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="search_words")
    kind = models.CharField(max_length=8, choices=[(each, each) for each in WORD_KINDS])
    text = models.TextField()
    words = models.TextField()

    class Meta:
        verbose_name = _("từ tìm kiếm")
        verbose_name_plural = _("từ tìm kiếm")

    def __str__(self) -> str:
        return self.text


class Revision(models.Model):
    """The one row whose token changes with every change of this room; caches compare it. Retention: none."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("phiên bản danh mục")
        verbose_name_plural = _("phiên bản danh mục")
        constraints = [models.CheckConstraint(name="catalogue_revision_single_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.token)
