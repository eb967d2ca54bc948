"""Changes how long a campaign can be answered: moves its date, closes it, opens it again; each an act that stands.

Whoever changes it says which act they saw last, and is told when another came before. Whoever is concerned is told
in the same transaction.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from motcua.campaigns.holding import hold_alone
from motcua.campaigns.models import ActDone, Answer, Campaign, Version
from motcua.campaigns.progress import UNSIGNED
from motcua.campaigns.reminding import tell_asked
from motcua.dossiers import clock
from motcua.law.actor import Actor
from motcua.law.campaign_course import LEVELS
from motcua.law.campaign_term import Change, change_refusal
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.organisation.directory import directory

CHANGES: tuple[Change, ...] = ("move", "close", "reopen")
NOTICES: dict[Change, str] = {"move": "campaign_moved", "close": "campaign_closed", "reopen": "campaign_reopened"}


def changes(campaign: Campaign) -> list[ActDone]:
    """Every change of a campaign's term, the newest first. The date before a change is in its details."""
    return list(ActDone.objects.filter(campaign=campaign, answer=None, kind__in=CHANGES).order_by("-id"))


def last_act(campaign: Campaign) -> int:
    """The campaign's own newest act, which whoever changes it must have seen."""
    newest = ActDone.objects.filter(campaign=campaign, answer=None).order_by("-id").values_list("pk", flat=True)
    return newest.first() or 0


def refused(
    campaign: Campaign, change: Change, actor: Actor, reason: str, due: datetime | None, seen: int, now: datetime
) -> Refusal | None:
    """Why a change cannot be made to the campaign as it stands, or None."""
    no = change_refusal(actor, change, campaign.term, due, reason, now, directory())
    # A date is refused or not by what they saw.
    if (no is None or no.code == "campaign_date") and seen != last_act(campaign):
        return Refusal(
            "campaign_conflict",
            Text("Người khác vừa đổi hạn của đợt này.", "Somebody else has just changed this campaign's date."),
        )
    return no


def change_term(
    number: int, change: Change, actor: Actor, reason: str, seen: int, due: datetime | None = None,
    now: datetime | None = None,
) -> Campaign | Refusal:  # fmt: skip
    """Moves, closes or reopens it and tells whom it concerns. `due` is the new date, of the closing hour of a day.

    Moved: everybody asked is told. Closed and reopened: those who owed or owe an answer.
    """
    now = now or clock.now()
    with transaction.atomic():
        campaign = hold_alone(number)
        if campaign is None:
            return Refusal("campaign_unknown", Text("Không có đợt này.", "There is no such campaign."))
        if (no := refused(campaign, change, actor, reason, due, seen, now)) is not None:
            return no
        before = campaign.due_at
        if change == "close":
            campaign.closed_at = now
            concerned = _owe(campaign)
            _put_aside(campaign)
        elif change == "reopen":
            assert due is not None
            campaign.due_at, campaign.closed_at = due, None
            _take_up(campaign)
            concerned = _owe(campaign)
        else:
            assert due is not None
            campaign.due_at = due
            concerned = list(Answer.objects.filter(campaign=campaign))
        campaign.save(update_fields=["due_at", "closed_at"])
        act = _written(campaign, change, actor, reason, before, now)
        tell_asked(campaign, concerned, NOTICES[change], f"{change}/{act.pk}", act.words, before, now)
    return campaign


def _owe(campaign: Campaign) -> list[Answer]:
    return list(Answer.objects.filter(campaign=campaign, state__in=UNSIGNED))


def _written(campaign: Campaign, change: Change, actor: Actor, reason: str, before: datetime, now: datetime) -> ActDone:
    details: dict[str, Any] = {"from": before.isoformat(), "to": campaign.due_at.isoformat()}
    if change == "close":
        details["unanswered"] = owing(campaign)
    return ActDone.objects.create(
        campaign=campaign, kind=change, at=now, account=actor.account, name=actor.name, words=reason.strip(),
        details=details,
    )  # fmt: skip


def _put_aside(campaign: Campaign) -> None:
    """Lets the signed version stand again where a correction did not come in time, so that it can be accepted."""
    signed = Version.objects.filter(answer=OuterRef("pk"), state__in=LEVELS).order_by("-no")
    unfinished = Answer.objects.filter(campaign=campaign, state__in=UNSIGNED).filter(Exists(signed))
    unfinished.update(current=Subquery(signed.values("no")[:1]), state=Subquery(signed.values("state")[:1]))


def _take_up(campaign: Campaign) -> None:
    """Goes on with the corrections that were put aside."""
    newest = Version.objects.filter(answer=OuterRef("pk")).order_by("-no")
    aside = Answer.objects.filter(campaign=campaign).filter(Exists(newest.filter(no__gt=OuterRef("current"))))
    aside.update(current=Subquery(newest.values("no")[:1]), state=Subquery(newest.values("state")[:1]))


def late_until_moved(campaign: Campaign, due: datetime) -> int:
    """How many were signed too late by the date that holds and in time by a new one."""
    late = Answer.objects.filter(campaign=campaign, signed_at__gt=campaign.due_at, signed_at__lte=due)
    return late.count()


def corrections(campaign: Campaign) -> int:
    """How many signed answers are being corrected: what was signed stands when the campaign is closed."""
    signed = Version.objects.filter(answer=OuterRef("pk"), state__in=LEVELS, no__lt=OuterRef("current"))
    return Answer.objects.filter(campaign=campaign, state__in=UNSIGNED).filter(Exists(signed)).count()


def put_aside(campaign: Campaign) -> int:
    """How many corrections were put aside when the campaign was closed; they go on when it is opened again."""
    newer = Version.objects.filter(answer=OuterRef("pk"), no__gt=OuterRef("current"))
    return Answer.objects.filter(campaign=campaign).filter(Exists(newer)).count()


def owing(campaign: Campaign) -> int:
    """How many have nothing signed that stands, corrections aside: they stay without an answer when it is closed."""
    return Answer.objects.filter(campaign=campaign, state__in=UNSIGNED).count() - corrections(campaign)
