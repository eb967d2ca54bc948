"""Con người, vị trí: who holds which post where one administers; appointing to a post and ending one.

Whom an administrator may appoint is decided by `organisation.appointments`, which also keeps the record.
"""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.law.actor import Actor
from motcua.law.directory import Agency
from motcua.law.names import search_key
from motcua.law.refusal import Refusal
from motcua.office.door import actor_of, official
from motcua.office.people import history
from motcua.office.people.delegating import row_of
from motcua.office.people.finding import (
    at_work,
    at_work_or_later,
    matching,
    officials,
    place_name,
    post_name,
    posts_of,
)
from motcua.office.people.forms import AppointmentForm, LastDayForm, say_refusal
from motcua.organisation.appointments import Post, appoint, end_appointment
from motcua.organisation.directory import city_day, directory, roles
from motcua.organisation.models import Account, Appointment, Change, Delegation
from motcua.organisation.policy import may_administer

MOST_PLACES = 60


@official("admin")
def people(request: HttpRequest) -> HttpResponse:
    """One agency: its posts, who holds them, what is lent, the record; and the way to the agencies below."""
    me, today = actor_of(request), city_day()
    agency = _chosen(me, request.GET.get("co-quan", ""))
    before = request.GET.get("truoc", "")
    page = history.of_agency(agency.number, int(before) if before.isdecimal() and len(before) < 19 else None)
    held = Appointment.objects.filter(at_work_or_later(today), agency=agency.number)
    rows = list(held.select_related("account", "role").order_by("role_id", "account__full_name"))
    lent = Delegation.objects.filter(agency=agency.number, cancelled_at=None, valid_to__gte=today)
    taken = {each.role.code for each in rows}
    searched = request.GET.get("tim", "").strip()[:200]
    context = {
        "agency": agency,
        "place": place_name(agency.number),
        "crumbs": _crumbs(me, agency),
        "posts": [_post_row(each) for each in rows],
        "vacant": [
            card.name.within(get_language() or "vi")
            for card in roles().values()
            if agency.tier in card.at and card.code not in taken
        ],
        "lent": [row_of(each) for each in lent.select_related("from_account", "to_account", "role").order_by("pk")],
        "without_post": _without_post(agency.number),
        "below": _places_below(agency),
        "searched": searched,
        "places_found": _places_found(me, searched) if searched else [],
        "history": page.entries,
        "older": f"?co-quan={agency.code}&truoc={page.following}#lich-su" if page.following else None,
    }
    return render(request, "office/people/people.html", context)


@official("admin")
def appoint_page(request: HttpRequest, agency: int) -> HttpResponse:
    """Finds somebody and appoints them to a post of the agency."""
    me = actor_of(request)
    place = administered(me, agency)
    chosen = _person(request.POST.get("account") or request.GET.get("nguoi", ""))
    form = None
    if request.method == "POST":
        form = AppointmentForm(request.POST, agency=agency)
        if form.is_valid():
            asked = form.cleaned_data
            days = (asked["valid_from"], asked["valid_to"])
            answer = appoint(me, Post(asked["account"], agency, asked["role"], *days, asked["title"].strip()))
            if not isinstance(answer, Refusal):
                words = {"name": answer.account.full_name, "post": post_name(agency, asked["role"])}
                messages.success(request, _("Đã bổ nhiệm %(name)s: %(post)s.") % words)
                return redirect(_address(place))
            say_refusal(form, answer)
    elif chosen is not None:
        first = {"account": chosen.pk, "valid_from": city_day()}
        form = AppointmentForm(agency=agency, initial=first)
    query = request.GET.get("ai", "").strip()[:200]
    found = matching(officials().filter(is_active=True), query, or_username=True) if query else []
    held = posts_of([*found, *([chosen] if chosen else [])], city_day())
    context = {
        "agency": place,
        "place": place_name(agency),
        "crumbs": [*_crumbs(me, place, whole=True), (_("Bổ nhiệm"), None)],
        "query": query,
        "found": [{"person": each, "posts": held.get(each.pk, [])} for each in found],
        "chosen": chosen,
        "chosen_posts": held.get(chosen.pk, []) if chosen else [],
        "form": form if chosen else None,
    }
    return render(request, "office/people/appoint.html", context, status=422 if form and form.errors else 200)


