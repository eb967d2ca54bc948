"""Which files are stored, by the hash of their content; the bytes lie in the city's home."""

from django.db import models


class StoredFile(models.Model):
    """One content, stored once however often it is handed in.

    Kept as long as the longest-kept dossier that names it; never removed while one does.
    """

    digest = models.TextField(primary_key=True)
    size = models.BigIntegerField()
    media_type = models.TextField()
    name = models.TextField()
    stored_at = models.DateTimeField(auto_now_add=True)
