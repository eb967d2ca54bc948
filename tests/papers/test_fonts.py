"""The faces carry every letter of Vietnamese, and exactly what the list of covered letters promises."""

import unicodedata

import pytest
from fontTools.ttLib import TTFont

from motcua.tables.lettering import FONTS, printable
from motcua.tables.press import fonts

FACES = sorted(FONTS.glob("*.ttf"))
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VOWELS = "aăâeêioôơuưy"
CONSONANTS = "bcdđfghjklmnpqrstvwxz"


def vietnamese_letters() -> set[str]:
    """Every vowel with every tone, every consonant, both cases; and what papers write between them."""
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES} | set(CONSONANTS)
    return letters | {letter.upper() for letter in letters} | set("0123456789 .,;:-–/()%“”\"'…²□₫")


def test_there_are_a_hundred_and_thirty_four_accented_letters() -> None:
    assert len([letter for letter in vietnamese_letters() if letter.isalpha() and not letter.isascii()]) == 134


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.stem)
def test_a_face_carries_every_vietnamese_letter(face: object) -> None:
    carried = TTFont(face).getBestCmap()
    assert {letter for letter in vietnamese_letters() if ord(letter) not in carried} == set()


def test_the_list_of_covered_letters_promises_nothing_a_face_lacks() -> None:
    common = set.intersection(*(set(TTFont(face).getBestCmap()) for face in FACES))
    promised = {code for code in range(0x110000) if code != 0x0A and printable(chr(code)) == chr(code)}
    assert len(promised) > 2000
    assert promised <= common


def test_the_press_knows_four_faces_and_no_others() -> None:
    known = [(font.family, font.style, font.weight) for font in fonts().fonts()]
    assert sorted(known) == [
        ("Tinos", "italic", 400),
        ("Tinos", "italic", 700),
        ("Tinos", "normal", 400),
        ("Tinos", "normal", 700),
    ]


def test_the_fonts_bring_their_licence() -> None:
    licence = (FONTS / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE" in licence
    for face in FACES:
        assert "SIL Open Font License, Version 1.1" in TTFont(face)["name"].getDebugName(13)
