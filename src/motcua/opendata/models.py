"""What was published: releases of datasets and their files. Rows are only ever added; the tables refuse anything else.

The bytes lie in the city's files by their digest (`files.store`). Making releases is left to `publishing`.
"""

from typing import Any

from django.db import models


class Release(models.Model):
    """One dataset of one period in one version, as it was given out.

    `content` is the digest of its rows, by which a recount that changes nothing is known; `definition` the dataset's
    file as it was then; `hidden` the keys of hidden rows, which stay hidden in later versions; the notes say what a
    later version changes and why. Retention: for ever; it names nobody, and its address was promised to stay.
    """

    dataset = models.TextField()
    period = models.TextField()
    version = models.PositiveIntegerField()
    first = models.DateField()
    last = models.DateField()
    rows = models.PositiveIntegerField()
    content = models.TextField()
    complete_until = models.DateTimeField()
    published_at = models.DateTimeField()
    note_vi = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    hidden = models.JSONField(default=list)
    definition = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="release_once", fields=["dataset", "period", "version"]),
            models.CheckConstraint(name="release_has_version", condition=models.Q(version__gte=1)),
        ]
        indexes = [models.Index(name="release_newest", fields=["dataset", "-last", "-version"])]

    def __str__(self) -> str:
        return f"{self.dataset} {self.period} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores a new release; one already stored cannot be changed."""
        if not self._state.adding:
            raise TypeError(f"{self} was published and stands; publish a new version")
        super().save(*args, **kwargs)


class ReleaseFile(models.Model):
    """One file of a release: its name, what it is, and the digest under which the bytes lie. Kept like its release."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="files")
    name = models.TextField()
    format = models.TextField()
    media_type = models.TextField()
    digest = models.TextField()
    size = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="release_file_once", fields=["release", "name"])]
