"""What is carried is what the sums add up to, and is struck as soon as a half month before it changes."""

from datetime import date

import pytest

from motcua.dossiers import clock
from motcua.reports import carry, facts
from motcua.reports.figures import months_to
from motcua.reports.models import CarriedHalf, Carry
from motcua.reports.periods import parse
from motcua.reports.stock import from_sums
from motcua.statutory.reckoning import Part, counted
from motcua.statutory.scope import Scope
from reports.town import CITY, EAST, Town, hour

NOW = hour("2019-03-20 09:00")
YEAR = months_to(date(2019, 6, 30))
BY = ("receiving", "field", "procedure")


@pytest.fixture(autouse=True)
def in_march(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at a morning in March."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_a_report_is_the_same_with_and_without_what_is_carried(town: Town) -> None:
    facts.follow(town.at_random(11, dossiers=12, acts=40))
    part, periods = (
        Part(Scope("below", agency=CITY)),
        [parse(each) for each in ("2018-12r", "2019-01r", "2018", "2019r")],
    )
    before = [counted(part, each, BY, NOW, running=not each.is_over(NOW)) for each in periods]
    carry.by_the_clock()
    assert CarriedHalf.objects.count() > 3
    assert not carry.carry_next()
    assert [counted(part, each, BY, NOW, running=not each.is_over(NOW)) for each in periods] == before
    for half in CarriedHalf.objects.values_list("half", flat=True):
        kept = {
            (row.receiving, row.procedure, row.field): (row.in_time, row.overdue, row.waiting)
            for row in Carry.objects.filter(half=half)
        }
        summed = {key: (each.in_time, each.overdue, each.waiting) for key, each in from_sums(half, YEAR).items()}
        assert kept == {key: each for key, each in summed.items() if any(each)}, half


def test_a_change_in_the_past_strikes_what_was_carried_over_it(town: Town) -> None:
    facts.follow([town.accepted(EAST, "2018-11-05 09:00").id, town.accepted(EAST, "2018-12-20 09:00").id])
    carry.by_the_clock()
    before = set(CarriedHalf.objects.values_list("half", flat=True))
    assert max(before) > date(2018, 12, 1)
    facts.follow([town.answered(EAST, "2018-12-03 09:00", "2018-12-04 09:00").id])
    assert set(CarriedHalf.objects.values_list("half", flat=True)) == {
        each for each in before if each <= date(2018, 12, 1)
    }
    part = Part(Scope("below", agency=CITY))
    said = counted(part, parse("2019-01r"), BY, NOW, running=False)
    carry.by_the_clock()
    assert counted(part, parse("2019-01r"), BY, NOW, running=False) == said


def test_a_half_month_that_has_not_begun_is_not_carried(town: Town) -> None:
    facts.follow([town.accepted(EAST, "2019-03-18 09:00").id])
    carry.by_the_clock()
    assert all(each <= date(2019, 3, 15) for each in CarriedHalf.objects.values_list("half", flat=True))
