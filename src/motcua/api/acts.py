"""Machines act on a dossier for its owner: supplement, withdraw, answer the draft, rate. Each needs a key."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from motcua.api import shapes as s
from motcua.api.door import Scoped, actor_of
from motcua.api.dossiers import DossierId, own
from motcua.api.filing import answers, papers_given
from motcua.api.once import key_of
from motcua.api.problems import refused
from motcua.api.telling import whole
from motcua.catalogue import versions
from motcua.dossiers.handle import handle
from motcua.law import commands as c
from motcua.law.refusal import Refusal

router = Router(tags=["acts"])
WRITES = Scoped("dossiers:write")


def _do(request: HttpRequest, dossier_id: int, command: Any, key: str) -> s.DossierOut:
    done = handle(dossier_id, command, actor_of(request), key)
    if isinstance(done, Refusal):
        raise refused(done)
    return whole(done.state, actor_of(request))


@router.post("/{dossier_id}/supplement", auth=WRITES, response=s.DossierOut, operation_id="give_supplement")
def supplement(request: HttpRequest, dossier_id: DossierId, told: s.SupplementSent) -> s.DossierOut:
    """Brings what was asked for."""
    key, state = key_of(request), own(request, dossier_id)
    procedure = versions.procedure_version(state.version)
    command = c.GiveSupplement(
        papers=papers_given(told.papers, procedure, actor_of(request)),
        form=answers(told.form, procedure, state.case, actor_of(request), state.form) if told.form else {},
        note=told.words,
    )
    return _do(request, dossier_id, command, key)


@router.post("/{dossier_id}/withdrawal", auth=WRITES, response=s.DossierOut, operation_id="withdraw")
def withdrawal(request: HttpRequest, dossier_id: DossierId, told: s.WithdrawalSent) -> s.DossierOut:
    """Takes the dossier back."""
    key = key_of(request)
    own(request, dossier_id)
    return _do(request, dossier_id, c.Withdraw(reason=told.reason), key)


@router.post("/{dossier_id}/draft-answer", auth=WRITES, response=s.DossierOut, operation_id="answer_draft")
def draft_answer(request: HttpRequest, dossier_id: DossierId, told: s.DraftAnswerSent) -> s.DossierOut:
    """Says whether the draft of the result is right."""
    key = key_of(request)
    own(request, dossier_id)
    return _do(request, dossier_id, c.AnswerDraft(agrees=told.agrees, words=told.words), key)


@router.post("/{dossier_id}/rating", auth=WRITES, response=s.DossierOut, operation_id="rate")
def rating(request: HttpRequest, dossier_id: DossierId, told: s.RatingSent) -> s.DossierOut:
    """Rates the service, once."""
    key = key_of(request)
    own(request, dossier_id)
    scores = {str(name): points for name, points in told.scores.items()}
    return _do(request, dossier_id, c.Rate(scores=scores, words=told.words), key)
