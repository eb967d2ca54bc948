"""What this room does each minute: alerts clerks to online dossiers that nobody answered, and clears away.

Each is safe to be killed in and to run twice, and asks only for what is due.
"""

from datetime import datetime, timedelta

from django.db import transaction

from motcua.catalogue import versions
from motcua.dossiers import clock, store
from motcua.law.codes import reference
from motcua.notices import following
from motcua.notices.models import Delivery, Letter, Notice, Unanswered, Used
from motcua.notices.people import Person
from motcua.notices.telling import Telling, tell
from motcua.organisation.directory import city_day
from motcua.organisation.models import Appointment

ALERTED = ("reception", "one_stop_head")
PAGE = 200
NOTICES_KEPT, LETTERS_KEPT = timedelta(days=730), timedelta(days=30)
ADDRESSES_KEPT, COUNTERS_KEPT = timedelta(days=183), timedelta(days=31)
CLEARED_AT_ONCE = 1000


def run_due() -> None:
    """Everything that is due now."""
    now = clock.now()
    alert(now)
    clear(now)


def alert(now: datetime) -> int:
    """Tells the clerks of an agency, in their own inbox, that an online dossier waits; returns how many dossiers."""
    rows = list(Unanswered.objects.filter(alerted_at=None, alert_at__lte=now).order_by("alert_at")[:PAGE])
    for row in rows:
        stored = store.read(row.dossier_id)
        with transaction.atomic():
            if stored is not None and stored[0].phase == "lodged":
                tell([_alert(stored[0], person, now) for person in _clerks(row.agency, now)], now)
            Unanswered.objects.filter(pk=row.pk).update(alerted_at=now)
    return len(rows)


def _alert(state: following.Dossier, person: Person, now: datetime) -> Telling:
    name = versions.procedure_version(state.version).name
    values = {
        "code": reference(state.id),
        "procedure": {"vi": name.vi, "en": name.en},
        "agency": following.agency_name(state.receiving),
        "answer_by": following.answer_by(state),
        "link": following.links.absolute(f"/can-bo/ho-so/{state.id}/"),
    }
    return Telling(
        event=f"{state.id}/alert",
        person=person,
        kind="answer_alert",
        values=values,
        at=now,
        dossier_id=state.id,
        agency=state.receiving,
    )


def _clerks(agency: int, now: datetime) -> list[Person]:
    today = city_day(now)
    held = Appointment.objects.filter(
        agency=agency, role__code__in=ALERTED, cancelled_at=None, valid_from__lte=today, account__is_active=True
    ).exclude(valid_to__lt=today)
    rows = held.order_by("account_id").values_list("account_id", "account__language").distinct()
    return [Person(account=account, language=language) for account, language in rows]


def clear(now: datetime) -> None:
    """Codes that have run out, addresses nobody needs, rows past their time; a bounded number each time."""
    # What is older than a day was cleared long ago.
    spent = Notice.objects.filter(kind="sign_in_code", expires_at__lt=now, expires_at__gt=now - timedelta(days=1))
    spent.exclude(values={}).update(values={})
    old = Delivery.objects.filter(done_at__lt=now - ADDRESSES_KEPT).exclude(address="").order_by("done_at")
    keys = list(old.values_list("pk", flat=True)[:CLEARED_AT_ONCE])
    Delivery.objects.filter(pk__in=keys, next_at=None).update(address="")
    Used.objects.filter(day__lt=city_day(now - COUNTERS_KEPT)).delete()
    oldest = Notice.objects.order_by("id").values_list("pk", "created_at")[:CLEARED_AT_ONCE]
    Notice.objects.filter(pk__in=[key for key, at in oldest if at < now - NOTICES_KEPT]).delete()
    letters = Letter.objects.order_by("id").values_list("pk", "at")[:CLEARED_AT_ONCE]
    Letter.objects.filter(pk__in=[key for key, at in letters if at < now - LETTERS_KEPT]).delete()
