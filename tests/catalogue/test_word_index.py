"""What people type finds what they mean: without marks, by initials, cut short, run together, mistyped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.typing_mistakes import mistakes_allowed, mistakes_between, shortenings
from motcua.catalogue.word_index import WordIndex, plain_words
from motcua.law.names import search_key

NAMES = {
    "house": "Cấp giấy phép xây dựng nhà ở riêng lẻ",
    "longer": "Gia hạn giấy phép xây dựng",
    "birth": "Thủ tục đăng ký khai sinh",
    "birth-again": "Thủ tục đăng ký lại khai sinh",
    "marriage": "Đăng ký kết hôn",
    "status": "Cấp Giấy xác nhận tình trạng hôn nhân",
    "copies": "Chứng thực bản sao từ bản chính",
    "shop": "Đăng ký thành lập hộ kinh doanh",
    "record": "Cấp Phiếu lý lịch tư pháp",
    "drug": "Cấp phép nhập khẩu thuốc chưa có giấy đăng ký lưu hành dùng cho khả năng sinh sản",
    "work": "Cấp giấy phép lao động cho người nước ngoài",
}
INDEX = WordIndex([*NAMES.items(), ("house", "GPXD"), ("house", "xin phép xây nhà"), ("birth", "1.001193")])
LETTERS = "abcdeghiklmnopqrstuvxy"


def first(query: str) -> str:
    return INDEX.find(query)[0][0]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("giay phep xay dung", "longer"),
        ("giấy phép xây dựng nhà ở", "house"),
        ("cap giay phep xay dung", "house"),
        ("giay phep xay dugn nha o", "house"),
        ("gpxd", "house"),
        ("g p x d", "house"),
        ("xin phep xay nha", "house"),
        ("KHAI SINH", "birth"),
        ("dang ky kha sinh", "birth"),
        ("dang ky lai khai sinh", "birth-again"),
        ("khai sihn", "birth"),
        ("ket hon", "marriage"),
        ("dang ky ket hom", "marriage"),
        ("tinh trang hon nhan", "status"),
        ("chung thuc", "copies"),
        ("hokinhdoanh", "shop"),
        ("ho kinh doan", "shop"),
        ("lltp", "record"),
        ("ly lich", "record"),
        ("1.001193", "birth"),
        ("1001193", "birth"),
        ("1.0011", "birth"),
        ("lao dong nuoc ngoai", "work"),
    ],
)
def test_people_find_what_they_mean(query: str, key: str) -> None:
    assert first(query) == key


@pytest.mark.parametrize("query", ["", "   ", "?!", "zzzzqqqq", "đ", "." * 5000])
def test_nothing_sensible_finds_nothing(query: str) -> None:
    assert INDEX.find(query) == []


def test_a_number_is_not_taken_for_another() -> None:
    assert INDEX.find("1.001194") == []


def test_a_long_query_is_bounded() -> None:
    assert first("khai sinh " * 100_000) == "birth"


@given(st.sampled_from(sorted(NAMES)))
def test_a_name_without_marks_finds_itself(key: str) -> None:
    assert first(search_key(NAMES[key])) == key


@given(st.sampled_from(sorted(NAMES)), st.data())
def test_one_slip_of_the_finger_still_finds_it_among_the_first(key: str, data: st.DataObject) -> None:
    words = plain_words(NAMES[key]).split()
    at = data.draw(st.sampled_from([at for at, word in enumerate(words) if len(word) >= 3]))
    words[at] = data.draw(slipped(words[at]))

    assert key in [each for each, _ in INDEX.find(" ".join(words))[:2]]


@st.composite
def slipped(draw: st.DrawFn, word: str) -> str:
    """The word with one letter left out, put in, changed, or swapped with its neighbour."""
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(LETTERS))
    how = draw(st.sampled_from(["out", "in", "change", "swap"]))
    match how:
        case "out":
            return word[:at] + word[at + 1 :]
        case "in":
            return word[:at] + letter + word[at:]
        case "change":
            return word[:at] + letter + word[at + 1 :]
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def slow_distance(one: str, other: str) -> int:
    """Optimal string alignment, written as its definition."""
    if not one or not other:
        return len(one) + len(other)
    ways = [
        slow_distance(one[1:], other) + 1,
        slow_distance(one, other[1:]) + 1,
        slow_distance(one[1:], other[1:]) + (one[0] != other[0]),
    ]
    if len(one) > 1 and len(other) > 1 and one[0] == other[1] and one[1] == other[0]:
        ways.append(slow_distance(one[2:], other[2:]) + 1)
    return min(ways)


@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.integers(0, 3))
def test_mistakes_are_counted_as_defined(one: str, other: str, most: int) -> None:
    exact = slow_distance(one, other)

    assert mistakes_between(one, other, most) == (exact if exact <= most else None)


@given(st.text("abcd", min_size=3, max_size=9), st.data())
def test_words_a_mistake_apart_share_a_shortening(one: str, data: st.DataObject) -> None:
    other = one
    for _ in range(most := mistakes_allowed(one)):
        other = data.draw(slipped(other))

    if mistakes_between(one, other, most) is not None:
        assert set(shortenings(one, most)) & set(shortenings(other, most))


def test_very_long_words_are_not_shortened() -> None:
    assert mistakes_allowed("x" * 200) == 0
    assert WordIndex([("long", "x" * 5000)]).find("x" * 150)[0][0] == "long"
