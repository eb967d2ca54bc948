"""Scores of Circular 01/2018 from the facts: the points of each dossier are the law's, and each opens its list."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.law import commands as c
from motcua.law.scoring import Score, agency_grade, officer_completion
from motcua.reports import facts, ratings
from motcua.reports.models import DossierFact, RatingFact, StageFact
from motcua.reports.periods import parse
from motcua.statutory.recording import standings
from motcua.statutory.scores import (
    EVERY,
    SORTED,
    Whose,
    agency_score,
    behind,
    officer_score,
    officers,
    online_use,
    spread,
)
from reports.town import EAST, EAST_XD, MARKET, PAPERS, Town, hour

YEAR = parse("2018")
ALL_2018 = parse("2018r")


def rated(dossier_id: int, scores: dict[str, int], stands: bool | None = None) -> None:
    """A rating as the follower keeps it."""
    fact = DossierFact.objects.get(pk=dossier_id)
    RatingFact.objects.create(
        dossier_id=dossier_id, code=fact.code, procedure=fact.procedure, version=fact.version,
        receiving=fact.receiving, agencies=[fact.receiving], at=fact.finished_at, by="portal", scores=scores,
        contested_at=None if stands is None else fact.finished_at, stands=stands,
    )  # fmt: skip


def whole_score(whose: Whose) -> Score:
    """The score of an agency of which nothing was recorded."""
    recorded = [each.index for each in standings(whose.agency, whose.period, hour("2019-12-31 23:00"))]
    return agency_score(spread(whose), recorded, online_use(whose))


def score(whose: Whose) -> dict[str, Decimal | None]:
    """The score of each index."""
    return {each.number: each.score for each in whole_score(whose).indices}


def test_an_early_answer_without_a_supplement_has_full_points_but_for_the_counter(town: Town) -> None:
    facts.follow([town.answered(MARKET, "2018-12-03 09:00", "2018-12-03 16:00").id])
    found = score(Whose(YEAR, agency=MARKET))
    assert (found["1"], found["3"], found["4"], found["7"]) == (
        Decimal("2.0"),
        Decimal("2.0"),
        Decimal("1.0"),
        Decimal("2.0"),
    )
    assert found["5"] is found["6"] is found["8"] is None


def test_what_is_not_known_is_shown_over_what_is_and_there_is_no_grade(town: Town) -> None:
    facts.follow([town.answered(MARKET, "2018-12-03 09:00", "2018-12-03 16:00").id])
    whole = whole_score(Whose(YEAR, agency=MARKET))
    assert whole.most == 12
    assert agency_grade(whole) is None
    assert all(each.why_not for each in whole.indices if each.number in "568")


def test_a_supplement_costs_a_point_and_a_second_one_both(town: Town) -> None:
    state = town.at_officer(town.accepted(EAST, "2018-12-03 09:00"), "2018-12-03 10:00")
    for round_ in (1, 2):
        ask = c.RequestSupplement(
            items=("land",), reason="Thiếu", task=state.tasks[0].no, stage="work", ground="x", approver=1
        )
        state = town.do(state, "officer", ask, f"2018-12-0{3 + round_} 09:00")
        state = town.do(state, "clerk", c.GiveSupplement(papers=PAPERS), f"2018-12-0{3 + round_} 15:00")
    for act, who in (
        (lambda no: c.DraftResult(task=no, result="permit", text="Đồng ý"), "officer"),
        (lambda no: c.Forward(task=no), "officer"), (lambda no: c.Sign(task=no), "leader"),
        (lambda no: c.NumberResult(task=no, number="1/GP"), "registrar"), (lambda no: c.MarkReady(task=no), "clerk"),
    ):  # fmt: skip
        state = town.do(state, who, act(state.tasks[0].no), "2018-12-07 09:00")
    facts.follow([state.id])
    assert score(Whose(YEAR, agency=EAST))["3"] == Decimal("0.0")


def test_a_complaint_costs_the_points_of_attitude_unless_it_was_found_to_be_none(town: Town) -> None:
    ids = [town.answered(MARKET, "2018-12-03 09:00", "2018-12-03 16:00").id for _ in range(4)]
    facts.follow(ids)
    rated(ids[0], {"7": 0})
    rated(ids[1], {"7": 0}, stands=False)
    rated(ids[2], {"4": 0, "7": 1})
    found = spread(Whose(YEAR, agency=MARKET))
    assert found["7"] == {0: 1, 1: 0, 2: 3}
    assert found["4"] == {0: 1, 1: 3, 2: 0}
    assert [each.dossier_id for each in behind(Whose(YEAR, agency=MARKET), "7", 0)[0]] == [ids[0]]


def test_each_agency_answers_for_its_own_part(town: Town) -> None:
    """The commune forwarded at once, the district was late: index 2 is the district's alone."""
    state = town.answered(MARKET, "2018-11-16 09:00", "2018-12-13 10:00")
    facts.follow([state.id])
    assert StageFact.objects.filter(dossier_id=state.id, agency__in=(EAST, EAST_XD), late=True).exists()
    assert spread(Whose(YEAR, agency=EAST))["2"] == {0: 1, 1: 0, 2: 0}
    market = StageFact.objects.filter(dossier_id=state.id, agency=MARKET)
    assert spread(Whose(YEAR, agency=MARKET))["2"][0] == int(any(each.late for each in market))


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_every_point_has_its_dossiers_and_every_dossier_one_point(town: Town, seed: int) -> None:
    facts.follow(town.at_random(seed, dossiers=8, acts=40))
    for whose in (
        Whose(parse("2018-Q4r"), agency=EAST), Whose(parse("2019"), agency=MARKET), Whose(ALL_2018, agency=EAST),
        Whose(parse("2019"), officer=town.east["officer"].account),
    ):  # fmt: skip
        given_points = spread(whose)
        for index in (*SORTED, "2"):
            seen: list[int] = []
            for points, count in given_points[index].items():
                ids, key = [], ""
                while True:
                    items, key = behind(whose, index, points, key, limit=2)
                    ids += [each.dossier_id for each in items]
                    if not key:
                        break
                assert len(ids) == count
                seen += ids
            assert len(seen) == len(set(seen))
        assert len({sum(given_points[index].values()) for index in SORTED}) == 1


def test_an_official_has_five_indices_and_a_completion(town: Town) -> None:
    officer = town.east["officer"].account
    facts.follow([town.answered(MARKET, "2018-12-03 09:00", "2018-12-03 16:00").id])
    whole = officer_score(spread(Whose(YEAR, officer=officer)))
    assert [each.number for each in whole.indices] == ["1", "2", "3", "4", "7"]
    assert whole.most == 10
    assert officer_completion(whole) == "whole"
    assert officers(Whose(YEAR, agency=EAST))[officer] == 1
    nobody = officer_score(spread(Whose(YEAR, officer=town.west["officer"].account)))
    assert (nobody.most, officer_completion(nobody)) == (0, None)


def test_every_kind_of_dossier_has_points_in_every_index() -> None:
    assert len(EVERY) == 72
    assert all(given_so.points(index) in (0, 1, 2) for given_so in EVERY for index in SORTED)


def test_the_ratings_follower_and_the_scores_mean_the_same_criteria() -> None:
    assert set(SORTED) | {"2"} <= set(ratings.CRITERIA)


def test_a_key_that_is_none_is_refused(town: Town) -> None:
    for key in ("x", "2018-01-01T00:00:00~1", "2018-01-01T00:00:00+00:00~x"):
        with pytest.raises(ValueError, match=r".+"):
            behind(Whose(YEAR, agency=EAST), "1", 2, key)
