"""Equal values have one encoding; what has no single form is refused."""

import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.canonical import LARGEST_INTEGER, canonical

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
leaves = st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | texts


def distinct_keys(values):
    return len({unicodedata.normalize("NFC", key) for key in values}) == len(values)


values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5).filter(distinct_keys),
    max_leaves=25,
)


def shuffled(value, flip):
    if isinstance(value, dict):
        items = [(unicodedata.normalize("NFD", key), shuffled(each, flip)) for key, each in value.items()]
        return dict(reversed(items) if flip else items)
    if isinstance(value, list):
        return tuple(shuffled(each, flip) for each in value) if flip else [shuffled(e, flip) for e in value]
    return unicodedata.normalize("NFD", value) if isinstance(value, str) else value


@given(values, st.booleans())
def test_equal_values_encode_equally(value, flip):
    assert canonical(shuffled(value, flip)) == canonical(value)


@given(values)
def test_decoding_and_encoding_again_changes_nothing(value):
    once = canonical(value)
    assert canonical(json.loads(once)) == once
    assert canonical(msgspec.json.decode(once)) == once


@given(values)
def test_any_json_library_writes_the_same_bytes(value):
    once = canonical(value)
    again = json.dumps(json.loads(once), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert again.encode() == once


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_an_instant_is_written_once_whatever_its_zone(naive, minutes):
    at = naive.replace(tzinfo=UTC)
    elsewhere = at.astimezone(timezone(timedelta(minutes=minutes)))
    assert canonical([at]) == canonical([elsewhere])
    assert datetime.fromisoformat(json.loads(canonical(elsewhere))) == at


def test_the_form_of_each_kind():
    at = datetime(2019, 1, 7, 17, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    value = {
        "z": None,
        "a": [True, 0, -5],
        "đ": "hòa",
        "at": at,
        "day": date(2019, 1, 7),
        "fee": Decimal("0.50"),
    }
    assert canonical(value).decode() == (
        '{"a":[true,0,-5],"at":"2019-01-07T10:00:00.000000Z","day":"2019-01-07","fee":"0.5","z":null,"đ":"hòa"}'
    )
    assert canonical([Decimal("1E+3"), Decimal("-0.0"), Decimal(10)]) == b'["1000","0","10"]'


class Colour(Enum):
    RED = "red"


class Filed(msgspec.Struct, frozen=True, tag="filed", omit_defaults=True):
    to: str
    note: str = "none"
    papers: tuple[str, ...] = ()
    colour: Colour = Colour.RED
    share: Decimal = Decimal("0.5")


class Closed(msgspec.Struct, frozen=True, tag="closed", rename="camel"):
    by_whom: str
    days: int | None = None


def test_structs_keep_their_tag_and_names_and_can_be_read_back():
    filed = Filed(to="Phòng QLĐT", papers=("đơn",), share=Decimal("0.25"))
    assert canonical(filed).decode() == '{"papers":["đơn"],"share":"0.25","to":"Phòng QLĐT","type":"filed"}'
    closed = Closed(by_whom="1")
    assert canonical(closed) == b'{"byWhom":"1","days":null,"type":"closed"}'
    for event in (filed, closed):
        assert msgspec.json.decode(canonical(event), type=Filed | Closed) == event


@given(st.text(max_size=3), st.sampled_from(["none", "n", "".join(["no", "ne"])]), st.lists(texts, max_size=2))
def test_a_default_is_left_out_however_the_value_was_made(to, note, papers):
    made = Filed(to=to, note=note, papers=tuple(papers))
    listed = Filed(to=to, note=str(note.encode(), "utf-8"), papers=list(papers))
    assert canonical(made) == canonical(listed)
    assert (b'"note"' in canonical(made)) == (note != "none")
    assert canonical(msgspec.json.decode(canonical(listed), type=Filed)) == canonical(made)


@pytest.mark.parametrize(
    "value",
    [1.0, [0.5], {"a": float("nan")}, {1, 2}, b"raw", {1: "a"}, datetime(2019, 1, 7), object(), timedelta(1)],
)
def test_what_has_no_single_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize(
    "value",
    [
        2**53,
        -(2**53),
        "\ud800",
        {"\udfff": 1},
        {"hòa": 1, unicodedata.normalize("NFD", "hòa"): 2},
        Decimal("NaN"),
    ],
)
def test_what_cannot_be_kept_is_refused(value):
    with pytest.raises(ValueError, match=r"."):
        canonical(value)


def test_a_struct_written_as_a_list_is_refused():
    class Row(msgspec.Struct, array_like=True):
        a: int

    with pytest.raises(TypeError, match="Row"):
        canonical(Row(1))
