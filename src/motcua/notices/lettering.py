"""The letters of a text message: what fits into GSM 03.38, how many parts it takes, and words without accents.

Vietnamese with its accents needs UCS-2, of which 70 characters make a part instead of 160; so an unaccented
variant is made here. What a message says is left to `wording`.
"""

import unicodedata
from typing import Literal, NamedTuple

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = "\f^{}\\[~]|€"
# The octets of GSM 03.38: the escape stands at 0x1B of the basic table, the extended letters behind an escape.
_OCTETS = {each: bytes([at + (at >= 0x1B)]) for at, each in enumerate(_BASIC)} | {
    each: bytes([0x1B, octet])
    for each, octet in zip(_EXTENDED, (0x0A, 0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65), strict=True)
}
_COST = dict.fromkeys(_BASIC, 1) | dict.fromkeys(_EXTENDED, 2)

GSM_WHOLE, GSM_PART = 160, 153
UCS2_WHOLE, UCS2_PART = 70, 67

# Signs that have a plain one meaning the same.
_PLAIN = str.maketrans({
    "đ": "d", "Đ": "D", "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " ", "₫": "d",
})  # fmt: skip


class Size(NamedTuple):
    """How a text travels: its alphabet, its length in that alphabet's units, and in how many parts."""

    alphabet: Literal["gsm7", "ucs2"]
    units: int
    parts: int


def plain(text: str) -> str:
    """The text without accents, in letters that GSM 03.38 has; what has no plain form becomes a question mark."""
    bare = "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    return "".join(each if each in _COST else "?" for each in bare.translate(_PLAIN))


def fits_gsm(text: str) -> bool:
    """True when every letter is in the default alphabet or its extension."""
    return all(each in _COST for each in text)


def size_of(text: str) -> Size:
    """How many parts the text takes. An extended letter is two units and is never cut in two."""
    if fits_gsm(text):
        costs = [_COST[each] for each in text]
        return Size("gsm7", sum(costs), _parts(costs, GSM_WHOLE, GSM_PART))
    # A letter outside the basic plane is a pair of units, which must not be torn apart either.
    costs = [2 if ord(each) > 0xFFFF else 1 for each in text]
    return Size("ucs2", sum(costs), _parts(costs, UCS2_WHOLE, UCS2_PART))


def octets(text: str) -> bytes:
    """The text as it travels: one octet a letter (two for an extended one), or UCS-2 where that does not do."""
    if fits_gsm(text):
        return b"".join(_OCTETS[each] for each in text)
    return text.encode("utf-16-be")


def _parts(costs: list[int], whole: int, part: int) -> int:
    if sum(costs) <= whole:
        return 1
    parts, used = 1, 0
    for cost in costs:
        if used + cost > part:
            parts, used = parts + 1, 0
        used += cost
    return parts
