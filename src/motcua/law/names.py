"""Names of people and bodies: kept as declared, found without accents, listed in Vietnamese order.

The keys are plain texts to be stored beside the name and compared by code point (collation `C`), since the
database may have no Vietnamese collation. Legacy encodings are left to `legacy/`.
"""

import re
import unicodedata
from functools import lru_cache

# Eth and African D are what people paste for Đ; the apostrophes are those of names like H'Hen.
_LOOKALIKES = str.maketrans("ÐðƉ’‘ʼ`‐‑–", "ĐđĐ''''---")
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPES = ("\u0302", "\u0306", "\u031b")
_AFTER = {"ă": "a~", "â": "a~~", "đ": "d~", "ê": "e~", "ô": "o~", "ơ": "o~~", "ư": "u~"}


def as_declared(text: str) -> str:
    """The text as it is kept: NFC, one space between words, nothing invisible. Spelling and case stay."""
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub("", text)).split())


def search_key(text: str) -> str:
    """The text as it is searched: lower case, no accents, đ as d, one space between words.

    `Hòa`, `Hoà` and `hoa` have the same key, composed or not.
    """
    if not text.isprintable():
        text = _UNSEEN.sub("", text)
    if not text.isascii():
        text = text.translate(_PLAIN)
        if not text.isascii():
            text = _stripped(_stripped(text).casefold())
    return " ".join(text.lower().split())


def sort_key(full_name: str) -> str:
    """Orders people as Vietnamese lists do: by given name, then family name, then middle names.

    Letters by the Vietnamese alphabet (a ă â ... d đ ...), then tones (ngang, huyền, hỏi, ngã, sắc, nặng),
    syllable by syllable. Compare by code point.
    """
    words = _words(full_name)
    return " ".join([*words[-1:], *words[:-1]])


def sort_key_of_body(name: str) -> str:
    """Orders agencies, businesses and streets: from the first word on, in Vietnamese order."""
    return " ".join(_words(name))


def same_name(one: str, other: str) -> bool:
    """True when the names differ at most in case, spaces, composition and the place of the tone (hòa, hoà)."""
    return _words(one) == _words(other)


def _stripped(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _plain_letters() -> dict[int, str | None]:
    table: dict[int, str | None] = {code: chr(plain) for code, plain in _LOOKALIKES.items()}
    table |= dict.fromkeys(map(ord, "đĐðÐƉ"), "d")
    for code in (*range(0xC0, 0x250), *range(0x1EA0, 0x1F00)):
        if code not in table and _stripped(chr(code)) != chr(code):
            table[code] = _stripped(chr(code))
    return table | dict.fromkeys(map(ord, (*_TONES, *_SHAPES)))


_PLAIN = _plain_letters()


def _words(text: str) -> list[str]:
    return [_word(word) for word in as_declared(text.translate(_LOOKALIKES)).lower().split()]


def _word(word: str) -> str:
    # `~` sorts after every letter and `!` before: so ă comes after all of a, and an before ang.
    parts = [_letter(letter) for letter in word]
    return "".join(letters for letters, _ in parts) + "!" + ("".join(tone for _, tone in parts) or "0")


@lru_cache(maxsize=4096)
def _letter(letter: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(_TONES.get(mark, "") for mark in parts)
    shape = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    return _AFTER.get(shape, shape), tone
