"""Residents who sign in, what is known of them and how surely, for whom they may act, and what was done.

The tables hold the data and say what cannot be. Signing in, proving, and giving authority are left to the
verbs beside this file; the person as the register knows them is left to `registry`.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from motcua.organisation.models import Account

SELF_REGISTERED, PROVEN = 1, 2
KINDS = [("person", _("người dân")), ("business", _("tổ chức, doanh nghiệp"))]
WAYS_PROVEN = [("counter", _("tại quầy")), ("provider", _("qua định danh điện tử"))]


class ResidentAccount(models.Model):
    """What an account is to the portal: whose it is, how surely that is known, and how to reach them.

    `number` is the personal number and is there only when it was proven; `tax_code` likewise for a business.
    `phone` and `email` were each proven by a code before they came here, and one belongs to one account.
    Retention: contact data until the account is deleted; the row, emptied, as long as the account.
    """

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="resident")
    kind = models.CharField(max_length=10, default="person", choices=KINDS)
    number = models.CharField(max_length=12, default="", blank=True)
    tax_code = models.CharField(max_length=14, default="", blank=True)
    birth = models.CharField(max_length=10, default="", blank=True)
    assurance = models.SmallIntegerField(default=SELF_REGISTERED)
    phone = models.CharField(max_length=20, default="", blank=True)
    email = models.EmailField(default="", blank=True)
    proven_at = models.DateTimeField(null=True, blank=True)
    proven_how = models.CharField(max_length=10, default="", blank=True, choices=WAYS_PROVEN)
    proven_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="residents_proven")
    proven_agency = models.IntegerField(null=True, blank=True)
    proven_document = models.CharField(max_length=60, default="", blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("tài khoản người dân")
        verbose_name_plural = _("tài khoản người dân")
        constraints = [
            models.UniqueConstraint(fields=["number"], name="resident_number_once", condition=~Q(number="")),
            models.UniqueConstraint(fields=["tax_code"], name="resident_tax_code_once", condition=~Q(tax_code="")),
            models.UniqueConstraint(fields=["phone"], name="resident_phone_once", condition=~Q(phone="")),
            models.UniqueConstraint(Lower("email"), name="resident_email_once", condition=~Q(email="")),
            models.CheckConstraint(name="resident_assurance", condition=Q(assurance__in=(SELF_REGISTERED, PROVEN))),
            models.CheckConstraint(
                name="resident_number_proven",
                condition=Q(assurance=PROVEN) | Q(number="", tax_code=""),
            ),
            models.CheckConstraint(
                name="resident_number_twelve_digits", condition=Q(number="") | Q(number__regex="^[0-9]{12}$")
            ),
            models.CheckConstraint(
                name="resident_deleted_is_empty",
                condition=Q(deleted_at=None) | Q(number="", tax_code="", phone="", email="", birth=""),
            ),
        ]

    def __str__(self) -> str:
        return f"resident {self.account_id}"


class Authority(models.Model):
    """Somebody may act for somebody else: a parent for a child, a child for a parent, a person for a company.

    Both are named by number, so that the authority stands whether or not the other has an account yet.
    `procedures` lists the codes it is limited to; empty means every procedure. `how` says what it rests on.
    Retention: 20 years after its end, with the dossiers filed under it; then destroyed with a record.
    """

    KINDS = [("child", _("con chưa thành niên")), ("parent", _("cha, mẹ")), ("company", _("tổ chức, doanh nghiệp")),
             ("other", _("người khác"))]  # fmt: skip
    WAYS = [("consent", _("người được thay đồng ý")), ("counter", _("ghi tại quầy theo giấy tờ")),
            ("register", _("theo cơ sở dữ liệu dân cư"))]  # fmt: skip

    kind = models.CharField(max_length=10, choices=KINDS)
    holder_number = models.CharField(max_length=12)
    principal_number = models.CharField(max_length=14)
    principal_name = models.CharField(max_length=200)
    procedures = models.JSONField(default=list, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    how = models.CharField(max_length=10, choices=WAYS)
    document = models.CharField(max_length=200, default="", blank=True)
    recorded_by = models.ForeignKey(Account, models.PROTECT, related_name="authorities_recorded")
    recorded_agency = models.IntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="authorities_revoked")

    class Meta:
        verbose_name = _("thẩm quyền làm thay")
        verbose_name_plural = _("thẩm quyền làm thay")
        constraints = [
            models.CheckConstraint(
                name="authority_dates_in_order", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="authority_for_somebody_else", condition=~Q(holder_number=F("principal_number"))
            ),
        ]
        indexes = [
            models.Index(fields=["holder_number"], name="authority_holder"),
            models.Index(fields=["principal_number"], name="authority_principal"),
        ]

    def __str__(self) -> str:
        return f"authority {self.pk}"


class AccountEvent(models.Model):
    """What happened to a resident's account, shown to its owner: one row an act, never altered (a trigger refuses).

    `address` and `device` are those of the one who acted. Retention: five years (Decree 69/2024, art. 18).
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="account_events")
    at = models.DateTimeField(auto_now_add=True)
    verb = models.CharField(max_length=40)
    details = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=200, default="")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="account_events_made")
    by_name = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="account_event_newest")]

    def __str__(self) -> str:
        return f"{self.verb} {self.account_id}"


class OneTimeCode(models.Model):
    """A code that was sent, or shown, and what may be done with it once. Of the code itself only a digest is kept.

    Retention: a day after it expired; swept by the timer of this room.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    purpose = models.CharField(max_length=12)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="one_time_codes")
    channel = models.CharField(max_length=6, default="")
    address = models.CharField(max_length=254, default="")
    digest = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    tries = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], name="one_time_code_expires"),
            models.Index(fields=["digest"], name="one_time_code_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class Tally(models.Model):
    """How often something was tried since an instant, by one way to one account, or from one address.

    The key is a keyed digest and names nobody. Retention: a day after its last window; swept by the timer.
    """

    key = models.CharField(primary_key=True, max_length=64)
    since = models.DateTimeField()
    until = models.DateTimeField()
    count = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["until"], name="tally_until")]

    def __str__(self) -> str:
        return f"{self.count} since {self.since}"
