"""Officials ask the population register: for a purpose they state, and the person asked about is shown it.

Taking people in from a file, deciding about twins and writing what dossiers granted are beside it, in `keeping`.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from motcua.dossiers import search, store
from motcua.dossiers.policy import may_see
from motcua.law.actor import Actor
from motcua.law.codes import parse_reference
from motcua.office.door import actor_of, official
from motcua.registry import purposes
from motcua.registry.facts import FACTS, said
from motcua.registry.lookups import Known, look_for, look_up

ASKING = ("reception", "results", "one_stop_head", "officer", "head", "leader", "control")


@never_cache
@official(*ASKING)
def register(request: HttpRequest) -> HttpResponse:
    """Asks by number, or by name and year. Posted, never in an address: an address is kept in many places."""
    given = request.POST
    errors: list[tuple[str, str]] = []
    found: list[Known] | None = None
    if request.method == "POST":
        found = _asked(request, errors)
    told = dict(errors)
    language = get_language() or "vi"
    choices = [("", ""), *((each.code, each.name.within(language)) for each in purposes.open_to(actor_of(request)))]
    fields = [
        {"id": name, "name": name, "kind": kind, "label": label, "value": given.get(name, ""), "width": width,
         "errors": [told[name]] if name in told else [], **more}
        for name, kind, label, width, more in (
            ("purpose", "choice", _("Để làm gì"), "", {"choices": choices, "required": True}),
            ("dossier", "text", _("Mã hồ sơ"), 20,
             {"hint": _("Cần có khi thẩm tra hoặc sửa dữ liệu; phải là hồ sơ ở chỗ bạn.")}),
            ("reason", "text", _("Lý do"), 20, {"hint": _("Người được tra cứu sẽ thấy lý do này.")}),
            ("number", "text", _("Số định danh hoặc số cũ"), 12, {}),
            ("name", "text", _("Hoặc họ tên (không cần dấu)"), 20, {}),
            ("year", "number", _("và năm sinh"), 4, {}),
        )
    ]  # fmt: skip
    context = {
        "errors": errors,
        "fields": fields,
        "asked": found is not None,
        "rows": [_row(each, language) for each in found or []],
        "crumbs": [(_("Dân cư"), None)],
    }
    return render(request, "office/register/look_up.html", context, status=422 if errors else 200)


def _asked(request: HttpRequest, errors: list[tuple[str, str]]) -> list[Known] | None:
    given, actor = request.POST, actor_of(request)
    number, name, year = (given.get(part, "").strip() for part in ("number", "name", "year"))
    if not number and not (name and year.isdecimal() and len(year) == 4):
        errors.append(("number", _("Hãy ghi số định danh, hoặc họ tên và năm sinh.")))
    purpose, reason, code = given.get("purpose", ""), given.get("reason", ""), given.get("dossier", "").strip()
    if not purpose:
        errors.append(("purpose", _("Hãy chọn mục đích.")))
    dossier = seen_dossier(code, actor) if code else 0
    if code and not dossier:
        errors.append(("dossier", _("Không có hồ sơ nào mang mã này ở chỗ bạn.")))
    if errors:
        return None
    try:
        if number:
            known = look_up(number[:40], purpose=purpose, who=actor, reason=reason, dossier=dossier)
            return [known] if known is not None else []
        return look_for(name[:120], int(year), purpose=purpose, who=actor, reason=reason, dossier=dossier)
    except purposes.NoPurposeError as error:
        asked = purposes.purposes().get(purpose)
        at = "dossier" if asked and asked.dossier else "reason" if asked and asked.in_words else "purpose"
        errors.append((at, error.text.within(get_language() or "vi")))
        return None


def seen_dossier(code: str, actor: Actor) -> int:
    """The dossier with this code or reference if the actor may see it; 0 when for them there is none."""
    found = search.by_code(code.upper())
    if found is None:
        number = parse_reference(code)
        stored = store.read(number) if number else None
        found = stored[0] if stored else None
    return found.id if found is not None and may_see(actor, found) else 0


def _row(known: Known, language: str) -> dict[str, Any]:
    facts = []
    for what, (_no, _shape, name) in FACTS.items():
        value = getattr(known, what)
        if value and what != "name":
            plain = (
                value
                if isinstance(value, str)
                else {"text": getattr(value, "text", ""), "name": getattr(value, "name", "")}
            )
            shown = said(what, plain, language)
            facts.append((name.within(language), shown))
    return {"name": known.name, "number": known.number, "facts": facts}
