"""Định danh mức 2: the clerk types the code the resident shows, reads the card, compares, and stands for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from motcua.accounts import proving, ways
from motcua.law.refusal import Refusal
from motcua.office.door import actor_of, official
from motcua.office.people.forms import say_refusal
from motcua.office.residents.forms import CardForm, CodeForm

AT_FIELD = {"number_invalid": "number", "tax_code_invalid": "number", "number_taken": "number",
            "register_differs": "number",
            "card_unchecked": "checked"}  # fmt: skip


@never_cache
@official(*proving.COUNTER_ROLES)
def prove(request: HttpRequest) -> HttpResponse:
    """First the code, then the card; POST with `number` proves."""
    me = actor_of(request)
    if request.method != "POST":
        return render(request, "office/residents/prove.html", {"code": CodeForm()})
    code = CodeForm(request.POST)
    if not code.is_valid():
        return render(request, "office/residents/prove.html", {"code": code}, status=422)
    shown = code.cleaned_data["code"]
    found = proving.whose_code(me, shown)
    if isinstance(found, Refusal):
        say_refusal(code, found, "code")
        return render(request, "office/residents/prove.html", {"code": code}, status=422)
    business = found.kind == "business"
    if "number" not in request.POST:
        card = CardForm(initial={"code": shown, "name": found.account.full_name}, business=business)
        return render(request, "office/residents/prove.html", {"card": card, "who": found})
    card = CardForm(request.POST, business=business)
    if card.is_valid():
        given = card.cleaned_data
        born = given.get("birth")
        read = proving.Card(
            number=given["number"],
            name=given["name"],
            birth=born.isoformat() if born else "",
            document=given["document"],
            checked=given["checked"],
        )
        answer = proving.prove_at_counter(me, shown, read, ways.origin_of(request))
        if not isinstance(answer, Refusal):
            messages.success(request, _("Đã lên mức 2: %(name)s.") % {"name": answer.account.full_name})
            return redirect("office:prove_resident")
        say_refusal(card, answer, AT_FIELD.get(answer.code))
    return render(request, "office/residents/prove.html", {"card": card, "who": found}, status=422)
