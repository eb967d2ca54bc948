"""What was open at any instant of the past: against a slow count over the journal, and unmoved by what came later."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec
import pytest
from django.db.models import Sum
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.dossiers.journal import Entry, history
from motcua.law.evolve import evolve, fold
from motcua.law.evolve import lodge as lodged
from motcua.reports import facts
from motcua.reports.figures import complete_until, in_period, months_to
from motcua.reports.models import DossierFact, OpenDay, StageFact, Standing
from motcua.reports.periods import each_half, midnight, next_half
from motcua.reports.standing import look, trouble
from motcua.reports.stock import STANDS, Stock, as_of, from_sums, page
from reports.town import EAST, Town, hour

YEAR = months_to(date(2019, 6, 30))


def stands(story: Sequence[Entry], at: datetime) -> str:
    """How a dossier stood just before an instant, read off its history event by event: the slow count."""
    state, finished = None, False
    for entry in story:
        if entry.at >= at:
            break
        state = lodged(1, entry.event, entry.at) if state is None else evolve(state, entry.event, entry.at)
        finished = finished or state.finished_at is not None
    if state is None or finished or state.phase == "ended":
        return ""
    if state.accepted_at is None:
        return "returned" if state.phase == "returned" else "lodged"
    if state.pause is not None and not (state.due_at and state.pause.since > state.due_at):
        return "waiting"
    return "overdue" if state.due_at and state.due_at < at else "in_time"


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**9), hours=st.lists(st.integers(0, 6000), min_size=3, max_size=6))
def test_what_was_open_at_any_instant_is_the_slow_count_and_stays_so(town: Town, seed: int, hours: list[int]) -> None:
    ids = town.at_random(seed, dossiers=8)
    facts.follow(ids)
    known = list(DossierFact.objects.values_list("dossier_id", flat=True))
    histories_of = {number: history(number) for number in known}
    halves = [midnight(half) for half in each_half(date(2018, 11, 15), date(2019, 6, 1))]
    for at in (*(hour("2018-11-15 00:00") + timedelta(hours=each) for each in hours), *halves):
        slow = Counter(stands(entries, at) for entries in histories_of.values())
        stock = as_of(at, YEAR)
        assert {name: getattr(stock, name) for name in STANDS} == {name: slow.get(name, 0) for name in STANDS}
        if at in halves:
            assert sum_of(from_sums(at.date(), YEAR)) == stock
        listed = page(at, YEAR, STANDS, limit=500)[0]
        assert len(listed) == sum(slow.values()) - slow.get("", 0)


def sum_of(stocks: dict[tuple[int, str, str], Stock]) -> Stock:
    return Stock(*(sum(getattr(each, name) for each in stocks.values()) for name in STANDS))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**9))
def test_the_balance_holds_for_every_half_month(town: Town, seed: int) -> None:
    """What was taken over and received is what was answered, ended otherwise, and left open."""
    facts.follow(town.at_random(seed, dossiers=10))
    for half in each_half(date(2018, 11, 15), date(2019, 6, 1)):
        flows = in_period(msgspec.structs.replace(YEAR, first=half, last=half))
        begin, end = sum_of(from_sums(half, YEAR)), sum_of(from_sums(next_half(half), YEAR))
        assert begin.open + flows.received == flows.answered + flows.dropped + end.open


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**9), cut=st.integers(1, 4))
def test_open_work_a_day_is_what_the_states_say(town: Town, seed: int, cut: int) -> None:
    ids = town.at_random(seed, dossiers=6)
    for number in ids:
        # Followed at two lengths of its history: what the first added is taken back whole.
        entries = history(number)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(facts, "histories", lambda given, e=entries: ((given[0], each) for each in e[: -cut or None]))
            if len(entries) > cut:
                facts.follow([number])
        facts.follow([number])
    for day in (date(2018, 12, 3) + timedelta(days=each) for each in range(0, 150, 3)):
        at = midnight(day + timedelta(days=1))
        expected: Counter[tuple[int, str]] = Counter()
        for number in DossierFact.objects.values_list("dossier_id", flat=True):
            before = [(each.event, each.at) for each in history(number) if each.at < at]
            if not before:
                continue
            state = fold(number, before)
            stood = stands(history(number), at)
            for task in state.tasks:
                if state.phase == "ready" and not state.correcting:
                    continue
                expected[task.agency, "open"] += 1
                expected[task.agency, "waiting"] += stood == "waiting"
                expected[task.agency, "late"] += stood != "waiting" and task.due_at < at
        kept = {
            (agency, name): number
            for agency, *numbers in OpenDay.objects.filter(day__lte=day).values("agency").annotate(
                open=Sum("d_open"), late=Sum("d_late"), waiting=Sum("d_waiting")
            ).values_list("agency", "open", "late", "waiting")
            for name, number in zip(("open", "late", "waiting"), numbers, strict=True)
            if number
        }  # fmt: skip
        assert kept == dict(+expected)


def test_facts_that_are_lost_or_old_are_not_shown_as_figures(town: Town) -> None:
    assert trouble() == ""
    ids = [town.answered(EAST, "2018-12-03 09:00", "2018-12-10 10:00").id for _ in range(2)]
    facts.follow(ids)
    assert (trouble(), look()) == ("", "")
    DossierFact.objects.filter(dossier_id=ids[0]).delete()
    assert trouble() == ""
    assert look() == "rows_lost"
    assert (trouble(), complete_until()) == ("rows_lost", None)
    Standing.objects.update(scheme=facts.SCHEME - 1)
    assert trouble() == "old_scheme"
    Standing.objects.update(scheme=facts.SCHEME, trouble="")
    StageFact.objects.all().delete()
    assert trouble() == "rows_lost"


def test_a_page_of_figures_says_when_they_are_not_right(town: Town, client: Client) -> None:
    facts.follow([town.answered(EAST, "2018-12-03 09:00", "2018-12-10 10:00").id])
    warning = "Đừng dùng các con số trên trang này"
    assert warning not in client.get("/so-lieu/").content.decode()
    StageFact.objects.all().delete()
    for address in ("/so-lieu/", "/so-lieu/danh-sach/?loai=da-tra"):
        page = client.get(address).content.decode()
        assert warning in page
        assert "motcua reports rebuild" in page
