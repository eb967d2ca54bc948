"""What came in online and waits for its answer: by the time left of the eight working hours, alerts first.

Decree 45/2020, article 11 (answer within eight working hours) and Decree 118/2025, article 17.2 (an alert after two).
The alert goes to the counter, and what is past its time to the head of the one-stop unit as well. Accepting is left to
`accepting`, asking and declining to the desk.
"""

from datetime import datetime
from functools import cache
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import clock, store
from motcua.dossiers.clock_face import calendar_of, short_face
from motcua.dossiers.policy import visible
from motcua.dossiers.rows import decode_state
from motcua.law.actor import Actor
from motcua.law.codes import reference
from motcua.law.intake import answer_due, look_due
from motcua.law.regimes import Regime, regime_on
from motcua.law.rights import COUNTER
from motcua.law.working_time import WorkingCalendar, city_day
from motcua.office.counter.places import counters
from motcua.office.door import actor_of, official
from motcua.organisation.directory import directory
from motcua.tables import page_keys

PAGE = 50
Which = Literal["all", "alert", "late"]
SLUGS: dict[str, Which] = {"": "all", "qua-2-gio": "alert", "qua-8-gio": "late"}
OVERSEERS = ("one_stop_head", "head", "leader", "control")


class Waiting(msgspec.Struct, frozen=True):
    """One submission that nobody has answered; `since` is when it came, or came back with what was missing."""

    id: int
    version: int
    receiving: int
    applicant: str
    since: datetime
    look: datetime
    due: datetime

    def state(self, now: datetime) -> Which:
        """`late` after the eight hours, `alert` after the two."""
        return "late" if now > self.due else "alert" if now > self.look else "all"


_WAITING = """
    SELECT d.id, d.version, d.receiving, d.applicant_name, d.lodged_at,
           CASE WHEN d.state LIKE %(again)s THEN d.state END
      FROM dossiers_dossier d
     WHERE d.receiving = ANY (%(agencies)s) AND d.status = 1 AND d.phase = 'lodged' AND d.channel = 'online'
       AND d.finished_at IS NULL
"""


def waiting(agencies: list[int], now: datetime) -> list[Waiting]:
    """Every unanswered submission at these agencies, the one to be answered first at the head."""
    with store.cursor() as run:
        rows = run.execute(_WAITING, {"agencies": agencies, "again": '%"supplements":%'}).fetchall()

    @cache
    def calendar(agency: int) -> WorkingCalendar:
        return calendar_of(agency)

    @cache
    def hours(agency: int, since: datetime) -> tuple[datetime, datetime]:
        regime = _regime(since, now)
        return look_due(regime, calendar(agency), since), answer_due(regime, calendar(agency), since)

    found = []
    for number, version, receiving, applicant, lodged, again in rows:
        since = _came_back(again) or lodged
        look, due = hours(receiving, since)
        found.append(Waiting(number, version, receiving, applicant, since, look, due))
    return sorted(found, key=lambda each: (each.due, each.id))


def _regime(since: datetime, now: datetime) -> Regime:
    try:
        return regime_on(versions.regimes(), city_day(since))
    except LookupError:
        return regime_on(versions.regimes(), city_day(now))


def _came_back(state: str | None) -> datetime | None:
    """When the papers asked for at intake came: from then on the answer is due anew."""
    return decode_state(state).supplements[-1].given_at if state else None


def alerts(actor: Actor, now: datetime) -> dict[str, int]:
    """How many wait at the actor's counters, how many beyond two hours and how many beyond eight."""
    found = waiting([place.number for place in counters(actor)], now)
    states = [each.state(now) for each in found]
    return {"all": len(found), "alert": len(states) - states.count("all"), "late": states.count("late")}


def _counter_of(request: HttpRequest) -> str | None:
    """The way to the counter, for those who stand at one."""
    stands = {grant.role for grant in actor_of(request).grants} & set(COUNTER)
    return reverse("office:counter") if stands else None


