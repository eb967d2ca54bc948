"""The pages of an account as its administrator sees it: making one, its posts, closing and reopening it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from motcua.law.refusal import Refusal
from motcua.office.door import actor_of, official
from motcua.office.people import history
from motcua.office.people.accounts import close_account, looks_after, make_account, reopen_account
from motcua.office.people.finding import place_name, post_name
from motcua.office.people.forms import AccountForm, say_refusal
from motcua.office.people.posts import administered
from motcua.organisation.directory import city_day
from motcua.organisation.models import Account, Appointment
from motcua.organisation.policy import may_administer


@never_cache
@official("admin")
def new_account(request: HttpRequest, agency: int) -> HttpResponse:
    """Makes an account for somebody who is to work at the agency; its password is on the answer and nowhere else."""
    me = actor_of(request)
    place = administered(me, agency)
    form = AccountForm(request.POST if request.method == "POST" else None)
    back = f"{reverse('office:people')}?co-quan={place.code}"
    context = {"form": form, "agency": place, "place": place_name(agency), "back": back}
    if request.method == "POST" and form.is_valid():
        answer = make_account(me, agency, form.cleaned_data["username"], form.cleaned_data["full_name"])
        if not isinstance(answer, Refusal):
            made = {"person": answer.account, "password": answer.password}
            return render(request, "office/people/account_made.html", context | made)
        about = answer.details.get("fields", ["username"])
        say_refusal(form, answer, about[0] if about[0] in form.fields else None)
    return render(request, "office/people/new_account.html", context, status=422 if form.errors else 200)


@official("admin")
def person(request: HttpRequest, account: int) -> HttpResponse:
    """One person: posts where the reader administers, the record, and closing or reopening the account."""
    me, today = actor_of(request), city_day()
    found = Account.objects.filter(pk=account).first()
    if found is None or not looks_after(me, account):
        raise Http404
    refused: Refusal | None = None
    if request.method == "POST" and request.POST.get("action") in ("close", "reopen"):
        act = close_account if request.POST["action"] == "close" else reopen_account
        answer = act(me, account)
        if not isinstance(answer, Refusal):
            closed = _("Đã đóng tài khoản: không ai đăng nhập được bằng tài khoản này nữa.")
            messages.success(request, _("Đã mở lại tài khoản.") if answer.is_active else closed)
            return redirect("office:person", account)
        refused = answer
    held = Appointment.objects.filter(account=account, cancelled_at=None).select_related("role")
    posts = [
        {
            "pk": each.pk,
            "post": post_name(each.agency_id, each.role.code),
            "title": each.title,
            "from": each.valid_from,
            "to": each.valid_to,
            "is_open": each.valid_to is None or each.valid_to >= today,
        }
        for each in held.order_by("-valid_from", "-pk")
        if may_administer(me, each.agency_id)
    ]
    before = request.GET.get("truoc", "")
    key = int(before) if before.isdecimal() and len(before) < 19 else None
    page = history.of_account(account, lambda agency: may_administer(me, agency), key)
    context = {
        "person": found,
        "posts": posts,
        "refused": refused,
        "is_me": found.pk == me.account,
        "history": page.entries,
        "older": f"?truoc={page.following}#lich-su" if page.following else None,
    }
    return render(request, "office/people/person.html", context, status=422 if refused else 200)
