"""The index of Decision 766 dossier by dossier, against a slow reading of every journal, and beside the decree."""

from collections import Counter
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.calendars.lookup import calendar_for
from motcua.dossiers import store
from motcua.dossiers.journal import history
from motcua.law import commands as c
from motcua.law.clocks import Reading, Wait
from motcua.law.service_index import Criterion, Share, points, scored, summed
from motcua.law.texts import Text
from motcua.organisation.directory import directory
from motcua.reports import facts
from motcua.reports.facts import surroundings
from motcua.reports.models import Kept
from motcua.reports.periods import Period, parse
from motcua.statutory import index_verdicts
from motcua.statutory.index766 import groups, index_of
from motcua.statutory.index_verdicts import differing, verdicts
from motcua.statutory.reckoning import Part
from motcua.statutory.scope import Scope
from reports.town import CITY, EAST, MARKET, PAPERS, Town, hour

AFTER = hour("2019-12-31 23:00")
TOWN = Scope("below", agency=CITY)
DECEMBER = parse("2018-12r")


def slow(dossier_id: int, period: Period) -> tuple[str, str] | None:
    """(the decree, the index) read off one whole journal; None when it is not measured in the period."""
    regimes, reading, ended = surroundings().regimes, Reading(), None
    for entry in history(dossier_id):
        if entry.at >= period.ends:
            break
        reading.take(dossier_id, entry.event, entry.at, regimes)
        assert reading.state is not None
        if reading.state.finished_at is not None or reading.state.phase == "ended":
            ended = entry.at
            break
    state = reading.state
    if state is None or state.accepted_at is None or (ended is not None and ended < period.begins):
        return None
    pause, waits = state.pause, list(reading.waits)
    asked = sum(not each.at_intake for each in state.supplements)
    if ended is not None:
        when = state.finished_at or ended
    elif pause is not None and pause.ground == "supplement":
        when = pause.since
    else:
        when = period.ends
    if pause is not None and ended is None:
        waits.append(Wait(pause.ground, pause.agency, pause.since, None))
    late = asked > 1 or when > _index_due(state.receiving, state.accepted_at, state.promised_at, waits, when)  # type: ignore[arg-type]
    return _legal(state, ended, period), "late" if late else "not_late"


def _legal(state: object, ended: datetime | None, period: Period) -> str:
    if ended is not None:
        if state.outcome not in ("granted", "refused", ""):  # type: ignore[attr-defined]
            return "apart"
        return "late" if ended > state.due_at else "not_late"  # type: ignore[attr-defined]
    pause = state.pause  # type: ignore[attr-defined]
    if pause is not None and pause.since <= state.due_at:  # type: ignore[attr-defined]
        return "not_late"
    return "late" if state.due_at < period.ends else "not_late"  # type: ignore[attr-defined]


def _index_due(receiving: int, accepted: datetime, promised: datetime, waits: list[Wait], when: datetime) -> datetime:
    """The first promise, moved on by every minute waited in office hours."""
    calendar, waited = calendar_for(receiving, directory()[receiving].tier), 0
    for wait in waits:
        since, until = max(wait.since, accepted), min(wait.until or when, when)
        waited += calendar.worked_minutes_between(since, until) if since < until else 0
    return calendar.instant_after(promised, waited) if waited else promised


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_every_verdict_is_what_the_journal_says_and_every_difference_is_listed(town: Town, seed: int) -> None:
    facts.follow(town.at_random(seed, dossiers=10, acts=40))
    with store.cursor() as run:
        ids = [row[0] for row in run.execute("SELECT dossier_id FROM reports_dossierfact ORDER BY 1").fetchall()]
    for code in ("2018-12r", "2019-01r", "2019-02r", "2018-Q4", "2018r"):
        period = parse(code)
        read = {each: verdict for each in ids if (verdict := slow(each, period))}
        assert verdicts(Part(TOWN), period, AFTER).counted == dict(Counter(read.values())), code
        wanted = {each for each, (legal, index) in read.items() if (legal == "late") != (index == "late")}
        found, key = [], ""
        while True:
            rows, key = differing(Part(TOWN), period, AFTER, key, limit=2)
            found += [row.dossier_id for row in rows]
            if not key:
                break
        assert len(found) == len(set(found))
        assert set(found) == wanted, code


