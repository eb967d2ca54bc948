"""From a form to its PDF/A-2b, by Typst and nothing else: own fonts, own templates, no network, no clock.

The same form gives the same bytes in every process of one release, so a paper can be compared by its hash. A
release that mends a template prints differently: papers once handed out are kept as files, which is left to
`sealing`.
"""

import json
import os
import threading
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import typst

from motcua.papers import barcode, forms, spoken
from motcua.papers.lettering import FONTS, printable

TEMPLATES = Path(__file__).parent / "templates"
MEDIA_TYPE = "application/pdf"

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
    pdf = _compiler(template_of(form)).compile(
        sys_inputs={"data": msgspec.json.encode(_shown(form)).decode()},
        format="pdf",
        pdf_standards="a-2b",
        timestamp=int(form.head.issued_at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("a paper is one PDF file")
    return pdf


def template_of(form: forms.Form) -> str:
    """The form's template; a form that stands in a module of its own says it itself."""
    return _TEMPLATE.get(type(form)) or type(form).template  # type: ignore[attr-defined,no-any-return]


def render_with_places(form: forms.Form, label: str) -> tuple[bytes, list[dict[str, float]]]:
    """The form as `render` gives it, and what its template notes under `label`: places on its pages, in points."""
    pdf = render(form)
    noted = _compiler(template_of(form)).query(f"<{label}>", field="value")
    return pdf, json.loads(noted)


def render_block(width: float, height: float, title: str, lines: tuple[tuple[str, str], ...]) -> bytes:
    """The visible block of a signature as a page of just that size (in points), letters and all."""
    shown = {"width": width, "height": height, "title": title, "lines": [[a, printable(b)] for a, b in lines]}
    pdf = _compiler("signature_block.typ").compile(
        sys_inputs={"data": json.dumps(shown)}, format="pdf", pdf_standards="a-2b", timestamp=0, pdf_tags=False
    )
    if not isinstance(pdf, bytes):
        raise TypeError("a block is one page")
    return pdf


class _Press(threading.local):
    """One warm compiler per template and thread: a compiler refuses a second caller while it works."""

    def __init__(self) -> None:
        self.compilers: dict[str, typst.Compiler] = {}


_press = _Press()
_printed_in: list[int] = []


def _compiler(template: str) -> typst.Compiler:
    # Typst's own threads do not live on in a forked child, and a child that waits for them waits for ever.
    if not _printed_in:
        _printed_in.append(os.getpid())
    if _printed_in[0] != os.getpid():
        raise RuntimeError("this process was forked after printing; start printing processes by spawn")
    compiler = _press.compilers.get(template)
    if compiler is None:
        compiler = typst.Compiler(TEMPLATES / template, root=TEMPLATES, font_paths=_fonts())
        _press.compilers[template] = compiler
    return compiler


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


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
