"""The follower's facts: what a dossier counts as, once, and that no later act changes a period of the past."""

import logging
from datetime import date, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import tuple_row

from motcua.dossiers import store
from motcua.dossiers.followers import follow
from motcua.dossiers.models import Dossier, Event, Follower
from motcua.law import commands as c
from motcua.reports import facts, rebuilding
from motcua.reports.checking import verify
from motcua.reports.counting import FLOWS
from motcua.reports.models import Cube, DossierFact, StageFact
from motcua.reports.rebuilding import rebuild
from motcua.reports.standing import look
from reports.town import EAST, EAST_XD, HOUSE, MARKET, OLD_HILL, WEST, Town, as_owner, followed, hour


def fact(dossier_id: int) -> DossierFact:
    facts.follow([dossier_id])
    return DossierFact.objects.get(dossier_id=dossier_id)


def sums(**where: object) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in Cube.objects.filter(**where):
        for measure in FLOWS:
            if number := getattr(row, measure):
                found[measure] = found.get(measure, 0) + number
    return found


def test_a_dossier_answered_before_its_date_counts_once_where_it_was_received(town: Town) -> None:
    state = town.handed(town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00"), "2019-01-04 08:00")
    kept = fact(state.id)
    assert (kept.timeliness, kept.outcome, kept.status) == ("before_date", "granted", 10)
    assert (kept.receiving, kept.tier, kept.district, kept.resolving) == (MARKET, "commune", EAST, EAST)
    assert (kept.accepted_half, kept.finished_half, kept.handed_half) == (
        date(2018, 12, 1), date(2018, 12, 1), date(2019, 1, 1),
    )  # fmt: skip
    assert sums(receiving=MARKET) == {"received": 1, "before_date": 1, "granted": 1, "handed": 1}
    assert sums() == sums(receiving=MARKET)


def test_every_stage_has_its_agency_its_officer_its_minutes_and_its_lateness(town: Town) -> None:
    state = town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00")
    fact(state.id)
    stages = {each.step: each for each in StageFact.objects.filter(dossier_id=state.id)}
    assert stages["appraise"].agency == EAST_XD
    assert stages["appraise"].officer == town.east["officer"].account
    assert (stages["appraise"].worked, stages["appraise"].late) == (0, False)
    assert stages["approve"].officer == town.east["leader"].account
    # Opened on Monday at nine with four working hours, signed a week later.
    assert stages["approve"].late is True
    assert stages["approve"].worked == 5 * 480 + 60
    assert stages["share_out"].in_transit == 0
    assert stages["give"].closed == state.finished_at


def test_a_result_collected_late_is_nobodys_lateness(town: Town) -> None:
    state = town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00")
    fact(town.handed(state, "2019-03-04 08:00").id)
    give = StageFact.objects.get(dossier_id=state.id, step="give")
    assert (give.closed, give.late, give.worked) == (state.finished_at, False, 0)
    assert give.officer == town.east["clerk"].account


def test_open_work_has_no_minutes_and_no_verdict_yet(town: Town) -> None:
    state = town.at_officer(town.accepted(MARKET, "2018-12-03 09:00"), "2018-12-03 10:00")
    fact(state.id)
    stage = StageFact.objects.get(dossier_id=state.id, step="appraise")
    assert (stage.closed, stage.worked, stage.waited, stage.late) == (None, None, None, None)


def test_a_step_on_time_is_never_kept_as_overdue(town: Town) -> None:
    """Peers, fault 8: time left and time over shared a field."""
    state = town.at_officer(town.accepted(MARKET, "2018-12-03 09:00"), "2018-12-03 10:00")
    fact(state.id)
    assert not StageFact.objects.filter(late=True).exists()
    assert StageFact.objects.get(step="appraise").late is None


def test_a_result_on_the_last_minute_is_on_time_and_a_second_later_late(town: Town) -> None:
    due = town.accepted(EAST, "2018-12-03 09:00").due_at
    assert due == hour("2018-12-24 17:00")
    on_time = town.answered(EAST, "2018-12-03 09:00", "2018-12-24 17:00")
    late = town.answered(EAST, "2018-12-03 09:00", datetime.fromisoformat("2018-12-24T17:00:01+07:00"))
    assert (fact(on_time.id).timeliness, fact(late.id).timeliness) == ("on_time", "late")


def test_midnight_in_the_city_parts_the_months(town: Town) -> None:
    """Incident 10 and fault 6: the month is the city's, not that of UTC."""
    before = town.answered(EAST, "2018-12-03 09:00", "2018-12-31 23:59")
    after = town.answered(EAST, "2018-12-03 09:00", "2019-01-01 00:00")
    assert fact(before.id).finished_half == date(2018, 12, 15)
    assert fact(after.id).finished_half == date(2019, 1, 1)
    assert sums(half=date(2018, 12, 1)) == {"received": 2}
    assert sums(half=date(2018, 12, 15)) == {"late": 1, "granted": 1}
    assert sums(half=date(2019, 1, 1)) == {"late": 1, "granted": 1}


def test_what_was_answered_late_stays_late_when_it_is_corrected_afterwards(town: Town) -> None:
    """Peers, fault 10: past periods changed with a dossier's later status."""
    state = town.answered(EAST, "2018-12-03 09:00", "2018-12-28 10:00")
    first = fact(state.id)
    state = town.do(state, "clerk", c.CorrectResult(reason="Sai tên"), "2019-01-07 08:00")
    refused = c.Refuse(task=state.tasks[0].no, reason="not_met", words="Không đủ")
    state = town.do(state, "officer", refused, "2019-01-08 08:00")
    again = fact(state.id)
    assert again.seq > first.seq
    kept = ("finished_at", "finished_half", "due_at", "timeliness", "index_timeliness", "outcome")
    assert [getattr(again, name) for name in kept] == [getattr(first, name) for name in kept]
    assert sums(half=date(2019, 1, 1)) == {}
    assert (again.timeliness, again.outcome, state.outcome) == ("late", "granted", "refused")


def test_a_wait_begun_after_the_date_hides_nothing(town: Town) -> None:
    state = town.at_officer(town.accepted(EAST, "2018-12-03 09:00"), "2018-12-03 10:00")
    wait = c.Suspend(task=state.tasks[0].no, ground="verification", document="1/CV")
    assert fact(town.do(state, "officer", wait, "2018-12-24 16:00").id).waiting is True
    late = town.at_officer(town.accepted(EAST, "2018-12-03 09:00"), "2018-12-03 10:00")
    wait = c.Suspend(task=late.tasks[0].no, ground="verification", document="1/CV")
    assert fact(town.do(late, "officer", wait, "2018-12-25 08:00").id).waiting is False


def test_what_ends_without_an_answer_is_never_on_time(town: Town) -> None:
    withdrawn = town.do(
        town.accepted(EAST, "2018-12-03 09:00"), "clerk", c.Withdraw(reason="Đổi ý"), "2018-12-04 09:00"
    )
    declined = town.lodged(EAST, "2018-12-03 09:00")
    town.do(declined, "clerk", c.Decline(reason="not_ours", words="Không thuộc"), "2018-12-04 09:00")
    assert fact(withdrawn.id).timeliness == ""
    assert fact(declined.id).timeliness == ""
    assert sums() == {"received": 1, "withdrawn": 1, "declined": 1, "dropped": 1}


def test_more_than_one_supplement_is_late_by_the_index_alone(town: Town) -> None:
    state = town.at_officer(town.accepted(EAST, "2018-12-03 09:00"), "2018-12-03 10:00")
    ask = {"items": ("land",), "reason": "Thiếu", "task": state.tasks[0].no, "ground": "thực địa"}
    for day in ("04", "05"):
        again = c.RequestSupplement(**ask, stage="work", approver=town.east["leader"].account)  # type: ignore[arg-type]
        state = town.do(state, "officer", again, f"2018-12-{day} 09:00")
        papers = state.papers
        state = town.do(state, "clerk", c.GiveSupplement(papers=papers), f"2018-12-{day} 10:00")
    kept = fact(state.id)
    assert (kept.supplements, kept.index_timeliness, kept.timeliness) == (2, "late", "")


def test_a_dissolved_commune_keeps_its_figures(town: Town) -> None:
    state = town.accepted(OLD_HILL, "2018-12-28 09:00")
    kept = fact(state.id)
    assert (kept.receiving, kept.district, kept.tier) == (OLD_HILL, WEST, "commune")


def test_taking_the_same_dossiers_twice_counts_them_once(town: Town) -> None:
    ids = [town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00").id for _ in range(3)]
    facts.follow(ids)
    once = sums()
    facts.follow(ids)
    facts.follow(ids[:1])
    assert sums() == once
    assert once["received"] == 3


def statements(ids: list[int]) -> int:
    """How many statements a batch takes."""
    said: list[str] = []

    class Listening(psycopg.Cursor[Any]):
        def execute(self, query: Any, *rest: Any, **more: Any) -> Any:
            said.append(str(query))
            return super().execute(query, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "cursor", lambda: Listening(connection.connection, row_factory=tuple_row))
        facts.follow(ids)
    return len(said)


def test_a_batch_takes_thirteen_statements_whatever_its_size_and_one_when_nothing_is_new(town: Town) -> None:
    ids = [town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00").id for _ in range(8)]
    facts.surroundings().field_of(town.versions[HOUSE])
    assert statements(ids) == 13
    assert statements(ids) == 1


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**9), cut=st.integers(1, 5))
def test_facts_of_random_lives_are_what_the_bare_journal_says(town: Town, seed: int, cut: int) -> None:
    ids = town.at_random(seed)
    for start in range(0, len(ids), cut):
        facts.follow(ids[start : start + cut])
    known = set(DossierFact.objects.values_list("dossier_id", flat=True))
    assert set(ids) <= known
    compare_without_snapshot()


def compare_without_snapshot() -> None:
    """`verify` wants a transaction of its own; within the test's, its parts say the same."""
    from motcua.reports import checking

    for ids in checking._batches():
        assert list(checking._compare(ids)) == []
    assert list(checking._strays()) == []
    assert list(checking._sums()) == []


def test_a_journal_that_cannot_be_read_leaves_out_its_own_dossier_only(
    town: Town, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = town.accepted(EAST, "2018-12-03 09:00"), town.accepted(EAST, "2018-12-03 09:30")
    real = facts.Story

    def broken(dossier_id: int, *rest: object) -> object:
        if dossier_id == bad.id:
            raise KeyError("no such step")
        return real(dossier_id, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(facts, "Story", broken)
    with caplog.at_level(logging.ERROR, logger="motcua.reports"):
        facts.follow([good.id, bad.id])
    assert list(DossierFact.objects.values_list("dossier_id", flat=True)) == [good.id]
    assert str(bad.id) in caplog.text


class TestInACityOfItsOwn:
    """What needs transactions that really commit."""

    @pytest.fixture
    def town(self, fresh_city: object) -> Town:
        return Town()

    def test_a_follower_killed_within_a_batch_takes_it_again_and_counts_it_once(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(3):
            town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00")
        real = facts.Batch.store

        def killed(batch: facts.Batch) -> None:
            real(batch)
            raise RuntimeError("killed")

        with monkeypatch.context() as patch:
            patch.setattr(facts.Batch, "store", killed)
            with pytest.raises(RuntimeError, match="killed"):
                follow("reports", facts.follow)
        assert not Follower.objects.filter(name="reports").exists()
        assert not DossierFact.objects.exists()
        assert sums() == {}
        followed(limit=2)
        assert sums()["received"] == 3
        assert sums()["before_date"] == 3
        assert verify()[1] == []

    def test_verify_names_what_was_changed_by_hand_and_rebuild_mends_it(self, town: Town) -> None:
        ids = [town.answered(MARKET, "2018-12-03 09:00", "2018-12-28 10:00").id for _ in range(2)]
        pending = town.accepted(MARKET, "2018-12-03 09:00")
        assert verify()[1] == []
        followed()
        assert verify() == (3, [])
        town.do(pending, "clerk", c.Note(words="chưa tính"), "2018-12-04 09:00")
        assert verify()[1] == []
        DossierFact.objects.filter(dossier_id=ids[0]).update(timeliness="on_time")
        StageFact.objects.filter(dossier_id=ids[1], no=2).delete()
        Cube.objects.update(late=0)
        DossierFact.objects.filter(dossier_id=pending.id).update(dossier_id=1)
        whats = {each.what for each in verify()[1]}
        assert whats == {"fact_differs", "stage_missing", "sum_differs", "work_differs", "fact_without_dossier",
                         "fact_not_as_sql", "stage_not_as_sql"}  # fmt: skip
        with as_owner():
            assert rebuild().dossiers == 3
        assert verify() == (3, [])
        assert Dossier.objects.count() == 3
        assert Event.objects.count() > 3

    def test_what_is_done_during_a_rebuild_is_taken_up_afterwards(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        state = town.at_officer(town.accepted(EAST, "2018-12-03 09:00"), "2018-12-03 10:00")
        followed()
        real = rebuilding._make

        def meanwhile(ends: tuple[int, int]) -> object:
            part = real(ends)
            assert follow("reports", facts.follow).taken == 0
            town.do(state, "clerk", c.Note(words="trong lúc dựng lại"), "2018-12-04 09:00")
            return part

        monkeypatch.setattr(rebuilding, "_make", meanwhile)
        with as_owner():
            rebuild()
        assert DossierFact.objects.get().seq == state.seq
        followed()
        assert DossierFact.objects.get().seq == state.seq + 1
        assert verify() == (1, [])
        assert look() == ""

    def test_a_rebuild_killed_half_way_leaves_the_old_facts_and_the_next_one_works(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        town.answered(EAST, "2018-12-03 09:00", "2018-12-10 10:00")
        followed()

        def killed(_table: str) -> None:
            raise RuntimeError("killed")

        with monkeypatch.context() as patch, as_owner():
            patch.setattr(rebuilding, "_index", killed)
            with pytest.raises(RuntimeError, match="killed"):
                rebuild()
        assert verify() == (1, [])
        with as_owner():
            rebuild(processes=2)
        assert verify() == (1, [])
        state = town.accepted(EAST, "2018-12-03 09:00")
        followed()
        assert DossierFact.objects.filter(dossier_id=state.id).exists()

    def test_only_the_tables_owner_rebuilds(self, town: Town) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            rebuild()
