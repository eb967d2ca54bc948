"""Where a resident wanted to go before signing in."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

HOME = "/cua-toi/"


def wanted_page(request: HttpRequest) -> str:
    """The page of this house that was asked for, else the resident's own."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else HOME
