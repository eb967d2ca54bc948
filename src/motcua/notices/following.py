"""The follower that turns what happens to dossiers into messages: each step once, in the follower's transaction.

It calls nobody: it writes notices and destinations, and remembers up to which step a dossier's people were told.
What gives occasion to tell is `occasions`', how is `planning`'s, sending is `sending`'s.
"""

import logging
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from motcua.calendars.lookup import calendar_for
from motcua.catalogue import versions
from motcua.dossiers import clock, store
from motcua.dossiers.journal import Entry, histories, history
from motcua.dossiers.rows import decode_state
from motcua.law.codes import reference
from motcua.law.dossier import Dossier
from motcua.law.intake import answer_due, look_due
from motcua.notices import links
from motcua.notices.models import Told, Unanswered
from motcua.notices.occasions import Occasion, occasions
from motcua.notices.people import Person, accounts_in, people_of
from motcua.notices.telling import Telling, tell
from motcua.organisation.directory import directory
from motcua.organisation.naming import full_name

log = logging.getLogger("motcua.notices")
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)


def follow(dossier_ids: Sequence[int]) -> None:
    """Tells what is new about these dossiers."""
    now = clock.now()
    states = _new_states(dossier_ids)
    if not states:
        return
    entries = _entries(list(states))
    told = dict(Told.objects.filter(dossier_id__in=list(states)).values_list("dossier_id", "seq"))
    accounts = accounts_in(list(states.values()))
    tellings: list[Telling] = []
    for number, state in states.items():
        found = occasions(state, entries.get(number, []), told.get(number, 0), now)
        people = people_of(state, accounts) if found else []
        tellings += [_telling(state, each, person) for each in found for person in people]
    tell(tellings, now)
    _watch(states)
    Told.objects.bulk_create(
        [Told(dossier_id=number, seq=state.seq) for number, state in states.items()],
        update_conflicts=True,
        unique_fields=["dossier_id"],
        update_fields=["seq"],
    )


def _new_states(dossier_ids: Sequence[int]) -> dict[int, Dossier]:
    with store.cursor() as run:
        rows = run.execute(
            "SELECT d.id, d.state FROM dossiers_dossier d LEFT JOIN notices_told t ON t.dossier_id = d.id"
            " WHERE d.id = ANY (%s) AND d.seq > coalesce(t.seq, 0)",
            (list(dossier_ids),),
        ).fetchall()
    return {number: decode_state(text) for number, text in rows}


def _entries(dossier_ids: list[int]) -> dict[int, list[Entry]]:
    try:
        return {number: [entry for _, entry in rows] for number, rows in groupby(histories(dossier_ids), _first)}
    except UNREADABLE:
        log.warning("a journal cannot be read; the others are told one by one")
    found = {}
    for number in dossier_ids:
        try:
            found[number] = history(number)
        except UNREADABLE:
            log.warning("the journal of a dossier cannot be read: nobody is told; motcua verify names it")
    return found


def _first(pair: tuple[int, Entry]) -> int:
    return pair[0]


def _telling(state: Dossier, occasion: Occasion, person: Person) -> Telling:
    values = _basics(state, person) | _said(occasion.values)
    if occasion.kind == "submitted":
        values |= {"code": reference(state.id), "answer_by": answer_by(state)}
    if occasion.kind == "handed_over":
        values["rate"] = links.rating_link(state.id)
    return Telling(
        event=f"{state.id}/{occasion.seq}",
        person=person,
        kind=occasion.kind,
        values=values,
        at=occasion.at,
        dossier_id=state.id,
        seq=occasion.seq,
        agency=state.receiving,
    )


def _basics(state: Dossier, person: Person) -> dict[str, Any]:
    name = versions.procedure_version(state.version).name
    return {
        "code": state.code or reference(state.id),
        "procedure": {"vi": name.vi, "en": name.en},
        "agency": agency_name(state.receiving),
        "link": links.dossier_link(state.id, state.token, person.account),
    }


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Agencies by their names; the rest as it is."""
    return {name: agency_name(value) if name == "by" else value for name, value in values.items()}


def agency_name(number: int) -> dict[str, str]:
    name = full_name(directory(), number)
    return {"vi": name.vi, "en": name.en}


def _calendar(agency: int) -> Any:
    agencies = directory()
    return calendar_for(agency, agencies[agency].tier, house=agencies.house(agency))


def answer_by(state: Dossier) -> str:
    regime = next(each for each in versions.regimes() if each.code == state.regime)
    return answer_due(regime, _calendar(state.receiving), state.lodged_at).isoformat()


def _watch(states: Mapping[int, Dossier]) -> None:
    """Online dossiers that wait for their first answer are watched; the others no longer."""
    waiting = [each for each in states.values() if each.phase == "lodged" and each.channel == "online"]
    gone = [number for number, each in states.items() if each.phase != "lodged"]
    regimes = {each.code: each for each in versions.regimes()}
    Unanswered.objects.filter(dossier_id__in=gone).delete()
    Unanswered.objects.bulk_create(
        [
            Unanswered(
                dossier_id=each.id,
                agency=each.receiving,
                alert_at=look_due(regimes[each.regime], _calendar(each.receiving), each.lodged_at),
            )
            for each in waiting
        ],
        ignore_conflicts=True,
    )
