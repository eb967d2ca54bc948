"""What stands on each page of an application: questions, what is known and from where, papers, money, the whole.

Only shows: what is saved comes from the draft, what is wrong from reading it.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.filing import drafts
from motcua.filing.communes import commune_said, communes
from motcua.filing.drafts import Conflict
from motcua.filing.models import Draft
from motcua.filing.questions import as_typed, day_as_typed, shown_blocks
from motcua.filing.reading import Read, ways
from motcua.filing.saying import say_value
from motcua.filing.steps import ABOUT, DELIVERY, MONEY, PAPERS, REVIEW, Step, asked_fields
from motcua.law.procedure import Field, Procedure
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.portal.filing.attaching import upload_field
from motcua.portal.filing.money_page import money_part
from motcua.portal.filing.papers_page import papers_part
from motcua.portal.filing.review_page import review_part

Row = dict[str, Any]
COMMUNES = {"list": "communes", "autocomplete": "off"}


def step_title(step: Step, procedure: Procedure) -> str:
    """The page's name: the group's own heading, or what the page is for."""
    if step.kind == "group":
        return procedure.form[step.group].name.within(get_language() or "vi")
    return {
        ABOUT: _("Người nộp"),
        PAPERS: _("Giấy tờ"),
        MONEY: _("Phí, lệ phí"),
        DELIVERY: _("Nhận kết quả"),
        REVIEW: _("Xem lại và nộp"),
    }[step.key]


def page_context(
    request: HttpRequest,
    draft: Draft,
    procedure: Procedure,
    step: Step,
    read: Read,
    *,
    tried: bool = False,
    typed: dict[str, Any] | None = None,
    conflict: Conflict | None = None,
    unstored: dict[str, list[str]] | None = None,
    **more: Any,
) -> Row:
    """Everything a page shows. `tried` says that somebody wanted to go on; `typed` what they sent instead."""
    language = get_language() or "vi"
    errors = dict(read.errors_on(step.key)) if tried else {}
    faults = list(read.pages.get(step.key, ())) if tried else []
    for name, messages in (unstored or {}).items():
        errors[name] = [*messages, *errors.get(name, ())]
        faults += [(name, message) for message in messages]
    saved = drafts.content(draft, step.key) if typed is None else drafts.content(draft, step.key) | typed
    parts = {
        "group": lambda: _group_part(draft, procedure, step, read, saved, errors),
        "about": lambda: _about_part(draft, saved, errors),
        "papers": lambda: papers_part(draft, procedure, read, saved, errors),
        "money": lambda: money_part(draft, procedure, read, saved, errors),
        "delivery": lambda: _delivery_part(draft, procedure, saved, errors),
        "review": lambda: review_part(draft, procedure, read, step_title),
    }
    keys = [each.key for each in read.steps]
    at = keys.index(step.key)
    return {
        "draft": draft,
        "name": procedure.name.within(language),
        "title": step_title(step, procedure),
        "steps": _step_rows(draft, procedure, step, read),
        "number": at + 1,
        "count": len(keys),
        "previous": _address(draft, keys[at - 1]) if at else reverse("portal:drafts"),
        "errors": faults,
        "back": request.GET.get("ve", "") or request.POST.get("back", ""),
        "communes": _communes(draft, procedure, step),
        "conflict": _conflict_rows(conflict, procedure, step, typed or {}) if conflict else [],
        "conflict_at": conflict.at if conflict else None,
        "newer": drafts.newer_version(draft) is not None,
        "office": directory()[draft.agency].name.within(language),
        **parts[step.kind](),
        **more,
    }


def _communes(draft: Draft, procedure: Procedure, step: Step) -> list[str]:
    """The communes to choose from; none on a page that asks for no address, for the list is long."""
    fields = procedure.form[step.group].fields if step.kind == "group" else ()
    kinds = {each.type for field in fields for each in (field, *field.columns)}
    if "address" not in kinds and step.kind not in ("about", "delivery"):
        return []
    return [label for _code, label, _key in communes(city_day(draft.begun_at))]


def _address(draft: Draft, key: str) -> str:
    return reverse("portal:draft_step", args=[draft.uuid, key])


def _step_rows(draft: Draft, procedure: Procedure, step: Step, read: Read) -> list[Row]:
    """The list of pages, each with how far it is: `done`, `wrong` when seen and not right, `now`, `todo`."""
    rows = []
    for each in read.steps:
        seen = each.key in draft.revisions
        state = "wrong" if seen and each.key in read.pages else "done" if seen else "todo"
        rows.append(
            {
                "title": step_title(each, procedure),
                "href": _address(draft, each.key),
                "state": state,
                "now": each.key == step.key,
                # The review asks the register anew when it is opened, so no device opens it ahead of its owner.
                "kept": each.key != REVIEW,
            }
        )
    return rows


def _group_part(
    draft: Draft, procedure: Procedure, step: Step, read: Read, saved: dict[str, Any], errors: dict[str, list[str]]
) -> Row:
    language = get_language() or "vi"
    fields = asked_fields(procedure.form[step.group], draft.case, read.form)
    shown = [field for field in fields if not field.computed]
    typed = as_typed(shown, saved)
    blocks = shown_blocks(shown, procedure, typed, errors, language, read.form)
    for field, block in zip(shown, blocks, strict=True):
        block["no_same"] = True
        if field.type == "date" and not field.hint:
            block["hint"] = block["field"]["hint"] = _("Ngày/tháng/năm, ví dụ 7/1/2019")
        if field.id in draft.sources:
            block["known"] = _known(field, draft, language)
        if field.type == "file":
            block["upload"] = upload_field(
                draft, block["id"], block["label"], errors.get(block["id"], []),
                hint=block["hint"], required=field.required,
            )  # fmt: skip
    here = {field.id for field in fields}
    for block, field in zip(blocks, shown, strict=True):
        # What waits for an answer of another page is only here because that answer was given: it says nothing more.
        if field.when is not None and field.when.field not in here:
            block["depends"], block["hint"] = "", field.hint.within(language) if field.hint else ""
            if "field" in block:
                block["field"]["hint"] = block["hint"]
    computed = [
        {"label": field.label.within(language), "value": say_value(field, read.form[field.id], language)}
        for field in fields
        if field.computed and field.id in read.form
    ]
    return {"blocks": blocks, "computed": computed, "any_known": any(block.get("known") for block in blocks)}


def source_words(source: str) -> datetime | None:
    """When the register was asked, out of `register@2018-10-08T02:14:00+00:00`."""
    try:
        return datetime.fromisoformat(source.partition("@")[2])
    except ValueError:
        return None


def _known(field: Field, draft: Draft, language: str) -> Row:
    value = draft.answers.get(field.id)
    lines = [(field.label.within(language), say_value(field, value, language))]
    if field.type == "person" and isinstance(value, dict):
        labels = {"name": _("Họ tên"), "number": _("Số giấy tờ"), "birth": _("Ngày sinh")}
        lines = [(label, day_as_typed(str(value[part]))) for part, label in labels.items() if value.get(part)]
    return {
        "id": field.id,
        "lines": lines,
        "at": source_words(draft.sources[field.id]),
        "contest": _contest(draft, field.known, value),
        "free": True,
    }


def _contest(draft: Draft, topic: str, value: Any) -> str:
    """Where one says that the register is wrong; one's own data only, for others say it themselves."""
    address = reverse("portal:contest_data") if draft.principal.get("kind", "self") == "self" else ""
    own = isinstance(value, dict) and value.get("number") == draft.principal.get("number")
    fact = {"self": "name", "self.residence": "permanent", "wife": "spouse", "husband": "spouse"}.get(topic, topic)
    return f"{address}?what={'name' if own else fact.removeprefix('self.')}" if address else ""


