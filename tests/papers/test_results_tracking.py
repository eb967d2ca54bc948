"""Tracking numbers of the post and the choice of keys: what is read, what is refused, which of several is taken."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.papers.results.keys import KeyRing, NoKeyError
from motcua.papers.results.tracking import check_digit, parse_tracking


def test_the_example_of_the_postal_union_is_right() -> None:
    # S10-12, annex: 47312482 has the check digit 9.
    assert check_digit("47312482") == 9
    assert parse_tracking("RR473124829GB") == "RR473124829GB"


def test_it_is_read_as_people_write_it() -> None:
    assert parse_tracking(" rr 473 124 829 gb ") == "RR473124829GB"
    assert parse_tracking("RR-473.124.829-GB") == "RR473124829GB"


@pytest.mark.parametrize("typed", ["", "RR473124828GB", "473124829", "R473124829GB", "RR47312482GB", "RR473124829VNX",
                                   "ＲＲ473124829GB", "RR４73124829GB"])  # fmt: skip
def test_what_is_none_is_refused(typed: str) -> None:
    assert parse_tracking(typed) is None


@given(st.text("0123456789", min_size=8, max_size=8), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(serial: str, place: int, by: int) -> None:
    """All weights are prime to eleven: unless the two special remainders meet, a single slip changes the check."""
    wrong = serial[:place] + str((int(serial[place]) + by) % 10) + serial[place + 1 :]
    right = check_digit(serial)
    if check_digit(wrong) == right:
        assert right in (0, 5)


CONFIGURATION = """
since = 2018-01-01T00:00:00+07:00
trust = ["roots.pem"]
[timestamp]
url = "http://127.0.0.1:8318/"
seconds = 4.0
[[key]]
agency = "*"
kind = "pkcs11"
module = "/usr/lib/softhsm/libsofthsm2.so"
token = "thanh-pho"
[[key]]
agency = "001"
kind = "pkcs12"
file = "ba-dinh.p12"
[[key]]
agency = "001"
official = "longpd"
kind = "pkcs12"
file = "longpd.p12"
"""


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    """Keys by configuration alone."""
    (tmp_path / "signing.toml").write_text(CONFIGURATION, encoding="utf-8")
    return KeyRing(tmp_path)


def test_the_nearest_key_is_taken(ring: KeyRing) -> None:
    def chosen(agency: str, official: str = "") -> str:
        key = ring.choose(agency, official)
        assert key is not None
        return key.file or key.token

    assert chosen("001", "longpd") == "longpd.p12"
    assert chosen("001", "somebody") == "ba-dinh.p12"
    assert chosen("001") == "ba-dinh.p12"
    assert chosen("002", "longpd") == "thanh-pho"


def test_a_token_without_its_library_is_refused_in_words(ring: KeyRing) -> None:
    try:
        import pkcs11  # type: ignore[import-not-found]  # noqa: F401
    except ImportError:
        with pytest.raises(NoKeyError, match="python-pkcs11"), ring.opened("002", "Quận"):
            pass
    else:
        pytest.skip("python-pkcs11 is installed: the refusal cannot be seen")


@pytest.mark.parametrize(
    "wrong",
    ["since = 5", "[[key]]\nagency = '1'\nkind = 'usb'", "[[key]]\nkind = 'pkcs12'", "keys = []", "x ="],
)
def test_a_wrong_configuration_is_named(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "signing.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(NoKeyError, match=r"signing\.toml"):
        KeyRing(tmp_path).configuration()


def test_without_any_key_the_operator_is_told_what_to_run(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    assert ring.since() is None
    with pytest.raises(NoKeyError, match="demo-authority"), ring.opened("001", "Quận"):
        pass
    with pytest.raises(NoKeyError, match="time-stamp"):
        ring.timestamper()


def test_a_missing_file_and_a_wrong_passphrase_are_refused(tmp_path: Path, ring: KeyRing) -> None:
    with pytest.raises(NoKeyError, match=r"ba-dinh\.p12"), ring.opened("001", "Quận"):
        pass
    ring.demo.create()
    issued = ring.demo.p12_of("001", "Quận")
    place = tmp_path / "ba-dinh.p12"
    place.write_bytes(issued.read_bytes())
    place.chmod(0o600)
    with pytest.raises(NoKeyError, match=r"ba-dinh\.p12"), ring.opened("001", "Quận"):
        pass
