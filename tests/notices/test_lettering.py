"""The letters of text messages: alphabets, parts, and words without accents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.notices.lettering import fits_gsm, octets, plain, size_of


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", ("gsm7", 0, 1)),
        ("a" * 160, ("gsm7", 160, 1)),
        ("a" * 161, ("gsm7", 161, 2)),
        ("a" * 306, ("gsm7", 306, 2)),
        ("a" * 307, ("gsm7", 307, 3)),
        ("€" * 80, ("gsm7", 160, 1)),
        ("€" * 81, ("gsm7", 162, 2)),
        # An extended letter is not cut: the first part holds 76 of them and one octet stays empty.
        ("€" * 153, ("gsm7", 306, 3)),
        ("ồ" * 70, ("ucs2", 70, 1)),
        ("ồ" * 71, ("ucs2", 71, 2)),
        ("ồ" * 134, ("ucs2", 134, 2)),
        ("ồ" * 135, ("ucs2", 135, 3)),
        ("😀" * 35, ("ucs2", 70, 1)),
        ("😀" * 36, ("ucs2", 72, 2)),
        # Sixty-seven units hold thirty-three pairs.
        ("😀" * 67, ("ucs2", 134, 3)),
    ],
)
def test_parts_are_counted_as_the_networks_do(text: str, size: tuple[str, int, int]) -> None:
    assert size_of(text) == size


def test_words_without_accents_can_be_read() -> None:
    said = "Hồ sơ đã được tiếp nhận – hẹn trả “thứ Hai”, 75.000 ₫…"
    assert plain(said) == 'Ho so da duoc tiep nhan - hen tra "thu Hai", 75.000 d...'


@given(st.text())
def test_plain_words_always_fit_the_small_alphabet(text: str) -> None:
    assert fits_gsm(plain(text))


@given(st.text(alphabet="abcXYZ09 @£$¥èéÅåΔ_Φ€[]{}~|^\\\n"))
def test_octets_are_as_many_as_counted(text: str) -> None:
    assert len(octets(text)) == size_of(text).units


def test_octets_are_those_of_the_standard() -> None:
    assert octets("@A a€[§Ξ") == bytes([0x00, 0x41, 0x20, 0x61, 0x1B, 0x65, 0x1B, 0x3C, 0x5F, 0x1A])
    assert octets("É ") == bytes([0x1F, 0x20])
    assert octets("ồ") == "ồ".encode("utf-16-be")
