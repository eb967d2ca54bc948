"""Officials ask the population register: for a purpose they state, and the person asked about is shown it.

Taking people in from a file, deciding about twins and writing what dossiers granted are beside it, in `keeping`.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.office.door import actor_of, official
from motcua.registry.facts import FACTS, said
from motcua.registry.lookups import PURPOSES, Known, NoPurposeError, look_for, look_up

ASKING = ("reception", "results", "one_stop_head", "officer", "head", "control")
OFFICIAL_PURPOSES = ("counter_intake", "appraisal", "identity", "correction", "inspection")


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
    purposes = [("", ""), *((name, PURPOSES[name].within(language)) for name in OFFICIAL_PURPOSES)]
    fields = [
        {"id": name, "name": name, "kind": kind, "label": label, "value": given.get(name, ""), "width": width,
         "errors": [told[name]] if name in told else [], **more}
        for name, kind, label, width, more in (
            ("purpose", "choice", _("Để làm gì"), "", {"choices": purposes, "required": True}),
            ("reason", "text", _("Lý do, số hồ sơ"), 20, {"hint": _("Người được tra cứu sẽ thấy lý do này.")}),
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
    agency = next((grant.agency for grant in actor.grants if grant.role in ASKING), 0)
    number, name, year = given.get("number", "").strip(), given.get("name", "").strip(), given.get("year", "").strip()
    if not number and not (name and year.isdecimal() and len(year) == 4):
        errors.append(("number", _("Hãy ghi số định danh, hoặc họ tên và năm sinh.")))
    if given.get("purpose") not in OFFICIAL_PURPOSES:
        errors.append(("purpose", _("Hãy chọn mục đích.")))
    if errors:
        return None
    purpose, reason = given["purpose"], given.get("reason", "")
    try:
        if number:
            known = look_up(number[:40], purpose=purpose, who=actor, reason=reason, agency=agency)
            return [known] if known is not None else []
        return look_for(name[:120], int(year), purpose=purpose, who=actor, reason=reason, agency=agency)
    except NoPurposeError as error:
        errors.append(("reason", error.text.within(get_language() or "vi")))
        return None


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
