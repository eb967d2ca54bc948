"""Two records that may be one person, side by side, and the decision of whoever keeps the register.

Looking at them is a look-up like any other: both people see that somebody compared them, and why.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from motcua.office.door import actor_of, official
from motcua.registry import twins
from motcua.registry.facts import FACTS, said
from motcua.registry.lookups import Known, look_up_record

KEEPERS = ("control",)


@never_cache
@official(*KEEPERS)
def twins_page(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """One person or two: asked with what the register holds of both, decided once, with words."""
    pair = twins.pair(one, other)
    if pair is None:
        if request.method != "POST" and not twins.Twin.objects.filter(one=one, other=other).exists():
            raise Http404
        messages.info(request, _("Cặp này đã có người quyết định."))
        return redirect("office:register_keep")
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        errors = _decided(request, one, other)
        if not errors:
            messages.success(request, _("Đã ghi quyết định."))
            return redirect("office:register_keep")
    reason = _("So hai số có thể là của một người")
    sides = [look_up_record(each, purpose="duplicates", who=actor_of(request), reason=reason) for each in (one, other)]
    known = [each for each in sides if each is not None]
    context = {
        "errors": errors,
        "name": pair.one.name,
        "choices": [(each.id, each.number) for each in known],
        "rows": _rows(known),
        "words": request.POST.get("words", ""),
        "kept": request.POST.get("keep", ""),
        "crumbs": [(_("Dân cư"), "/can-bo/dan-cu/"), (_("Dữ liệu"), "/can-bo/dan-cu/du-lieu/"), (_("So hai số"), None)],
    }
    return render(request, "office/register/twins.html", context, status=422 if errors else 200)


def _decided(request: HttpRequest, one: int, other: int) -> list[tuple[str, str]]:
    keep, words = request.POST.get("keep", ""), request.POST.get("words", "").strip()[:300]
    errors = []
    if keep not in (str(one), str(other), "no"):
        errors.append(("keep", _("Hãy chọn một người hay hai người.")))
    if not words:
        errors.append(("words", _("Hãy ghi căn cứ.")))
    if not errors:
        kept = int(keep) if keep.isdecimal() else 0
        try:
            twins.decide(one, other, same=bool(kept), words=words, by=actor_of(request).name, keep=kept)
        except twins.DecidedError:
            errors.append(("keep", _("Cặp này đã có người quyết định.")))
    return errors


def _rows(known: list[Known]) -> list[dict[str, Any]]:
    """Fact by fact, what each says, and whether they differ."""
    language = get_language() or "vi"
    rows = [{"label": _("Số định danh"), "values": [each.number for each in known], "differs": True}]
    for what, (_no, _shape, name) in FACTS.items():
        values = [getattr(each, what) for each in known]
        if any(values):
            told = [said(what, _plain(value), language) if value else "–" for value in values]
            rows.append({"label": name.within(language), "values": told, "differs": len(set(told)) > 1})
    return rows


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return {
        "text": getattr(value, "text", ""),
        "name": getattr(value, "name", ""),
        "number": getattr(value, "number", ""),
    }
