"""Ratings of the service as the agencies read them: kept by a follower, listed by key, added up with denominators.

Points are added as Circular 01/2018, article 15 says: the points of a criterion over the number of dossiers that
answered it, to one decimal. A rating that control has ruled not to stand is listed and not added.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

import msgspec

from motcua.dossiers import store
from motcua.dossiers.rows import decode_state
from motcua.law.dossier import Dossier
from motcua.law.rating import CRITERIA
from motcua.organisation.directory import directory
from motcua.reports.models import RatingFact
from motcua.tables import page_keys

NAME = "ratings"
# Fewer say more about who answered than about the office.
SMALLEST_SAMPLE = 10
PAGE = 30
Which = Literal["all", "low", "contested", "words"]
_WHICH: dict[Which, str] = {
    "all": "true",
    "low": "jsonb_path_exists(r.scores, '$.* ? (@ == 0)')",
    "contested": "r.contested_at IS NOT NULL",
    "words": "r.words <> ''",
}


def follow(dossier_ids: Sequence[int]) -> None:
    """Brings the ratings of these dossiers up to their states; called within the follower's transaction."""
    with store.cursor() as run:
        rows = run.execute(
            "SELECT state FROM dossiers_dossier WHERE id = ANY (%s) AND state LIKE %s",
            (list(dossier_ids), '%"rating":%'),
        ).fetchall()
        worked: dict[int, set[int]] = {}
        for number, agency in run.execute(
            "SELECT DISTINCT dossier_id, agency FROM dossiers_event WHERE dossier_id = ANY (%s)", (list(dossier_ids),)
        ).fetchall():
            worked.setdefault(number, set()).add(agency)
    states = [decode_state(row[0]) for row in rows]
    facts = [_fact(state, worked.get(state.id, set())) for state in states if state.rating is not None]
    if facts:
        names = [field.name for field in RatingFact._meta.fields if field.name != "dossier_id"]
        RatingFact.objects.bulk_create(facts, update_conflicts=True, unique_fields=["dossier_id"], update_fields=names)


def _fact(state: Dossier, worked: set[int]) -> RatingFact:
    agencies, known = {state.receiving, *state.places.values(), *worked}, directory()
    rating = state.rating
    assert rating is not None
    return RatingFact(
        dossier_id=state.id,
        code=state.code,
        procedure=state.procedure,
        version=state.version,
        receiving=state.receiving,
        agencies=sorted(agencies | {known.house(each) for each in agencies if each in known.by_number}),
        at=rating.at,
        by=rating.by,
        scores=rating.scores,
        words=rating.words,
        contested_at=rating.contested_at,
        stands=rating.stands,
    )


class Criterion(msgspec.Struct, frozen=True):
    """One criterion over many dossiers: the points given, and how many dossiers answered it."""

    number: str
    points: int
    answers: int

    @property
    def average(self) -> Decimal | None:
        """To one decimal; None when too few answered to say anything."""
        if self.answers < SMALLEST_SAMPLE:
            return None
        return (Decimal(self.points) / self.answers).quantize(Decimal("0.1"), ROUND_HALF_UP)


class Summary(msgspec.Struct, frozen=True):
    """What was said of some agencies: exact counts, each with what it is a part of."""

    rated: int
    answered: int
    low: int
    contested: int
    words: int
    not_counted: int
    criteria: tuple[Criterion, ...]


class Line(msgspec.Struct, frozen=True):
    """One rating in a list."""

    dossier_id: int
    code: str
    version: int
    receiving: int
    at: datetime
    by: str
    scores: Any
    words: str
    contested_at: datetime | None
    stands: bool | None


def _line(row: tuple[Any, ...]) -> Line:
    line = Line(*row)
    # What comes as JSON from a plain statement is still text.
    return msgspec.structs.replace(line, scores=msgspec.json.decode(str(line.scores), type=dict[str, int]))


_COUNTS = f"""
    SELECT count(*), count(*) FILTER (WHERE {_WHICH["low"]}), count(*) FILTER (WHERE {_WHICH["contested"]}),
           count(*) FILTER (WHERE {_WHICH["words"]}), count(*) FILTER (WHERE r.stands IS FALSE)
      FROM reports_ratingfact r WHERE r.agencies && %(agencies)s::int[]
"""
_POINTS = """
    SELECT s.key, sum(s.value::int), count(*) FROM reports_ratingfact r, jsonb_each_text(r.scores) s
     WHERE r.agencies && %(agencies)s::int[] AND r.stands IS NOT FALSE GROUP BY s.key
"""
_ANSWERED = """
    SELECT count(*) FROM reports_dossierfact f
     WHERE f.receiving = ANY (%(agencies)s) AND f.outcome IN ('granted', 'refused') AND NOT f.replayed
"""


def summary(agencies: Sequence[int]) -> Summary:
    """Everything said of dossiers these agencies worked on; `answered` are the dossiers they received and answered."""
    asked = {"agencies": list(agencies)}
    with store.cursor() as run:
        counted = run.execute(_COUNTS, asked).fetchone() or (0, 0, 0, 0, 0)
        points = {row[0]: (int(row[1]), int(row[2])) for row in run.execute(_POINTS, asked).fetchall()}
        answered = run.execute(_ANSWERED, asked).fetchone() or (0,)
    return Summary(
        rated=counted[0],
        answered=answered[0],
        low=counted[1],
        contested=counted[2],
        words=counted[3],
        not_counted=counted[4],
        criteria=tuple(Criterion(each, *points.get(each, (0, 0))) for each in CRITERIA),
    )


def page(agencies: Sequence[int], which: Which = "all", after: str = "", limit: int = PAGE) -> tuple[list[Line], str]:
    """One page of ratings, the newest first, and where the next one begins. Raises ValueError for a wrong key."""
    condition, parameters = _WHICH[which], {"agencies": list(agencies), "limit": limit + 1}
    if after:
        parameters["at"], parameters["number"] = page_keys.read(after, page_keys.instant, page_keys.number)
        condition += " AND (r.at, r.dossier_id) < (%(at)s, %(number)s)"
    with store.cursor() as run:
        rows: list[Any] = run.execute(
            f"SELECT {', '.join(f'r.{name}' for name in Line.__struct_fields__)} FROM reports_ratingfact r"
            " WHERE r.agencies && %(agencies)s::int[]"
            f" AND {condition} ORDER BY r.at DESC, r.dossier_id DESC LIMIT %(limit)s",
            parameters,
        ).fetchall()
    return page_keys.cut([_line(row) for row in rows], limit, lambda line: page_keys.write(line.at, line.dossier_id))
