"""The list that travels with the papers: what one agency sent to another, for both to sign."""

from datetime import datetime, time
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from motcua.catalogue import versions
from motcua.dossiers import clock, store
from motcua.dossiers.rows import decode_state
from motcua.law.dossier import Dossier
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.office.counter.printing import inline
from motcua.office.door import actor_of, official
from motcua.organisation.directory import directory
from motcua.organisation.naming import full_name
from motcua.papers import forms
from motcua.papers.from_dossier import authority_name, place_name
from motcua.papers.sealing import file_name
from motcua.papers.typeset import render as render_paper

MOST = 500


class Sent(NamedTuple):
    """A dossier sent from one agency to another, and whether it was confirmed."""

    giver: int
    receiver: int
    received: bool
    opened_at: datetime
    due_at: datetime
    state: Dossier


@official()
def handover_list(request: HttpRequest) -> HttpResponse:
    """The list for one receiver as PDF; with several receivers, first the choice among them."""
    actor = actor_of(request)
    pairs: dict[tuple[int, int], list[Sent]] = {}
    for each in _sent([grant.agency for grant in actor.grants]):
        pairs.setdefault((each.giver, each.receiver), []).append(each)
    chosen = request.GET.get("tu", ""), request.GET.get("toi", "")
    found = [rows for (giver, receiver), rows in pairs.items() if (str(giver), str(receiver)) == chosen]
    if not found and len(pairs) == 1 and chosen == ("", ""):
        found = list(pairs.values())
    if found:
        form = printed(found[0], actor.name)
        return inline(render_paper(form), file_name(form))
    return render(request, "office/counter/handover_choice.html", {"choices": _choices(pairs)})


def _choices(pairs: dict[tuple[int, int], list[Sent]]) -> list[dict[str, Any]]:
    language, known = get_language() or "vi", directory()
    return [
        {
            "from": full_name(known, giver).within(language),
            "to": full_name(known, receiver).within(language),
            "count": len(rows),
            "open": sum(not each.received for each in rows),
            "href": f"{reverse('office:handover_list')}?tu={giver}&toi={receiver}",
        }
        for (giver, receiver), rows in pairs.items()
    ]


def _sent(agencies: list[int]) -> list[Sent]:
    """What these agencies sent today, and what they sent before that nobody has confirmed."""
    today = datetime.combine(city_day(clock.now()), time(), tzinfo=CITY_ZONE)
    with store.cursor() as run:
        rows = run.execute(
            "SELECT t.sent_by, t.agency, t.received, t.opened_at, d.due_at, d.state"
            "  FROM dossiers_task t JOIN dossiers_dossier d ON d.id = t.dossier_id"
            " WHERE t.sent_by = ANY (%s) AND t.agency <> t.sent_by AND t.kind = 'step'"
            "   AND (NOT t.received OR t.opened_at >= %s)"
            " ORDER BY t.sent_by, t.agency, t.opened_at, t.dossier_id LIMIT %s",
            (agencies, today, MOST),
        ).fetchall()
    return [Sent(row[0], row[1], row[2], row[3], row[4] or row[3], decode_state(row[5])) for row in rows]


def printed(rows: list[Sent], giver_name: str) -> forms.HandoverList:
    """The list as it prints, A4."""
    known = directory()
    giver, receiver = rows[0].giver, rows[0].receiver
    house = known[known.house(giver)]
    return forms.HandoverList(
        head=forms.Letterhead(
            agency=full_name(known, giver).vi,
            superior=authority_name(house),
            issued_at=clock.now(),
            place=place_name(house),
        ),
        giver_agency=full_name(known, giver).vi,
        receiver_agency=full_name(known, receiver).vi,
        rows=tuple(
            forms.HandoverRow(
                code=each.state.code,
                name=each.state.applicant.name,
                subject=versions.procedure_version(each.state.version).name.vi,
                papers=sum(given.original + given.certified + given.copy for given in each.state.papers),
                due_at=each.state.due_at,
                note="" if not each.received else "đã xác nhận nhận",
            )
            for each in rows
        ),
        given_at=max(each.opened_at for each in rows),
        giver=giver_name,
    )
