"""The letters of the house: every Vietnamese letter is carried, and figures in columns have one width.

Be Vietnam Pro has no tabular figures. The files `figures-*.woff2` hold its own ten digits, each set in a box
of one width; run this file as a program to make them again from the vendored Latin files.
"""

import unicodedata
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[2] / "src/motcua/site/static/motcua/fonts"
WEIGHTS = ("400", "600", "700")
DIGITS = "0123456789"
BOX = {"400": 630, "600": 644, "700": 658}  # thousandths of the letter height


def set_in_one_width(latin: Path, width: int) -> bytes:
    """The digits of a font, each centred in a box `width` units wide, as woff2."""
    font = TTFont(latin, recalcTimestamp=False)
    keep = Subsetter(Options(layout_features=[], name_IDs=[0, 1, 2, 13, 14], hinting=False))
    keep.populate(text=DIGITS)
    keep.subset(font)
    outlines, advances = font["glyf"], font["hmtx"].metrics
    for digit in DIGITS:
        name = font.getBestCmap()[ord(digit)]
        glyph = outlines[name]
        left = (width - (glyph.xMax - glyph.xMin)) // 2
        glyph.coordinates.translate((left - glyph.xMin, 0))
        glyph.recalcBounds(outlines)
        advances[name] = (width, left)
    font.flavor = "woff2"
    made = BytesIO()
    font.save(made)
    return made.getvalue()


@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_vietnamese_letter_is_carried(weight: str) -> None:
    carried: set[int] = set()
    for part in ("latin", "vietnamese"):
        carried |= set(TTFont(FONTS / f"be-vietnam-pro-{part}-{weight}-normal.woff2").getBestCmap())
    vowels = "aăâeêioôơuưy"
    marks = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    letters = {unicodedata.normalize("NFC", v + m) for v in vowels for m in marks} | set("đbcdghklmnpqrstvx")
    missing = {c for each in letters for c in (each, each.upper()) if ord(c) not in carried}
    assert not missing


@pytest.mark.parametrize("weight", WEIGHTS)
def test_figures_have_one_width_and_the_shapes_of_the_letters(weight: str) -> None:
    kept = TTFont(FONTS / f"figures-{weight}.woff2")
    made = TTFont(BytesIO(set_in_one_width(FONTS / f"be-vietnam-pro-latin-{weight}-normal.woff2", BOX[weight])))
    for digit in DIGITS:
        name = kept.getBestCmap()[ord(digit)]
        assert kept["hmtx"].metrics[name] == made["hmtx"].metrics[made.getBestCmap()[ord(digit)]]
        assert kept["glyf"][name].coordinates == made["glyf"][made.getBestCmap()[ord(digit)]].coordinates
    widths = {kept["hmtx"].metrics[kept.getBestCmap()[ord(d)]][0] for d in DIGITS}
    assert widths == {BOX[weight]}


def test_the_licence_of_the_letters_stands_beside_them() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text()


if __name__ == "__main__":
    for each in WEIGHTS:
        source = FONTS / f"be-vietnam-pro-latin-{each}-normal.woff2"
        (FONTS / f"figures-{each}.woff2").write_bytes(set_in_one_width(source, BOX[each]))
