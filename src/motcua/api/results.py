"""Machines fetch the signed results of an account's dossiers, as files."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from motcua.api import shapes as s
from motcua.api.door import Scoped
from motcua.api.dossiers import DossierId, own
from motcua.api.problems import Problem, missing
from motcua.files import serving
from motcua.papers.results.checking import is_open_to_owner
from motcua.papers.results.tables import IssuedResult

router = Router(tags=["results"])
PDF = {200: {"description": "The signed PDF", "content": {"application/pdf": {"schema": {"type": "string"}}}}}


@router.get(
    "/{dossier_id}/results/{digest}",
    auth=Scoped("results:read"),
    operation_id="fetch_result",
    openapi_extra={"responses": PDF},
)
def fetch(request: HttpRequest, dossier_id: DossierId, digest: s.Digest) -> Any:
    """The file with this digest; only once the result may be had (nothing owed, ready)."""
    own(request, dossier_id)
    issued = IssuedResult.objects.filter(dossier_id=dossier_id, digest=digest).first()
    if issued is None:
        raise missing()
    if not is_open_to_owner(issued):
        raise Problem(409, "not_ready", _("Kết quả chưa đến lúc nhận"))
    try:
        return serving.answer(request, digest, "application/pdf", f"{issued.token}.pdf")
    except Http404:
        raise missing() from None
