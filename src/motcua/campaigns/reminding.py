"""Reminds the officials who must answer: three working days before, the last working day before, and once it is late.

Run by the worker each minute, safe to be killed in and to run twice: that somebody was reminded is written together
with the notice, and each occasion of a date counts once. A date that was moved has occasions of its own; of a closed
campaign nobody is reminded.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from motcua.calendars.lookup import NoCalendarError
from motcua.campaigns.holding import hold_open
from motcua.campaigns.models import Answer, Campaign, Reminder
from motcua.campaigns.progress import UNSIGNED
from motcua.dossiers import clock
from motcua.dossiers.clock_face import calendar_of
from motcua.law.campaign_course import FILLING, Occasion, answering, occasion
from motcua.law.campaign_term import Term
from motcua.law.working_time import OutsideCalendarError
from motcua.notices import links
from motcua.notices.people import Person
from motcua.notices.telling import Telling, tell
from motcua.organisation.directory import city_day, directory
from motcua.organisation.models import Appointment

log = logging.getLogger("motcua.campaigns")

PAGE = 200
AHEAD, BEHIND = timedelta(days=21), timedelta(days=30)
# Those who fill in, and the leader who signs; whoever only controls is not pressed.
TOLD = tuple(role for role in FILLING if role not in ("control", "results", "registrar"))
KINDS: dict[Occasion, str] = {"before3": "campaign_due", "before1": "campaign_due", "late": "campaign_late"}


def run_due() -> None:
    """Every reminder that is due now."""
    now = clock.now()
    for campaign in Campaign.objects.filter(closed_at=None, due_at__gt=now - BEHIND, due_at__lt=now + AHEAD):
        remind(campaign, now)


def remind(campaign: Campaign, now: datetime) -> int:
    """Reminds whom the campaign still waits for; returns how many answers were reminded of."""
    try:
        what = occasion(calendar_of(_city()), campaign.due_at, now)
    except (NoCalendarError, OutsideCalendarError):
        log.warning("no calendar for the reminders of campaign %s", campaign.pk)
        return 0
    if what is None:
        return 0
    mark, reminded = f"{what}/{campaign.due_at.astimezone(UTC):%Y%m%dT%H%M}", 0
    while True:
        with transaction.atomic():
            if hold_open(campaign.pk) != Term(campaign.due_at):
                # Closed or moved since it was looked at: the next round asks anew.
                return reminded
            waiting = Answer.objects.filter(campaign=campaign, state__in=UNSIGNED).exclude(reminders__occasion=mark)
            page = list(waiting.order_by("pk")[:PAGE])
            if page:
                _remind(campaign, page, KINDS[what], mark, now)
                reminded += len(page)
        if len(page) < PAGE:
            return reminded


def _city() -> int:
    return next(each.number for each in directory().by_number.values() if each.tier == "city")


def announce(campaign: Campaign, now: datetime) -> None:
    """Tells the officials of everybody asked that a campaign was opened; within the transaction that opens it."""
    _remind(campaign, list(Answer.objects.filter(campaign=campaign)), "campaign_opened", "opened", now)


def _remind(campaign: Campaign, page: Sequence[Answer], kind: str, mark: str, now: datetime) -> None:
    agencies, day = directory(), city_day(now)
    here = {each.pk: answering(agencies, each.agency, day) for each in page}
    people = people_at({number for number in here.values() if number is not None}, now)
    tellings = []
    for answer in page:
        # What was handed in waits only for its signature.
        roles = ("leader",) if answer.state == "submitted" else TOLD
        told = {person.account: person for role, person in people.get(here[answer.pk] or 0, ()) if role in roles}
        tellings += [_telling(campaign, answer, person, kind, mark, now) for person in told.values()]
    with transaction.atomic():
        Reminder.objects.bulk_create(
            [Reminder(answer=each, occasion=mark, at=now) for each in page], ignore_conflicts=True
        )
        tell(tellings, now)


def people_at(agencies: Collection[int], now: datetime) -> dict[int, list[tuple[str, Person]]]:
    """The officials who hold a post at these agencies today, each with the role; in one question."""
    today = city_day(now)
    held = Appointment.objects.filter(
        agency__in=agencies, role__code__in=TOLD, cancelled_at=None, valid_from__lte=today, account__is_active=True
    ).exclude(valid_to__lt=today)
    found: dict[int, list[tuple[str, Person]]] = {}
    rows = held.order_by("account_id").values_list("agency_id", "role__code", "account_id", "account__language")
    for agency, role, account, language in rows:
        found.setdefault(agency, []).append((role, Person(account=account, language=language)))
    return found


def tell_asked(
    campaign: Campaign, asked: Sequence[Answer], kind: str, mark: str, reason: str, before: datetime, now: datetime
) -> None:
    """Tells the officials of these answers of a change and why; within the transaction that makes it."""
    agencies, day = directory(), city_day(now)
    here = {each.pk: answering(agencies, each.agency, day) for each in asked}
    people = people_at({number for number in here.values() if number is not None}, now)
    more = {"reason": reason, "old": before.isoformat()}
    tellings = []
    for answer in asked:
        told = {person.account: person for _role, person in people.get(here[answer.pk] or 0, ())}
        tellings += [_telling(campaign, answer, person, kind, mark, now, more) for person in told.values()]
    tell(tellings, now)


def _telling(
    campaign: Campaign, answer: Answer, person: Person, kind: str, mark: str, now: datetime,
    more: dict[str, Any] | None = None,
) -> Telling:  # fmt: skip
    name = directory()[answer.agency].name
    return Telling(
        event=f"campaigns/{answer.pk}/{mark}",
        person=person,
        kind=kind,
        values={
            "title": {"vi": campaign.title_vi, "en": campaign.title_en or campaign.title_vi},
            "agency": {"vi": name.vi, "en": name.en or name.vi},
            "due": campaign.due_at.isoformat(),
            "link": links.absolute(f"/can-bo/thu-thap/phieu/{answer.pk}/"),
        }
        | (more or {}),
        at=now,
        agency=answer.agency,
    )


def tell_returned(campaign: Campaign, answer: Answer, no: int, accounts: Sequence[int], now: datetime) -> None:
    """Tells those who wrote a version that it came back; within the transaction that returned it."""
    mark = f"returned/{no}/{now:%Y%m%dT%H%M%S%f}"
    people = [Person(account=account) for account in accounts]
    tell([_telling(campaign, answer, person, "campaign_returned", mark, now) for person in people], now)
