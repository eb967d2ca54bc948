"""The figures against a slow, obvious count over the journal, and the honest line of yesterday."""

import io
import json
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.dossiers.journal import history
from motcua.law.evolve import evolve, lodge
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.reports import facts, work
from motcua.reports.figures import Board, Figures, Filter, by_month, complete_until, months_to, open_now, yesterday
from motcua.reports.lists import KINDS, Listing, late_list
from motcua.reports.models import Cube, DossierFact, OpenDay
from motcua.reports.reading import Facts
from reports.town import BUILDING, CITY, EAST, HILL, HOUSE, MARKET, TRADE, WEST, Town, as_owner, followed, hour

YEAR = months_to(date(2019, 6, 30))


def slow_count(ids: list[int], which: Filter, now: datetime) -> Counter[str]:
    """What the figures should be, dossier by dossier, from each history read to its first answer."""
    found: Counter[str] = Counter()
    known = directory()
    for dossier_id in ids:
        state, answer = None, None
        for entry in history(dossier_id):
            state = lodge(dossier_id, entry.event, entry.at) if state is None else evolve(state, entry.event, entry.at)
            if entry.type == "result_ready" and answer is None:
                answer = state
        assert state is not None
        if which.agency and state.receiving not in known.below(which.agency):
            continue
        if which.field and which.field != {HOUSE: BUILDING}.get(state.procedure, TRADE):
            continue
        if which.tier and known[state.receiving].tier != which.tier:
            continue
        begin, end = which.span()
        said = answer or state
        if state.accepted_at and begin <= state.accepted_at < end:
            found["received"] += 1
        if answer and begin <= answer.finished_at < end:
            late, early = answer.finished_at > answer.due_at, city_day(answer.finished_at) < city_day(answer.due_at)
            found["late" if late else "before_date" if early else "on_time"] += 1
            found[answer.outcome] += 1
        elif not answer and said.finished_at and begin <= said.finished_at < end:
            found[said.outcome] += 1
            found["dropped"] += state.accepted_at is not None
        if said.finished_at is None and state.accepted_at is None:
            found["open_lodged"] += 1
        elif said.finished_at is None:
            waits = state.pause is not None and state.pause.since <= state.due_at
            found["open_waiting" if waits else "open_overdue" if state.due_at < now else "open_in_time"] += 1
        if state.handed_at and begin <= state.handed_at < end:
            found["handed"] += 1
    return found


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**9), at=st.sampled_from(["2018-11-20 10:00", "2018-12-31 23:59", "2019-03-01 09:00"]))
def test_figures_of_random_lives_are_the_slow_count(town: Town, seed: int, at: str) -> None:
    facts.follow(town.at_random(seed, dossiers=8))
    ids = list(DossierFact.objects.values_list("dossier_id", flat=True))
    now = hour(at)
    december = msgspec.structs.replace(YEAR, first=date(2018, 12, 1), last=date(2018, 12, 15))
    parts = [YEAR, december, msgspec.structs.replace(december, agency=EAST), msgspec.structs.replace(YEAR, agency=CITY),
             msgspec.structs.replace(YEAR, field=TRADE), msgspec.structs.replace(YEAR, tier="commune"),
             msgspec.structs.replace(december, day=date(2018, 12, 14))]  # fmt: skip
    for which in parts:
        expected = slow_count(ids, which, now)
        if which.day:
            expected.pop("handed", None)
        numbers = Board(which, now).total
        assert {name: n for name, n in msgspec.structs.asdict(numbers).items() if n} == dict(+expected)
        for kind in KINDS:
            listing = Listing(which, kind, now)
            assert listing.total() == listing.counted()


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**9), days=st.integers(1, 60))
def test_work_added_up_by_day_is_the_work_counted_piece_by_piece(town: Town, seed: int, days: int) -> None:
    facts.follow(town.at_random(seed, dossiers=8))
    end = hour("2019-01-01 00:00")
    part = work.Part(None, end - timedelta(days=days), end, hour("2018-12-31 15:00"), end)
    quick = work.groups(part)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "_added_up", lambda _part: False)
        slow = work.groups(part)
    assert quick == slow
    assert work.counts(part) == quick.total


