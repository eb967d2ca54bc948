"""A resident lets an app act for them: the page that asks, behind the residents' door.

The protocol (codes, PKCE, tokens) is left to the OAuth library.
"""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from oauth2_provider.views import AuthorizationView

from motcua.accounts.door import resident

# The answer to this form leads into the app, which the house's own policy would forbid.
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self';"
    " connect-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' {goal}"
)


class _Asking(AuthorizationView):  # type: ignore[misc]
    template_name = "api/authorise.html"


@resident()
def authorise(request: HttpRequest) -> HttpResponse:
    """Shows what the app asks for; allowed, leads back to it with a code."""
    view: Any = _Asking.as_view()
    answer: HttpResponse = view(request)
    goal = urlsplit(request.GET.get("redirect_uri") or request.POST.get("redirect_uri") or "")
    where = f"{goal.scheme}://{goal.netloc}" if goal.scheme in ("http", "https") else f"{goal.scheme}:"
    if goal.scheme and goal.scheme.isascii() and not set(where) & set(" ;,'\"\n\r\t"):
        answer.headers["Content-Security-Policy"] = _POLICY.format(goal=where)
    return answer


authorise.needs = ("resident",)
