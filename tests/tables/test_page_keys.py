"""Keys of pages: what is written is read again to the microsecond, and what nobody wrote is refused as one error."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.working_time import CITY_ZONE
from motcua.tables.page_keys import WrongKeyError, cut, instant, number, read, small, write

EARLIEST, LATEST = datetime(1, 1, 3), datetime(9999, 12, 29)
ZONES = st.one_of(
    st.sampled_from([UTC, CITY_ZONE]), st.integers(-1439, 1439).map(lambda each: timezone(timedelta(minutes=each)))
)
INSTANTS = st.datetimes(EARLIEST, LATEST, timezones=ZONES)
BIG, SMALL = st.integers(-(2**63), 2**63 - 1), st.integers(-(2**31), 2**31 - 1)
LIKELY = st.text(st.sampled_from("0123456789~-+:.TZ_ ²"), max_size=60)


@given(INSTANTS, BIG, SMALL)
def test_what_is_written_is_read_again(at: datetime, dossier: int, task: int) -> None:
    assert read(write(at, dossier, task), instant, number, small) == (at, dossier, task)
    assert read(write(dossier, at), number, instant) == (dossier, at)


@given(st.one_of(st.text(), LIKELY))
def test_garbage_is_refused_or_fits_its_columns(key: str) -> None:
    try:
        at, dossier, task = read(key, instant, number, small)
    except WrongKeyError:
        return
    assert at.tzinfo is UTC
    assert -(2**63) <= dossier < 2**63
    assert -(2**31) <= task < 2**31


@given(st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)))
def test_keys_of_old_addresses_are_read_to_the_microsecond(at: datetime) -> None:
    micros = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert instant(f"{micros // 1_000_000}.{micros % 1_000_000:06}") == at
    if micros >= 10**14:
        assert instant(str(micros)) == at


@pytest.mark.parametrize(
    "words",
    ["", "x", "2018-12-03", "2018-12-03T00:00:00", "20181203", "1543770000", "0001-01-01T00:00:00+07:00",
     "9999-12-31T23:59:59-07:00", "999999999999.000000", "999999999999999999", "nan", "2018-13-01T00:00:00Z"],
)  # fmt: skip
def test_an_instant_has_a_zone_and_lies_within_the_calendar(words: str) -> None:
    with pytest.raises(WrongKeyError):
        instant(words)


@pytest.mark.parametrize("words", ["", "+1", " 1", "1_000", "²", "١", "1.0", "1e3", str(2**63), str(-(2**63) - 1)])
def test_a_number_is_digits_and_fits(words: str) -> None:
    for kind in (number, small):
        with pytest.raises(WrongKeyError):
            kind(words)


@pytest.mark.parametrize("words", [str(2**31), str(-(2**31) - 1)])
def test_a_small_number_fits_a_small_column(words: str) -> None:
    assert number(words) == int(words)
    with pytest.raises(WrongKeyError):
        small(words)


@pytest.mark.parametrize("key", ["", "1", "1~2~3", "~", "1~"])
def test_a_key_has_as_many_parts_as_its_list(key: str) -> None:
    with pytest.raises(WrongKeyError):
        read(key, number, number)


def test_an_instant_without_a_zone_is_not_written() -> None:
    assert write(None, 0.25, "late", 7) == "~0.25~late~7"
    naive: Any = datetime(2018, 12, 3)
    with pytest.raises(ValueError, match="zone"):
        write(naive)


def test_a_page_is_cut_before_the_row_that_says_there_are_more() -> None:
    assert cut([1, 2, 3], 2, str) == ([1, 2], "2")
    assert cut([1, 2], 2, str) == ([1, 2], "")
    assert cut([], 2, str) == ([], "")
