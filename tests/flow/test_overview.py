"""The ways at one look: kept for the day when nothing is missing, never when something is, never beyond new facts."""

from datetime import datetime
from typing import Any

import pytest
from msgspec import structs

from flow.test_ways import followed, whole
from motcua.flow import overview as room
from motcua.flow import ways
from motcua.flow.losses import crossings, stamping
from motcua.flow.models import Pending
from motcua.flow.overview import last_year, make_ready, overview
from motcua.flow.slices import Slice
from motcua.flow.variants import leavings, tally, variants
from motcua.law.working_time import city_day
from motcua.reports import kept
from motcua.reports.models import Kept, StageFact
from reports.town import EAST, HOUSE, MARKET, Town, hour

NOW = hour("2021-01-05 09:00")


@pytest.fixture(autouse=True)
def complete(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a test's transaction no follower comes to the end of the outbox."""
    monkeypatch.setattr(room, "complete_until", lambda: NOW)
    monkeypatch.setattr(room.followers, "complete_until", lambda _name: NOW)
    monkeypatch.setattr(room, "_looked", float("-inf"))
    at(monkeypatch, NOW)


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(room.clock, "now", lambda: now)


def made(part: Slice) -> tuple[Any, ...]:
    return tally(part), variants(part), leavings(part), crossings(part), stamping(part)


def played(town: Town, agency: int = MARKET) -> int:
    number = town.answered(agency, "2018-12-03 09:00", "2018-12-10 10:00").id
    followed([number])
    return number


def test_what_is_kept_is_what_was_found_and_is_found_again(town: Town) -> None:
    for agency in (MARKET, EAST, MARKET):
        played(town, agency)
    part = whole()
    first = overview(part)
    assert structs.astuple(first) == made(part)
    assert first.tally.total == 3
    assert Kept.objects.count() == 1
    assert overview(part) == first
    assert structs.astuple(overview(whole(scope=(MARKET,)))) == made(whole(scope=(MARKET,)))


def test_the_answer_of_the_day_stands_until_the_next(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    played(town)
    first = overview(whole())
    played(town)
    assert overview(whole()) == first
    at(monkeypatch, hour("2021-01-06 00:00"))
    assert overview(whole()).tally.total == 2


def test_days_that_are_not_over_are_never_kept(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, hour("2020-12-31 23:59"))
    played(town)
    overview(whole())
    assert not Kept.objects.exists()


@pytest.mark.parametrize("missing", ["facts", "ways", "pending"])
def test_nothing_is_kept_while_something_is_missing(town: Town, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    number = played(town)
    early = hour("2020-12-31 23:59")
    if missing == "facts":
        monkeypatch.setattr(room, "complete_until", lambda: None)
    elif missing == "ways":
        monkeypatch.setattr(room.followers, "complete_until", lambda _name: early)
    else:
        Pending.objects.create(dossier_id=number, seq=99)
    assert overview(whole()).tally.total == 1
    assert not Kept.objects.exists()


def test_facts_or_ways_made_anew_are_asked_anew(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    number = played(town)
    overview(whole())
    StageFact.objects.filter(dossier_id=number, step="appraise").delete()
    ways.rebuild()
    assert overview(whole()).tally.counts["unfitting"] == 1
    # A rebuild puts another table in the place of the old one.
    monkeypatch.setattr(kept, "_FACTS", "SELECT 'reports_span'::regclass::oid::bigint")
    overview(whole())
    assert Kept.objects.count() == 2


def test_large_procedures_are_made_ready_at_night(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    played(town)
    monkeypatch.setattr(room, "MANY", 1)
    night = hour("2018-12-12 02:00")
    at(monkeypatch, hour("2018-12-12 09:00"))
    make_ready()
    assert not Kept.objects.exists()
    at(monkeypatch, night)
    make_ready()
    assert Kept.objects.get().day == city_day(night)
    monkeypatch.setattr(room, "_made", lambda _part: pytest.fail("it was made ready"))
    assert overview(Slice(HOUSE, *last_year(night))).tally.total == 1
