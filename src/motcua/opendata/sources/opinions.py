"""What people said of the service in a quarter, by receiving agency and by procedure: how many, and nobody by name.

Everything is as it stood when the quarter ended: ratings given in it, contests and rulings made in it. What happens
later belongs to a later quarter, so a recount says the same, and no two versions let one struck rating be read from
what changed. Each list is guarded as if its total were known (`suppression.suppress_list`).
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from django.conf import settings

from motcua.dossiers import followers, store
from motcua.law.rating import CRITERIA
from motcua.opendata.sources.rows import Before, Made, Row, agency_code, procedure_cells
from motcua.opendata.suppression import Counts, Key, is_small, suppress_list
from motcua.organisation.directory import directory
from motcua.reports import ratings
from motcua.reports.periods import Period
from motcua.reports.ratings import SMALLEST_SAMPLE

# The keys of what is hidden: a whole row, or one of these of a row.
WHOLE, ZERO, WORDS, CONTESTED = "rated", "with_zero", "with_words", "contested"

# A ruling's hour is in the journal alone. What it struck after the quarter still counted when the quarter ended.
_STANDING = """
    WITH standing AS (
        SELECT r.{key} AS part, r.at, r.contested_at, r.stands, r.scores, r.words, ruled.at AS ruled_at,
               r.at >= %(begin)s AND (r.stands IS NOT FALSE OR ruled.at >= %(end)s) AS counts
          FROM reports_ratingfact r
          LEFT JOIN dossiers_event ruled
            ON r.stands IS NOT NULL AND ruled.dossier_id = r.dossier_id AND ruled.type = 'rating_ruled'
         WHERE r.at < %(end)s AND (r.at >= %(begin)s OR r.contested_at IS NOT NULL))
"""
_SAID = """
    SELECT part, count(*) FILTER (WHERE counts)::int,
           count(*) FILTER (WHERE counts AND jsonb_path_exists(scores, '$.* ? (@ == 0)'))::int,
           count(*) FILTER (WHERE counts AND words <> '')::int,
           count(*) FILTER (WHERE contested_at >= %(begin)s AND contested_at < %(end)s)::int,
           count(*) FILTER (WHERE stands AND ruled_at >= %(begin)s AND ruled_at < %(end)s)::int,
           count(*) FILTER (WHERE NOT stands AND ruled_at >= %(begin)s AND ruled_at < %(end)s)::int,
           count(*) FILTER (WHERE contested_at < %(end)s AND (ruled_at IS NULL OR ruled_at >= %(end)s))::int,
           count(*) FILTER (WHERE contested_at < %(begin)s AND (ruled_at IS NULL OR ruled_at >= %(begin)s))::int
      FROM standing GROUP BY 1
"""
_POINTS = """
    SELECT part, s.key, count(*)::int, sum(s.value::int)::int
      FROM standing, jsonb_each_text(scores) s WHERE counts GROUP BY 1, 2
"""
_ANSWERED = """
    SELECT {key}, sum(before_date + on_time + late)::int FROM reports_cube
     WHERE half BETWEEN %(first)s AND %(last)s GROUP BY 1
"""


class Said(msgspec.Struct, frozen=True):
    """What was said of one agency or procedure. `scores` has answers and points by criterion."""

    answered: int = 0
    scores: Mapping[str, tuple[int, int]] = {}
    rated: int = 0
    with_zero: int = 0
    with_words: int = 0
    contested: int = 0
    stands: int = 0
    struck: int = 0
    undecided: int = 0
    undecided_before: int = 0

    @property
    def contests(self) -> tuple[int, ...]:
        """What was contested and what became of it: five numbers of which any four give the fifth."""
        return self.contested, self.stands, self.struck, self.undecided, self.undecided_before


def is_complete(period: Period) -> bool:
    """True when the ratings, which a follower of their own keeps, are complete to the period's end."""
    until = followers.complete_until(ratings.NAME)
    return until is not None and until >= period.ends


def by_place(period: Period) -> dict[str, Said]:
    """What was said by the code of the receiving agency."""
    return {agency_code(number): each for number, each in _said("receiving", period).items()}


