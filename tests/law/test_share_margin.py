"""The margin of a share: against its own definition, the two roots where the normal test just gives way."""

from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.margins import Z, of_share


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_each_bound_is_a_share_from_which_what_was_seen_is_just_z_away(seen: tuple[int, int]) -> None:
    hits, of = seen
    low, high = of_share(hits, of) or (0.0, 0.0)
    assert 0 <= low <= hits / of <= high <= 1
    for bound in (low, high):
        if 0 < bound < 1:
            away = abs(hits / of - bound) / sqrt(bound * (1 - bound) / of)
            assert isclose(away, Z, rel_tol=1e-6)


def test_known_values_and_none_on_nothing() -> None:
    assert of_share(0, 0) is None
    low, high = of_share(8, 10) or (0.0, 0.0)
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    with pytest.raises(ValueError, match="no share"):
        of_share(11, 10)
