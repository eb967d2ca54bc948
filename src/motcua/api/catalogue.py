"""Machines look at the catalogue: what can be asked for, with what, and where."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Query
from pydantic import Field

from motcua.api import shapes as s
from motcua.api.door import Scoped
from motcua.api.form_schema import form_schema
from motcua.api.paging import MOST, cursor_after, key_in
from motcua.api.problems import missing
from motcua.api.telling import text
from motcua.catalogue import versions
from motcua.catalogue.search import search_procedures
from motcua.dossiers import clock
from motcua.law.procedure import Procedure
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory

router = Router(tags=["procedures"])
FOUND = 50


@router.get("", auth=Scoped("procedures:read"), response=s.ProcedurePage, operation_id="list_procedures")
def procedures(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50,
) -> s.ProcedurePage:
    """Procedures that hold today, by code; with `q` those found by any spelling, the best first."""
    day = city_day(clock.now())
    if q.strip():
        hits = search_procedures(q.replace("\x00", ""), limit=min(limit, FOUND), day=day)
        rows = [s.ProcedureRow(code=hit.code, name=text(hit.name), field=hit.field) for hit in hits]
        return s.ProcedurePage(items=rows, next="")
    after = key_in(cursor)
    cards = [card for card in versions.cards_on(day) if card.origin != "log" and card.code > after][: limit + 1]
    rows = [s.ProcedureRow(code=card.code, name=text(card.name), field=card.field) for card in cards[:limit]]
    return s.ProcedurePage(items=rows, next=cursor_after(rows[-1].code) if len(cards) > limit else "")


@router.get("/{code}", auth=Scoped("procedures:read"), response=s.ProcedureOut, operation_id="show_procedure")
def procedure(request: HttpRequest, code: s.Code) -> s.ProcedureOut:
    """One procedure as it holds today, found by any of its codes."""
    day = city_day(clock.now())
    try:
        _version, found = versions.current_version(code, day)
    except versions.UnknownProcedureError:
        raise missing() from None
    agencies = directory().by_number
    return s.ProcedureOut(
        code=found.code,
        version=found.version,
        name=text(found.name),
        field=found.field,
        cases=[s.CaseOut(id=case.id, name=text(case.name), limit=_limit(found, case.id)) for case in found.cases],
        papers=[
            s.PaperOut(
                id=paper.id,
                name=text(paper.name),
                required=paper.required and not paper.when and not paper.cases,
                online=paper.online,
                known=paper.known,
            )
            for paper in found.papers
        ],
        fees=[
            s.FeeOut(id=fee.id, name=text(fee.name), timing=fee.timing, demonstration=fee.demonstration)
            for fee in found.fees
        ],
        form=form_schema(found),
        agencies=[agencies[number].code for number in versions.offering_agencies(found.code, day)],
    )


def _limit(procedure: Procedure, case: str) -> str:
    found = procedure.case(case)
    return dict(found.channels).get("online") or found.offered or found.statutory