def test_the_parts_of_the_city_add_up_to_the_whole(town: Town) -> None:
    facts.follow(town.at_random(7, dossiers=25))
    board = Board(YEAR, hour("2019-01-15 10:00"))
    assert board.total.received > 5
    for parts in (board.by_agency, board.by_field, board.by_procedure, board.by_tier()):
        assert sum(parts.values(), Figures()) == board.total
    below = board.under([EAST, WEST])
    assert below[EAST] + below[WEST] == board.total
    months = sum(by_month(YEAR).values(), Figures())
    assert (months.received, months.answered) == (board.total.received, board.total.answered)


def test_yesterday_is_the_citys_day_before_and_nothing_when_nothing_was_answered(town: Town) -> None:
    now = hour("2019-01-15 00:30")
    assert yesterday(now) is None
    states = [
        town.answered(EAST, "2019-01-10 09:00", "2019-01-14 23:59"),
        town.answered(EAST, "2018-12-03 09:00", "2019-01-14 00:00"),
        town.answered(EAST, "2019-01-10 09:00", "2019-01-15 00:00"),
        town.answered(EAST, "2019-01-10 09:00", "2019-01-13 23:59"),
    ]
    facts.follow([state.id for state in states])
    line = yesterday(now)
    assert line is not None
    assert (line.day, line.answered, line.not_late, line.late) == (date(2019, 1, 14), 2, 1, 1)
    assert line.share_on_time == 0.5
    assert yesterday(now + timedelta(days=2)) is None


def test_no_share_when_nothing_was_answered() -> None:
    assert Figures(withdrawn=5, open_in_time=3).share_on_time is None
    assert Figures(late=1).share_on_time == 0.0
    assert Figures(before_date=5, on_time=4).too_few
    assert not Figures(before_date=5, on_time=4, late=1).too_few


def test_replays_are_listed_but_not_counted(town: Town) -> None:
    state = town.accepted(MARKET, "2018-12-03 09:00")
    facts.follow([state.id])
    DossierFact.objects.filter(dossier_id=state.id).update(replayed=True)
    now = hour("2018-12-04 09:00")
    assert open_now(YEAR, now) == Figures()
    rows, _ = Listing(YEAR, "replayed", now).page()
    assert [row.dossier_id for row in rows] == [state.id]


def test_a_replay_is_in_no_sum(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    state = town.accepted(MARKET, "2018-12-03 09:00")
    real = facts.of_story

    def as_a_replay(*given: Any) -> Facts:
        told = real(*given)
        return told._replace(dossier=told.dossier._replace(replayed=True))

    monkeypatch.setattr(facts, "of_story", as_a_replay)
    facts.follow([state.id])
    assert DossierFact.objects.get().replayed
    assert not Cube.objects.exists()
    assert not OpenDay.objects.exists()


def test_the_late_list_holds_what_was_answered_late(town: Town) -> None:
    late = town.answered(HILL, "2018-12-03 09:00", "2018-12-28 10:00")
    facts.follow([late.id, town.answered(HILL, "2018-12-03 09:00", "2018-12-10 10:00").id])
    rows, following = late_list(YEAR, hour("2019-01-15 10:00"))
    assert [(row.dossier_id, row.timeliness) for row in rows] == [(late.id, "late")]
    assert following == ""


@pytest.mark.parametrize("key", ["x", "2019-01-01~1", "2019-01-01T00:00:00+00:00~9999999999999999999", "~"])
def test_a_key_that_is_none_is_refused(db: None, key: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  which words say so is the parser's business
        Listing(YEAR, "received", hour("2019-01-15 10:00")).page(key)


def test_the_command_verifies_and_rebuilds(fresh_city: object) -> None:
    town = Town()
    assert complete_until() is None
    town.answered(MARKET, "2018-12-03 09:00", "2018-12-28 10:00")
    followed()
    assert complete_until() is not None
    assert _said("verify") == {"dossiers": 1, "differences": [], "differing": 0}
    DossierFact.objects.update(outcome="refused")
    with pytest.raises(SystemExit) as left:
        _said("verify")
    assert left.value.code == 1
    with as_owner():
        assert _said("rebuild")["dossiers"] == 1
    assert _said("verify")["differing"] == 0


def _said(verb: str) -> dict[str, object]:
    out = io.StringIO()
    call_command("reports", verb, "--json", stdout=out)
    return dict(json.loads(out.getvalue()))
