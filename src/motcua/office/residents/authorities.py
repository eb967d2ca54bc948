"""Làm thay: the clerk looks at what stands for a number, records an authority from a document, or ends one."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from motcua.accounts import authorising, guarding, ways
from motcua.accounts.models import Authority
from motcua.accounts.proving import COUNTER_ROLES, checked_number
from motcua.accounts.refusals import too_often
from motcua.catalogue import versions
from motcua.law.refusal import Refusal
from motcua.office.door import actor_of, official
from motcua.office.people.forms import say_refusal
from motcua.office.residents.forms import AuthorityForm, NumberForm
from motcua.organisation.directory import city_day

AT_FIELD = {"number_invalid": "holder", "tax_code_invalid": "principal", "document_missing": "document",
            "dates_reversed": "valid_to", "for_oneself": "principal"}  # fmt: skip


@never_cache
@official(*COUNTER_ROLES)
def authorities(request: HttpRequest) -> HttpResponse:
    """GET with a number shows its authorities; POST records a new one."""
    me = actor_of(request)
    looked = NumberForm(request.GET if "number" in request.GET else None)
    number = _number(looked, me.account)
    form = AuthorityForm(request.POST if request.method == "POST" else None, initial={"holder": number})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        answer = _record(request, given)
        if not isinstance(answer, Refusal):
            words = {"name": answer.principal_name, "holder": answer.holder_number}
            messages.success(request, _("Đã ghi: %(holder)s làm thay %(name)s.") % words)
            query = urlencode({"number": answer.holder_number})
            return redirect(f"{reverse('office:resident_authorities')}?{query}")
        say_refusal(form, answer, AT_FIELD.get(answer.code))
    context = {"looked": looked, "number": number, "form": form, "rows": _rows(number) if number else []}
    failed = bool(form.errors or looked.errors)
    return render(request, "office/residents/authorities.html", context, status=422 if failed else 200)


@require_POST
@official(*COUNTER_ROLES)
def revoke(request: HttpRequest, authority: int) -> HttpResponse:
    """Ends an authority at once, by a document or at the wish of who gave it."""
    answer = authorising.revoke(actor_of(request), "", authority, ways.origin_of(request))
    if isinstance(answer, Refusal):
        messages.error(request, answer.text.within(get_language() or "vi"))
        return redirect("office:resident_authorities")
    messages.success(request, _("Đã thu hồi, có hiệu lực ngay."))
    return redirect(f"{reverse('office:resident_authorities')}?{urlencode({'number': answer.holder_number})}")


def _number(looked: NumberForm, account: int) -> str:
    """The number looked at, counted per clerk."""
    if not looked.is_bound or not looked.is_valid():
        return ""
    verdict = guarding.take("look_up", account)
    if not verdict:
        say_refusal(looked, too_often(verdict.wait))
        return ""
    typed = looked.cleaned_data["number"]
    for kind in ("person", "business"):
        found = checked_number(kind, typed)
        if not isinstance(found, Refusal):
            return found
    looked.add_error("number", _("Số định danh có 12 chữ số; mã số thuế có 10 hoặc 13 chữ số."))
    return ""


def _record(request: HttpRequest, given: dict[str, Any]) -> Authority | Refusal:
    known = {card.code for card in versions.cards_on(city_day())}
    wanted = [each.strip() for each in given["procedures"].replace(";", ",").split(",") if each.strip()]
    wish = authorising.Grantee(
        kind=given["kind"],
        holder=given["holder"],
        principal=given["principal"],
        principal_name=given["principal_name"],
        valid_from=given["valid_from"],
        valid_to=given["valid_to"],
        procedures=tuple(each for each in wanted if each in known),
        document=given["document"],
    )
    if len(wish.procedures) != len(wanted):
        # Silently dropping a code would widen what was written on the paper.
        return authorising.unknown_procedure(next(each for each in wanted if each not in known))
    return authorising.record_at_counter(actor_of(request), wish, ways.origin_of(request))


def _rows(number: str) -> list[dict[str, Any]]:
    today = city_day()
    found = Authority.objects.filter(Q(holder_number=number) | Q(principal_number=number))
    return [
        {
            "pk": each.pk,
            "holder": each.holder_number,
            "principal": each.principal_number,
            "name": each.principal_name,
            "kind": each.get_kind_display(),
            "how": each.get_how_display(),
            "document": each.document,
            "from": each.valid_from,
            "to": each.valid_to,
            "by": each.recorded_by.full_name if each.how == "counter" else "",
            "ended": each.revoked_at is not None or (each.valid_to is not None and each.valid_to < today),
        }
        for each in found.select_related("recorded_by").order_by("-id")[:100]
    ]
