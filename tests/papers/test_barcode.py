"""Bars and squares say exactly what they were given, against known symbols and a reader of our own."""

import re

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from motcua.papers import barcode
from papers.samples import CODE

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)
RECT = re.compile(r"M(\d+) (\d+)h(\d+)v[\d.]+h-\d+z")


def read_code128(values: list[int]) -> str:
    """The text behind symbol characters, after checking start, check character and stop."""
    start, *body, check, stop = values
    assert stop == 106
    assert check == (start + sum(place * value for place, value in enumerate(body, start=1))) % 103
    in_pairs, text = {104: False, 105: True}[start], ""
    for value in body:
        if value == 99 and not in_pairs:
            in_pairs = True
        elif value == 100 and in_pairs:
            in_pairs = False
        else:
            text += f"{value:02}" if in_pairs else chr(value + 32)
    return text


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Wikipedia", [104, 55, 73, 75, 73, 80, 69, 68, 73, 65, 88, 106]),
        ("PJJ123C", [104, 48, 42, 42, 17, 18, 19, 35, 55, 106]),
        ("1234567890", [105, 12, 34, 56, 78, 90, 85, 106]),
    ],
)
def test_known_symbols(text: str, values: list[int]) -> None:
    assert barcode.code128_values(text) == values


def test_a_dossier_code_takes_its_long_numbers_in_pairs() -> None:
    values = barcode.code128_values(CODE)
    assert read_code128(values) == CODE
    assert 99 in values
    assert len(values) < len(CODE) + 3


@given(text=PRINTABLE)
def test_any_printable_text_can_be_read_back(text: str) -> None:
    assert read_code128(barcode.code128_values(text)) == text


@pytest.mark.parametrize("text", ["", "Đ", "a\n", "٣٣٣٣"])
def test_what_no_bar_can_say_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Code 128"):
        barcode.code128_values(text)


def test_a_known_symbol_is_drawn_bar_by_bar() -> None:
    bars = [(int(x), int(width)) for x, _, width in RECT.findall(barcode.code128_svg("A"))]
    drawn = "".join("1" if any(x <= at < x + width for x, width in bars) else "0" for at in range(46))
    start, letter_a, check, stop = "11010010000", "10100011000", "10001011000", "1100011101011"
    assert drawn == start + letter_a + check + stop


def test_the_square_is_drawn_module_by_module() -> None:
    url = "https://motcua.example/theo-doi/q7Xn2vKfR8sTzWb4mYhLpA"
    svg = barcode.qr_svg(url)
    size = int(re.search(r'viewBox="0 0 (\d+)', svg).group(1))  # type: ignore[union-attr]
    drawn = [[0] * size for _ in range(size)]
    for x, y, width in RECT.findall(svg):
        for at in range(int(x), int(x) + int(width)):
            drawn[int(y)][at] = 1
    expected = segno.make_qr(url, error="m", mask=barcode._QR_MASK)
    assert drawn == [list(row) for row in expected.matrix]
    assert expected.error in {"M", "Q", "H"}
