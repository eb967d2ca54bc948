"""Form II.06 on random lives: it balances, every cell opens what it counts, and SQL over the journal says the same."""

from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.dossiers import store
from motcua.law import commands as c
from motcua.law.working_time import city_day
from motcua.reports import facts
from motcua.reports.periods import Period, containing, parse
from motcua.statutory.columns import BESIDE, COLUMNS, Line, faults
from motcua.statutory.forms import LAYOUTS, Report
from motcua.statutory.lists import Behind, time_went
from motcua.statutory.reckoning import Part, counted
from motcua.statutory.reporting import NO_DOSSIERS, NotBegunError, report
from motcua.statutory.scope import Scope
from motcua.statutory.scope import parse as scope_of
from reports.town import CITY, EAST, FERRY, HILL, HOUSE, MARKET, OLD_HILL, SHOP, WEST, Town, hour
from statutory.oracle import between, line_by_line

AFTER = hour("2019-12-31 23:00")
PERIODS = ("2018-11r", "2018-12r", "2019-01r", "2018-12", "2018-Q4r", "2018-H2r", "2018r", "2019-Q1")
TOWN = Scope("below", agency=CITY)
PLACES = [EAST, MARKET, FERRY, WEST, HILL, OLD_HILL]


def cells_of(report: Report, label: str | None = None) -> dict[str, int]:
    """A row's figures by the number of the column; the total's, or those of the row called so."""
    row = report.total if label is None else next(row for row in report.rows if row.label.vi == label)
    return dict(zip((*report.columns, "beside"), row.cells, strict=True))


def without_answers(line: Line) -> Line:
    """The counts without what only the facts split up."""
    return msgspec.structs.replace(line, granted=0, refused=0)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_any_lives_balance_and_every_cell_is_as_long_as_its_list(town: Town, seed: int) -> None:
    facts.follow(town.at_random(seed, dossiers=8))
    for code in PERIODS:
        period = parse(code)
        made = report("II.06a", TOWN, period, AFTER)
        assert made.faults == ()
        line = without_answers(sum(counted(Part(TOWN), period, ("field",), AFTER, running=False).values(), Line()))
        assert line == sum(line_by_line(period, PLACES).values(), Line())
        for row in made.rows:
            part = Part(TOWN, **dict(row.part))  # type: ignore[arg-type]
            for column, value in zip((*COLUMNS, BESIDE), row.cells, strict=True):
                behind = Behind(column.parts, part, period, AFTER)
                assert behind.counted() == value, (code, row.label.vi, column.number)
                ids, key = [], ""
                while True:
                    items, key = behind.page(key, limit=3)
                    ids += [each.dossier_id for each in items]
                    if not key:
                        break
                assert len(ids) == len(set(ids)) == value, (code, row.label.vi, column.number)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_the_whole_form_is_what_sql_reads_off_the_journal(town: Town, seed: int) -> None:
    facts.follow(town.at_random(seed, dossiers=10, acts=40))
    for code in PERIODS:
        period = parse(code)
        found = counted(Part(TOWN), period, ("receiving", "procedure"), AFTER, running=False)
        assert {key: without_answers(line) for key, line in found.items()} == line_by_line(period, PLACES)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_a_running_period_ends_now(town: Town, seed: int) -> None:
    facts.follow(town.at_random(seed, dossiers=8))
    now = _last() + timedelta(minutes=1)
    for kind, by_report in (("month", True), ("month", False), ("quarter", True), ("year", False)):
        period = containing(city_day(now), kind, report=by_report)  # type: ignore[arg-type]
        made = report("II.06c", TOWN, period, now)
        assert made.running
        assert made.at == now
        assert made.faults == ()
        assert any("chưa kết thúc" in note.vi for note in made.notes)
        found = counted(Part(TOWN), period, ("receiving", "procedure"), now, running=True)
        assert {key: without_answers(line) for key, line in found.items()} == between(period.begins, now, PLACES)
        for column, value in zip((*COLUMNS, BESIDE), made.total.cells, strict=True):
            behind = Behind(column.parts, Part(TOWN), period, now, running=True)
            assert behind.counted() == value == len(behind.page(limit=1000)[0])