@official("admin")
def end_post(request: HttpRequest, appointment: int) -> HttpResponse:
    """Ends an appointment after a day."""
    me, today = actor_of(request), city_day()
    found = Appointment.objects.select_related("account", "role").filter(pk=appointment, cancelled_at=None).first()
    if found is None:
        raise Http404
    place = administered(me, found.agency_id)
    form = LastDayForm(request.POST) if request.method == "POST" else LastDayForm(initial={"last_day": today})
    if request.method == "POST" and form.is_valid():
        answer = end_appointment(me, appointment, form.cleaned_data["last_day"])
        if not isinstance(answer, Refusal):
            messages.success(request, _("Đã ghi. Việc đã làm khi giữ vị trí vẫn có giá trị."))
            return redirect(_address(place))
        say_refusal(form, answer)
    lent = Delegation.objects.filter(
        from_account=found.account_id,
        agency=found.agency_id,
        role=found.role_id,
        cancelled_at=None,
        valid_to__gte=today,
    )
    context = {
        "form": form,
        "row": _post_row(found),
        "post": post_name(found.agency_id, found.role.code),
        "lent": lent.count(),
        "back": _address(place),
        "crumbs": [*_crumbs(me, place, whole=True), (_("Kết thúc vị trí"), None)],
    }
    return render(request, "office/people/end_post.html", context, status=422 if form.errors else 200)


def administered(me: Actor, agency: int) -> Agency:
    """The agency, if the actor administers it; otherwise it does not exist for them."""
    found = directory().by_number.get(agency)
    if found is None or not may_administer(me, agency):
        raise Http404
    return found


def _address(agency: Agency) -> str:
    return f"{reverse('office:people')}?co-quan={agency.code}"


def _chosen(me: Actor, code: str) -> Agency:
    known = directory()
    if code:
        found = known.by_code.get(code)
        return administered(me, found.number if found else 0)
    return known[next(grant.agency for grant in me.grants if grant.role == "admin")]


def _person(key: str) -> Account | None:
    if not (key.isascii() and key.isdecimal()) or len(key) > 9:
        return None
    return Account.objects.filter(pk=int(key), is_active=True).first()


def _crumbs(me: Actor, agency: Agency, *, whole: bool = False) -> list[tuple[str, str | None]]:
    """The way down to the agency, through those above it that the actor administers."""
    known, language = directory(), get_language() or "vi"
    way: list[tuple[str, str | None]] = []
    here: Agency | None = agency
    while here is not None and may_administer(me, here.number):
        is_last = here.number == agency.number and not whole
        way.insert(0, (here.name.within(language), None if is_last else _address(here)))
        here = known.above(here.number)
    return way


def _post_row(each: Appointment) -> dict[str, Any]:
    today = city_day()
    return {
        "pk": each.pk,
        "person": each.account,
        "role": each.role.name.within(get_language() or "vi"),
        "title": each.title,
        "from": each.valid_from,
        "to": each.valid_to,
        "is_later": each.valid_from > today,
        "is_closed": not each.account.is_active,
    }


def _without_post(agency: int) -> list[Account]:
    """Accounts made for the agency that nobody has appointed to anything yet."""
    made = Change.objects.filter(verb="new_account", details__agency_id=agency).order_by("-pk")
    keys = [subject.partition(" ")[2] for subject in made.values_list("subject", flat=True)[:MOST_PLACES]]
    return list(Account.objects.filter(pk__in=keys, appointments=None).order_by("full_name"))


def _places_below(agency: Agency) -> list[dict[str, Any]]:
    known, today = directory(), city_day()
    below = [known[number] for number in known.children.get(agency.number, ()) if known[number].is_valid(today)]
    return _places(below)


def _places_found(me: Actor, searched: str) -> list[dict[str, Any]]:
    words, today = search_key(searched).split(), city_day()
    admin_at = [grant.agency for grant in me.grants if grant.role == "admin"]
    known = directory()
    numbers = {number for each in admin_at for number in known.below(each)}
    found = [
        known[number]
        for number in sorted(numbers)
        if known[number].is_valid(today) and all(word in search_key(place_name(number)) for word in words)
    ]
    return _places(found[:MOST_PLACES])


def _places(agencies: list[Agency]) -> list[dict[str, Any]]:
    held = Appointment.objects.filter(at_work(city_day()), agency__in=[each.number for each in agencies])
    counts = dict(held.values_list("agency").annotate(people=Count("account", distinct=True)))
    return [
        {"name": place_name(each.number), "href": _address(each), "people": counts.get(each.number, 0)}
        for each in agencies
    ]
