"""Dossier codes and ids: each day's serials are distinct, every format is read by its own rule."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.codes import (
    FORMATS,
    PackedId,
    ParsedCode,
    format_code,
    identifier_shape,
    normalise_code_input,
    pack_dossier_id,
    parse_code,
    same_code,
    to_new_identifier,
    to_old_identifier,
    unpack_dossier_id,
)

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def groups(least, most):
    return st.text(CHARACTERS, min_size=least, max_size=most)


provinces = st.tuples(st.sampled_from("GHZ"), st.integers(0, 99)).map(lambda pair: f"{pair[0]}{pair[1]:02d}")
old_identifiers = (
    st.tuples(groups(3, 3), groups(2, 2), groups(2, 3), provinces)
    .filter(lambda parts: parts[2] != "000" and not (parts[0][0].isalpha() and parts[0][1:].isdigit()))
    .map(".".join)
)
new_identifiers = st.tuples(provinces, st.lists(groups(1, 3), max_size=4)).map(lambda p: ".".join([p[0], *p[1]]))


def identifiers(name):
    return old_identifiers if FORMATS[name].identifier == "2016" else new_identifiers


@pytest.mark.parametrize(
    ("name", "identifier", "day", "serial", "text"),
    [
        ("2018", "000.00.01.H26", date(2018, 12, 28), 1, "000.00.01.H26-181228-0001"),
        ("2018", "000.A0.01.H26", date(2021, 2, 12), 9090, "000.A0.01.H26-210212-9090"),
        ("2018", "000.00.051.H04", date(2019, 1, 7), 10_000, "000.00.051.H04-190107-10000"),
        ("2025", "H26.1.2", date(2025, 7, 1), 17, "H26.1.2-250701-0017"),
        ("2025", "H26", date(2025, 7, 1), 9999, "H26-250701-9999"),
        ("national", "G09.20", date(2026, 6, 9), 92_637, "G09.20-20260609-0092637"),
    ],
)
def test_a_code_in_the_format_of_its_regime(name, identifier, day, serial, text):
    assert format_code(name, identifier, day, serial) == text
    assert format_code(FORMATS[name], identifier, day, serial) == text
    assert parse_code(text) == ParsedCode(name, identifier, day, serial)


@given(st.data(), st.sampled_from(list(FORMATS)), days, st.integers(1, 10**9))
def test_what_is_written_can_be_read_and_reads_as_one_format_only(data, name, day, serial):
    identifier = data.draw(identifiers(name))
    text = format_code(name, identifier, day, serial)
    parsed = parse_code(text)
    assert parsed == ParsedCode(name, identifier, day, serial)
    assert parsed.text == text
    typed = data.draw(st.sampled_from([text.lower(), f"  {text} ", text.replace("-", " – "), text.replace(".", ". ")]))
    assert parse_code(typed) == parsed
    assert same_code(typed, text)


@given(st.text(max_size=80) | st.from_regex(r"[0-9A-Z.]{1,14}-[0-9]{5,9}-[0-9]{1,8}", fullmatch=True))
def test_what_is_read_is_always_written_the_same(text):
    parsed = parse_code(text)
    assert parsed is None or parsed.text == normalise_code_input(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "1", "000.00.01.H26", "000.00.01.H26-181228", "000.00.01.H26-181228-001", "0.0.1.H26-181228-0001",
        "000.00.01.H26-181328-0001", "000.00.01.H26-190229-0001", "000.00.01.H26-181228-0000",
        "000.00.01.H26-181228-00001", "000.00.01.H26-20181228-0000001", "H26.1.2-20250701-0001", "H26-250701-1",
        "H26.1.2-19250701-0000001", "000.00.01.H26-181228-0001-2", "đ26.1-250701-0001",
        "H26.1-250701-٠٠٠١", "H26.1-250701-0001\n0", "x" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_code_is_not_guessed_at(text):
    assert parse_code(text) is None


def test_two_codes_are_the_same_however_they_are_typed():
    code = "000.00.01.H26-181228-0001"
    for typed in (
        "000.00.01.h26-181228-0001",
        " 000.00.01.H26 - 181228 – 0001. ",
        "000,00,01,H26-181228-0001",
        "000.00.01.H26_181228_0001",
        "０００.00.01.H26-181228-0001",
        "000.00.01.H26-181228-0001\u200b",
    ):
        assert same_code(typed, code)
    assert not same_code("000.00.01.H26-181228-001", code)
    assert not same_code("000.00.1.H26-181228-0001", code)
    assert not same_code("", "")


@given(days, st.lists(st.integers(1, 200_000), unique=True, min_size=2, max_size=20), st.sampled_from(list(FORMATS)))
def test_a_busy_day_grows_a_digit_and_never_collides(day, serials, name):
    identifier = "000.00.01.H26" if FORMATS[name].identifier == "2016" else "H26.1"
    assert len({format_code(name, identifier, day, serial) for serial in serials}) == len(serials)


@pytest.mark.parametrize(
    "wrong",
    [
        {"serial": 0}, {"day": date(1999, 12, 31)}, {"day": date(2100, 1, 1)}, {"identifier": ""},
        {"identifier": "H26.1/2"}, {"identifier": "000.00.01.h26"}, {"identifier": "H26.1.2.3.4.5"},
    ],
)  # fmt: skip
def test_a_code_that_could_not_be_read_back_is_not_written(wrong):
    fits = {"format": "2018", "identifier": "000.00.01.H26", "day": date(2018, 12, 28), "serial": 1}
    with pytest.raises(ValueError, match=r"."):
        format_code(**{**fits, **wrong})


def test_an_identifier_of_the_other_shape_is_written_in_the_formats_own():
    assert format_code("2025", "000.00.01.H26", date(2025, 7, 1), 1) == "H26.01-250701-0001"
    assert format_code("2018", "H26.1.2", date(2018, 12, 28), 1) == "000.02.01.H26-181228-0001"
    with pytest.raises(KeyError):
        format_code("1999", "H26", date(2025, 7, 1), 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("000.00.00.H26", "H26"), ("000.00.01.H26", "H26.01"), ("000.03.20.H38", "H38.20.03"),
        ("002.05.07.G11", "G11.07.05.002"), ("000.A0.01.H26", "H26.01.A0"), ("001.00.05.H26", "H26.05.00.001"),
        ("000.00.051.H04", "H04.051"),
    ],
)  # fmt: skip
def test_agency_identifiers_old_and_new(old, new):
    assert to_new_identifier(old) == new
    assert to_old_identifier(new) == old


@given(old_identifiers)
def test_an_old_identifier_survives_the_way_there_and_back(old):
    assert identifier_shape(old) == "2016"
    assert identifier_shape(to_new_identifier(old)) == "2020"
    assert to_old_identifier(to_new_identifier(old)) == old


def test_one_digit_groups_are_padded_on_the_way_back():
    assert to_old_identifier("H26.3") == "000.00.03.H26"
    for nowhere in ("H26.1.2.3.4", "G01.105.000.000", "000.00.01.H26", "", "26", "H26."):
        with pytest.raises(ValueError, match=r"."):
            to_old_identifier(nowhere)
    with pytest.raises(ValueError, match=r"."):
        to_new_identifier("H26.1")
    assert identifier_shape("BCA-CAT") is None
    assert identifier_shape("H26." + "1" * 40) is None


last_day = date(2000, 1, 1) + timedelta(days=2**17 - 1)
packable = st.tuples(st.dates(date(2000, 1, 1), last_day), st.integers(0, 2**16 - 1), st.integers(0, 2**20 - 1))


@given(packable)
def test_an_id_says_what_it_was_packed_from(parts):
    packed = pack_dossier_id(*parts)
    assert unpack_dossier_id(packed) == PackedId(*parts)
    assert 0 <= packed < 2**53


@given(packable, packable)
def test_ids_rise_with_the_day_and_are_never_shared(one, other):
    assert (pack_dossier_id(*one) < pack_dossier_id(*other)) == (one < other)
    assert (pack_dossier_id(*one) == pack_dossier_id(*other)) == (one == other)


@pytest.mark.parametrize(
    "beyond",
    [
        (date(1999, 12, 31), 1, 1), (last_day + timedelta(1), 1, 1), (date(2018, 1, 1), 2**16, 1),
        (date(2018, 1, 1), -1, 1), (date(2018, 1, 1), 1, 2**20), (date(2018, 1, 1), 1, -1),
    ],
)  # fmt: skip
def test_an_id_that_would_overflow_is_refused(beyond):
    with pytest.raises(ValueError, match="does not fit"):
        pack_dossier_id(*beyond)


def test_what_is_no_id_is_not_unpacked():
    for number in (-1, 2**53):
        with pytest.raises(ValueError, match="no dossier id"):
            unpack_dossier_id(number)


def test_the_counters_of_the_first_of_november_and_the_eleventh_of_january_do_not_collide():
    november, january = date(2018, 11, 1), date(2018, 1, 11)
    assert format_code("2018", "000.00.01.H26", november, 7) != format_code("2018", "000.00.01.H26", january, 7)
    agencies = range(1, 120)
    year = [date(2018, 1, 1) + timedelta(days=number) for number in range(365)]
    assert len({pack_dossier_id(day, agency, 0) for day in year for agency in agencies}) == 365 * len(agencies)
    for one in (november, january):
        assert unpack_dossier_id(pack_dossier_id(one, 11, 7)) == PackedId(one, 11, 7)


def test_an_identifier_is_never_of_both_shapes():
    assert identifier_shape("H26.01.02.A12") == "2020"
    assert identifier_shape("A00.00.00.G00") == "2020"
    assert identifier_shape("0A0.00.00.G00") == "2016"
    assert identifier_shape("000.00.000.G00") is None