def _last() -> datetime:
    with store.cursor() as run:
        row = run.execute("SELECT max(at) FROM dossiers_event").fetchone()
    return row[0]  # type: ignore[index,no-any-return]


def test_midnight_of_the_15th_in_the_city_parts_the_periods(town: Town) -> None:
    """23:59:59 on the 14th is 16:59:59 in Greenwich: the city's clock decides, not the server's."""
    last = hour("2018-12-14 23:59") + timedelta(seconds=59)
    ids = [town.accepted(EAST, last).id, town.accepted(EAST, hour("2018-12-15 00:00")).id]
    facts.follow(ids)
    before, after = (report("II.06a", TOWN, parse(code), AFTER) for code in ("2018-12r", "2019-01r"))
    assert (cells_of(before)["5"], cells_of(before)["6"], cells_of(before)["11"]) == (1, 0, 1)
    assert (cells_of(after)["5"], cells_of(after)["6"]) == (1, 1)
    assert [each.dossier_id for each in Behind(("counter",), Part(TOWN), parse("2019-01r"), AFTER).page()[0]] == ids[1:]


def test_what_ended_without_an_answer_and_what_waits_cannot_pass_for_on_time(town: Town) -> None:
    withdrawn = town.do(
        town.accepted(EAST, "2018-12-03 09:00"), "clerk", c.Withdraw(reason="Đổi ý"), "2018-12-04 09:00"
    )
    unaccepted = town.do(town.lodged(EAST, "2018-12-03 09:00"), "clerk", c.Withdraw(reason="Đổi ý"), "2018-12-04 09:00")
    waiting = town.at_officer(town.accepted(EAST, "2018-12-05 09:00"), "2018-12-05 10:00")
    pause = c.Suspend(task=waiting.tasks[0].no, ground="verification", document="1/CV")
    town.do(waiting, "officer", pause, "2018-12-06 09:00")
    facts.follow([withdrawn.id, unaccepted.id, waiting.id])
    made = report("II.06a", TOWN, parse("2018-12r"), AFTER)
    found = cells_of(made)
    assert (found["3"], found["7"], found["7a"], found["9"]) == (2, 1, 1, 0)
    assert (found["11"], found["11a"], found["12"], found["13"]) == (1, 1, 0, 0)
    assert found["beside"] == 1
    assert any("Ngoài biểu: 1 hồ sơ" in note.vi for note in made.notes)


def test_a_row_that_does_not_balance_is_named() -> None:
    assert faults(Line(counter=3, late=1, in_time=1, granted=1)) == ("3 = 7 + 11: 3 ≠ 1 + 1",)
    assert faults(Line(counter=1, late=1)) == ("8 + 9 + 10: 1 ≠ 0 + 0",)
    assert faults(Line(counter=-1, waiting=-1)) == ("counter: -1 < 0", "waiting: -1 < 0")
    assert faults(Line(taken_waiting=1, online=2, ended=1, overdue=2)) == ()


def test_a_lost_sum_is_seen_by_the_form_itself(town: Town) -> None:
    facts.follow([town.answered(EAST, "2018-12-03 09:00", "2018-12-05 09:00").id])
    with store.cursor() as run:
        run.execute("UPDATE reports_cube SET received = 0 WHERE receiving = %s", (EAST,))
    made = report("II.06a", TOWN, parse("2018-12r"), AFTER)
    assert [fault.label.vi for fault in made.faults] == ["Tổng số", "Xây dựng", made.rows[2].label.vi]
    assert made.faults[0].sum == "3 = 7 + 11: 0 ≠ 1 + 0"


def test_a_period_without_a_dossier_is_a_form_of_noughts_that_says_so(town: Town) -> None:
    for form in LAYOUTS:
        made = report(form, TOWN, parse("2017-Q3r"), AFTER)
        assert made.is_empty
        assert not any(made.total.cells)
        assert made.notes[0] == NO_DOSSIERS
        assert made.faults == ()
    assert {row.label.vi for row in report("II.06b", TOWN, parse("2017-Q3r"), AFTER).rows} >= {
        "Phường Chợ",
        "Xã Đồi Cũ",
    }


