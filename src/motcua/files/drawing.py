"""Pages of a PDF drawn as small pictures, so that a person sees before confirming what the clerk will see.

Drawn by the typesetter, which has a PDF reader of its own written in a language without wild pointers. A page
that cannot be drawn has no picture; the person is then asked to open the PDF itself. Runs in the process apart.
"""

from pathlib import Path

import pikepdf
import typst

from motcua.files.findings import MOST_PREVIEWS, PREVIEW_WIDTH
from motcua.files.images import preview

TALLEST, FLATTEST = 3.0, 0.2
_SHEET = """#set page(width: {width}pt, height: {height}pt, margin: 0pt)
#image("{name}", page: {number}, width: 100%, height: 100%, fit: "contain")
"""


def drawn(pdf: Path) -> list[bytes]:
    """The first pages as WebP, in order, up to the first that cannot be drawn."""
    with pikepdf.open(pdf, suppress_warnings=True) as opened:
        shapes = [_shape(page) for page in opened.pages[:MOST_PREVIEWS]]
    made = []
    sheet = pdf.parent / "sheet.typ"
    for number, ratio in enumerate(shapes, 1):
        height = round(PREVIEW_WIDTH * ratio)
        sheet.write_text(_SHEET.format(width=PREVIEW_WIDTH, height=height, name=pdf.name, number=number))
        try:
            picture = typst.compile(sheet, root=pdf.parent, format="png", ppi=72.0)
        except (typst.TypstError, RuntimeError, ValueError):
            break
        made.append(preview(picture if isinstance(picture, bytes) else picture[0]))
    return made


def _shape(page: pikepdf.Page) -> float:
    """Height by width as the page is shown, within what can be shown."""
    try:
        left, bottom, right, top = (float(each) for each in page.cropbox)
        ratio = abs(top - bottom) / abs(right - left)
        if int(page.obj.get("/Rotate", 0)) % 180 == 90:
            ratio = 1 / ratio
    except (ValueError, TypeError, ZeroDivisionError, pikepdf.PdfError):
        ratio = 1.414
    return min(max(ratio, FLATTEST), TALLEST)
