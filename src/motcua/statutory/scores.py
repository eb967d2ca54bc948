"""The scores of Circular 01/2018 of one agency and one official in a period, from the facts and the ratings.

The statements only sort dossiers by what the law gives points for; how many points is the law's (`law.scoring`), for
the sums and for the lists behind them alike. An agency is scored on the dossiers it received or resolved, and in index
2 on its own part of every dossier it worked on.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

import msgspec

from motcua.catalogue import online, versions
from motcua.dossiers import store
from motcua.law import scoring
from motcua.law.scoring import INDICES, OF_OFFICERS, Index, Points, Score, added
from motcua.law.texts import Text
from motcua.reports.periods import Period
from motcua.statutory.lists import PAGE, Item
from motcua.statutory.scope import Scope
from motcua.tables import page_keys

NONE_RECEIVED = Text("Không tiếp nhận hồ sơ trong kỳ.", "Received no dossier in the period.")
# Where an open dossier stands in the order of ends: behind all that have one.
BEFORE_ALL = datetime(1900, 1, 1, tzinfo=UTC)
NOT_YET = datetime(9999, 1, 1, tzinfo=UTC)
SORTED = ("1", "3", "4", "7")
Spread = dict[str, dict[Points, int]]


class Given(NamedTuple):
    """What the law looks at in one dossier."""

    timeliness: str
    contacts: int
    counter: bool
    complaint: bool
    several: bool

    def points(self, index: str) -> Points:
        """The points of one index."""
        match index:
            case "1":
                return scoring.total_time(self.timeliness)
            case "3":
                return scoring.contacts(self.contacts)
            case "4":
                return scoring.agencies_contacted("counter" if self.counter else "online", several=self.several)
            case _:
                return scoring.attitude(self.timeliness, complaint=self.complaint)


EVERY = [
    Given(timeliness, contacts, counter, complaint, several)
    for timeliness in ("before_date", "on_time", "late")
    for contacts in range(3)
    for counter, complaint, several in product((False, True), repeat=3)
]


class Whose(msgspec.Struct, frozen=True):
    """An agency (with its divisions), or an official by account, and a period."""

    period: Period
    agency: int = 0
    officer: int = 0

    def parameters(self) -> dict[str, Any]:
        """For the queries of this module."""
        places = Scope("own", agency=self.agency).places() if self.agency else []
        return {
            "places": places, "officer": self.officer, "begin": self.period.begins, "end": self.period.ends,
        }  # fmt: skip


ANSWERED = """
    FROM reports_dossierfact f LEFT JOIN reports_ratingfact r ON r.dossier_id = f.dossier_id AND r.stands IS NOT FALSE
   WHERE f.finished_at >= %(begin)s AND f.finished_at < %(end)s AND f.timeliness <> '' AND NOT f.replayed
"""
_MINE = f"""{ANSWERED}
     AND CASE WHEN %(officer)s::bigint = 0
              THEN f.receiving = ANY (%(places)s::int[]) OR f.resolving = ANY (%(places)s::int[])
              ELSE f.dossier_id IN (SELECT dossier_id FROM reports_stagefact WHERE officer = %(officer)s) END
"""
GIVEN = """
    f.timeliness, least(f.supplements + f.supplements_at_intake, 2)::int AS contacts, f.channel = 'counter' AS counter,
    coalesce(r.scores ->> '7' = '0', false) AS complaint, coalesce(r.scores ->> '4' = '0', false) AS several
