"""Acting for others: giving and revoking it, and choosing for whom one acts on this visit."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from motcua.accounts import authorising, ways
from motcua.accounts.authority import of_resident
from motcua.accounts.door import ACTING_KEY, actor_behind, resident, resident_behind
from motcua.accounts.identity import number_of
from motcua.accounts.models import Authority
from motcua.catalogue import versions
from motcua.law.refusal import Refusal
from motcua.organisation.directory import city_day, directory
from motcua.organisation.naming import full_name
from motcua.portal.account.forms import GiveForm, say_refusal
from motcua.portal.account.next_page import wanted_page


@never_cache
@resident()
def authorities(request: HttpRequest) -> HttpResponse:
    """Who may act for me, for whom I may act; POST gives a new one."""
    who, today = resident_behind(request), city_day()
    known = {card.code: card.name.within(get_language() or "vi") for card in versions.cards_on(today)}
    form = GiveForm(request.POST if request.method == "POST" else None, today=today, known=set(known))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        answer = authorising.give(who, given["holder"], given["valid_to"], given["procedures"], ways.origin_of(request))
        if not isinstance(answer, Refusal):
            messages.success(request, _("Đã ủy quyền. Người đó chọn “Làm thay” ở đầu trang sau khi đăng nhập."))
            return redirect("portal:authorities")
        say_refusal(form, answer, "holder" if answer.code in ("number_invalid", "for_oneself") else None)
    number = number_of(who)
    rows = [_row(each, number, today, known) for each in authorising.concerning(number)]
    context = {
        "who": who,
        "form": form,
        "given": [each for each in rows if each["given"]],
        "held": [each for each in rows if not each["given"]],
        "asks_register": bool(who.number),
        "crumbs": [(_("Của tôi"), "/cua-toi/"), (_("Tài khoản"), reverse("portal:account")), (_("Làm thay"), None)],
    }
    return render(request, "portal/account/authorities.html", context, status=422 if form.errors else 200)


@require_POST
@resident(2)
def revoke(request: HttpRequest, authority: int) -> HttpResponse:
    """Ends an authority that one gave, or gives back one that one holds."""
    who = resident_behind(request)
    answer = authorising.revoke(actor_behind(request), number_of(who), authority, ways.origin_of(request))
    if isinstance(answer, Refusal):
        messages.error(request, answer.text.within(get_language() or "vi"))
    else:
        messages.success(request, _("Đã thu hồi, có hiệu lực ngay."))
    return redirect("portal:authorities")


@require_POST
@resident(2)
def children(request: HttpRequest) -> HttpResponse:
    """Asks the register for one's minor children; the look-up is recorded there."""
    answer = authorising.take_from_register(resident_behind(request), ways.origin_of(request))
    if isinstance(answer, Refusal):
        messages.error(request, answer.text.within(get_language() or "vi"))
    elif answer:
        names = ", ".join(each.principal_name for each in answer)
        messages.success(request, _("Đã thêm: %(names)s.") % {"names": names})
    else:
        messages.info(request, _("Cơ sở dữ liệu dân cư không có thêm con chưa thành niên nào của bạn."))
    return redirect("portal:authorities")


@require_POST
@resident()
def act_for(request: HttpRequest) -> HttpResponse:
    """Chooses for whom one acts on this visit: an authority's key, or nothing for oneself."""
    wanted = request.POST.get("for", "")
    chosen = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0
    allowed = {each.authority for each in of_resident(resident_behind(request))}
    if chosen and chosen in allowed:
        request.session[ACTING_KEY] = chosen
    else:
        request.session.pop(ACTING_KEY, None)
    return redirect(wanted_page(request))


def _row(each: Authority, number: str, today: date, known: dict[str, str]) -> dict[str, Any]:
    ended = each.revoked_at is not None or (each.valid_to is not None and each.valid_to < today)
    agencies = directory().by_number
    return {
        "pk": each.pk,
        "given": each.principal_number == number,
        "name": each.principal_name,
        "holder": each.holder_number,
        "kind": each.get_kind_display(),
        "how": each.get_how_display(),
        "document": each.document,
        "place": full_name(directory(), each.recorded_agency).within(get_language() or "vi")
        if each.recorded_agency in agencies else "",
        "by": each.recorded_by.full_name if each.how == "counter" else "",
        "from": each.valid_from,
        "to": each.valid_to,
        "revoked": each.revoked_at,
        "ended": ended,
        "later": each.valid_from > today,
        "procedures": [known.get(code, code) for code in each.procedures],
    }  # fmt: skip
