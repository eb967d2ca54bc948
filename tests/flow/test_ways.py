"""The ways of the town's dossiers, counted by the room and once more by hand from the journals."""

from collections import Counter
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.dossiers.journal import history
from motcua.flow import errands, ways
from motcua.flow.losses import crossing_list, crossings, losses, stamped_list, stamping
from motcua.flow.models import Pending, Way
from motcua.flow.slices import Slice
from motcua.flow.variants import KINDS, leavings, listing, tally, variants
from motcua.law import commands as c
from motcua.law import events as e
from motcua.reports import facts
from motcua.reports.models import DossierFact, StageFact
from reports.town import EAST, EAST_XD, HOUSE, MARKET, WEST, Town, hour

YEARS = (hour("2018-01-01 00:00"), hour("2021-01-01 00:00"))
STRAIGHT = ("hand_in", "share_out", "appraise", "approve", "register", "give")


def whole(code: str = HOUSE, **more: Any) -> Slice:
    return Slice(code, *YEARS, **more)


def followed(ids: list[int]) -> None:
    """What the followers and the errand do, within the test's transaction."""
    facts.follow(ids)
    ways.note(ids)
    while ways.take():
        pass


def sent_back(town: Town, agency: int, begun: str, ended: str) -> int:
    """A dossier whose draft the leader returns once."""
    state = town.at_officer(town.accepted(agency, begun), begun)
    draft = c.DraftResult(task=state.tasks[0].no, result="permit", text="Đồng ý")
    state = town.do(state, "officer", draft, begun)
    state = town.do(state, "officer", c.Forward(task=state.tasks[0].no), begun)
    state = town.do(state, "leader", c.SendBack(task=state.tasks[0].no, to="appraise", reason="Xem lại"), begun)
    state = town.do(state, "officer", c.DraftResult(task=state.tasks[0].no, result="permit", text="Đồng ý"), begun)
    state = town.do(state, "officer", c.Forward(task=state.tasks[0].no), ended)
    state = town.do(state, "leader", c.Sign(task=state.tasks[0].no), ended)
    state = town.do(state, "registrar", c.NumberResult(task=state.tasks[0].no, number="1/GP"), ended)
    return town.do(state, "clerk", c.MarkReady(task=state.tasks[0].no), ended).id


