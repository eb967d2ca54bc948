"""Whose dossier it is: finding one for whoever is signed in, and as whom they act on it.

A dossier belongs to its applicant and to whoever filed it; who may act for either by recorded authority acts in
their place. For everybody else it does not exist.
"""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from msgspec import structs

from motcua.accounts.authority import Principal, of_resident
from motcua.accounts.door import actor_behind, resident_behind
from motcua.dossiers import store
from motcua.dossiers.policy import may_see
from motcua.law.actor import Actor
from motcua.law.dossier import Dossier


def others(request: HttpRequest) -> list[Principal]:
    """Everybody else with an account for whom the resident may act today."""
    own = actor_behind(request).account
    return [each for each in of_resident(resident_behind(request)) if each.account and each.account != own]


def accounts(request: HttpRequest) -> list[int]:
    """The accounts whose dossiers the resident may list: their own, and those they act for without limit."""
    return [actor_behind(request).account, *(each.account for each in others(request) if not each.procedures)]


def mine_or_404(request: HttpRequest, dossier_id: int) -> tuple[Dossier, Actor]:
    """The dossier, and the actor as whom the resident acts on it. Raises Http404 when it is not theirs."""
    stored = store.read(dossier_id) if dossier_id < 1 << 53 else None
    if stored is None:
        raise Http404
    state, actor = stored[0], actor_behind(request)
    if may_see(actor, state):
        return state, actor
    for each in others(request):
        stands_in = structs.replace(
            actor,
            account=each.account,
            name=_("%(name)s thay mặt %(other)s") % {"name": actor.name, "other": each.name},
        )
        if each.covers(state.procedure) and may_see(stands_in, state):
            return state, stands_in
    raise Http404