def test_a_period_that_has_not_begun_has_no_report(town: Town) -> None:
    with pytest.raises(NotBegunError):
        report("II.06a", TOWN, parse("2020-Q1"), AFTER)


def test_a_dissolved_agency_has_its_days_and_its_successor(town: Town) -> None:
    """BAguide: a commune merged away took its old dossiers with it."""
    facts.follow([town.answered(OLD_HILL, "2018-12-03 09:00", "2018-12-05 09:00").id])
    made = report("II.06a", scope_of("own:T22"), parse("2018-12r"), AFTER)
    assert cells_of(made)["3"] == 1
    assert "Xã Đồi Cũ kết thúc hoạt động sau ngày 31/12/2018, nhập vào Xã Đồi" in made.notes[0].vi
    later = report("II.06a", scope_of("T22"), parse("2019-Q2r"), AFTER)
    assert later.is_empty
    assert "nhập vào Xã Đồi" in later.notes[1].vi
    assert "Xã Đồi Cũ" not in {row.label.vi for row in report("II.06b", TOWN, parse("2019-Q2r"), AFTER).rows}


def test_scopes_part_the_city(town: Town) -> None:
    facts.follow(
        [town.accepted(agency, "2018-12-03 09:00", code=code).id
         for agency, code in ((EAST, HOUSE), (MARKET, SHOP), (MARKET, HOUSE), (WEST, HOUSE), (HILL, SHOP))]
    )  # fmt: skip
    period = parse("2018-12r")

    def received(code: str) -> int:
        return cells_of(report("II.06b", scope_of(code), period, AFTER))["3"]

    assert {code: received(code) for code in ("below:T", "below:T1", "own:T1", "T11", "below:T2", "own:TQH")} == {
        "below:T": 5, "below:T1": 3, "own:T1": 1, "T11": 2, "below:T2": 2, "own:TQH": 0,
    }  # fmt: skip
    tiers = report("II.06c", TOWN, period, AFTER)
    assert [row.label.vi for row in tiers.rows] == [
        "Tổng số", "Thương mại", "Cấp xã", "Xây dựng", "Cấp huyện", "Cấp xã",
    ]  # fmt: skip
    assert cells_of(tiers)["3"] == 5


def test_a_late_dossier_names_the_stage_and_the_office_where_the_time_went(town: Town) -> None:
    late = town.answered(MARKET, "2018-11-20 09:00", "2018-12-14 09:00")
    quick = town.answered(MARKET, "2018-12-03 09:00", "2018-12-03 10:00")
    facts.follow([late.id, quick.id])
    went = time_went([late.id, quick.id], AFTER)
    assert {each.late for each in went[late.id]} == {True}
    assert {each.agency for each in went[late.id]} == {EAST}
    assert [each.late for each in went[quick.id]] == [False]


@pytest.mark.parametrize("key", ["x", "late~~1", "late~2018-01-01T00:00:00~1", "counter~2018-01-01T00:00:00+00:00~1"])
def test_a_key_that_is_none_is_refused(town: Town, key: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Behind(("late",), Part(TOWN), parse("2018-12r"), AFTER).page(key)


def test_one_statement_makes_a_form(town: Town, django_assert_num_queries: object) -> None:
    facts.follow([town.accepted(EAST, "2018-12-03 09:00").id])
    report("II.06b", TOWN, parse("2018-12r"), AFTER)
    with django_assert_num_queries(1):  # type: ignore[operator]
        counted(Part(TOWN), parse("2018-12r"), ("tier", "receiving"), AFTER, running=False)


def test_a_period_of_reports_begins_on_the_15th() -> None:
    assert isinstance(parse("2018-Q3r"), Period)
    assert str(parse("2018-Q3r").first) == "2018-06-15"
