"""Indices 5, 6 and 8 are recorded with evidence, version beside version; with all nine known there is a grade.

What was recorded by mistake is withdrawn by a version of its own.
"""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cities import at_once
from law.office import person
from motcua.law.actor import Actor
from motcua.law.recorded_scores import AtTheCounter, Feedback, Publication, Recorded
from motcua.law.refusal import Refusal
from motcua.law.scoring import Score, agency_grade
from motcua.reports import facts
from motcua.reports.periods import Period, parse
from motcua.statutory.models import ScoreRecord
from motcua.statutory.recording import (
    NOT_RECORDED,
    TOO_EARLY,
    WITHDRAWN,
    Entry,
    offered,
    record,
    recording_post,
    standings,
    withdraw,
)
from motcua.statutory.scores import Whose, agency_score, online_use, spread
from reports.town import CITY, DEPARTMENT, EAST, EAST_XD, HILL, MARKET, Town, hour

QUARTER = parse("2018-Q4r")
NOW = hour("2019-01-15 10:00")
WITHIN = hour("2018-12-03 10:00")
HEAD = person(701, "Lê Phụ Trách", (MARKET, "one_stop_head"))
CONTROL = person(702, "Trần Kiểm Soát", (CITY, "control"))
SEEN = Publication(posted=True, correct=True, inspected_on=date(2018, 12, 3))
NONE_CAME = Feedback(0, 0, 0)


def add(*values: Recorded, actor: Actor = HEAD, at: Any = NOW, period: Period = QUARTER, **more: str) -> Any:
    """Records values of the market's commune with some evidence."""
    entries = [Entry(each, **{"evidence": "Biên bản 12/BB", **more}) for each in values]
    return record(actor, MARKET, period, entries, at)


def refused(answer: Any) -> tuple[str, str]:
    """A refusal's code and index; nothing was recorded."""
    assert isinstance(answer, Refusal), answer
    return answer.code, answer.details.get("index", "")


def score(now: Any = NOW) -> Score:
    """The commune's score of the quarter."""
    whose = Whose(QUARTER, agency=MARKET)
    return agency_score(spread(whose), [each.index for each in standings(MARKET, QUARTER, now)], online_use(whose))


def test_with_all_nine_known_the_grade_appears(town: Town) -> None:
    facts.follow([town.answered(MARKET, "2018-12-03 09:00", "2018-12-03 16:00").id])
    assert (score().most, agency_grade(score())) == (12, None)
    assert [each.why_not for each in score().indices if each.number in "568"] == list(NOT_RECORDED.values())
    add(AtTheCounter(offered(MARKET, QUARTER.last_day), 0), SEEN)
    assert (score().most, agency_grade(score())) == (16, None)
    add(NONE_CAME)
    whole = score()
    assert (whole.most, whole.is_whole) == (18, True)
    assert [each.score for each in whole.indices if each.number in "568"] == [Decimal("2.0")] * 3
    # One point less for its own part, on the day it was due, one for the counter; and nothing for online services.
    assert [each.score for each in whole.indices if each.number not in "568"] == [2, 1, 2, 1, 2, 0]
    assert (whole.total, agency_grade(whole)) == (Decimal("14.0"), "good")


def test_a_later_version_counts_and_the_earlier_ones_stay(town: Town) -> None:
    add(Feedback(10, 10, 0))
    add(Feedback(10, 9, 0), actor=CONTROL, evidence="Thanh tra 3/KL")
    found = next(each for each in standings(MARKET, QUARTER, NOW) if each.index.number == "8")
    assert found.index.points == 1
    assert [(row.version, row.on_time, row.by_name, row.by_agency, row.evidence) for row in found.rows] == [
        (2, 9, "Trần Kiểm Soát", CITY, "Thanh tra 3/KL"), (1, 10, "Lê Phụ Trách", MARKET, "Biên bản 12/BB"),
    ]  # fmt: skip
    assert refused(add(Feedback(10, 9, 0), evidence=" Thanh tra 3/KL ")) == ("score_same", "8")
    assert ScoreRecord.objects.count() == 2


def test_it_holds_for_its_agency_and_its_period_alone(town: Town) -> None:
    add(NONE_CAME)
    assert not any(each.rows for each in standings(HILL, QUARTER, NOW))
    assert not any(each.rows for each in standings(MARKET, parse("2018-Q4"), NOW))
    assert not any(each.rows for each in standings(MARKET, parse("2018r"), NOW))


def test_feedback_counted_before_the_period_was_over_is_counted_again_for_all_of_it(town: Town) -> None:
    add(NONE_CAME, SEEN, at=WITHIN)
    running = {each.index.number: each.index for each in standings(MARKET, QUARTER, WITHIN)}
    assert (running["8"].why_not, running["8"].points, running["6"].points) == (None, 2, 2)
    over = {each.index.number: each.index for each in standings(MARKET, QUARTER, NOW)}
    assert (over["8"].why_not, over["6"].why_not) == (TOO_EARLY, None)
    assert refused(add(SEEN)) == ("score_same", "6")
    add(NONE_CAME)
    assert {each.index.number: each.index.why_not for each in standings(MARKET, QUARTER, NOW)}["8"] is None


