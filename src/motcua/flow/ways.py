"""Keeps the way of every dossier that has ended: a follower notes what changed, an errand reads the facts.

The follower only writes down dossiers, since the facts of `reports` may come a moment later; the errand takes those
whose facts have come. What a way is stands in one statement, for one dossier and for all of them.
"""

from collections.abc import Sequence

from django.db import transaction

from motcua.dossiers import store
from motcua.flow.conformance import deviation
from motcua.flow.processes import process_of
from motcua.flow.risk import take_notice
from motcua.flow.slices import OVERVIEW
from motcua.reports import kept

BATCH = 500
# A hand-over is late when it took more worked minutes than were left of the working day (Decree 61/2018, art. 18:
# the same day, or the opening of the next working day; both end when the minutes of this day are used up), and an
# hour more, so that the one who opens the post at eight is not late. Office hours are 8-12 and 13-17.
TOLERANCE = 60
_SENT = "(EXTRACT(hour FROM opened AT TIME ZONE 'Asia/Ho_Chi_Minh') * 60" \
        " + EXTRACT(minute FROM opened AT TIME ZONE 'Asia/Ho_Chi_Minh'))"  # fmt: skip
LEFT_OF_DAY = f"(greatest(0, 1020 - greatest({_SENT}, 780)) + greatest(0, 720 - greatest({_SENT}, 480)))"
LATE_CROSSING = f"sent_by <> 0 AND in_transit > {LEFT_OF_DAY} + {TOLERANCE}"

_WAYS = f"""
    INSERT INTO flow_way AS way (dossier_id, procedure, version, receiving, agencies, finished_at, outcome, late,
           minutes, variant, repeats, returned, to_and_fro, crossings, crossings_late)
    SELECT f.dossier_id, f.procedure, f.version, f.receiving,
           ARRAY(SELECT DISTINCT unnest(s.agencies || f.agencies)), f.finished_at, f.outcome,
           f.timeliness = 'late', coalesce(f.legal_minutes, s.worked),
           hashtextextended(f.version || '|' || (f.timeliness <> '') || '|' || array_to_string(s.steps, '|'), 0),
           cardinality(s.steps) - s.different, s.returned, s.crossings - s.crossed, s.crossings, s.crossings_late
      FROM reports_dossierfact f
      JOIN (SELECT dossier_id, array_agg(step ORDER BY no) AS steps, count(DISTINCT step) AS different,
                   array_agg(DISTINCT agency) AS agencies, coalesce(sum(worked), 0) AS worked,
                   count(*) FILTER (WHERE ended_by = 'sent_back') AS returned,
                   count(*) FILTER (WHERE sent_by <> 0) AS crossings,
                   count(DISTINCT (sent_by, agency)) FILTER (WHERE sent_by <> 0) AS crossed,
                   count(*) FILTER (WHERE {LATE_CROSSING}) AS crossings_late
              FROM reports_stagefact WHERE kind = 'step' AND {{which}} GROUP BY dossier_id) AS s
        ON s.dossier_id = f.dossier_id
     WHERE f.finished_at IS NOT NULL AND f.accepted_at IS NOT NULL AND f.{{which}}
        ON CONFLICT (dossier_id) DO UPDATE SET variant = excluded.variant, repeats = excluded.repeats,
           returned = excluded.returned, to_and_fro = excluded.to_and_fro, crossings = excluded.crossings,
           crossings_late = excluded.crossings_late, agencies = excluded.agencies, outcome = excluded.outcome,
           late = excluded.late, minutes = excluded.minutes, finished_at = excluded.finished_at
"""
_NEW_VARIANTS = """
    SELECT w.variant, w.procedure, w.version, f.timeliness <> '', s.steps
      FROM (SELECT DISTINCT ON (w.variant) w.variant, w.procedure, w.version, w.dossier_id FROM flow_way w
             WHERE {which} AND NOT EXISTS (SELECT FROM flow_variant v WHERE v.id = w.variant)) AS w
      JOIN reports_dossierfact f ON f.dossier_id = w.dossier_id
      JOIN LATERAL (SELECT array_agg(step ORDER BY no) AS steps FROM reports_stagefact
                     WHERE dossier_id = w.dossier_id AND kind = 'step') AS s ON true
"""
_READY = """
    WITH ready AS (
        SELECT p.dossier_id FROM flow_pending p JOIN reports_dossierfact f ON f.dossier_id = p.dossier_id
         WHERE f.seq >= p.seq ORDER BY p.dossier_id LIMIT %s FOR UPDATE OF p SKIP LOCKED)
    DELETE FROM flow_pending p USING ready r WHERE p.dossier_id = r.dossier_id RETURNING p.dossier_id
"""


def note(dossier_ids: Sequence[int]) -> None:
    """The follower: writes down whose journals have grown, within the follower's transaction."""
    with store.cursor() as run:
        run.execute(
            "INSERT INTO flow_pending AS p (dossier_id, seq) SELECT id, seq FROM dossiers_dossier WHERE id = ANY (%s)"
            " ON CONFLICT (dossier_id) DO UPDATE SET seq = greatest(p.seq, excluded.seq)",
            (list(dossier_ids),),
        )


def take() -> int:
    """Brings the ways of noted dossiers up to their facts; returns how many dossiers were taken."""
    with transaction.atomic(), store.cursor() as run:
        ids = [row[0] for row in run.execute(_READY, (BATCH,)).fetchall()]
        if ids:
            run.execute(_WAYS.format(which="dossier_id = ANY (%(ids)s)"), {"ids": ids})
            _name_variants("w.dossier_id = ANY (%(ids)s)", {"ids": ids})
            take_notice(ids)
    return len(ids)


def rebuild() -> int:
    """Makes all ways anew from the facts, in one transaction; returns how many there are."""
    with transaction.atomic(), store.cursor() as run:
        run.execute("DELETE FROM flow_way")
        run.execute("DELETE FROM flow_variant")
        kept.forget(OVERVIEW)
        run.execute(_WAYS.format(which="dossier_id IS NOT NULL"))
        made = run.rowcount
        _name_variants("true", {})
    return made


def _name_variants(which: str, parameters: dict[str, object]) -> None:
    """Writes down the variants not yet known, and whether their processes draw them."""
    with store.cursor() as run:
        rows = run.execute(_NEW_VARIANTS.format(which=which), parameters).fetchall()
        found = []
        for number, procedure, version, answered, steps in rows:
            process = process_of(version)
            left = deviation(process, steps, answered=answered) if process else None
            found.append((number, procedure, version, steps, answered, left is None, left.after if left else "",
                          left.to if left else ""))  # fmt: skip
        run.executemany(
            "INSERT INTO flow_variant (id, procedure, version, steps, answered, fits, left_after, left_to)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING",
            found,
        )
