"""A page of the control office."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from motcua.office.door import CONTROL_ROLES, official


@official(*sorted(CONTROL_ROLES))
def control(request: HttpRequest) -> HttpResponse:
    """Shows it."""
    return render(request, "office/control.html", {})
