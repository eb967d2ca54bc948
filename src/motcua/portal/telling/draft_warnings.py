"""Tells people that a draft of theirs will go: `filing` says which, `notices` tells, neither knows the other."""

from django.db import transaction
from django.urls import reverse

from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.filing.models import DraftWarning
from motcua.notices.links import absolute
from motcua.notices.people import Person, people_with
from motcua.notices.telling import Telling, tell
from motcua.organisation.directory import directory
from motcua.organisation.naming import full_name

PAGE = 200


def run_due() -> int:
    """Tells of every warning that nobody was told of yet; returns how many. Killed anywhere it tells each once."""
    rows = list(DraftWarning.objects.filter(told_at=None).select_related("draft").order_by("at")[:PAGE])
    if not rows:
        return 0
    people, now = people_with({row.draft.account_id for row in rows}), clock.now()
    tellings = [
        _telling(row, people[row.draft.account_id])
        for row in rows
        if row.draft.account_id in people and row.goes_at > now
    ]
    with transaction.atomic():
        tell(tellings, now)
        DraftWarning.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=now)
    return len(rows)


def _telling(row: DraftWarning, person: Person) -> Telling:
    draft = row.draft
    procedure = versions.procedure_version(draft.version).name
    agency = full_name(directory(), draft.agency) if draft.agency in directory().by_number else None
    return Telling(
        # A draft that was worked on again, and then left again, is a new warning.
        event=f"draft/{draft.pk}/{row.goes_at:%Y%m%d}",
        person=person,
        kind="draft_expiring",
        values={
            "procedure": {"vi": procedure.vi, "en": procedure.en},
            "agency": {"vi": agency.vi, "en": agency.en} if agency else "",
            "until": row.goes_at.isoformat(),
            "link": absolute(reverse("portal:draft", args=[draft.pk])),
        },
        at=row.at,
        agency=draft.agency,
    )
