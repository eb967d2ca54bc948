"""Which paper was printed for which act of which dossier, so that a reprint is the same file for ever."""

from django.db import models

from motcua.papers.results.tables import Delivery, IssuedResult, KeyUse, ResultWork, SharedLink

__all__ = ["Delivery", "IssuedResult", "KeptPaper", "KeyUse", "ResultWork", "SharedLink"]


class KeptPaper(models.Model):
    """A form as it was first printed: the act it tells of (its seq) and the digest of the file.

    Kept as long as the dossier.
    """

    pk = models.CompositePrimaryKey("dossier_id", "name", "seq")
    dossier_id = models.BigIntegerField()
    name = models.TextField()
    seq = models.IntegerField()
    digest = models.TextField()
