"""Bringing online what a dossier lacks: the papers asked for, the answers asked for, and words to the rest.

The page asks for exactly what the request lists. Whether it is complete the law decides; what was taken in already
is not lost over a mistake elsewhere.
"""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import structs

from motcua.accounts.door import actor_behind, resident
from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.asked_items import AskedFor, asked_for
from motcua.dossiers.handle import handle
from motcua.filing.questions import element_id, raw_answers, shown_groups
from motcua.law import commands as c
from motcua.law.codes import reference
from motcua.law.dossier import Dossier, PaperGiven
from motcua.law.forms import check_form
from motcua.law.procedure import Field, FieldGroup, Procedure
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.law.working_time import city_day
from motcua.portal.mine.brought import Brought, brought, bundle_of, file_field, keep
from motcua.portal.mine.owning import mine_or_404

Faults = dict[str, list[str]]


@resident()
def my_supplement(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """GET shows what is asked for; POST sends it, or says what is still missing."""
    state, actor = mine_or_404(request, dossier_id)
    if state.open_supplement is None or state.phase not in ("returned", "supplement"):
        if request.method == "POST":
            messages.info(request, _("Phần bổ sung đã được gửi. Bạn không cần làm gì thêm."))
        return redirect("portal:my_dossier", dossier_id)
    procedure = versions.procedure_version(state.version)
    wanted = asked_for(procedure, state.open_supplement.items)
    if request.method != "POST":
        return _page(request, state, procedure, wanted, {}, {})
    own, bundle = actor_behind(request).account, bundle_of(state.id, len(state.supplements))
    came = {each: brought(request, f"paper-{each}", own, bundle) for each in _every_paper(procedure, state)}
    form, faults = _answers(request.POST, state, procedure, wanted.fields)
    for paper in wanted.papers:
        if paper not in came or not (came[paper].digests or came[paper].faults):
            faults.setdefault(f"paper-{paper}", []).append(_("Hãy chọn ảnh hoặc tệp của giấy tờ này."))
    for paper, each in came.items():
        if each.faults:
            faults[f"paper-{paper}"] = list(each.faults)
    if wanted.words and not (request.POST.get("note", "").strip() or any(each.digests for each in came.values())):
        faults.setdefault("note", []).append(_("Hãy trả lời nội dung được hỏi."))
    if faults:
        return _page(request, state, procedure, wanted, came, faults)
    command = c.GiveSupplement(papers=_given(state, came), form=form, note=request.POST.get("note", "").strip()[:2000])
    done = handle(state.id, command, actor, request.POST.get("key", "")[:64] or uuid4().hex)
    if isinstance(done, Refusal):
        faults = {"": [done.text.within(get_language() or "vi")]}
        return _page(request, state, procedure, wanted, came, faults)
    keep(came.values())
    messages.success(request, _("Đã gửi phần bổ sung. Cơ quan tiếp nhận sẽ xem lại hồ sơ."))
    return redirect("portal:my_dossier", dossier_id)


def _every_paper(procedure: Procedure, state: Dossier) -> list[str]:
    asked = state.open_supplement
    also = [each for each in (asked.items if asked else ()) if procedure.paper(each)]
    here = [each.id for each in procedure.papers if each.is_asked(state.case, state.form)]
    return list(dict.fromkeys([*also, *here]))


def _given(state: Dossier, came: dict[str, Brought]) -> tuple[PaperGiven, ...]:
    """What came, as papers. What was asked for in words alone is answered by a paper that lies there already."""
    given = tuple(PaperGiven(id=paper, copy=1, files=each.digests) for paper, each in came.items() if each.digests)
    return given or state.papers[:1]


def _answers(
    typed: QueryDict, state: Dossier, procedure: Procedure, asked: tuple[Field, ...]
) -> tuple[dict[str, Any], Faults]:
    """The answers that change, cleaned with the rest of the form as at filing, and what is wrong with them."""
    if not asked:
        return {}, {}
    today = city_day(clock.now())
    raw = raw_answers(asked, typed, today)
    cleaned, found = check_form(procedure.fields(), {**state.form, **raw}, today, state.case)
    own = {field.id for field in asked}
    language = get_language() or "vi"
    faults: Faults = {}
    for each in found:
        if each.path.split(".")[0].split("[")[0] in own:
            faults.setdefault(element_id(procedure, each.path), []).append(each.reason.within(language))
    changed = {name: value for name, value in cleaned.items() if name in own or state.form.get(name) != value}
    return changed, faults


def _page(
    request: HttpRequest,
    state: Dossier,
    procedure: Procedure,
    wanted: AskedFor,
    came: dict[str, Brought],
    faults: Faults,
) -> HttpResponse:
    language = get_language() or "vi"
    asked = state.supplements[-1]
    others = [each for each in _every_paper(procedure, state) if each not in wanted.papers]
    place = (actor_behind(request).account, bundle_of(state.id, len(state.supplements)))
    typed = request.POST if request.method == "POST" else _as_typed(wanted.fields, state.form)
    note = {
        "id": "note", "name": "note", "kind": "textarea", "rows": 4, "label": _("Trả lời, giải thích"),
        "value": typed.get("note", ""), "errors": faults.get("note", []), "required": bool(wanted.words),
    }  # fmt: skip
    context = {
        "state": state,
        "code": state.code or reference(state.id),
        "name": procedure.name.within(language),
        "reason": asked.reason,
        "words": wanted.words,
        "papers": [_paper(procedure, each, faults, place) for each in wanted.papers],
        "others": [_paper(procedure, each, faults, place, required=False) for each in others],
        "others_open": any(came[each].digests or f"paper-{each}" in faults for each in others if each in came),
        "groups": _groups(procedure, wanted.fields, state, typed, faults, language),
        "note": note,
        # The question for files calls its input by another name than its field.
        "errors": [
            (f"f-{element}" if element.startswith("paper-") else element, message)
            for element, said in faults.items()
            for message in said
        ],
        "key": request.POST.get("key") or uuid4().hex,
        "crumbs": [
            (_("Của tôi"), reverse("portal:mine")),
            (state.code or reference(state.id), reverse("portal:my_dossier", args=[state.id])),
            (_("Bổ sung hồ sơ"), None),
        ],
    }
    return render(request, "portal/mine/supplement.html", context, status=422 if faults else 200)


def _groups(
    procedure: Procedure, asked: tuple[Field, ...], state: Dossier, typed: QueryDict, faults: Faults, language: str
) -> list[dict[str, Any]]:
    if not asked:
        return []
    # Asked for by a clerk, they are asked whatever their condition says.
    plain = tuple(structs.replace(field, when=None, cases=()) for field in asked)
    only = structs.replace(procedure, form=(FieldGroup(name=Text("Tờ khai", "The form"), fields=plain),))
    return shown_groups(only, state.case, typed, faults, language, {}, dict(state.form))


def _as_typed(fields: tuple[Field, ...], form: dict[str, Any], prefix: str = "form-") -> QueryDict:
    """The answers that stand, as the page would send them."""
    typed = QueryDict(mutable=True)
    for field in fields:
        value, name = form.get(field.id), f"{prefix}{field.id}"
        if isinstance(value, list):
            typed[f"rows-{name}"] = str(max(1, len(value)))
            for at, row in enumerate(value):
                typed.update(_as_typed(field.columns, row, f"{name}[{at}]."))
        elif isinstance(value, dict):
            for part, said in value.items():
                typed[f"{name}.{part}"] = str(said)
        elif value is not None:
            typed[name] = str(value)
    return typed


def _paper(procedure: Procedure, name: str, faults: Faults, place: tuple[int, str], required: bool = True) -> Any:
    """The question for one paper, with what was already sent for it."""
    paper = procedure.paper(name)
    element = f"paper-{name}"
    label = paper.name.within(get_language() or "vi") if paper else name
    return file_field(*place, element, label, required=required, errors=faults.get(element, []))
