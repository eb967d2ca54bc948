"""The scores of every agency of a period at once, as `scores` gives them one by one: three statements for the city.

They are of days that are over: a period that goes on is scored up to last midnight. What was counted is kept for the
day; what is offered is asked each time, and what people recorded is handed in.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from motcua.dossiers import store
from motcua.law import scoring
from motcua.law.scoring import Index, Score
from motcua.law.working_time import city_day
from motcua.reports import kept
from motcua.reports.figures import complete_until
from motcua.reports.periods import Period, midnight
from motcua.statutory import scores
from motcua.statutory.scope import Scope

_SORTED_SO = f"SELECT f.receiving, f.resolving, {scores.GIVEN}, count(*) {scores.ANSWERED} GROUP BY 1, 2, 3, 4, 5, 6, 7"
# An agency's divisions are its own: each dossier once for all of them.
_PARTS = f"""
    SELECT house, timeliness, count(*) FROM (
        SELECT p.house, s.dossier_id, {scores.OF_PARTS}
          FROM reports_stagefact s
          JOIN unnest(%(places)s::int[], %(houses)s::int[]) AS p (place, house) ON p.place = s.agency
         WHERE {scores.DONE} GROUP BY 1, 2) AS parts GROUP BY 1, 2
"""
_ONLINE = """
    SELECT receiving, sum(by_net)::int, sum(received)::int, sum(late)::int FROM (
        SELECT receiving, count(*) FILTER (WHERE channel = 'online') AS by_net, count(*) AS received, 0 AS late
          FROM reports_dossierfact WHERE accepted_at >= %(begin)s AND accepted_at < %(end)s AND NOT replayed GROUP BY 1
        UNION ALL
        SELECT receiving, 0, 0, count(*) FROM reports_dossierfact
         WHERE finished_at >= %(begin)s AND finished_at < %(end)s AND timeliness = 'late' AND channel = 'online'
           AND NOT replayed GROUP BY 1) AS taken_and_late GROUP BY 1
"""


class Counted(msgspec.Struct, frozen=True):
    """What is counted of one agency: for each index how many dossiers have 0, 1 and 2 points, and use of the net:
    dossiers online, received, and late ones among those online.
    """

    given: dict[str, tuple[int, int, int]]
    online: tuple[int, int, int] = (0, 0, 0)


def until(period: Period, now: datetime) -> datetime:
    """The instant up to which a period is scored: its end, or last midnight while it goes on."""
    return min(period.ends, midnight(city_day(now)))


def of_all(period: Period, recorded: Mapping[int, Mapping[str, Index]], now: datetime) -> dict[int, Score]:
    """The score of each agency (by its number) of which is said what it recorded (`recording.indices_of`)."""
    found, none = _counted(period, until(period, now)), Counted({})
    return {agency: _score(agency, period, found.get(agency, none), indices) for agency, indices in recorded.items()}


def _score(agency: int, period: Period, counted: Counted, recorded: Mapping[str, Index]) -> Score:
    given = scores.nothing_given()
    for index, (none, one, two) in counted.given.items():
        given[index] = {0: none, 1: one, 2: two}
    by_net, received, late = counted.online
    use = scores.OnlineUse(*scores.services(agency, period.last_day), by_net, received, late)
    return scores.agency_score(given, recorded.values(), use)


def _counted(period: Period, end: datetime) -> dict[int, Counted]:
    if end <= period.begins:
        return {}

    def complete() -> bool:
        reached = complete_until()
        return reached is not None and reached >= end

    about = (period.first, end, *_houses(period))
    return kept.answer("statutory.scores", about, dict[int, Counted], lambda: _count(period, end), complete)


def _houses(period: Period) -> tuple[list[int], list[int]]:
    """Each place in the city, and the agency whose it is."""
    places, houses = list[int](), list[int]()
    for house in Scope().houses(period.first, period.last_day + timedelta(days=1)):
        own = Scope("own", agency=house.number).places() or []
        places += own
        houses += [house.number] * len(own)
    return places, houses


def _count(period: Period, end: datetime) -> dict[int, Counted]:
    places, houses = _houses(period)
    parameters: dict[str, Any] = {"places": places, "houses": houses, "begin": period.begins, "end": end}
    with store.cursor() as run:
        sorted_so = run.execute(_SORTED_SO, parameters).fetchall()
        parts = run.execute(_PARTS, parameters).fetchall()
        online = run.execute(_ONLINE, parameters).fetchall()
    whose = dict(zip(places, houses, strict=True))
    given: dict[int, scores.Spread] = {house: scores.nothing_given() for house in houses}
    for receiving, resolving, *sort, number in sorted_so:
        # Whoever received and whoever resolved a dossier both answer for it, once.
        for house in {whose.get(receiving), whose.get(resolving)} - {None}:
            for index in scores.SORTED:
                given[house][index][scores.Given(*sort).points(index)] += number  # type: ignore[index]
    for house, timeliness, number in parts:
        given[house]["2"][scoring.total_time(timeliness)] += number
    net: dict[int, tuple[int, int, int]] = {}
    for receiving, *numbers in online:
        if (house := whose.get(receiving)) is not None:
            before = net.get(house, (0, 0, 0))
            net[house] = (before[0] + numbers[0], before[1] + numbers[1], before[2] + numbers[2])
    return {
        house: Counted({index: (by[0], by[1], by[2]) for index, by in spread.items()}, net.get(house, (0, 0, 0)))
        for house, spread in given.items()
    }
