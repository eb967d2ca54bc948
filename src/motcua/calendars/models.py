"""Versions of working calendars, who keeps to which, and a counter that tells every process of a change.

A version never changes once stored. What a version says is left to `law/calendar_data`; storing one is a
verb of `store`, finding the right one is left to `lookup`.
"""

from typing import Any

from django.db import models
from django.db.models import Q


class Calendar(models.Model):
    """One version of one calendar, complete, with the document that brought it about.

    Retention: for ever; the deadlines of the past are explained by the version that gave them.
    """

    code = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    data = models.TextField(db_comment="CalendarData as JSON")
    content_digest = models.CharField(
        max_length=64, db_comment="SHA-256 of the content file's calendar this version stands on"
    )
    decree = models.TextField(blank=True, db_comment="the Decree as JSON that made this version, or empty")
    document_name = models.CharField(max_length=300, blank=True)
    document_number = models.CharField(max_length=100, blank=True)
    document_issued = models.DateField(null=True)
    document_effective = models.DateField(null=True)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="calendar_version_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores a new version; one already stored cannot be changed."""
        if not self._state.adding:
            raise TypeError(f"calendar {self} is stored and never changes; store a new version")
        super().save(*args, **kwargs)


class AgencyCalendar(models.Model):
    """Which calendar an agency, a tier or (`all`) every agency keeps to, and from when to when.

    The agency is its number without a foreign key: the organisation is another room's.
    Retention: for ever; which hours an office kept is part of how its deadlines came about.
    """

    calendar_code = models.CharField(max_length=64)
    agency_number = models.PositiveIntegerField(null=True)
    tier = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agency_number__isnull=True) & ~Q(tier="") | Q(agency_number__isnull=False, tier=""),
                name="agency_calendar_agency_or_tier",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="agency_calendar_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["agency_number", "valid_from"],
                condition=Q(agency_number__isnull=False),
                name="agency_calendar_once_per_agency",
            ),
            models.UniqueConstraint(
                fields=["tier", "valid_from"],
                condition=Q(agency_number__isnull=True),
                name="agency_calendar_once_per_tier",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier or self.agency_number}: {self.calendar_code} from {self.valid_from}"


class Revision(models.Model):
    """One change to calendars or to who keeps to them. The highest id is the present revision.

    Numbers come from a sequence, which a rolled-back transaction does not give back, so that a number
    never stands for two different states. Retention: for ever.
    """

    at = models.DateTimeField()
    what = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.pk}: {self.what}"
