"""Weights, breakers and the budget of retries, without a database."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from motcua.notices.balancing import LEAST, Health, after_batch, chosen, moved

NOW = datetime(2019, 1, 7, 9, tzinfo=UTC)


def health(name: str, **more: Any) -> Health:
    return Health(name, **({"asked": 100} | more))


def test_a_slow_provider_loses_some_of_its_share_to_the_other() -> None:
    assert moved([health("a", slow=15), health("b", slow=14)], NOW) == {"a": 90, "b": 110}


def test_when_both_are_slow_nothing_moves() -> None:
    assert moved([health("a", slow=90), health("b", slow=16)], NOW) == {}


def test_a_handful_of_messages_proves_nothing() -> None:
    assert moved([health("a", asked=19, slow=19), health("b")], NOW) == {}


def test_shares_move_once_a_minute_and_come_back_when_it_is_over() -> None:
    just_now = NOW - timedelta(seconds=59)
    slow = [health("a", share=90, slow=50, moved_at=just_now), health("b", share=110, moved_at=just_now)]
    assert moved(slow, NOW) == {}
    over = NOW - timedelta(minutes=5)
    well = [health("a", share=85, moved_at=over), health("b", share=115, moved_at=over)]
    assert moved(well, NOW) == {"a": 95, "b": 105}
    assert moved([health("a", moved_at=over), health("b", moved_at=over)], NOW) == {}


def test_a_slow_provider_keeps_a_little_so_that_one_sees_when_it_is_well() -> None:
    assert moved([health("a", share=LEAST, slow=50), health("b", share=195)], NOW) == {}


@given(st.lists(st.tuples(st.integers(LEAST, 200), st.integers(0, 100)), min_size=1, max_size=4))
def test_moving_keeps_the_sum_of_shares(parts: list[tuple[int, int]]) -> None:
    healths = [health(f"p{at}", share=share, slow=slow) for at, (share, slow) in enumerate(parts)]
    before = {each.name: each.share for each in healths}
    after = before | moved(healths, NOW)
    assert sum(after.values()) == sum(before.values())
    assert all(share >= LEAST for share in after.values())


def test_messages_go_by_weight_and_never_to_a_broken_one() -> None:
    rng = random.Random(1)
    both = [health("a", share=90), health("b", share=10)]
    drawn = [chosen(both, NOW, rng) for _ in range(2000)]
    assert 100 < drawn.count("b") < 300
    broken = [health("a", broken_until=NOW + timedelta(seconds=1)), health("b", share=10)]
    assert {chosen(broken, NOW, rng) for _ in range(100)} == {"b"}
    assert chosen([broken[0]], NOW, rng) is None


def test_a_retry_goes_to_another_one_where_there_is_one_and_has_a_budget() -> None:
    rng = random.Random(1)
    both = [health("a", share=1000), health("b", share=1)]
    assert {chosen(both, NOW, rng, {"a"}, again=True) for _ in range(50)} == {"b"}
    assert chosen([both[0]], NOW, rng, {"a"}, again=True) == "a"
    spent = [health("a", asked=100, retried=30), health("b", asked=100, retried=29)]
    assert {chosen(spent, NOW, rng, again=True) for _ in range(50)} == {"b"}
    assert chosen([spent[0]], NOW, rng, again=True) is None
    assert chosen([spent[0]], NOW, rng) == "a"


def test_a_breaker_opens_after_five_in_a_row_longer_each_time_and_one_success_closes_it() -> None:
    bad = after_batch(health("a"), 0, 4, NOW)
    assert not bad.is_open(NOW)
    bad = after_batch(bad, 0, 1, NOW)
    assert bad.broken_until == NOW + timedelta(seconds=30)
    assert bad.is_on_trial
    worse = after_batch(bad, 0, 1, NOW)
    assert worse.broken_until == NOW + timedelta(seconds=60)
    for _ in range(20):
        worse = after_batch(worse, 0, 1, NOW)
    assert worse.broken_until == NOW + timedelta(minutes=10)
    assert after_batch(worse, 1, 3, NOW) == health("a")
