"""What is kept about signed results: the work still to do, what was issued, who used a key, who was let in, the post.

The journal of the dossier is the record of what was issued (`ResultIssued`); the rows here find it again by code,
by digest and by account.
"""

from django.db import models

from motcua.jobs.leasing import Leased


class ResultWork(Leased):
    """A numbered result that has to become a signed file: one row for each act of numbering (its seq).

    `digest` is set once a file was made and stored; from then on no other is made. Kept as long as the dossier.
    """

    dossier_id = models.BigIntegerField()
    seq = models.IntegerField()
    token = models.TextField()
    digest = models.TextField(default="", blank=True)
    certificate = models.TextField(default="", blank=True)
    signer = models.TextField(default="", blank=True)
    signed_at = models.DateTimeField(null=True, default=None)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier_id", "seq"], name="result_work_once")]
        indexes = [models.Index(fields=["next_at"], name="result_work_due", condition=~models.Q(next_at=None))]


class IssuedResult(models.Model):
    """A signed result that was let out. `token` is its code: nobody can guess it, whoever has the paper can read it.

    `replaced_by` is the code of the corrected result that stands in its place. Kept as long as the dossier.
    """

    pk = models.CompositePrimaryKey("dossier_id", "seq")
    dossier_id = models.BigIntegerField()
    seq = models.IntegerField()
    token = models.TextField()
    digest = models.TextField()
    name = models.TextField()
    number = models.TextField()
    code = models.TextField(default="", blank=True)
    procedure = models.TextField()
    result = models.TextField()
    agency = models.IntegerField()
    signer = models.TextField()
    certificate = models.TextField()
    signed_at = models.DateTimeField()
    issued_at = models.DateTimeField(auto_now_add=True)
    owner_name = models.TextField()
    owner_number = models.TextField(default="", blank=True)
    account = models.BigIntegerField(default=0)
    filer = models.BigIntegerField(default=0)
    replaced_by = models.TextField(default="", blank=True)
    to_hand = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["token"], name="issued_token"),
            models.Index(fields=["digest"], name="issued_digest"),
            models.Index(
                fields=["account", "-dossier_id", "-seq"], name="issued_account", condition=models.Q(account__gt=0)
            ),
            models.Index(fields=["filer", "-dossier_id", "-seq"], name="issued_filer", condition=models.Q(filer__gt=0)),
            models.Index(fields=["dossier_id"], name="issued_to_hand", condition=models.Q(to_hand=True)),
        ]


class KeyUse(models.Model):
    """Each time a signing key was opened: for what, and what came of it. Kept for ten years; nothing is changed."""

    at = models.DateTimeField(auto_now_add=True)
    agency = models.TextField()
    certificate = models.TextField(default="", blank=True)
    dossier_id = models.BigIntegerField()
    purpose = models.TextField()
    outcome = models.TextField()
    digest = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["certificate", "-at"], name="key_use_certificate"),
            models.Index(fields=["dossier_id"], name="key_use_dossier"),
        ]


class SharedLink(models.Model):
    """A link by which somebody without an account may read one result until it expires or is ended.

    Only the hash of its token is kept. Removed a year after it expired.
    """

    secret = models.TextField(primary_key=True)
    dossier_id = models.BigIntegerField()
    seq = models.IntegerField()
    account = models.BigIntegerField()
    purpose = models.TextField(default="", blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, default=None)
    opened = models.IntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [
            models.Index(fields=["dossier_id", "seq"], name="shared_result"),
            models.Index(fields=["expires_at"], name="shared_expires"),
        ]


class Delivery(models.Model):
    """A result on its way by post, by the act of handing it over (its seq). Kept as long as the dossier."""

    pk = models.CompositePrimaryKey("dossier_id", "seq")
    dossier_id = models.BigIntegerField()
    seq = models.IntegerField()
    tracking = models.TextField()
    state = models.TextField(default="posted", choices=[(each, each) for each in ("posted", "delivered", "returned")])
    receiving = models.IntegerField()
    to_name = models.TextField()
    posted_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, default=None)
    changed_by = models.TextField(default="", blank=True)
    words = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["receiving", "state", "posted_at"], name="delivery_receiving"),
            models.Index(fields=["tracking"], name="delivery_tracking"),
        ]
