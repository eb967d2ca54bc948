"""Who: agencies, accounts, roles, appointments, delegations, all dated, and the record of every change.

The tables hold the data and say what cannot be. Changing them is left to the verbs in `appointments` and
`loading`; what the posts allow is left to `law` and `policy`.
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from motcua.law.directory import TIERS
from motcua.law.texts import Text
from motcua.organisation.accounts import Accounts

LARGEST_NUMBER = 65_535
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
SIDES = [("official", _("cán bộ")), ("resident", _("người dân")), ("partner", _("hệ thống kết nối"))]
_IN_ORDER = Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))


class Account(AbstractBaseUser, PermissionsMixin):
    """A person who signs in: an official or operator, or a resident; or another house's program, which cannot.

    `side` says which door lets the account in.

    Somebody who is both has two accounts. What only residents have stands in `accounts`.
    Retention: for as long as any act in the journal names the account; closed by `is_active`, never deleted.
    """

    username = models.CharField(
        _("tên đăng nhập"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()]
    )
    full_name = models.CharField(_("họ và tên"), max_length=200)
    email = models.EmailField(_("thư điện tử"), blank=True)
    phone = models.CharField(_("số điện thoại"), max_length=20, blank=True)
    language = models.CharField(_("ngôn ngữ"), max_length=5, default="vi", choices=LANGUAGES)
    side = models.CharField(_("phía"), max_length=10, default="official", db_default="official", choices=SIDES)
    is_active = models.BooleanField(_("đang hoạt động"), default=True)
    is_staff = models.BooleanField(_("vào được trang quản trị"), default=False)
    date_joined = models.DateTimeField(_("ngày tạo"), auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects: ClassVar[Accounts] = Accounts()

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")
        constraints = [
            # Two spellings of one user name would be two people to the database and one to everybody else.
            models.UniqueConstraint(Lower("username"), name="account_username_once"),
        ]
        indexes = [models.Index(fields=["email"], name="account_email")]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """The name as declared."""
        return self.full_name

    def get_short_name(self) -> str:
        """The given name, which is the last word of a Vietnamese name."""
        return self.full_name.split()[-1] if self.full_name.split() else self.username


class Agency(models.Model):
    """One agency with the days of its existence. Its number is packed into dossier ids and never reused.

    `kind` is the word of its tier (quận, phường ...), `unit` its function within its parent or the district
    it `serves`. Earlier names stand in `AgencyName`.
    Retention: for ever; dossiers refer to dissolved agencies.
    """

    number = models.IntegerField(primary_key=True)
    code = models.CharField(max_length=24, unique=True)
    tier = models.CharField(max_length=12, choices=[(tier, tier) for tier in TIERS])
    kind = models.CharField(max_length=20, blank=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    serves = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="branches")
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    unit = models.CharField(max_length=16, blank=True)
    local_code = models.CharField(max_length=16, blank=True)
    identifier = models.CharField(max_length=35, blank=True)
    identifier_is_demo = models.BooleanField(default=False)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("cơ quan")
        verbose_name_plural = _("cơ quan")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(name="agency_number_fits", condition=Q(number__gte=1, number__lte=LARGEST_NUMBER)),
            models.CheckConstraint(name="agency_tier_known", condition=Q(tier__in=TIERS)),
            models.CheckConstraint(name="agency_dates_in_order", condition=_IN_ORDER),
            models.CheckConstraint(
                name="agency_successor_after_end", condition=Q(successor=None) | Q(valid_to__isnull=False)
            ),
            models.UniqueConstraint(
                Coalesce("serves", "parent"), "unit", condition=~Q(unit=""), name="agency_unit_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name_vi

    @property
    def name(self) -> Text:
        """The present name in both languages."""
        return Text(self.name_vi, self.name_en)


class AgencyName(models.Model):
    """A name that an agency used to have, with its last day. The present name is the agency's own.

    Retention: for ever, with the agency.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="former_names")
    kind = models.CharField(max_length=20, blank=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    valid_to = models.DateField()

    class Meta:
        verbose_name = _("tên cũ của cơ quan")
        verbose_name_plural = _("tên cũ của cơ quan")
        constraints = [models.UniqueConstraint(fields=["agency", "valid_to"], name="agency_name_once_a_day")]

    def __str__(self) -> str:
        return self.name_vi


class Role(models.Model):
    """What a post is for: reception, results, officer, head, leader ... `at` lists tiers that can have it.

    Retention: for ever; appointments and the journal refer to it.
    """

    number = models.SmallIntegerField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    name_vi = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    explanation_vi = models.TextField(blank=True)
    explanation_en = models.TextField(blank=True)
    at = models.JSONField(default=list)

    class Meta:
        verbose_name = _("vai trò")
        verbose_name_plural = _("vai trò")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name_vi

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(self.name_vi, self.name_en)


class Appointment(models.Model):
    """A person holds a role at an agency from one day to another, both included.

    Ended before its first day, it is cancelled instead and never held. The same person, agency and role
    never stand twice at a time (an exclusion constraint, migration 0002).
    Retention: 70 years after it ends, like the personnel file it repeats; then destroyed with a record.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="appointments")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="appointments")
    role = models.ForeignKey(Role, models.PROTECT, related_name="appointments")
    title = models.CharField(_("chức danh"), max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("bổ nhiệm")
        verbose_name_plural = _("bổ nhiệm")
        constraints = [
            models.CheckConstraint(name="appointment_dates_in_order", condition=_IN_ORDER),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.role_id} @ {self.agency_id}"


class Delegation(models.Model):
    """A role at an agency, lent by the person appointed to it to another for some days (ủy quyền).

    Holds only while the giver's own appointment holds; what is delegated is never delegated further.
    Retention: 20 years after it ends, with the documents signed under it; then destroyed with a record.
    """

    from_account = models.ForeignKey(Account, models.PROTECT, related_name="delegations_given")
    to_account = models.ForeignKey(Account, models.PROTECT, related_name="delegations_held")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="delegations")
    role = models.ForeignKey(Role, models.PROTECT, related_name="delegations")
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.CharField(max_length=500)
    document = models.CharField(_("văn bản ủy quyền"), max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("ủy quyền")
        verbose_name_plural = _("ủy quyền")
        constraints = [
            models.CheckConstraint(name="delegation_dates_in_order", condition=_IN_ORDER),
            models.CheckConstraint(name="delegation_to_somebody_else", condition=~Q(from_account=F("to_account"))),
        ]

    def __str__(self) -> str:
        return f"{self.from_account_id} -> {self.to_account_id}: {self.role_id} @ {self.agency_id}"


class Change(models.Model):
    """Who changed the organisation, when, and what: one row per act, never altered (a trigger refuses).

    Retention: for ever; it is the evidence for who was entitled to what.
    """

    at = models.DateTimeField(auto_now_add=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="organisation_changes")
    name = models.CharField(max_length=200)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("thay đổi tổ chức")
        verbose_name_plural = _("thay đổi tổ chức")
        indexes = [models.Index(fields=["subject", "id"], name="change_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class Revision(models.Model):
    """The one row whose token changes with every change of agencies and roles; caches compare it.

    Retention: none; it holds no history.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("phiên bản tổ chức")
        verbose_name_plural = _("phiên bản tổ chức")
        constraints = [models.CheckConstraint(name="revision_single_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.token)
