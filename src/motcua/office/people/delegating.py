"""Ủy quyền: an official lends one of their own posts to a colleague for some days, and takes it back.

What a delegation allows is decided by `organisation.appointments`; who may read these pages by the door.
"""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.law.actor import Actor
from motcua.law.refusal import Refusal
from motcua.law.working_time import day_in_words
from motcua.office.door import official
from motcua.office.people.finding import at_work_or_later, colleagues, matching, place_name, post_name, posts_of
from motcua.office.people.forms import DelegationForm, RevokeForm, say_refusal
from motcua.organisation.appointments import Post, delegate, revoke_delegation
from motcua.organisation.directory import city_day, directory
from motcua.organisation.models import Account, Appointment, Delegation
from motcua.organisation.policy import may_administer

MOST_SHOWN = 50


@official()
def delegate_page(request: HttpRequest) -> HttpResponse:
    """GET finds a colleague and asks for the days; POST explains the effect; POST with `confirmed` does it."""
    me = everybody(request)
    posts = _own_posts(me)
    if request.method != "POST":
        receiver = _receiver(me, posts, request.GET.get("nguoi", ""))
        form = DelegationForm(posts=list(posts.items()), initial={"receiver": receiver.pk}) if receiver else None
        return _page(request, me, posts, receiver, form)
    form = DelegationForm(request.POST, posts=list(posts.items()))
    receiver = _receiver(me, posts, request.POST.get("receiver", ""))
    if receiver is None:
        messages.error(request, _("Hãy tìm và chọn lại đồng nghiệp nhận ủy quyền."))
        return redirect("office:delegate")
    if "change" in request.POST or not form.is_valid():
        return _page(request, me, posts, receiver, form)
    confirmed = "confirmed" in request.POST
    answer = _lend(me, form, trying=not confirmed)
    if isinstance(answer, Refusal):
        say_refusal(form, answer)
        return _page(request, me, posts, receiver, form)
    effect = _effect(answer, receiver.full_name)
    if not confirmed:
        return render(request, "office/people/delegate_ask.html", {"form": form, "effect": effect})
    messages.success(request, _("Đã ủy quyền. %(effect)s") % {"effect": effect})
    return redirect("office:delegate")


@official()
def revoke_page(request: HttpRequest, delegation: int) -> HttpResponse:
    """The giver, or whoever administers there, ends a delegation."""
    me = everybody(request)
    found = Delegation.objects.select_related("from_account", "to_account", "role").filter(pk=delegation).first()
    if found is None or not (me.account == found.from_account_id or may_administer(me, found.agency_id)):
        raise Http404
    back = reverse("office:delegate")
    if me.account != found.from_account_id:
        back = f"{reverse('office:people')}?co-quan={directory()[found.agency_id].code}"
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = revoke_delegation(me, delegation, form.last_day(city_day()))
        if not isinstance(answer, Refusal):
            messages.success(request, _("Đã thu hồi ủy quyền. Việc đã làm trong thời gian ủy quyền vẫn có giá trị."))
            return redirect(back)
        say_refusal(form, answer)
    context = {"form": form, "row": row_of(found), "back": back}
    return render(request, "office/people/revoke.html", context, status=422 if form.errors else 200)


def everybody(request: HttpRequest) -> Actor:
    """The actor with all posts, also those that the head of the page has put aside."""
    return request.all_posts  # type: ignore[attr-defined,no-any-return]


def row_of(each: Delegation) -> dict[str, Any]:
    """A delegation as lists show it."""
    today = city_day()
    ended = each.cancelled_at is not None or each.valid_to < today
    state = "done" if ended else ("on_time" if each.valid_from <= today else "waiting")
    words = {"done": _("đã kết thúc"), "on_time": _("đang có hiệu lực"), "waiting": _("chưa bắt đầu")}
    return {
        "pk": each.pk,
        "giver": each.from_account.full_name,
        "receiver": each.to_account.full_name,
        "post": post_name(each.agency_id, each.role.code),
        "from": each.valid_from,
        "to": each.valid_to,
        "reason": each.reason,
        "document": each.document,
        "state": state,
        "says": _("đã hủy") if each.cancelled_at else words[state],
        "is_open": not ended,
    }


def _own_posts(me: Actor) -> dict[str, str]:
    """Posts held by appointment, today or later: `agency:role` and its words."""
    held = Appointment.objects.filter(at_work_or_later(city_day()), account=me.account).select_related("role")
    return {
        f"{each.agency_id}:{each.role.code}": post_name(each.agency_id, each.role.code)
        for each in held.order_by("agency_id", "role_id")
    }


def _near(posts: dict[str, str]) -> set[int]:
    """The houses of these posts and all below: where a receiver may work."""
    known = directory()
    houses = {known.house(int(key.partition(":")[0])) for key in posts}
    return {number for house in houses for number in known.below(house)}


def _receiver(me: Actor, posts: dict[str, str], key: str) -> Account | None:
    if not (key.isascii() and key.isdecimal()) or len(key) > 9:
        return None
    return colleagues(_near(posts), city_day(), besides=me.account).filter(pk=int(key)).first()


def _lend(me: Actor, form: DelegationForm, *, trying: bool) -> Delegation | Refusal:
    """Delegates; `trying` asks the same rules and keeps nothing."""
    asked = form.cleaned_data
    agency, _colon, role = asked["post"].partition(":")
    post = Post(me.account, int(agency), role, asked["valid_from"], asked["valid_to"])
    with transaction.atomic():
        answer = delegate(me, post, asked["receiver"], reason=asked["reason"], document=asked["document"])
        transaction.set_rollback(trying)
    return answer


def _effect(made: Delegation, receiver: str) -> str:
    language = get_language() or "vi"
    days = {"from": day_in_words(made.valid_from).within(language), "to": day_in_words(made.valid_to).within(language)}
    words = days | {"receiver": receiver, "place": place_name(made.agency_id)}
    return (
        _("Từ %(from)s đến hết %(to)s, %(receiver)s làm được việc của bạn ở %(place)s; nhật ký ghi cả hai tên.") % words
    )


def _page(
    request: HttpRequest, me: Actor, posts: dict[str, str], receiver: Account | None, form: DelegationForm | None
) -> HttpResponse:
    query, today = request.GET.get("ai", "").strip()[:200], city_day()
    found = matching(colleagues(_near(posts), today, besides=me.account), query) if query and posts else []
    held = posts_of([*found, *([receiver] if receiver else [])], today)
    all_of = Delegation.objects.select_related("from_account", "to_account", "role").order_by("-valid_to", "-pk")
    context = {
        "posts": posts,
        "query": query,
        "found": [{"person": each, "posts": held.get(each.pk, [])} for each in found],
        "receiver": receiver,
        "receiver_posts": held.get(receiver.pk, []) if receiver else [],
        "form": form,
        "given": [row_of(each) for each in all_of.filter(from_account=me.account)[:MOST_SHOWN]],
        "received": [row_of(each) for each in all_of.filter(to_account=me.account)[:MOST_SHOWN]],
    }
    failed = form is not None and form.is_bound and bool(form.errors)
    return render(request, "office/people/delegate.html", context, status=422 if failed else 200)