@official(*dict.fromkeys((*COUNTER, *OVERSEERS)))
def online(request: HttpRequest) -> HttpResponse:
    """The list; heads and control see the submissions of all they oversee."""
    actor, now = actor_of(request), clock.now()
    which = SLUGS.get(request.GET.get("loc", ""))
    if which is None:
        raise Http404
    oversees = any(grant.role in OVERSEERS for grant in actor.grants)
    agencies = visible(actor) if oversees else [place.number for place in counters(actor)]
    found = waiting(agencies, now)
    chosen = [each for each in found if which == "all" or each.state(now) in (which, "late")]
    start = _start(chosen, request.GET.get("sau", ""))
    rows, following = page_keys.cut(chosen[start:], PAGE, lambda row: page_keys.write(row.due, row.id))
    here, slug = reverse("office:online"), request.GET.get("loc", "")
    context = {
        "chips": _chips(found, slug, here, now),
        "late": sum(each.state(now) == "late" for each in found),
        "table": _table(rows, now, {place.number for place in counters(actor)}),
        "total": len(chosen),
        "first": f"{here}?{urlencode({'loc': slug})}" if start else None,
        "next": f"{here}?{urlencode({'loc': slug, 'sau': following})}" if following else None,
        "crumbs": [(pgettext("quầy", "Tiếp nhận"), _counter_of(request)), (_("Nộp trực tuyến"), None)],
    }
    return render(request, "office/counter/online.html", context)


def _start(rows: list[Waiting], after: str) -> int:
    """Where the page after this key begins. Raises Http404 for a key that is none."""
    if not after:
        return 0
    try:
        key = page_keys.read(after, page_keys.instant, page_keys.number)
    except page_keys.WrongKeyError:
        raise Http404 from None
    return next((at for at, each in enumerate(rows) if (each.due, each.id) > key), len(rows))


def _chips(found: list[Waiting], slug: str, here: str, now: datetime) -> list[dict[str, Any]]:
    states = [each.state(now) for each in found]
    labels = [
        ("", _("Tất cả"), len(found), None),
        ("qua-2-gio", _("Quá 2 giờ chưa trả lời"), len(states) - states.count("all"), None),
        ("qua-8-gio", _("Quá 8 giờ làm việc"), states.count("late"), "late"),
    ]
    return [
        {"label": label, "count": count, "href": f"{here}?loc={name}" if name else here, "active": name == slug,
         "state": state}
        for name, label, count, state in labels
    ]  # fmt: skip


def _table(rows: list[Waiting], now: datetime, own: set[int]) -> dict[str, Any]:
    language = get_language() or "vi"
    known = directory()
    return {
        "caption": _("Hồ sơ nộp trực tuyến chờ trả lời"),
        "columns": [
            {"key": "clock", "label": _("Trả lời trong"), "kind": "clock"},
            {"key": "code", "label": _("Mã nộp"), "kind": "code"},
            {"key": "procedure", "label": _("Thủ tục"), "kind": "text"},
            {"key": "applicant", "label": _("Người nộp"), "kind": "text"},
            {"key": "since", "label": _("Nộp lúc"), "kind": "when"},
            {"key": "look", "label": _("Nhắc"), "kind": "tag"},
            {"key": "place", "label": _("Nơi nhận"), "kind": "text"},
        ],
        "rows": [
            {
                "id": each.id,
                # Whoever oversees but does not serve there looks at the dossier instead.
                "href": reverse("office:accept_waiting" if each.receiving in own else "office:dossier", args=[each.id]),
                "label": reference(each.id),
                "state": "late" if each.state(now) == "late" else None,
                "cells": {
                    "clock": short_face(calendar_of(each.receiving), now, each.since, each.due),
                    "code": reference(each.id),
                    "procedure": versions.procedure_version(each.version).name.within(language),
                    "applicant": each.applicant,
                    "since": each.since,
                    "look": ("late", _("quá 2 giờ")) if now > each.look else None,
                    "place": known[each.receiving].name.within(language),
                },
            }
            for each in rows
        ],
    }
