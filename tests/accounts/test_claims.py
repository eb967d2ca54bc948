"""What is believed of an identity provider's claims: whatever they hold, nothing unproven counts and nothing breaks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.accounts import claims, sessions
from motcua.accounts.history import masked
from residents import MOTHER

NAMES = claims.Names(proven=("2",))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["2", MOTHER, "1987-05-04", "+84912345678"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KNOWN = st.sampled_from(
    ["personal_number", "acr", "birthdate", "name", "email", "email_verified", "phone_number", "phone_number_verified"]
)
CLAIMS = st.dictionaries(KNOWN, VALUES)


@given(CLAIMS, CLAIMS)
def test_anything_may_be_claimed_and_nothing_breaks(userinfo: dict[str, Any], id_token: dict[str, Any]) -> None:
    found = claims.read(userinfo | {"sub": "1"}, id_token | {"sub": "1"}, NAMES)
    assert found.number == "" or (len(found.number) == 12 and found.number.isdecimal())
    assert len(found.name) <= 200
    assert len(found.birth) in (0, 4, 10)
    merged = userinfo | id_token
    assert not found.email or merged.get("email_verified") is True
    assert not found.phone or merged.get("phone_number_verified") is True
    level = id_token.get("acr")
    assert found.proven == (str(level) == "2" or (isinstance(level, list) and "2" in [str(each) for each in level]))


def test_a_level_counts_only_where_it_is_signed_and_named() -> None:
    assert not claims.read({"sub": "1", "acr": "2"}, {"sub": "1"}, NAMES).proven
    assert claims.read({"sub": "1"}, {"sub": "1", "acr": "2"}, NAMES).proven
    assert not claims.read({"sub": "1"}, {"sub": "1", "acr": "2"}, claims.Names()).proven
    assert not claims.read({"sub": "1"}, {"sub": "1", "acr": True}, claims.Names(proven=("True",))).proven


@pytest.mark.parametrize("userinfo", [{"sub": "2"}, {"name": "no sub"}])
def test_two_answers_about_different_people_are_refused(userinfo: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="different people"):
        claims.read(userinfo, {"sub": "1"}, NAMES)
    with pytest.raises(ValueError, match="different people"):
        claims.read({}, {}, NAMES)


@given(st.emails() | st.from_regex(r"\A0[35789][0-9]{8}\Z"))
def test_what_is_masked_is_not_told(address: str) -> None:
    hidden = masked(address)
    name = address.partition("@")[0]
    assert "•••" in hidden
    assert len(name) < 2 or name not in hidden


@given(st.text(max_size=300))
def test_whatever_a_browser_calls_itself_is_a_device(user_agent: str) -> None:
    browser, system = sessions.device_words(user_agent)
    assert isinstance(browser, str)
    assert isinstance(system, str)