def test_what_cannot_be_is_refused_and_nothing_is_recorded(town: Town) -> None:
    count = offered(MARKET, QUARTER.last_day)
    # One wrong part keeps the right ones out, too.
    assert refused(add(SEEN, AtTheCounter(count + 1, count + 9))) == ("score_whole", "5")
    assert refused(add(Feedback(3, 4, 0))) == ("score_on_time", "8")
    assert refused(add(Feedback(3, 2, 2))) == ("score_prolonged", "8")
    assert refused(add(Publication(posted=True, correct=True, inspected_on=date(2018, 12, 15)))) == (
        "score_inspected_on", "6",
    )  # fmt: skip
    assert refused(add(SEEN, evidence="  ")) == ("score_evidence", "6")
    assert refused(add(SEEN, evidence="x" * 1001)) == ("score_evidence", "6")
    assert refused(add()) == ("score_nothing", "")
    assert refused(add(NONE_CAME, period=parse("2019-Q2r"))) == ("score_not_begun", "")
    assert not ScoreRecord.objects.exists()


def test_how_many_procedures_are_offered_is_counted_by_the_system(town: Town) -> None:
    add(AtTheCounter(1, 1))
    assert ScoreRecord.objects.get().offered == offered(MARKET, QUARTER.last_day) > 1


@pytest.mark.parametrize(
    ("role", "at", "agency", "by"),
    [
        ("control", CITY, MARKET, CITY), ("control", CITY, EAST, CITY), ("control", CITY, CITY, CITY),
        ("one_stop_head", MARKET, MARKET, MARKET), ("leader", MARKET, MARKET, MARKET), ("leader", EAST, EAST, EAST),
        ("head", DEPARTMENT, DEPARTMENT, DEPARTMENT),
        # Not those above or beside it, not the district's control, and no division has a score of its own to record.
        ("leader", EAST, MARKET, None), ("leader", CITY, MARKET, None), ("control", EAST, MARKET, None),
        ("control", EAST, EAST, None), ("head", EAST_XD, EAST, None), ("head", EAST_XD, EAST_XD, None),
        ("control", CITY, EAST_XD, None), ("one_stop_head", HILL, MARKET, None), ("reception", MARKET, MARKET, None),
        ("officer", EAST, EAST, None), ("admin", CITY, CITY, None), ("control", CITY, 1, None),
    ],
)  # fmt: skip
def test_who_records_for_whom(town: Town, role: str, at: int, agency: int, by: int | None) -> None:
    actor = person(703, "Ai đó", (at, role))
    assert recording_post(actor, agency) == by
    if by is None:
        assert refused(record(actor, agency, QUARTER, [Entry(NONE_CAME, "Sổ")], NOW)) == ("score_not_yours", "")
        assert not ScoreRecord.objects.exists()


