"""The applicant's rating of the service, once, and what may be said against it.

The nine criteria and their points are those of Circular 01/2018, articles 13 to 15. A rating is an event like any
other: nobody edits it. Asking for it, and adding ratings up, is left to the faces and to `reports/`.
"""

from motcua.law import commands as c
from motcua.law import events as e
from motcua.law.context import Context
from motcua.law.dossier import Dossier
from motcua.law.refusal import Refusal
from motcua.law.refusals import refuse
from motcua.law.rights import HEADS, is_owner, not_yours

Decision = tuple[e.AnyEvent, ...] | Refusal

CRITERIA = tuple("123456789")
MOST_POINTS = 2
LONGEST_WORDS = 2000


def is_rateable(state: Dossier) -> bool:
    """True when the dossier has been answered, granted or refused, and has no rating yet."""
    answered = state.phase in ("ready", "ended") and state.outcome in ("granted", "refused")
    return answered and state.rating is None and not state.replayed


def rate(command: c.Rate, state: Dossier, ctx: Context) -> Decision:
    """By the owner; the system speaks for a link or a counter's tablet whose holder it has checked."""
    if state.rating is not None:
        return refuse("rated_already")
    if not is_rateable(state):
        return refuse("not_rateable")
    if not is_owner(ctx.actor, state) and ctx.actor.kind != "system":
        return not_yours(ctx, state.receiving, "resident")
    points = set(range(MOST_POINTS + 1))
    if not command.scores or not set(command.scores) <= set(CRITERIA) or not set(command.scores.values()) <= points:
        return refuse("wrong_scores")
    rated = e.Rated(
        scores=command.scores, words=command.words.strip()[:LONGEST_WORDS], by=command.by, note=command.note
    )
    return (rated,)


def agencies_rated(state: Dossier, ctx: Context) -> set[int]:
    """The agencies that worked on the dossier, with their houses."""
    agencies = {state.receiving, *state.places.values()}
    return agencies | {ctx.directory.house(each) for each in agencies}


def contest_rating(command: c.ContestRating, state: Dossier, ctx: Context) -> Decision:
    """By the head or leader of an agency that worked on the dossier, once, with a reason."""
    if state.rating is None or state.rating.contested_at is not None:
        return refuse("not_contestable")
    agencies = agencies_rated(state, ctx)
    own = next((each for each in sorted(agencies) if ctx.actor.holds(each, *HEADS)), None)
    if own is None:
        return not_yours(ctx, state.receiving, "head")
    if not command.reason.strip():
        return refuse("reason_needed")
    return (e.RatingContested(reason=command.reason.strip(), agency=own, note=command.note),)


def rule_on_rating(command: c.RuleOnRating, state: Dossier, ctx: Context) -> Decision:
    """By procedure control, which the contested agency is not: whether the rating stands, and why."""
    if state.rating is None or state.rating.contested_at is None or state.rating.stands is not None:
        return refuse("not_contested")
    if not any(grant.role == "control" for grant in ctx.actor.grants):
        return not_yours(ctx, state.receiving, "control")
    if not command.words.strip():
        return refuse("reason_needed")
    return (e.RatingRuled(stands=command.stands, words=command.words.strip(), note=command.note),)
