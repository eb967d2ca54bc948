"""Hand-overs between agencies: what is on its way here, to confirm, and what we sent that nobody confirmed."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import clock, store
from motcua.dossiers.inbox import Inbox
from motcua.dossiers.policy import visible
from motcua.office.desk.lists import inbox_table, tomorrow
from motcua.office.door import actor_of, official
from motcua.organisation.directory import directory


@official()
def handovers(request: HttpRequest) -> HttpResponse:
    """Two lists: arriving, to be confirmed together; and sent, still without confirmation."""
    now = clock.now()
    actor = actor_of(request)
    inbox = Inbox(actor, now, tomorrow(now))
    arriving, following = inbox.page("arriving", request.GET.get("sau", ""), limit=100)
    mine = sorted({grant.agency for grant in actor.grants} & set(visible(actor)))
    context = {
        "table": inbox_table(arriving, now, _("Đang chuyển đến")),
        "total": inbox.counts()["arriving"],
        "next": "?" + urlencode({"sau": following}) if following else None,
        "sent": sent(mine),
        "sent_total": sent_total(mine),
        "key": uuid4().hex,
    }
    return render(request, "office/handovers.html", context)


_SENT = "t.sent_by = ANY (%s) AND NOT t.received AND t.kind = 'step'"


def sent_total(agencies: list[int]) -> int:
    """How many pieces of work these agencies sent that nobody has confirmed, exactly."""
    with store.cursor() as run:
        row = run.execute(f"SELECT count(*) FROM dossiers_task t WHERE {_SENT}", (agencies,)).fetchone()
    return int(row[0]) if row else 0


def sent(agencies: list[int]) -> list[dict[str, Any]]:
    """The 200 of them that have waited longest."""
    language, known = get_language() or "vi", directory()
    with store.cursor() as run:
        rows = run.execute(
            "SELECT t.dossier_id, d.code, d.version, d.applicant_name, t.agency, t.opened_at"
            "  FROM dossiers_task t JOIN dossiers_dossier d ON d.id = t.dossier_id"
            f" WHERE {_SENT} ORDER BY t.opened_at LIMIT 200",
            (agencies,),
        ).fetchall()
    return [
        {
            "href": reverse("office:dossier", args=[row[0]]),
            "code": row[1],
            "name": versions.procedure_version(row[2]).name.within(language),
            "applicant": row[3],
            "to": known[row[4]].name.within(language),
            "since": row[5],
        }
        for row in rows
    ]