def test_what_was_recorded_cannot_be_changed_or_taken_away(town: Town) -> None:
    add(Feedback(10, 5, 5))
    for statement in (
        "UPDATE statutory_scorerecord SET on_time = 10, prolonged = 0",
        "DELETE FROM statutory_scorerecord",
        "TRUNCATE statutory_scorerecord",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as run:
            run.execute(statement)
    assert ScoreRecord.objects.get().on_time == 5


def test_the_table_itself_takes_nothing_that_cannot_be(town: Town) -> None:
    row = {
        "agency": MARKET, "period": "2018-Q4r", "index": "8", "version": 1, "evidence": "Sổ", "at": NOW, "by": 1,
        "by_name": "x", "by_agency": MARKET,
    }  # fmt: skip
    for values in (
        {"received": 3, "on_time": 2}, {"received": 3, "on_time": 2, "prolonged": 2}, {"index": "5", "whole": 1},
        {"index": "5", "whole": 3, "offered": 2}, {"index": "6", "posted": True, "correct": True},
        {"index": "7", "received": 0, "on_time": 0, "prolonged": 0}, {"received": 0, "on_time": 0, "prolonged": -1},
        {"received": 0, "on_time": 0, "prolonged": 0, "evidence": ""},
        {"received": 0, "on_time": 0, "prolonged": 0, "whole": 1, "offered": 1},
        {"received": 0, "on_time": 0, "prolonged": 0, "withdrawn": True, "version": 2}, {"withdrawn": True}, {},
        {"withdrawn": True, "version": 2, "index": "7"}, {"withdrawn": True, "version": 2, "file": "x"},
        {"withdrawn": True, "version": 2, "evidence": ""}, {"withdrawn": True, "version": 2, "received": 0},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            ScoreRecord.objects.create(**{**row, **values})
    ScoreRecord.objects.create(**row, received=0, on_time=0, prolonged=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreRecord.objects.create(**row, received=0, on_time=0, prolonged=0)


def take_back(index: str = "8", version: int = 1, reason: str = "Ghi nhầm cơ quan", actor: Actor = HEAD) -> Any:
    """Withdraws what was recorded for the market's commune."""
    return withdraw(actor, MARKET, QUARTER, index, reason, version, NOW)


def test_what_is_withdrawn_is_not_known_again_and_can_be_recorded_anew_with_the_same_value(town: Town) -> None:
    facts.follow([town.answered(MARKET, "2018-12-03 09:00", "2018-12-03 16:00").id])
    add(AtTheCounter(offered(MARKET, QUARTER.last_day), 0), SEEN, NONE_CAME)
    assert agency_grade(score()) == "good"
    row = take_back(reason=" Ghi nhầm quý ", actor=CONTROL)
    assert (row.version, row.withdrawn, row.evidence, row.by_name, row.by_agency, row.at) == (
        2, True, "Ghi nhầm quý", "Trần Kiểm Soát", CITY, NOW,
    )  # fmt: skip
    whole = score()
    assert (whole.most, agency_grade(whole)) == (16, None)
    found = next(each for each in standings(MARKET, QUARTER, NOW) if each.index.number == "8")
    assert (found.index.why_not, found.index.score, found.counts) == (WITHDRAWN, None, None)
    assert [(each.version, each.received) for each in found.rows] == [(2, None), (1, 0)]
    assert not isinstance(add(NONE_CAME), Refusal)
    assert agency_grade(score()) == "good"
    assert [row.version for row in ScoreRecord.objects.filter(index="8").order_by("version")] == [1, 2, 3]


def test_what_cannot_be_withdrawn_is_refused_and_changes_nothing(town: Town) -> None:
    assert refused(take_back()) == ("score_none_recorded", "")
    add(NONE_CAME)
    add(Feedback(3, 3, 0))
    for reason in ("", " \n ", "x" * 1001):
        assert refused(take_back(version=2, reason=reason)) == ("score_reason", "8")
    # Not what the other one has just recorded and this one has not seen; and no index nobody records.
    assert refused(take_back(version=1)) == ("score_other_version", "")
    for index in ("5", "1", "x"):
        assert refused(take_back(index)) == ("score_none_recorded", "")
    assert ScoreRecord.objects.count() == 2
    take_back(version=2)
    assert refused(take_back(version=2)) == ("score_none_recorded", "")
    assert refused(take_back(version=3)) == ("score_none_recorded", "")
    assert ScoreRecord.objects.count() == 3


@pytest.mark.parametrize(
    ("role", "at"),
    [("leader", EAST), ("control", EAST), ("leader", CITY), ("one_stop_head", HILL), ("officer", MARKET)],
)
def test_nobody_withdraws_who_may_not_record(town: Town, role: str, at: int) -> None:
    add(NONE_CAME)
    assert refused(take_back(actor=person(703, "Ai đó", (at, role)))) == ("score_not_yours", "")
    assert ScoreRecord.objects.count() == 1


def test_of_several_who_withdraw_at_once_one_does(fresh_city: Any) -> None:
    Town()
    add(NONE_CAME)
    got = at_once([partial(take_back, actor=actor) for actor in (HEAD, CONTROL) * 3])
    assert sum(isinstance(each, ScoreRecord) for each in got) == 1
    assert {each.code for each in got if isinstance(each, Refusal)} == {"score_none_recorded"}
    assert [row.withdrawn for row in ScoreRecord.objects.order_by("version")] == [False, True]


def test_who_withdraws_and_who_records_at_once_leave_one_order(fresh_city: Any) -> None:
    Town()
    add(NONE_CAME)
    got = at_once([take_back, partial(add, Feedback(3, 3, 0))])
    rows = list(ScoreRecord.objects.order_by("version"))
    assert [row.version for row in rows] == list(range(1, len(rows) + 1))
    # Withdrawn before the other recorded; or not at all, since it was no longer what had been seen.
    assert [row.withdrawn for row in rows] in ([False, True, False], [False, False])
    assert isinstance(got[0], Refusal) == (len(rows) == 2)


def test_the_application_as_it_was_before_may_go_on_recording(town: Town) -> None:
    """Its statements do not name the new column."""
    with connection.cursor() as run:
        run.execute(
            "INSERT INTO statutory_scorerecord (agency, period, index, version, received, on_time, prolonged, evidence,"
            " file, file_name, at, by, by_name, by_agency) VALUES (%s, %s, '8', 1, 0, 0, 0, 'Sổ', '', '', now(), 1,"
            " 'x', %s)",
            [MARKET, QUARTER.code, MARKET],
        )
    assert [each.index.points for each in standings(MARKET, QUARTER, NOW) if each.index.number == "8"] == [2]
