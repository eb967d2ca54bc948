"""The door of the residents' pages: who comes in, how surely known, and for whom they act on this visit.

Each page of a resident stands behind `resident`. An official's account stays outside: whoever is both has two
accounts. What somebody may see or do once inside is asked of `dossiers.policy` and of the law.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from motcua.accounts import sessions
from motcua.accounts.authority import Principal, of_resident
from motcua.accounts.identity import as_actor, resident_of
from motcua.accounts.models import ResidentAccount
from motcua.law.actor import Actor

View = Callable[..., HttpResponse]
ACTING_KEY = "acting_for"


def resident(level: int = 0) -> Callable[[View], View]:
    """Lets residents in whose assurance is at least `level` (0 and 1 everybody, 2 those proven).

    Sets `request.actor` to the law's actor and `request.resident` to the ResidentAccount.
    """

    def door(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("portal:sign_in"))
            found = resident_of(request.user)
            if found is None:
                return render(request, "portal/account/officials_stay_out.html", status=403)
            request.resident = found  # type: ignore[attr-defined]
            request.actor = as_actor(found)  # type: ignore[attr-defined]
            if found.assurance < level:
                return render(request, "portal/account/not_proven.html", {"level": level}, status=403)
            sessions.seen(getattr(request.session, "session_key", None))
            answer = view(request, *args, **kwargs)
            answer.headers.setdefault("Cache-Control", "private, no-store")
            return answer

        inside.assurance = level  # type: ignore[attr-defined]
        return inside

    return door


def resident_behind(request: HttpRequest) -> ResidentAccount:
    """The resident the door let in."""
    return request.resident  # type: ignore[attr-defined,no-any-return]


def actor_behind(request: HttpRequest) -> Actor:
    """The law's actor the door let in."""
    return request.actor  # type: ignore[attr-defined,no-any-return]


def acting_for(request: HttpRequest) -> Principal:
    """For whom the resident acts on this visit: the one chosen in the head of the page while that holds, else self."""
    everybody = of_resident(resident_behind(request))
    chosen = request.session.get(ACTING_KEY, 0)
    return next((each for each in everybody if each.authority and each.authority == chosen), everybody[0])
