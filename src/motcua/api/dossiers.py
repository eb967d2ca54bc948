"""Machines file dossiers and look at them: what an account owns or filed, and nothing else."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Status
from ninja.params.functions import Query
from pydantic import Field

from motcua.api import shapes as s
from motcua.api.door import Scoped, actor_of
from motcua.api.filing import lodging
from motcua.api.once import key_of
from motcua.api.paging import MOST, cursor_after, number_in
from motcua.api.problems import missing, refused
from motcua.api.telling import happened, row, whole
from motcua.dossiers import search, store
from motcua.dossiers.handle import lodge
from motcua.dossiers.journal import history
from motcua.dossiers.policy import may_see
from motcua.law.dossier import Dossier
from motcua.law.refusal import Refusal

router = Router(tags=["dossiers"])
BEYOND = 1 << 53
DossierId = Annotated[int, Field(ge=0, lt=BEYOND)]


def own(request: HttpRequest, dossier_id: int) -> Dossier:
    """The dossier if it is the account's. Raises Problem 404 for any other, as for none."""
    stored = store.read(dossier_id)
    if stored is None or not may_see(actor_of(request), stored[0]):
        raise missing()
    return stored[0]


@router.post("", auth=Scoped("dossiers:write"), response={201: s.DossierOut}, operation_id="file_dossier")
def file(request: HttpRequest, told: s.Application) -> Status:
    """Files a dossier; sent again under the same key it is the same dossier."""
    key = key_of(request)
    version, command = lodging(told, actor_of(request))
    done = lodge(version, command, actor_of(request), key)
    if isinstance(done, Refusal):
        raise refused(done)
    return Status(201, whole(done.state, actor_of(request)))


@router.get("", auth=Scoped("dossiers:read"), response=s.DossierPage, operation_id="list_dossiers")
def dossiers(
    request: HttpRequest,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Field(ge=1, le=MOST)] = 20,
) -> s.DossierPage:
    """The account's dossiers, newest first."""
    before = number_in(cursor, BEYOND)
    found = search.mine(actor_of(request).account, limit + 1, min(before, BEYOND))
    rest = cursor_after(str(found[limit - 1].id)) if len(found) > limit else ""
    return s.DossierPage(items=[row(state) for state in found[:limit]], next=rest)


@router.get("/{dossier_id}", auth=Scoped("dossiers:read"), response=s.DossierOut, operation_id="show_dossier")
def dossier(request: HttpRequest, dossier_id: DossierId) -> s.DossierOut:
    """One dossier, with what is asked of the applicant now."""
    return whole(own(request, dossier_id), actor_of(request))


@router.get(
    "/{dossier_id}/history", auth=Scoped("dossiers:read"), response=s.HistoryOut, operation_id="dossier_history"
)
def told_history(request: HttpRequest, dossier_id: DossierId) -> s.HistoryOut:
    """What happened to it and at which office, oldest first."""
    own(request, dossier_id)
    return s.HistoryOut(items=happened(history(dossier_id)))
