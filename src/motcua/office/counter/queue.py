"""Who waits at a counter: dossiers handed in but not yet accepted, and those whose papers are awaited."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import store
from motcua.law.codes import pack_dossier_id

SHOWN = 15
FREQUENT_DAYS = 60

_WAITING = """
    d.receiving = ANY (%(agencies)s) AND d.status IN (1, 5) AND d.finished_at IS NULL
    AND d.phase IN ('lodged', 'returned', 'supplement')
"""


def queue_counts(agencies: list[int]) -> dict[str, int]:
    """How many wait for acceptance, for papers asked for at intake, and for papers asked for later; exactly."""
    with store.cursor() as run:
        rows = run.execute(
            f"SELECT d.phase, count(*) FROM dossiers_dossier d WHERE {_WAITING} GROUP BY d.phase",  # noqa: S608
            {"agencies": agencies},
        ).fetchall()
    return {"lodged": 0, "returned": 0, "supplement": 0} | dict(rows)


def queue_rows(agencies: list[int]) -> list[dict[str, Any]]:
    """Those who have waited longest: handed in first, then those whose papers are awaited."""
    with store.cursor() as run:
        rows = run.execute(
            "SELECT d.id, d.version, d.applicant_name, d.phase, d.channel, d.lodged_at FROM dossiers_dossier d"  # noqa: S608
            f" WHERE {_WAITING} ORDER BY (d.phase <> 'lodged'), d.id LIMIT %(limit)s",
            {"agencies": agencies, "limit": SHOWN},
        ).fetchall()
    language = get_language() or "vi"
    said = {
        "lodged": _("chờ tiếp nhận"),
        "returned": _("chờ bổ sung"),
        "supplement": _("chờ bổ sung"),
    }
    return [
        {
            "href": reverse("office:accept_waiting" if row[3] == "lodged" else "office:dossier", args=[row[0]]),
            "procedure": versions.procedure_version(row[1]).name.within(language),
            "applicant": row[2],
            "phase": said[row[3]],
            "state": "due_today" if row[3] == "lodged" else "waiting",
            "online": row[4] == "online",
            "since": row[5],
        }
        for row in rows
    ]


def frequent(agencies: list[int], day: date, limit: int = 9) -> list[str]:
    """The codes most often taken in at these counters of late, the most frequent first."""
    first = pack_dossier_id(day - timedelta(days=FREQUENT_DAYS), 0, 0)
    with store.cursor() as run:
        rows = run.execute(
            "SELECT procedure FROM dossiers_dossier WHERE receiving = ANY (%s) AND id >= %s"
            " GROUP BY procedure ORDER BY count(*) DESC, procedure LIMIT %s",
            (agencies, first, limit),
        ).fetchall()
    return [row[0] for row in rows]
