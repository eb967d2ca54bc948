"""From a form to its PDF/A-2b, by `tables.press` and the templates beside this file: no network, no clock.

The same form gives the same bytes in every process of one release, so a paper can be compared by its hash. A
release that mends a template prints differently: papers once handed out are kept as files, which is left to
`sealing`.
"""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from motcua.papers import barcode, forms, spoken
from motcua.tables.lettering import printable
from motcua.tables.press import MEDIA_TYPE, noted, pressed

__all__ = ["MEDIA_TYPE", "TEMPLATES", "render", "render_block", "render_with_places", "template_of"]

TEMPLATES = Path(__file__).parent / "templates"

_TEMPLATE: dict[type, str] = {
    forms.Receipt: "01_receipt.typ",
    forms.SupplementSlip: "02_supplement.typ",
    forms.RefusalSlip: "03_refusal.typ",
    forms.ApologySlip: "04_apology.typ",
    forms.ControlSlip: "05_control.typ",
    forms.Book: "06_book.typ",
    forms.HandoverList: "handover_list.typ",
    forms.Decision: "decision.typ",
    forms.Result: "result.typ",
    forms.Checklist: "checklist.typ",
}


def render(form: forms.Form) -> bytes:
    """The form as PDF/A-2b, tagged for screen readers.

    Raises ValueError for an instant without a time zone or a dossier code that no barcode can carry, and
    RuntimeError in a process forked from one that had already printed.
    """
    data = msgspec.json.encode(_shown(form))
    return pressed(TEMPLATES / template_of(form), data, int(form.head.issued_at.timestamp()))


def template_of(form: forms.Form) -> str:
    """The form's template; a form that stands in a module of its own says it itself."""
    return _TEMPLATE.get(type(form)) or type(form).template  # type: ignore[attr-defined,no-any-return]


def render_with_places(form: forms.Form, label: str) -> tuple[bytes, list[dict[str, float]]]:
    """The form as `render` gives it, and what its template notes under `label`: places on its pages, in points."""
    pdf = render(form)
    return pdf, noted(TEMPLATES / template_of(form), label)


def render_block(width: float, height: float, title: str, lines: tuple[tuple[str, str], ...]) -> bytes:
    """The visible block of a signature as a page of just that size (in points), letters and all."""
    shown = {"width": width, "height": height, "title": title, "lines": [[a, printable(b)] for a, b in lines]}
    return pressed(TEMPLATES / "signature_block.typ", json.dumps(shown), 0, tags=False)


def _shown(form: forms.Form) -> dict[str, Any]:
    """What the template is given: every text printable, every instant and day in words, marks drawn."""
    shown: dict[str, Any] = _value(form)
    draw = _MARKS.get(type(form))
    return {**shown, **draw(form)} if draw else shown


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, datetime):
        local = spoken.in_city(value)
        return {
            "hour": spoken.hour(local),
            "weekday": spoken.weekday(local),
            "day": spoken.day(local),
            "short": f"{local:%d/%m/%Y}",
            "clock": f"{local:%H:%M}",
        }
    if isinstance(value, date):
        return {"day": spoken.day(value), "short": f"{value:%d/%m/%Y}"}
    if isinstance(value, msgspec.Struct):
        return {name: _value(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    return value


def _code_and_address(form: forms.Receipt) -> dict[str, str]:
    return {
        "barcode": barcode.code128_svg(form.code),
        "qr": barcode.qr_svg(form.tracking_url) if form.tracking_url else "",
    }


def _check_and_keywords(form: forms.Result) -> dict[str, Any]:
    # What machines read, and people type, is not broken for the line's sake.
    return {
        "qr": barcode.qr_svg(form.check_url) if form.check_url else "",
        "keywords": form.keywords,
        "check_address": form.check_address,
        "check_code": form.check_code,
    }


def _total_in_words(form: forms.HandoverList) -> dict[str, str]:
    return {"total_in_words": spoken.number(len(form.rows))}


_MARKS: dict[type, Callable[[Any], dict[str, Any]]] = {
    forms.Receipt: _code_and_address,
    forms.ControlSlip: lambda form: {"barcode": barcode.code128_svg(form.code)},
    forms.HandoverList: _total_in_words,
    forms.Decision: lambda form: {"qr": barcode.qr_svg(form.verify_url) if form.verify_url else ""},
    forms.Result: _check_and_keywords,
    forms.Checklist: lambda form: {"qr": barcode.qr_svg(form.url) if form.url else ""},
}
