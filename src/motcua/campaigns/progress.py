"""Who has answered, who is late and what waits for whom: lists by post, for those who answer and those who oversee.

Every list is asked from an index. What may be done with what is in it, the law says when it is done.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db.models import Q, QuerySet

from motcua.campaigns.models import Answer, Campaign
from motcua.law import campaign_term as term_law
from motcua.law.actor import Actor
from motcua.law.campaign_course import FILLING, OVERSEEING
from motcua.organisation.directory import directory

PAGE = 100
UNSIGNED = ("", "draft", "returned", "submitted")


class Scope(msgspec.Struct, frozen=True):
    """How far posts reach: agencies answered for, led and overseen, each with those dissolved into it."""

    answers_for: frozenset[int]
    leads: frozenset[int]
    districts: frozenset[int]
    city: bool

    @property
    def oversees(self) -> bool:
        """True when there is anything to look at from above."""
        return self.city or bool(self.districts)


def scope_of(actor: Actor) -> Scope:
    """The scope of the posts an actor holds today."""
    agencies = directory()
    grants = [each for each in actor.grants if each.agency in agencies.by_number]
    fills = {number for each in grants if each.role in FILLING for number in (each.agency, agencies.house(each.agency))}
    leads = {each.agency for each in grants if each.role == "leader"}
    over = [agencies[each.agency] for each in grants if each.role in OVERSEEING]
    return Scope(
        _with_predecessors(fills),
        _with_predecessors(leads),
        _with_predecessors({each.number for each in over if each.tier == "district"}),
        any(each.tier == "city" for each in over),
    )


def _with_predecessors(numbers: set[int]) -> frozenset[int]:
    """Adds the agencies that were dissolved into one of these, at any remove."""
    before: dict[int, list[int]] = {}
    for agency in directory().by_number.values():
        if agency.successor is not None:
            before.setdefault(agency.successor, []).append(agency.number)
    found = list(numbers)
    for each in found:
        found.extend(number for number in before.get(each, ()) if number not in found)
    return frozenset(found)


def may_see(scope: Scope, answer: Answer) -> bool:
    """True when an answer is the reader's own, or below them."""
    return (
        scope.city or answer.agency in scope.answers_for or bool(answer.district and answer.district in scope.districts)
    )


def mine(scope: Scope) -> list[Answer]:
    """What the reader's agencies still owe, the most urgent first. Nothing is owed to a closed campaign."""
    rows = _answers().filter(agency__in=scope.answers_for, state__in=UNSIGNED, campaign__closed_at=None)
    return list(rows.order_by("campaign__due_at", "pk")[:PAGE])


def answered(scope: Scope) -> list[Answer]:
    """What the reader's agencies have signed, or can no longer answer; the newest first."""
    rows = _answers().filter(agency__in=scope.answers_for).exclude(state__in=UNSIGNED, campaign__closed_at=None)
    return list(rows.order_by("-pk")[:PAGE])


def _answers() -> QuerySet[Answer]:
    return Answer.objects.select_related("campaign__form")


def waiting(scope: Scope) -> list[tuple[str, Answer]]:
    """What waits for the reader to sign or accept, each with the act; the most urgent first."""
    wanted = {
        "sign": Q(agency__in=scope.leads, state="submitted", campaign__closed_at=None),
        "accept_district": Q(district__in=scope.districts - {0}, state="signed"),
        "accept_city": Q(state="district") | Q(state="signed", district=0) if scope.city else None,
    }
    found: list[tuple[str, Answer]] = []
    for act, which in wanted.items():
        if which is not None:
            rows = _answers().filter(which).order_by("campaign__due_at", "district", "pk")[:PAGE]
            found += [(act, each) for each in rows]
    return found


def count_waiting(scope: Scope) -> int:
    """How many wait for the reader, counted exactly."""
    which = Q(agency__in=scope.leads, state="submitted", campaign__closed_at=None)
    which |= Q(district__in=scope.districts - {0}, state="signed")
    if scope.city:
        which |= Q(state="district") | Q(state="signed", district=0)
    return Answer.objects.filter(which).count()


def overseen(scope: Scope, before: tuple[datetime, int] | None = None) -> list[Campaign]:
    """The campaigns whose answers the reader oversees, those due last first; a page after the key `before`."""
    rows = Campaign.objects.select_related("form").order_by("-due_at", "-pk")
    if not scope.city:
        # By the index on the district; a district takes part in few campaigns.
        rows = rows.filter(
            pk__in=Answer.objects.filter(district__in=scope.districts - {0}).values("campaign_id").distinct()
        )
    if before is not None:
        rows = rows.filter(Q(due_at__lt=before[0]) | Q(due_at=before[0], pk__lt=before[1]))
    return list(rows[:PAGE])


class Standing(msgspec.Struct, frozen=True):
    """How a group of answers stands: how many were asked, begun, handed in, signed, accepted, and how many are late.

    `unanswered`: of a closed campaign those who never answered; they are not late as well.
    """

    agency: int
    asked: int = 0
    begun: int = 0
    submitted: int = 0
    signed: int = 0
    accepted: int = 0
    late: int = 0
    unanswered: int = 0


def is_late(campaign: Campaign, answer: Answer, now: datetime) -> bool:
    """True when nothing was signed by the date that holds."""
    return term_law.is_late(campaign.term, answer.signed_at, answer.state in UNSIGNED, now)


def is_unanswered(campaign: Campaign, answer: Answer) -> bool:
    """True when the campaign was closed and nothing signed stands."""
    return term_law.is_unanswered(campaign.term, answer.state in UNSIGNED)


def standings(campaign: Campaign, answers: Sequence[Answer], now: datetime) -> list[Standing]:
    """By district (0: those of the city itself), those with most late or missing first."""
    found: dict[int, list[Answer]] = {}
    for each in answers:
        found.setdefault(each.district, []).append(each)
    rows = [_standing(campaign, agency, group, now) for agency, group in found.items()]
    return sorted(rows, key=lambda each: (-each.late - each.unanswered, each.signed - each.asked, each.agency))


def _standing(campaign: Campaign, agency: int, group: list[Answer], now: datetime) -> Standing:
    return Standing(
        agency,
        asked=len(group),
        begun=sum(each.current > 0 for each in group),
        submitted=sum(each.state == "submitted" for each in group),
        signed=sum(is_signed(campaign, each) for each in group),
        accepted=sum(each.state in ("district", "city") for each in group),
        late=sum(is_late(campaign, each, now) for each in group),
        unanswered=sum(is_unanswered(campaign, each) for each in group),
    )


def is_signed(campaign: Campaign, answer: Answer) -> bool:
    """True when a version was signed; of a closed campaign when one still stands."""
    return answer.signed_at is not None and not is_unanswered(campaign, answer)


def answers_of(campaign: Campaign, scope: Scope) -> list[Answer]:
    """The answers of a campaign that the reader may see."""
    rows = Answer.objects.filter(campaign=campaign).order_by("district", "agency")
    if not scope.city:
        rows = rows.filter(Q(district__in=scope.districts - {0}) | Q(agency__in=scope.answers_for))
    return list(rows)
