"""Tài khoản của tôi: the posts one holds, and where to change password, second factor and language."""

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from motcua.office.door import official
from motcua.office.people.delegating import everybody
from motcua.office.people.finding import place_name, role_name
from motcua.organisation.directory import city_day
from motcua.organisation.models import Account, Appointment, Delegation


@official()
def my_account(request: HttpRequest) -> HttpResponse:
    """What one is here, and by whose appointment or delegation."""
    me, today = everybody(request), city_day()
    givers = {grant.by_delegation_of for grant in me.grants if grant.by_delegation_of}
    names = dict(Account.objects.filter(pk__in=givers).values_list("pk", "full_name"))
    until = {
        (agency, role): last
        for agency, role, last in Appointment.objects.filter(
            account=me.account, cancelled_at=None, valid_from__lte=today
        ).exclude(valid_to__lt=today).values_list("agency", "role__code", "valid_to")
    }  # fmt: skip
    lent = {
        (agency, role, giver): last
        for agency, role, giver, last in Delegation.objects.filter(
            to_account=me.account, cancelled_at=None, valid_from__lte=today, valid_to__gte=today
        ).values_list("agency", "role__code", "from_account", "valid_to")
    }
    posts = [
        {
            "place": place_name(grant.agency),
            "role": role_name(grant.role),
            "title": grant.title,
            "giver": names.get(grant.by_delegation_of or 0, ""),
            "until": lent.get((grant.agency, grant.role, grant.by_delegation_of or 0))
            if grant.by_delegation_of
            else until.get((grant.agency, grant.role)),
        }
        for grant in me.grants
    ]
    context = {
        "posts": posts,
        "person": request.user,
        "has_second_factor": get_adapter().is_mfa_enabled(request.user),
        "hours": settings.SESSION_COOKIE_AGE // 3600,
    }
    return render(request, "office/people/my_account.html", context)