def _about_part(draft: Draft, saved: dict[str, Any], errors: dict[str, list[str]]) -> Row:
    labels = {
        "name": (_("Họ tên"), "text", 20),
        "number": (_("Số định danh cá nhân, hộ chiếu"), "text", 12),
        "birth": (_("Ngày sinh"), "date", 8),
        "address": (_("Số nhà, đường, thôn"), "text", ""),
        "commune": (_("Phường, xã"), "text", ""),
        "phone": (_("Điện thoại"), "tel", 12),
        "email": (_("Thư điện tử"), "email", 20),
    }
    if draft.principal.get("kind_of_applicant") != "person":
        labels["name"], labels["number"] = (_("Tên tổ chức, doanh nghiệp"), "text", 20), (_("Mã số thuế"), "text", 12)
        del labels["birth"]
    locked = drafts.locked(draft, ABOUT)
    known = [
        (label, _as_shown(part, saved))
        for part, (label, _kind, _width) in labels.items()
        if part in locked and saved.get(part)
    ]
    asked = [
        {
            "id": part, "name": part, "label": label, "kind": kind, "width": width,
            "value": _as_shown(part, saved),
            "required": part in ("name", "number", "address"), "errors": errors.get(part, []),
            "attrs": COMMUNES if part == "commune" else {"autocomplete": _auto(part)},
        }
        for part, (label, kind, width) in labels.items()
        if part not in locked
    ]  # fmt: skip
    at = source_words(next(iter(locked.values()), ""))
    block = (
        {"id": "", "lines": known, "at": at, "contest": _contest(draft, "self", ""), "free": False} if known else None
    )
    behalf = draft.principal.get("kind", "self") != "self"
    return {"known": block, "fields": asked, "behalf": behalf}


