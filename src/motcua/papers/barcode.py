"""Machine-readable marks as SVG: Code 128 for the dossier code (ISO/IEC 15417) and QR for an address.

The QR symbol itself comes from segno; here it is only drawn. What the marks say is left to the caller.
"""

import io
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

import segno

# Widths of bar, space, bar, ... of each symbol character, 0 to 105, and of the stop pattern.
_PATTERNS = re.findall(
    r"\d+",
    """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231
    113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211
    212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131
    113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111
    314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211
    241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141
    214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214
    211232 2331112
    """,
)
_TO_C, _TO_B, _START_B, _START_C, _STOP = 99, 100, 104, 105, 106
_PAIRED = 2
_WORTH_SWITCHING = 4
# A reader undoes whichever mask was used. Trying all eight costs five times the drawing of the symbol.
_QR_MASK = 2
_DARK = re.compile(rb"\x01+")
_OVERLAP = 0.04


def code128_values(text: str) -> list[int]:
    """The symbol characters of `text`, from start to stop: set C for long runs of digits, set B for the rest.

    Raises ValueError for letters outside printable ASCII, and for nothing at all.
    """
    if not text or not all(" " <= letter <= "~" for letter in text):
        raise ValueError(f"Code 128 set B cannot carry {text!r}")
    values: list[int] = []
    for in_pairs, part in _runs(text):
        if in_pairs:
            values.append(_TO_C if values else _START_C)
            values += [int(part[at : at + _PAIRED]) for at in range(0, len(part), _PAIRED)]
        else:
            values.append(_TO_B if values else _START_B)
            values += [ord(letter) - ord(" ") for letter in part]
    check = (values[0] + sum(place * value for place, value in enumerate(values))) % 103
    return [*values, check, _STOP]


def _runs(text: str) -> Iterator[tuple[bool, str]]:
    """`text` in the parts each set carries; neighbouring parts for set B come as one."""
    pending = ""
    for is_digits, letters in groupby(text, lambda letter: letter.isdigit()):
        part = "".join(letters)
        if not is_digits or len(part) < _WORTH_SWITCHING:
            pending += part
            continue
        if len(part) % _PAIRED:
            pending, part = pending + part[0], part[1:]
        if pending:
            yield False, pending
        pending = ""
        yield True, part
    if pending:
        yield False, pending


def code128_svg(text: str) -> str:
    """The bars of `text`, one unit a module and one unit high, without the quiet zone around them."""
    at, bars = 0, []
    for value in code128_values(text):
        for place, width in enumerate(_PATTERNS[value]):
            if place % 2 == 0:
                bars.append((at, 0, int(width)))
            at += int(width)
    return _svg(at, 1, bars, 1)


def qr_svg(text: str) -> str:
    """The QR symbol of `text` at level M, one unit a module, without the quiet zone around it."""
    matrix = segno.make_qr(text, error="m", mask=_QR_MASK).matrix
    dark = (
        (stretch.start(), row, stretch.end() - stretch.start())
        for row, modules in enumerate(matrix)
        for stretch in _DARK.finditer(modules)
    )
    # Rows that overlap a little leave no hairline between them on a screen.
    return _svg(len(matrix), len(matrix), dark, 1 + _OVERLAP)


def qr_png(text: str, scale: int = 8) -> bytes:
    """The same symbol with its quiet zone as a picture that a phone can save and a bank's app can open."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=scale, border=4)
    return out.getvalue()


def _svg(width: int, height: int, bars: Iterable[tuple[int, int, int]], tall: float) -> str:
    path = "".join(f"M{x} {y}h{wide}v{tall}h-{wide}z" for x, y, wide in bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'preserveAspectRatio="none"><path d="{path}"/></svg>'
    )
