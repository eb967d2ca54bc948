"""One shape for every question on a page, whether it is a Django form's field or one of a procedure's own form.

Reading and checking what was typed is left to the forms; here it is only shown again, with its errors.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm, BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select, Textarea

from motcua.site.templatetags.reading import part, spoken

INPUT_TYPES = {
    "text": "text", "number": "text", "money": "text", "date": "text", "file": "file", "tel": "tel",
    "email": "email", "search": "search", "password": "password",
}  # fmt: skip
NUMERIC = {"number": "numeric", "money": "numeric", "date": "text"}
GROUPS = ("radios", "checks")
WIDTHS = {"date": 8, "number": 8, "money": 12, "tel": 12}


def described_by(element_id: str, hint: Any, errors: Any) -> str:
    """The ids that a reader of the screen hears after the label."""
    ids = [f"{element_id}-hint"] * bool(hint) + [f"{element_id}-error"] * bool(errors)
    return " ".join(ids)


def field_view(field: Any, label: Any = "", hint: Any = "") -> dict[str, Any]:
    """What the field's template shows, from a BoundField or from a procedure's own field."""
    if isinstance(field, BoundField):
        return bound_view(field, label or field.label, hint or field.help_text)
    return own_view(field, label or spoken(part(field, "label")), hint or spoken(part(field, "hint")))


def bound_view(field: BoundField, label: Any, hint: Any) -> dict[str, Any]:
    """A Django form's field, drawn by its own widget with our classes."""
    widget = field.field.widget
    element_id = field.id_for_label or field.auto_id
    errors = list(field.errors)
    view = {
        "id": element_id, "label": label, "hint": hint, "errors": errors,
        "optional": not field.field.required, "kind": "widget", "hidden": field.is_hidden, "input": "",
    }  # fmt: skip
    attrs: dict[str, Any] = {"aria-describedby": described_by(element_id, hint, errors) or None}
    if errors:
        attrs["aria-invalid"] = "true"
    # A placeholder goes away when it is needed most; False takes the widget's own out.
    attrs = {name: value for name, value in attrs.items() if value} | {"placeholder": False}
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        view |= {"id": field.auto_id, "kind": "group_of_widgets", "choices": list(field.subwidgets)}
    elif isinstance(widget, CheckboxInput):
        view |= {"kind": "boolean_widget", "input": field.as_widget(attrs={"class": "choice__input"} | attrs)}
    else:
        dress = _dress(widget)
        view["input"] = field.as_widget(attrs={"class": f"{dress} {widget.attrs.get('class', '')}".strip()} | attrs)
    return view


def _dress(widget: Any) -> str:
    if isinstance(widget, Select):
        return "select"
    if isinstance(widget, Textarea):
        return "textarea"
    return "file" if isinstance(widget, FileInput) else "input"


def own_view(field: Any, label: Any, hint: Any) -> dict[str, Any]:
    """A question of a procedure's form, given as a dict or an object."""
    kind, name = part(field, "kind", "text"), part(field, "name", "")
    element_id = part(field, "id") or f"f-{name}"
    value = part(field, "value", "")
    errors = [spoken(each) for each in part(field, "errors", ())]
    chosen = {str(each) for each in (value if isinstance(value, list | tuple | set) else [value])}
    choices = [
        {"id": f"{element_id}-{n}", "value": key, "label": spoken(label), "chosen": str(key) in chosen}
        for n, (key, label) in enumerate(part(field, "choices", ()), 1)
    ]
    return {
        "id": element_id, "name": name, "label": label, "hint": hint, "errors": errors,
        "optional": not part(field, "required", False), "kind": kind, "value": value, "choices": choices,
        "chosen": bool(value) and str(value) not in ("False", "no", "0"), "unit": spoken(part(field, "unit")),
        "rows": part(field, "rows", 4), "width": part(field, "width", WIDTHS.get(kind, "")),
        "type": INPUT_TYPES.get(kind, "text"), "inputmode": NUMERIC.get(kind, ""),
        "described_by": described_by(element_id, hint, errors), "attrs": dict(part(field, "attrs", {})),
        "hidden": False, "is_group": kind in GROUPS,
    }  # fmt: skip


def _told(error: ValidationError, bound: BoundField) -> str:
    """The error's words; "this field is required" does not say which, so its label goes before."""
    words = " ".join(str(message) for message in error.messages)
    return f"{bound.label}: {words}" if error.code == "required" else words


def errors_of(source: Any) -> list[tuple[str, str]]:
    """`(element id, what is wrong)` for each fault of a form, or of a list of such pairs."""
    if not isinstance(source, BaseForm):
        return [(str(element_id), spoken(message)) for element_id, message in source or ()]
    found = [("", str(message)) for message in source.non_field_errors()]
    for name, errors in source.errors.as_data().items():
        if name in source.fields:
            bound = source[name]
            found += [(bound.id_for_label or bound.auto_id, _told(error, bound)) for error in errors]
    return found