def by_affair(period: Period) -> dict[str, Said]:
    """What was said by the code of the procedure, over the whole city."""
    return _said("procedure", period)


def _said(key: str, period: Period) -> dict[Any, Said]:
    first, last = period.halves
    asked = {"begin": period.begins, "end": period.ends, "first": first, "last": last}
    with store.cursor() as run:
        said = {row[0]: row[1:] for row in run.execute(_STANDING.format(key=key) + _SAID, asked).fetchall()}
        points = run.execute(_STANDING.format(key=key) + _POINTS, asked).fetchall()
        answered = dict(run.execute(_ANSWERED.format(key=key), asked).fetchall())
    scores: dict[Any, dict[str, tuple[int, int]]] = {}
    for each, criterion, *summed in points:
        scores.setdefault(each, {})[criterion] = (summed[0], summed[1])
    return {
        each: Said(answered.get(each) or 0, scores.get(each, {}), *said.get(each, ())) for each in {*answered, *said}
    }


def agency_named(code: str) -> Row:
    """An agency as two columns: code and name."""
    known = directory().by_code.get(code)
    return code, known.name.vi if known else ""


def hidden_rows(said: Mapping[str, Said], before: Before) -> frozenset[str]:
    """The rows of which nothing is told but what was answered: too few rated, or so nearly everybody that who rated
    is known, and those that keep these from being reckoned. One pattern holds for every criterion."""
    small = {code for code, each in said.items() if _tells_who(each)} | {code for code, of in before if of == WHOLE}
    counts = {code: (each.rated, *(each.scores.get(one, (0, 0))[0] for one in CRITERIA)) for code, each in said.items()}
    return suppress_list(counts, small, SMALLEST_SAMPLE)


def _tells_who(each: Said) -> bool:
    fewest = min([each.rated, *(answers for answers, _ in each.scores.values())])
    return fewest < SMALLEST_SAMPLE or each.answered - each.rated < settings.MOTCUA_OPENDATA_SMALLEST


def _hidden_cells(said: Mapping[str, Said], whole: frozenset[str], before: Before) -> set[Key]:
    """Within the rows that are told, the counts that are not."""
    smallest = settings.MOTCUA_OPENDATA_SMALLEST
    told = {code: each for code, each in said.items() if code not in whole}
    # A hidden row in which nobody rated takes no case from another: it covers nothing.
    cover = {code for code in whole if said[code].rated}
    counts: dict[str, dict[str, Counts]] = {
        ZERO: {code: (each.with_zero, each.rated - each.with_zero) for code, each in told.items()},
        WORDS: {code: (each.with_words, each.rated - each.with_words) for code, each in told.items()},
        CONTESTED: {code: each.contests for code, each in told.items()},
    }
    hidden: set[Key] = set()
    for name, table in counts.items():
        small = {code for code, each in table.items() if is_small(each, smallest)}
        small |= {code for code, of in before if of == name and code in told}
        if small:
            found = small if cover else suppress_list(table, small)
            hidden |= {(code, name) for code in found}
    return hidden


def _made(said: Mapping[str, Said], named: Callable[[str], Row], period: Period, before: Before) -> Made:
    whole = hidden_rows(said, before)
    cells = _hidden_cells(said, whole, before)
    rows: list[Row] = []
    for code, each in sorted(said.items()):
        head = (period.code, *named(code), each.answered)
        if code not in whole:
            zero = None if (code, ZERO) in cells else each.with_zero
            words = None if (code, WORDS) in cells else each.with_words
            contests = (None,) * 4 if (code, CONTESTED) in cells else each.contests[:4]
            rows.append((*head, each.rated, zero, words, *contests, any(key[0] == code for key in cells)))
        elif each.answered:
            rows.append((*head, *(None,) * 7, True))
    return Made(rows, frozenset(cells | {(code, WHOLE) for code in whole if said[code].answered}))


def by_agency(period: Period, before: Before) -> Made:
    """One row an agency that answered anything or was rated by enough."""
    return _made(by_place(period), agency_named, period, before)


def by_procedure(period: Period, before: Before) -> Made:
    """One row a procedure, over the whole city."""
    return _made(by_affair(period), procedure_cells, period, before)