def test_what_was_open_when_a_period_ended_is_read_once_a_day(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    facts.follow(town.at_random(3, dossiers=12, acts=40))
    part = Part(TOWN)
    monkeypatch.setattr(index_verdicts, "complete_until", lambda: None)
    found, rows = verdicts(part, DECEMBER, AFTER), differing(part, DECEMBER, AFTER)
    assert not Kept.objects.exists()
    monkeypatch.setattr(index_verdicts, "complete_until", lambda: AFTER)
    assert verdicts(part, DECEMBER, AFTER) == found
    monkeypatch.setattr(index_verdicts, "_read_open", lambda _parameters: pytest.fail("it was kept"))
    assert (verdicts(part, DECEMBER, AFTER), differing(part, DECEMBER, AFTER)) == (found, rows)
    # Another part of the city, and a period that goes on, are other questions.
    for other, period, now in ((Part(Scope("own", agency=EAST)), DECEMBER, AFTER), (part, DECEMBER, DECEMBER.begins)):
        with pytest.raises(pytest.fail.Exception):
            verdicts(other, period, now)


def only(town: Town, dossier_id: int) -> tuple[str, str, str]:
    """How both ways call the one dossier that differs, and why."""
    facts.follow([dossier_id])
    rows, _ = differing(Part(TOWN), DECEMBER, AFTER)
    assert [row.dossier_id for row in rows] == [dossier_id]
    return rows[0].legal, rows[0].index, rows[0].reason


def test_a_second_supplement_is_late_by_the_index_alone(town: Town) -> None:
    state = town.at_officer(town.accepted(EAST, "2018-12-03 09:00"), "2018-12-03 10:00")
    for day in (4, 6):
        ask = c.RequestSupplement(
            items=("land",), reason="Thiếu", task=state.tasks[0].no, stage="work", ground="x", approver=1
        )
        state = town.do(state, "officer", ask, f"2018-12-0{day} 09:00")
        state = town.do(state, "clerk", c.GiveSupplement(papers=PAPERS), f"2018-12-0{day + 1} 09:00")
    assert only(town, state.id) == ("not_late", "late", "supplements")


def test_a_new_appointment_counts_for_the_decree_and_not_for_the_index(town: Town) -> None:
    state = town.at_officer(town.accepted(EAST, "2018-11-16 09:00"), "2018-11-16 10:00")
    due = state.due_at
    assert due is not None
    assert due < hour("2018-12-13 09:00")
    ask = c.RequestExtension(task=state.tasks[0].no, due=hour("2018-12-28 17:00"), reason="Phức tạp", apology="Xin lỗi")
    state = town.do(state, "officer", ask, "2018-11-20 09:00")
    assert only(town, state.id) == ("not_late", "late", "extended")


def test_what_is_withdrawn_after_its_date_is_apart_for_the_decree(town: Town) -> None:
    state = town.accepted(EAST, "2018-11-16 09:00")
    state = town.do(state, "clerk", c.Withdraw(reason="Đổi ý"), "2018-12-13 09:00")
    assert only(town, state.id) == ("apart", "late", "ended")


def test_points_are_full_from_the_target_on_and_in_proportion_below() -> None:
    half = Criterion("3.3", Text("x"), Decimal(4), Decimal("0.5"))
    assert points(half, Share(50, 100)) == Decimal(4)
    assert points(half, Share(99, 100)) == Decimal(4)
    assert points(half, Share(25, 100)) == Decimal("2.00")
    assert points(half, Share(1, 300)) == Decimal("0.03")
    assert points(half, Share(0, 0)) is None
    assert points(half, None) is None


@given(st.integers(0, 400), st.integers(0, 400), st.integers(1, 100), st.integers(1, 20))
def test_points_never_pass_their_maximum_and_rise_with_the_share(part: int, more: int, target: int, most: int) -> None:
    criterion = Criterion("x", Text("x"), Decimal(most), Decimal(target) / 100)
    less, greater = sorted((min(part, 400), min(part + more, 400)))
    low, high = points(criterion, Share(less, 400)), points(criterion, Share(greater, 400))
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= most


def test_the_criteria_add_up_to_a_hundred_and_what_is_not_measured_says_why() -> None:
    assert sum(group.most for group in groups()) == 100
    for group in groups():
        assert sum(each.most for each in group.criteria) == group.most
        for each in group.criteria:
            assert bool(each.measure) != bool(each.why_not), each.code
        rows = scored(group, {})
        assert summed(rows) == (0, 0)


def test_the_index_of_a_period_says_its_denominators_and_what_it_cannot_measure(town: Town) -> None:
    ids = [
        town.answered(MARKET, "2018-12-03 09:00", "2018-12-05 10:00").id,
        town.answered(MARKET, "2018-11-16 09:00", "2018-12-13 10:00").id,
        town.accepted(EAST, "2018-12-13 09:00").id,
        town.accepted(EAST, "2018-11-16 09:00").id,
    ]
    facts.follow(ids)
    found = index_of(TOWN, DECEMBER, AFTER)
    rows = {each.criterion.code: each for _, scores in found.groups for each in scores}
    assert rows["2.1"].share == Share(2, 4)
    assert rows["2.1"].points == Decimal("10.00")
    assert rows["3.3"].share == Share(0, 4)
    assert rows["3.3"].points == 0
    assert rows["3.5"].points is None
    assert {code for code, each in rows.items() if each.points is None} >= {"1.1", "1.4", "4.4", "5.2", "5.4"}
    assert found.points <= found.most < 100
    empty = index_of(TOWN, parse("2017-Q1r"), AFTER)
    assert next(each for _, scores in empty.groups for each in scores if each.criterion.code == "2.1").points is None


@pytest.mark.parametrize("key", ["x", "ended~2018", "ended~2018-12-01T00:00:00~1", "open~x"])
def test_a_key_that_is_none_is_refused(town: Town, key: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        differing(Part(TOWN), DECEMBER, AFTER, key)
