"""Reading a printed paper back, as a person or an archive would."""

import io
import unicodedata

import pikepdf
import pypdf

A5 = (148, 210)
A4 = (210, 297)
A4_LYING = (297, 210)
_POINTS_PER_MM = 72 / 25.4


def pages(pdf: bytes) -> list[str]:
    """The words of each page, single-spaced, without the marks that only allow a line to break."""
    return [
        " ".join(unicodedata.normalize("NFC", page.extract_text().replace("\u200b", "")).split())
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
    ]


def words(pdf: bytes) -> str:
    """The words of the whole paper."""
    return " ".join(pages(pdf))


def sizes(pdf: bytes) -> set[tuple[int, int]]:
    """Width and height of the pages, in whole millimetres."""
    return {
        (round(float(page.mediabox.width) / _POINTS_PER_MM), round(float(page.mediabox.height) / _POINTS_PER_MM))
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
    }


def fonts(pdf: bytes) -> dict[str, bool]:
    """Every font of the paper, and whether its letters are inside the file."""
    found: dict[str, bool] = {}
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for item in opened.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                found[str(item["/FontName"])] = any(f"/FontFile{kind}" in item for kind in ("", "2", "3"))
    return found
