"""Files sent by machines: the tus protocol behind a bearer token, how far one is, and what finished uploads became.

The protocol, the checks and the bounds are those of `files`; here is only who asks.
"""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from motcua.api import shapes as s
from motcua.api.door import Scoped, actor_of
from motcua.api.problems import Problem, missing
from motcua.files import tus, uploads
from motcua.files.models import CHECKING, GONE, READY, RECEIVING, Upload
from motcua.files.refusals import sentence
from motcua.files.store import NotStoredError

router = Router(tags=["uploads"])
SCOPE = "files:write"
_STATES = {RECEIVING: "receiving", CHECKING: "checking", READY: "ready"}


def by_token(request: HttpRequest) -> int | HttpResponse | None:
    """The account behind the token of a tus request; the problem as an answer when it may not send files."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    try:
        return Scoped(SCOPE).authenticate(request, token).account
    except Problem as problem:
        return problem.answer()


tus_view = tus.view(authenticate=by_token, needs=(SCOPE,))


def digests(sent: Sequence[str], account: int) -> tuple[str, ...] | None:
    """The digests of finished uploads of this account, in order; None when one is not there, or not theirs."""
    found = []
    for each in sent:
        try:
            found.append(uploads.finished(UUID(each), account).digest)
        except (ValueError, LookupError, NotStoredError):
            return None
    return tuple(found)


@router.get("/{upload}/status", auth=Scoped(SCOPE), response=s.UploadOut, operation_id="upload_status")
def status(request: HttpRequest, upload: UUID) -> s.UploadOut:
    """How far an upload is: being received, being checked, ready for a dossier, or refused and why."""
    found = uploads.find(upload, actor_of(request).account)
    if found is None or found.state == GONE:
        raise missing()
    return _out(found)


def _out(row: Upload) -> s.UploadOut:
    refused = row.state not in _STATES
    return s.UploadOut(
        id=str(row.pk),
        state=_STATES.get(row.state, "refused"),
        name=row.name,
        size=row.length,
        digest=row.digest if row.state == READY else "",
        why=sentence(row.reason, row.told) if refused else "",
    )
