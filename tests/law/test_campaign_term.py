"""How long a campaign can be answered: who changes it, what is refused, and that nobody becomes late by it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.actor import SYSTEM, Actor, Grant
from motcua.law.campaign_course import ENDED_BY_CLOSING, Act, Place, State, refusal
from motcua.law.campaign_term import Term, change_refusal, is_late, is_unanswered, sets_terms
from motcua.law.directory import Agency, Directory
from motcua.law.texts import Text

NOW = datetime(2018, 12, 10, 3, tzinfo=UTC)
DUE = datetime(2018, 12, 20, 10, tzinfo=UTC)
OPEN, CLOSED = Term(DUE), Term(DUE, NOW - timedelta(hours=1))
CITY, DISTRICT, COMMUNE = 1, 2, 3
PLACE = Place(COMMUNE, DISTRICT, CITY)


AGENCIES = Directory(
    Agency(number, code, Text(code), tier, parent, date(2018, 1, 1))
    for number, code, tier, parent in (
        (CITY, "HN", "city", None),
        (DISTRICT, "001", "district", CITY),
        (COMMUNE, "00001", "commune", DISTRICT),
    )
)


def _actor(agency: int, role: str) -> Actor:
    return Actor(7, "Ai đó", (Grant(agency, role),))


@pytest.mark.parametrize("change", ["move", "close", "reopen"])
def test_only_the_citys_control_office_changes_a_term(change: Any) -> None:
    term = CLOSED if change == "reopen" else OPEN
    later = DUE + timedelta(days=3)
    for who, may in ((_actor(CITY, "control"), True), (SYSTEM, True), (_actor(CITY, "leader"), False),
                     (_actor(DISTRICT, "control"), False), (_actor(COMMUNE, "leader"), False),
                     (_actor(99, "control"), False)):  # fmt: skip
        refused = change_refusal(who, change, term, later, "vì", NOW, AGENCIES)
        assert (refused is None) is may is sets_terms(who, AGENCIES), who
        assert refused is None or refused.code == "campaign_not_yours"


@pytest.mark.parametrize(
    ("change", "term", "due", "reason", "code"),
    [
        ("move", OPEN, DUE + timedelta(days=1), "vì", None),
        ("move", OPEN, NOW + timedelta(seconds=1), "vì", None),
        ("move", OPEN, NOW, "vì", "campaign_date"),
        ("move", OPEN, None, "vì", "campaign_date"),
        ("move", OPEN, DUE, "vì", "campaign_date"),
        ("move", OPEN, DUE + timedelta(days=1), " \n", "campaign_words"),
        ("move", OPEN, DUE + timedelta(days=1), "x" * 1001, "campaign_words"),
        ("move", CLOSED, DUE + timedelta(days=1), "vì", "campaign_closed"),
        ("close", OPEN, None, "vì", None),
        ("close", Term(NOW - timedelta(days=1)), None, "vì", None),
        ("close", OPEN, None, "", "campaign_words"),
        ("close", CLOSED, None, "vì", "campaign_closed"),
        ("reopen", CLOSED, DUE, "vì", None),
        ("reopen", CLOSED, NOW - timedelta(days=1), "vì", "campaign_date"),
        ("reopen", CLOSED, DUE, "", "campaign_words"),
        ("reopen", OPEN, DUE, "vì", "campaign_open"),
    ],
)
def test_what_is_refused_and_why(
    change: Any, term: Term, due: datetime | None, reason: str, code: str | None
) -> None:  # fmt: skip
    refused = change_refusal(_actor(CITY, "control"), change, term, due, reason, NOW, AGENCIES)
    assert (refused.code if refused else None) == code
    assert refused is None or (refused.text.vi and refused.text.en)


def test_of_a_closed_campaign_only_what_was_signed_is_accepted() -> None:
    steps: dict[Act, tuple[State | None, Actor]] = {
        "save": ("draft", _actor(COMMUNE, "officer")),
        "submit": ("draft", _actor(COMMUNE, "officer")),
        "sign": ("submitted", _actor(COMMUNE, "leader")),
        "return": ("signed", _actor(DISTRICT, "control")),
        "correct": ("signed", _actor(COMMUNE, "officer")),
        "accept_district": ("signed", _actor(DISTRICT, "control")),
        "accept_city": ("district", _actor(CITY, "control")),
    }
    for act, (state, who) in steps.items():
        assert refusal(who, act, PLACE, state, AGENCIES) is None, act
        refused = refusal(who, act, PLACE, state, AGENCIES, closed=True)
        assert (refused.code if refused else None) == ("campaign_closed" if act in ENDED_BY_CLOSING else None), act
        # Not even the system writes into it.
        assert (refusal(SYSTEM, act, PLACE, state, AGENCIES, closed=True) is not None) == (act in ENDED_BY_CLOSING)


MINUTES = st.integers(0, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))


@given(MINUTES, MINUTES, MINUTES, MINUTES)
def test_nobody_becomes_late_by_a_move_and_some_become_in_time(
    due: timedelta, moved_at: timedelta, new: timedelta, signed: timedelta
) -> None:
    old, moved = Term(NOW + due), Term(NOW + new)
    at = NOW + moved_at
    if change_refusal(_actor(CITY, "control"), "move", old, moved.due_at, "vì", at, AGENCIES) is not None:
        return
    signed_at = NOW + signed if NOW + signed <= at else None
    before, after = is_late(old, signed_at, signed_at is None, at), is_late(moved, signed_at, signed_at is None, at)
    assert before or not after
    if signed_at is not None:
        # Whoever had signed when it was moved signed before the new date.
        assert not after


def test_what_is_owed_to_a_closed_campaign_is_not_answered_and_no_longer_late() -> None:
    after = DUE + timedelta(days=1)
    assert is_late(OPEN, None, True, after)
    assert not is_late(CLOSED, None, True, after)
    assert is_unanswered(CLOSED, True)
    assert not is_unanswered(OPEN, True)
    # What was signed too late stays so, whether it is closed or not.
    assert is_late(CLOSED, after, False, after)
    assert not is_unanswered(CLOSED, False)
    # Signed once, returned and never mended.
    assert (is_late(CLOSED, after, True, after), is_unanswered(CLOSED, True)) == (False, True)
