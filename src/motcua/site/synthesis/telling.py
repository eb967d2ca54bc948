"""What there is in a city before and after a history is made: whether anything in it is real, and what was made."""

from typing import Any

from django.db import connection

from motcua.site.synthesis.making import PREFIX, History, Made

# Keys of lodgings that only made-up dossiers have: this history's, and the demonstration's.
MADE = (PREFIX, "demo/")


def has_real_dossiers() -> bool:
    """True when the journal holds a dossier that neither a history nor the demonstration made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM dossiers_dossier d JOIN dossiers_event e ON e.dossier_id = d.id AND e.seq = 1"
            " WHERE NOT (e.key ^@ ANY (%s)))",
            [list(MADE)],
        )
        return bool(cursor.fetchone()[0])


def made_figures(made: Made, history: History) -> dict[str, Any]:
    """What was made, and what the whole made-up history now looks like."""
    return {
        "dossiers": made.dossiers,
        "events": made.events,
        "repeated": made.repeated,
        "refused": made.refused,
        "refusals": made.refusals,
        "seconds": made.seconds,
        "rate": round(made.dossiers / made.seconds) if made.seconds else 0,
        "events_each": round(made.events / made.dossiers, 2) if made.dossiers else 0,
        "groups": made.groups,
        "from": history.first.isoformat(),
        "until": history.until.isoformat(),
        "interrupted": made.interrupted,
        **_state(),
    }


def _state() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE outcome IN ('granted', 'refused') AND finished_at IS NOT NULL),"
            " count(*) FILTER (WHERE outcome IN ('granted', 'refused') AND finished_at > due_at),"
            " count(*) FILTER (WHERE finished_at IS NULL) FROM dossiers_dossier"
        )
        answered, late, still_open = cursor.fetchone()
        cursor.execute("SELECT channel, count(*) FROM dossiers_dossier GROUP BY channel ORDER BY channel")
        channels = dict(cursor.fetchall())
    share = round(late / answered, 4) if answered else None
    return {"answered": answered, "late": late, "late_share": share, "open": still_open, "channels": channels}