def _as_shown(part: str, saved: dict[str, Any]) -> str:
    said = str(saved.get(part, ""))
    return commune_said(said) if part == "commune" else day_as_typed(said)


def _auto(part: str) -> str:
    return {"name": "name", "phone": "tel", "email": "email", "birth": "bday", "address": "street-address"}.get(
        part, "off"
    )


def _delivery_part(draft: Draft, procedure: Procedure, saved: dict[str, Any], errors: dict[str, list[str]]) -> Row:
    about = draft.about
    words = {
        "electronic": (_("Bản điện tử có chữ ký số"), _("Nằm trong tài khoản của tôi, tải về hay dùng lại được")),
        "person": (_("Nhận tại quầy nơi nộp"), directory()[draft.agency].name.within(get_language() or "vi")),
        "post": (_("Gửi qua bưu điện"), _("Cước bưu điện do người nhận trả")),
    }  # fmt: skip
    in_person = "post" not in ways(procedure)
    labels = {
        "name": (_("Người nhận"), about.get("name", ""), "text", 20),
        "phone": (_("Điện thoại người nhận"), about.get("phone", ""), "tel", 12),
        "address": (_("Số nhà, đường, thôn"), about.get("address", ""), "text", ""),
        "commune": (_("Phường, xã"), about.get("commune", ""), "text", ""),
    }
    fields = []
    for part, (label, suggested, kind, width) in labels.items():
        value = str(saved.get(part, suggested) if saved else suggested)
        fields.append(
            {
                "id": part, "name": part, "label": label, "kind": kind, "width": width, "required": part != "commune",
                "value": commune_said(value) if part == "commune" else value, "errors": errors.get(part, []),
                "attrs": COMMUNES if part == "commune" else {},
            }
        )  # fmt: skip
    return {
        "ways": [(way, *words[way]) for way in ways(procedure)],
        "way": saved.get("way", ""),
        "in_person": in_person,
        "fields": [] if in_person else fields,
        "way_errors": errors.get("way", []),
    }


def _conflict_rows(conflict: Conflict, procedure: Procedure, step: Step, typed: dict[str, Any]) -> list[Row]:
    """Each answer of the page that was changed elsewhere: what stands there now, and what was typed here."""
    fields = {field.id: field for field in procedure.fields()}
    rows = []
    for name in [*typed, *(each for each in conflict.now if each not in typed)]:
        here, there = typed.get(name), conflict.now.get(name)
        if here == there or (not here and not there):
            continue
        field = fields.get(name) if step.kind == "group" else None
        label = field.label.within(get_language() or "vi") if field else _("Mục này")
        rows.append({"label": label, "there": _said(field, there), "here": _said(field, here)})
    return rows


def _said(field: Field | None, value: Any) -> str:
    if not value:
        return _("để trống")
    if field is not None and field.type != "file":
        try:
            return say_value(field, value, get_language() or "vi")
        except (TypeError, ValueError):
            return str(value)[:200]
    return str(value)[:200] if isinstance(value, str) else _("đã khác")