"""
# Each dossier once: late where any of the parts was, else on time where any was, else before the date.
OF_PARTS = """
    CASE WHEN bool_or(late) THEN 'late'
         WHEN bool_or((closed AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                      >= (due AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) THEN 'on_time'
         ELSE 'before_date' END AS timeliness
"""
DONE = "closed >= %(begin)s AND closed < %(end)s AND NOT replayed"
_PARTS = f"""
    SELECT dossier_id, {OF_PARTS}
      FROM reports_stagefact
     WHERE {DONE}
       AND CASE WHEN %(officer)s::bigint = 0 THEN agency = ANY (%(places)s::int[]) ELSE officer = %(officer)s END
     GROUP BY dossier_id
"""


def nothing_given() -> Spread:
    """No dossier yet for any index."""
    return {index: {0: 0, 1: 0, 2: 0} for index in (*SORTED, "2")}


def spread(whose: Whose) -> Spread:
    """For each index given to dossiers, how many were given 0, 1 and 2 points."""
    found = nothing_given()
    with store.cursor() as run:
        sorted_so = run.execute(
            f"SELECT {GIVEN}, count(*) {_MINE} GROUP BY 1, 2, 3, 4, 5", whose.parameters()
        ).fetchall()
        parts = run.execute(
            f"SELECT timeliness, count(*) FROM ({_PARTS}) AS parts GROUP BY 1", whose.parameters()
        ).fetchall()
    for *given, number in sorted_so:
        for index in SORTED:
            found[index][Given(*given).points(index)] += number
    for timeliness, number in parts:
        found["2"][scoring.total_time(timeliness)] += number
    return found


def officer_score(given: Mapping[str, Mapping[Points, int]]) -> Score:
    """An official's score from what was given: five indices, at most 10."""
    return scoring.scored([added(index, given[index]) for index in OF_OFFICERS], OF_OFFICERS)


def agency_score(given: Mapping[str, Mapping[Points, int]], recorded: Iterable[Index], use: "OnlineUse") -> Score:
    """An agency's score: nine indices, at most 18; what is not known says why. `recorded` are indices 5, 6 and 8."""
    indices = [added(index, given[index]) for index in (*SORTED, "2")]
    return scoring.scored([*indices, *recorded, _online(use)], INDICES)


class OnlineUse(msgspec.Struct, frozen=True):
    """What index 9 looks at: procedures at level 3 or 4 of all, dossiers online of all, late ones among them."""

    services: int
    procedures: int
    online: int
    received: int
    late: int


def online_use(whose: Whose) -> OnlineUse:
    """How far an agency's services are online, and used."""
    query = """
        SELECT count(*) FILTER (WHERE accepted_at >= %(begin)s AND accepted_at < %(end)s),
               count(*) FILTER (WHERE accepted_at >= %(begin)s AND accepted_at < %(end)s AND channel = 'online'),
               count(*) FILTER (WHERE finished_at >= %(begin)s AND finished_at < %(end)s AND channel = 'online'
                                  AND timeliness = 'late')
          FROM reports_dossierfact
         WHERE receiving = ANY (%(places)s::int[]) AND NOT replayed
           AND (accepted_at >= %(begin)s AND accepted_at < %(end)s
                OR finished_at >= %(begin)s AND finished_at < %(end)s)
    """
    with store.cursor() as run:
        received, by_net, late = run.execute(query, whose.parameters()).fetchone() or (0, 0, 0)
    return OnlineUse(*services(whose.agency, whose.period.last_day), by_net, received, late)


def services(agency: int, day: date) -> tuple[int, int]:
    """How many procedures an agency offers at level 3 or 4, and how many at all."""
    cards = versions.snapshot().offered(agency, day)
    return sum(online.level_at(card.code, agency, day).level >= online.FROM_LEVEL for card in cards), len(cards)


def _online(use: OnlineUse) -> Index:
    if not use.received or not use.procedures:
        return Index("9", why_not=NONE_RECEIVED)
    points = scoring.online_services(
        Decimal(use.services) / use.procedures, Decimal(use.online) / use.received, use.late
    )
    return Index("9", points, 1)


def behind(whose: Whose, index: str, points: Points, after: str = "", limit: int = PAGE) -> tuple[list[Item], str]:
    """One page of the dossiers that were given so many points in an index, and the key of the next.

    Raises ValueError on a key that is none.
    """
    parameters = whose.parameters() | {"limit": limit + 1, "a_at": BEFORE_ALL, "a_id": -1}
    if after:
        parameters["a_at"], parameters["a_id"] = page_keys.read(after, page_keys.instant, page_keys.number)
    if index == "2":
        wanted = [each for each in ("before_date", "on_time", "late") if scoring.total_time(each) == points]
        source = f"SELECT dossier_id FROM ({_PARTS}) AS parts WHERE timeliness = ANY (%(wanted)s)"
        parameters["wanted"] = wanted
    else:
        wanted_given = [each for each in EVERY if each.points(index) == points]
        for at, name in enumerate(Given._fields):
            parameters[name] = [each[at] for each in wanted_given]
        source = (
            f"SELECT dossier_id FROM (SELECT f.dossier_id, {GIVEN} {_MINE}) AS given"
            " WHERE (timeliness, contacts, counter, complaint, several) IN (SELECT * FROM"
            " unnest(%(timeliness)s::text[], %(contacts)s::int[], %(counter)s::bool[], %(complaint)s::bool[],"
            " %(several)s::bool[]))"
        )
    # In index 2 a dossier may still be open: what the agency did of it is done.
    columns = ", ".join(f"f.{each}" for each in Item.__struct_fields__[1:])
    query = (
        f"SELECT {columns} FROM reports_dossierfact f WHERE f.dossier_id IN ({source})"
        f" AND (coalesce(f.finished_at, '{NOT_YET}'), f.dossier_id) > (%(a_at)s, %(a_id)s)"
        f" ORDER BY coalesce(f.finished_at, '{NOT_YET}'), f.dossier_id LIMIT %(limit)s"
    )
    with store.cursor() as run:
        rows: list[Any] = run.execute(query, parameters).fetchall()
    items = [Item("late", *row) for row in rows]
    return page_keys.cut(items, limit, lambda item: page_keys.write(item.finished_at or NOT_YET, item.dossier_id))


def officers(whose: Whose) -> dict[int, int]:
    """Officials who finished work at an agency in the period, and on how many dossiers."""
    query = """
        SELECT officer, count(DISTINCT dossier_id)::int FROM reports_stagefact
         WHERE agency = ANY (%(places)s::int[]) AND closed >= %(begin)s AND closed < %(end)s AND officer <> 0
           AND NOT replayed
         GROUP BY officer ORDER BY officer
    """
    with store.cursor() as run:
        return dict(run.execute(query, whose.parameters()).fetchall())


def worked_at(officer: int, places: tuple[int, ...] | None) -> bool:
    """True when an official ever worked at one of the agencies (None: any)."""
    query = (
        "SELECT FROM reports_stagefact WHERE officer = %s AND (%s::int[] IS NULL OR agency = ANY (%s::int[])) LIMIT 1"
    )
    scope = None if places is None else list(places)
    with store.cursor() as run:
        return run.execute(query, (officer, scope, scope)).fetchone() is not None
