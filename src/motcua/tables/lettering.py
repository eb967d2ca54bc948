"""Text made fit for print: one form of each letter, no hidden marks, nothing the fonts cannot draw.

A paper must come out whatever a person is called, so a letter without a glyph prints as an empty box instead
of stopping the press. The record itself keeps every letter as declared; that is left to the registry.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

_MISSING = "□"
_SOFT_BREAK = "\u200b"
_LINE_END = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# Marks that turn, join or hide other letters could make a paper say what its record does not.
_HIDDEN = re.compile("[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
# Two marks make any letter a language writes; more would climb over the lines above.
_PILED_MARKS = re.compile("([\u0300-\u036f]{2})[\u0300-\u036f]+")
_BLANK = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r" ?\n[ \n]*")
# Wider than any word of a form; a longer one would run out of its column.
_LONG_WORD = re.compile(r"\S{31,}")
_PIECE = re.compile(r"\S{5}(?=\S)")


@cache
def _unprintable() -> re.Pattern[str]:
    ranges = [
        line.split("-") for line in (FONTS / "coverage.txt").read_text("ascii").splitlines() if not line.startswith("#")
    ]
    covered = "".join(f"\\U{int(first, 16):08x}-\\U{int(last, 16):08x}" for first, last in ranges)
    return re.compile(f"[^\n{covered}]")


def printable(text: str) -> str:
    """`text` as it can be printed: NFC, single spaces, line ends as `\\n`, uncovered letters as `□`."""
    text = unicodedata.normalize("NFC", text)
    text = _PILED_MARKS.sub(r"\1", _HIDDEN.sub("", _LINE_END.sub("\n", text)))
    text = _BLANK_LINES.sub("\n", _BLANK.sub(" ", text)).strip()
    text = _unprintable().sub(_MISSING, text)
    return _LONG_WORD.sub(lambda word: _PIECE.sub(rf"\g<0>{_SOFT_BREAK}", word[0]), text)
