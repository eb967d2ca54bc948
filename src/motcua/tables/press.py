"""The printing press: a Typst template and its data to PDF/A-2b, by our own fonts, no network, no clock.

The same data give the same bytes in every process of one release. What is printed, and in which words, is its
callers' affair; letters that cannot be printed are `lettering`'s.
"""

import json
import os
import threading
from functools import cache
from pathlib import Path
from typing import Any

import typst

from motcua.tables.lettering import FONTS

MEDIA_TYPE = "application/pdf"
EMPTY = Path(__file__).parent / "templates" / "empty.typ"
PAPERS_REMEMBERED = 10


def pressed(template: Path, data: bytes | str, at: int, *, tags: bool = True) -> bytes:
    """The template with `data` (JSON) as PDF/A-2b, dated `at` (seconds since 1970).

    Raises RuntimeError in a process forked from one that had already printed.
    """
    pdf = _compiler(template).compile(
        sys_inputs={"data": data if isinstance(data, str) else data.decode()},
        format="pdf",
        pdf_standards="a-2b",
        timestamp=at,
        pdf_tags=tags,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("a paper is one PDF file")
    return pdf


def noted(template: Path, label: str) -> Any:
    """What the template noted under `label` when it was last pressed in this thread."""
    return json.loads(_compiler(template).query(f"<{label}>", field="value"))


def forget_work() -> None:
    """Lets go of what Typst keeps of the last papers to be quicker with the next, which after a long table is much.

    It forgets a paper once ten others were pressed: an empty page, ten times, is a tenth of a second.
    """
    empty = _compiler(EMPTY)
    for _ in range(PAPERS_REMEMBERED + 1):
        empty.compile(format="svg")


class _Press(threading.local):
    """One warm compiler per template and thread: a compiler refuses a second caller while it works."""

    def __init__(self) -> None:
        self.compilers: dict[Path, typst.Compiler] = {}


_press = _Press()
_printed_in: list[int] = []


def _compiler(template: Path) -> typst.Compiler:
    # Typst's own threads do not live on in a forked child, and a child that waits for them waits for ever.
    if not _printed_in:
        _printed_in.append(os.getpid())
    if _printed_in[0] != os.getpid():
        raise RuntimeError("this process was forked after printing; start printing processes by spawn")
    compiler = _press.compilers.get(template)
    if compiler is None:
        compiler = typst.Compiler(template, root=template.parent, font_paths=fonts())
        _press.compilers[template] = compiler
    return compiler


@cache
def fonts() -> typst.Fonts:
    """The faces we print with, and no others."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
