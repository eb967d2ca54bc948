"""Opens a campaign: which form, about which days, whom it asks as the organisation stands, until when.

Who is asked is written down once, at the opening. What becomes of the answers is left to `answering`.
"""

from datetime import date, datetime

import msgspec
from django.db import transaction

from motcua.calendars.lookup import NoCalendarError
from motcua.campaigns.models import ActDone, Answer, Campaign, FormVersion
from motcua.campaigns.reminding import announce
from motcua.dossiers import clock
from motcua.dossiers.clock_face import calendar_of
from motcua.law.actor import Actor
from motcua.law.campaign_course import Whom, must_answer, place_of
from motcua.law.campaign_term import sets_terms
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.organisation.directory import directory

MOST_ASKED = 2000


class Opening(msgspec.Struct, frozen=True):
    """What a campaign is to be."""

    form: int
    title: Text
    about_from: date
    about_to: date
    due_at: datetime
    whom: Whom


def may_open(actor: Actor) -> bool:
    """True for the control office of the city (and for the system)."""
    return sets_terms(actor, directory())


def asked_by(opening: Opening, day: date) -> list[int]:
    """The agencies that would be asked on a day."""
    return must_answer(directory(), opening.whom, day)


def refused(opening: Opening, actor: Actor, now: datetime) -> Refusal | None:
    """Why the campaign cannot be opened, or None."""
    if not may_open(actor):
        return _no("Chỉ bộ phận kiểm soát của thành phố mở đợt thu thập.", "Only the city's control office opens one.")
    if opening.due_at <= now:
        return _no("Hạn trả lời phải ở phía trước.", "The due date must lie ahead.")
    if opening.about_to < opening.about_from:
        return _no("Kỳ số liệu kết thúc trước khi bắt đầu.", "The period ends before it begins.")
    if not opening.title.vi.strip():
        return _no("Đợt thu thập cần có tên.", "A campaign needs a title.")
    asked = asked_by(opening, city_day(now))
    if not 0 < len(asked) <= MOST_ASKED:
        return _no(f"Cần từ 1 đến {MOST_ASKED} cơ quan trả lời.", f"One to {MOST_ASKED} agencies must be asked.")
    return None


def _no(vi: str, en: str) -> Refusal:
    return Refusal("campaign_opening", Text(vi, en))


def open_campaign(opening: Opening, actor: Actor, now: datetime | None = None) -> Campaign | Refusal:
    """Opens it, writes down whom it asks and tells them; from then on its version of the form never changes."""
    now = now or clock.now()
    if (no := refused(opening, actor, now)) is not None:
        return no
    agencies, day = directory(), city_day(now)
    with transaction.atomic():
        version = FormVersion.objects.select_for_update().filter(pk=opening.form).first()
        if version is None:
            return _no("Không có biểu này.", "There is no such form.")
        if not version.opened:
            version.opened = True
            version.save(update_fields=["opened"])
        previous = Campaign.objects.filter(form__code=version.code, about_to__lt=opening.about_from)
        campaign = Campaign.objects.create(
            form=version,
            title_vi=opening.title.vi,
            title_en=opening.title.en,
            about_from=opening.about_from,
            about_to=opening.about_to,
            whom=msgspec.to_builtins(opening.whom),
            opened_at=now,
            due_at=opening.due_at,
            opened_by=actor.account,
            opened_name=actor.name,
            previous=previous.order_by("-about_to", "-id").first(),
        )
        asked = asked_by(opening, day)
        Answer.objects.bulk_create(
            Answer(campaign=campaign, agency=number, district=place_of(agencies, number, day).district)
            for number in asked
        )
        ActDone.objects.create(
            campaign=campaign,
            kind="open",
            at=now,
            account=actor.account,
            name=actor.name,
            details={"asked": len(asked)},
        )
        announce(campaign, now)
    return campaign


def closing_hour(day: date, now: datetime) -> datetime:
    """When offices close on the day something is due; 17:00 where the calendar says nothing."""
    plain = datetime(day.year, day.month, day.day, 17, 0, tzinfo=CITY_ZONE)
    city = next((each for each in directory().by_number.values() if each.tier == "city"), None)
    if city is None:
        return plain
    try:
        hours = calendar_of(city.number).work_hours(day)
    except (NoCalendarError, LookupError):
        return plain
    if not hours:
        return plain
    minutes = hours[-1][1]
    return datetime(day.year, day.month, day.day, minutes // 60 % 24, minutes % 60, tzinfo=CITY_ZONE)
