"""The scores of all agencies at once are those of each by itself; of days that are over, and kept for the day."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from law.office import person
from motcua.dossiers import clock, store
from motcua.law.recorded_scores import Feedback
from motcua.law.scoring import Score
from motcua.reports import facts
from motcua.reports.models import DossierFact, RatingFact
from motcua.reports.periods import Period, parse
from motcua.statutory.all_scores import of_all, until
from motcua.statutory.recording import Entry, indices_of, record, standings
from motcua.statutory.scores import Whose, agency_score, online_use, spread
from reports.town import CITY, DEPARTMENT, EAST, FERRY, HILL, MARKET, OLD_HILL, WEST, Town, hour

HOUSES = (CITY, DEPARTMENT, EAST, MARKET, FERRY, WEST, HILL, OLD_HILL)
NEW_YEAR = hour("2019-12-31 23:00")


def at_once(period: Period, agencies: Sequence[int], now: datetime) -> dict[int, Score]:
    """The scores as the list of agencies has them."""
    return of_all(period, indices_of(agencies, period, now), now)


def one_by_one(period: Period, agency: int) -> Score:
    """The score as the agency's own page has it."""
    whose = Whose(period, agency=agency)
    recorded = [each.index for each in standings(agency, period, NEW_YEAR)]
    return agency_score(spread(whose), recorded, online_use(whose))


def rate_some() -> None:
    """Every third dossier is rated, in some words badly."""
    for at, fact in enumerate(DossierFact.objects.exclude(finished_at=None).order_by("pk")[::3]):
        RatingFact.objects.create(
            dossier_id=fact.dossier_id, code=fact.code, procedure=fact.procedure, version=fact.version,
            receiving=fact.receiving, agencies=[fact.receiving], at=fact.finished_at, by="portal",
            scores={"4": at % 2, "7": at % 3},
        )  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_all_at_once_are_those_of_each(town: Town, seed: int) -> None:
    facts.follow(town.at_random(seed, dossiers=10, acts=50))
    RatingFact.objects.all().delete()
    rate_some()
    control = person(702, "Trần Kiểm Soát", (CITY, "control"))
    for period in (parse("2018-Q4r"), parse("2018"), parse("2019")):
        record(control, MARKET, period, [Entry(Feedback(3, 3, 0), "Sổ")], hour("2019-06-01 09:00"))
        found = at_once(period, HOUSES, NEW_YEAR)
        assert found == {agency: one_by_one(period, agency) for agency in HOUSES}, period


def answered_twice(town: Town) -> None:
    """A dossier answered on the third of December, and one on the fourth."""
    facts.follow(
        [
            town.answered(MARKET, "2018-12-03 09:00", "2018-12-03 16:00").id,
            town.answered(MARKET, "2018-12-04 09:00", "2018-12-04 10:00").id,
        ]
    )


def test_a_period_that_goes_on_is_scored_up_to_last_midnight(town: Town) -> None:
    answered_twice(town)
    now, period = hour("2018-12-04 17:00"), parse("2018-12r")
    assert until(period, now) == hour("2018-12-04 00:00")
    assert until(parse("2018-11r"), now) == hour("2018-11-15 00:00")
    known = {each.number: each for each in at_once(period, [MARKET], now)[MARKET].indices}
    assert (known["1"].of, known["3"].of) == (1, 1)
    ahead = at_once(parse("2019-02r"), [MARKET], now)[MARKET]
    assert (ahead.most, ahead.is_whole) == (0, False)


def test_what_was_counted_is_kept_for_the_day_and_what_was_recorded_is_not(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered_twice(town)
    now, period = hour("2018-12-17 09:00"), parse("2018-12r")
    monkeypatch.setattr(clock, "now", lambda: now)

    def counted() -> int:
        with CaptureQueriesContext(connection) as seen:
            at_once(period, [MARKET], now)
        return sum("AS parts GROUP BY" in each["sql"] for each in seen)

    assert [counted(), counted()] == [1, 1], "nothing is kept while figures may be missing"
    with store.cursor() as run:
        run.execute(
            "INSERT INTO dossiers_follower (name, xid, pos, complete_until) VALUES ('reports', 1, 1, %s)"
            " ON CONFLICT (name) DO UPDATE SET complete_until = excluded.complete_until",
            (now,),
        )
    assert [counted(), counted()] == [1, 0]
    control = person(702, "Trần Kiểm Soát", (CITY, "control"))
    assert at_once(period, [MARKET], now)[MARKET].indices[7].score is None
    assert isinstance(record(control, MARKET, period, [Entry(Feedback(0, 0, 0), "Sổ")], now), list)
    assert at_once(period, [MARKET], now)[MARKET].indices[7].score == 2
