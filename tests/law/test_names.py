"""Names are found without accents, listed in Vietnamese order, and kept as they were declared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.names import as_declared, same_name, search_key, sort_key, sort_key_of_body

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {"": 0, "\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
SYLLABLES = [
    "An", "Ân", "Ẩn", "Ánh", "Ang", "Bùi", "Đào", "Dào", "Đỗ", "Do", "Đặng", "Hòa", "Hoà", "Hỏa", "Hoạ", "Huệ",
    "Lê", "Lệ", "Lý", "Nguyễn", "Nguyện", "Ô", "Ơn", "On", "Phạm", "Quý", "Qúy", "Thị", "Thúy", "Thuý", "Tô", "Tơ",
    "To", "Trần", "Ung", "Ưng", "Vũ", "Vừ", "Y",
]  # fmt: skip
full_names = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=5).map(" ".join)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Nguyễn Thị Hòa", "nguyen thi hoa"),
        ("  ĐỖ   ĐÌNH\tĐỨC ", "do dinh duc"),
        ("Ngô Quyền – Đống Đa", "ngo quyen - dong da"),
        ("ĂẰẮẲẴẶÂẦẤẨẪẬ", "aaaaaaaaaaaa"),
        ("ưừứửữự ơờớởỡợ ôồốổỗộ êềếểễệ", "uuuuuu oooooo oooooo eeeeee"),
        ("ỳýỷỹỵ ìíỉĩị", "yyyyy iiiii"),
        ("H’Hen Niê", "h'hen nie"),
        ("Cấp giấy phép xây dựng 1.009994", "cap giay phep xay dung 1.009994"),
        ("Ðặng Văn Ɖức", "dang van duc"),
        ("François Müller-Straße", "francois muller-strasse"),
        ("Ho\u200ba\u0300", "hoa"),
        ("Антон Ёлкин", "антон елкин"),
        ("", ""),
    ],
)
def test_the_key_people_search_by(text, key):
    assert search_key(text) == key
    assert search_key(unicodedata.normalize("NFD", text)) == key
    assert search_key(text.upper()) == key
    assert search_key(key) == key


@given(st.text(max_size=30))
def test_a_key_does_not_depend_on_composition_or_spacing(text):
    key = search_key(text)
    assert search_key(f"  {text}\n") == key
    if "".join(text.split()):
        spaced = "\u3000".join(text.split())
        assert search_key(spaced) == search_key(" ".join(text.split()))


@given(full_names)
def test_a_vietnamese_key_is_plain_ascii_and_stays_the_same(name):
    key = search_key(name)
    assert key.isascii()
    assert key == search_key(key) == search_key(unicodedata.normalize("NFD", name)) == search_key(name.upper())


def test_a_name_is_kept_as_declared():
    assert as_declared("  Nguye\u0302\u0303n \u200bThị\u00a0 Hoà\u202e ") == "Nguyễn Thị Hoà"
    assert as_declared("ĐẶNG văn Lâm") == "ĐẶNG văn Lâm"
    assert as_declared("Ho\u200ba\u200b\u0300") == "Hoà"


@given(st.text(max_size=30))
def test_keeping_again_changes_nothing(text):
    once = as_declared(text)
    assert as_declared(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "  " not in once


def oracle(word):
    """Letters by their place in the alphabet, then the tone: as a teacher would say it."""
    letters, tone = [], 0
    for character in word.lower():
        parts = unicodedata.normalize("NFD", character)
        tone = max([tone, *(TONES.get(part, 0) for part in parts)])
        bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        letters.append(ALPHABET.index(bare))
    return letters, tone


def oracle_of_name(name):
    family, *middle = name.split()
    given_name = middle.pop() if middle else family
    return [oracle(given_name), *([oracle(family)] if name.split()[1:] else []), *(oracle(each) for each in middle)]


@given(st.lists(full_names, min_size=2, max_size=12))
def test_a_list_of_people_is_in_vietnamese_order(names):
    assert [oracle_of_name(name) for name in sorted(names, key=sort_key)] == sorted(map(oracle_of_name, names))


@given(full_names)
def test_a_sort_key_fits_any_database(name):
    assert sort_key(name).isascii()
    assert sort_key(name) == sort_key(unicodedata.normalize("NFD", name)) == sort_key(f" {name.upper()} ")


@pytest.mark.parametrize(
    ("key", "ordered"),
    [
        (sort_key, ["Bùi Thị An", "Nguyễn Văn An", "Trần An", "Trần An An", "Lê Ang", "Vũ Ánh", "Phạm Ân"]),
        (sort_key, ["Vũ Dung", "Lê Đào", "Lê Hoa", "Lê Hòa", "Lê Hỏa", "Lê Hoá", "Lê Hoạ", "Lê Huệ"]),
        (sort_key, list(ALPHABET)),
        (sort_key, ["ma", "mà", "mả", "mã", "má", "mạ"]),
        (sort_key_of_body, ["Phường Bạch Mai", "Phường Đống Đa", "Phường Ô Chợ Dừa", "Sở Tư pháp", "Sở Y tế"]),
    ],
    ids=["given, family, middle", "letters before tones", "alphabet", "tones", "bodies by their first word"],
)
def test_the_order_of_lists(key, ordered):
    shuffled = ordered[1::2] + ordered[::2]
    assert sorted(shuffled, key=key) == ordered


def test_the_same_name_written_otherwise():
    assert same_name("Nguyễn Thị Hòa", "NGUYỄN  thị Hoà")
    assert same_name("Đặng Thúy", "Ðặng Thuý")
    assert same_name("H'Hen Niê", "H’hen niê")
    assert not same_name("Nguyễn Thị Hòa", "Nguyễn Thị Hoa")
    assert not same_name("Nguyễn Thị Hòa", "Nguyễn Hòa Thị")
    assert not same_name("Lê Dung", "Lê Đung")