def test_a_straight_way_and_one_sent_back_are_told_apart(town: Town) -> None:
    straight = [town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00").id for _ in range(3)]
    returned = sent_back(town, EAST, "2018-12-03 09:00", "2018-12-28 10:00")
    followed([*straight, returned])
    first, second = variants(whole())
    assert (first.steps, first.n, first.fits, first.late) == (STRAIGHT, 3, True, 0)
    assert second.steps == (*STRAIGHT[:4], "appraise", "approve", *STRAIGHT[4:])
    assert (second.n, second.fits, second.late) == (1, True, 1)
    way = Way.objects.get(dossier_id=returned)
    assert (way.returned, way.repeats, way.late) == (1, 2, True)
    found = tally(whole())
    told = {kind: found.counts[kind] for kind in ("all", "late", "fitting", "unfitting", "returned", "repeated")}
    assert told == {"all": 4, "late": 1, "fitting": 4, "unfitting": 0, "returned": 1, "repeated": 1}
    assert leavings(whole()) == []


def test_a_dossier_still_open_or_never_accepted_has_no_way(town: Town) -> None:
    ids = [town.accepted(MARKET, "2018-12-03 09:00").id, town.lodged(MARKET, "2018-12-03 09:00").id]
    declined = town.lodged(EAST, "2018-12-03 09:00")
    town.do(declined, "clerk", c.Decline(reason="not_ours", words="Không thuộc"), "2018-12-04 09:00")
    followed([*ids, declined.id])
    assert Way.objects.count() == 0
    assert Pending.objects.count() == 0


def test_what_was_withdrawn_may_end_anywhere_and_fits(town: Town) -> None:
    state = town.accepted(EAST, "2018-12-03 09:00")
    followed([town.do(state, "clerk", c.Withdraw(reason="Đổi ý"), "2018-12-04 09:00").id])
    (row,) = variants(whole())
    assert (row.steps, row.answered, row.fits) == (("hand_in",), False, True)


def test_a_way_that_the_process_does_not_draw_is_named_where_it_leaves(town: Town) -> None:
    ids = [town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00").id for _ in range(2)]
    followed(ids)
    StageFact.objects.filter(dossier_id=ids[0], step="appraise").delete()
    ways.rebuild()
    (gap,) = leavings(whole())
    assert (gap.after, gap.to, gap.n) == ("share_out", "approve", 1)
    listed, _ = listing(whole(), leaving=("share_out", "approve"))
    assert [row.dossier_id for row in listed] == [ids[0]]


def test_nothing_is_taken_before_its_facts_have_come(town: Town) -> None:
    state = town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00")
    ways.note([state.id])
    assert ways.take() == 0
    facts.follow([state.id])
    assert ways.take() == 1
    assert Way.objects.get().dossier_id == state.id
    town.do(state, "clerk", c.Note(words="gọi điện"), "2018-12-11 09:00")
    ways.note([state.id])
    assert ways.take() == 0
    facts.follow([state.id])
    assert ways.take() == 1
    assert Way.objects.count() == 1


def test_the_errand_rests_between_batches_that_are_not_full(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00").id for _ in range(3)]
    facts.follow(ids)
    ways.note(ids)
    monkeypatch.setattr(ways, "BATCH", 2)
    assert [errands.take(), Way.objects.count()] == [2, 2]
    assert [errands.take(), Way.objects.count()] == [0, 3]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**9))
def test_variants_of_random_lives_sum_to_the_dossiers_and_every_figure_opens_to_what_it_counts(
    town: Town, seed: int
) -> None:
    followed(town.at_random(seed))
    for code in {row.procedure for row in DossierFact.objects.all()}:
        part = whole(code)
        ended = DossierFact.objects.filter(procedure=code, finished_at__isnull=False, accepted_at__isnull=False)
        found, rows = tally(part), variants(part, limit=1000)
        assert found.total == sum(row.n for row in rows) == ended.count()
        assert found.counts["late"] == sum(row.late for row in rows) == ended.filter(timeliness="late").count()
        assert found.variants == len(rows)
        assert found.counts["fitting"] + found.counts["unfitting"] == found.total
        for kind in KINDS:
            assert len(pages(part, kind)) == found.counts[kind]
        for row in rows:
            assert len(pages(part, "all", variant=row.id)) == row.n
        by_hand = Counter(opened_steps(each) for each in ended.values_list("dossier_id", flat=True))
        kept: Counter[tuple[str, ...]] = Counter()
        for row in rows:
            kept[row.steps] += row.n
        assert kept == by_hand
    once = list(Way.objects.order_by("dossier_id").values())
    ways.rebuild()
    assert list(Way.objects.order_by("dossier_id").values()) == once


def opened_steps(dossier_id: int) -> tuple[str, ...]:
    """The steps opened, straight from the journal."""
    found = []
    for entry in history(dossier_id):
        if isinstance(entry.event, e.CorrectionOpened):
            continue
        found += [(task.no, task.step) for task in entry.event.opened if task.kind == "step"]
    return tuple(step for _, step in sorted(set(found)))


def pages(part: Slice, kind: Any, variant: int = 0) -> list[int]:
    found, after = [], ""
    while True:
        rows, after = listing(part, kind, variant=variant, after=after, limit=2)
        found += [row.dossier_id for row in rows]
        if not after:
            return found


def test_a_hand_over_is_late_by_the_laws_rule(town: Town) -> None:
    """Same day; after 15:00 by the opening of the next working day; an hour's grace."""
    cases = {
        ("2018-12-03 09:00", "2018-12-03 16:50"): 0,
        ("2018-12-03 15:30", "2018-12-04 08:40"): 0,
        ("2018-12-03 15:30", "2018-12-04 09:30"): 1,
        ("2018-12-07 16:00", "2018-12-10 08:30"): 0,
        ("2018-12-07 10:00", "2018-12-10 11:00"): 1,
    }
    for (sent, received), late in cases.items():
        state = town.do(accepted := town.accepted(MARKET, sent), "clerk", c.Forward(task=accepted.tasks[0].no), sent)
        state = town.do(state, "head", c.Receive(tasks=(state.tasks[0].no,)), received)
        state = town.do(state, "clerk", c.Withdraw(reason="Đổi ý"), "2018-12-14 10:00")
        followed([state.id])
        way = Way.objects.get(dossier_id=state.id)
        assert (way.crossings, way.crossings_late) == (1, late), (sent, received)
    (found,) = crossings(whole())
    assert (found.sender, found.receiver, found.n, found.late) == (MARKET, EAST_XD, 5, 2)
    listed, _ = crossing_list(whole(), MARKET, EAST_XD)
    assert len(listed) == 2
    assert len(crossing_list(whole(), 0, 0, late=False)[0]) == 5
    assert tally(whole()).counts["late_crossing"] == 2


def test_signatures_let_pile_up_are_counted_as_a_batch(town: Town) -> None:
    lain = [town.answered(EAST, "2018-12-03 09:00", f"2018-12-05 16:0{at}").id for at in range(4)]
    fresh = [town.answered(EAST, "2018-12-06 15:00", f"2018-12-06 15:0{at}").id for at in range(1, 5)]
    alone = town.answered(EAST, "2018-12-03 09:00", "2018-12-10 16:00").id
    followed([*lain, *fresh, alone])
    found = stamping(whole())
    # Four pieces signed within minutes after lying for two days; numbering followed at once and had not lain.
    assert (found.n, found.batched, found.batches, found.largest) == (18, 4, 1, 4)
    assert found.lain_median is not None
    assert found.lain_median > 960
    rows, _ = stamped_list(whole(), limit=3)
    rest, end = stamped_list(whole(), after=rows[-1].key, limit=3)
    assert {row.dossier_id for row in (*rows, *rest)} == set(lain)
    assert end == ""


def test_what_was_lost_beyond_the_limits_stands_at_its_step(town: Town) -> None:
    followed([town.answered(EAST, "2018-12-03 09:00", "2018-12-10 10:00").id])
    found = {row.step: row for row in losses(whole()) if not row.agency}
    # Four hours given to approve, a week taken.
    assert found["approve"].lost == 5 * 480 + 60 - 240
    assert {step for step, row in found.items() if row.lost} == {"approve"}
    assert [row.agency for row in losses(whole()) if row.step == "approve"] in ([0, EAST], [EAST, 0])


def test_each_scope_sees_its_own(town: Town) -> None:
    east = town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00").id
    west = town.answered(WEST, "2018-12-03 09:00", "2018-12-10 10:00").id
    followed([east, west])
    for scope, sees in (((EAST_XD,), {east}), ((MARKET, EAST), {east}), ((WEST,), {west}), ((), set()),
                        (None, {east, west})):  # fmt: skip
        part = whole(scope=scope)
        assert set(pages(part, "all")) == sees
        assert tally(part).total == len(sees)
        assert sum(row.n for row in variants(part)) == len(sees)
        # A division sees the work of its own, an agency also what others did on the dossiers it received.
        steps = {"share_out", "appraise"} if scope == (EAST_XD,) else set(STRAIGHT) if sees else set()
        assert {row.step for row in losses(part)} == steps
    assert set(pages(whole(agencies=(EAST_XD,)), "all")) == {east}


@pytest.mark.parametrize(
    "key",
    ["x", "2018-12-03~1", "2018-12-03T00:00:00~1", "2018-12-03T00:00:00+07:00~99999999999999999999"],
)
def test_a_key_that_is_none_is_refused(town: Town, key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        listing(whole(), after=key)


def test_the_hot_statements_go_by_an_index(town: Town) -> None:
    followed([town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00").id])
    plans = []
    with connection.cursor() as cursor:
        # A table of one row is read whole whatever there is: only whether the indexes serve is asked.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        for table, where in (
            ("flow_way", "procedure = 'x' AND finished_at >= now() ORDER BY finished_at, dossier_id LIMIT 50"),
            ("flow_way", "variant = 1 AND finished_at >= now() ORDER BY finished_at, dossier_id LIMIT 50"),
            ("flow_risk", "agency = 1 ORDER BY chance DESC, dossier_id LIMIT 50"),
        ):
            cursor.execute(f"EXPLAIN SELECT * FROM {table} WHERE {where}")
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    assert [("Index" in plan, "Sort" in plan) for plan in plans] == [(True, False)] * 3
