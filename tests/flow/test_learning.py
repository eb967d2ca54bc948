"""Learning and its honesty: the scores against a slow reckoning, chances that are kept, refusals where it must."""

from math import exp
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.flow.learning import BINS, FEWEST, Samples, fit, judge, learn, sigmoid

said = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=80)


@given(said)
def test_the_scores_are_those_of_a_slow_reckoning(found: list[tuple[float, bool]]) -> None:
    quality = judge(np.array([p for p, _ in found]), np.array([float(y) for _, y in found]))
    rate = sum(y for _, y in found) / len(found)
    brier = sum((p - y) ** 2 for p, y in found) / len(found)
    base = sum((rate - y) ** 2 for _, y in found) / len(found)
    assert quality.brier == pytest.approx(brier)
    assert quality.brier_base == pytest.approx(base)
    assert quality.brier_base == pytest.approx(rate * (1 - rate))
    assert quality.skill == pytest.approx(1 - brier / base if base else 0.0)
    bins: dict[int, list[tuple[float, bool]]] = {}
    for p, y in found:
        bins.setdefault(min(int(p * BINS), BINS - 1), []).append((p, y))
    assert [each.n for each in quality.reliability] == [len(bins[at]) for at in sorted(bins)]
    for kept, at in zip(quality.reliability, sorted(bins), strict=True):
        assert kept.said == pytest.approx(sum(p for p, _ in bins[at]) / kept.n)
        assert kept.came == pytest.approx(sum(y for _, y in bins[at]) / kept.n)
    # Brier's own decomposition cannot do better than the bins allow.
    assert sum(each.n for each in quality.reliability) == quality.n == len(found)


@given(st.floats(-700, 700))
def test_the_logistic_function_does_not_overflow(x: float) -> None:
    slow = 1 / (1 + exp(-x)) if x > -600 else 0.0
    assert float(sigmoid(np.array([x]))[0]) == pytest.approx(slow, abs=1e-9)


def history(seed: int, n: int, strength: float, drift: float = 0.0) -> Samples:
    """Dossiers whose lateness hangs on the first feature by `strength`, over two years of days."""
    dice = Random(seed)
    rows, late, seen = [], [], []
    for at in range(n):
        x, noise = dice.gauss(0, 1), dice.gauss(0, 1)
        day = 1000 + at * 730 // n
        chance = 1 / (1 + exp(-(strength * x - 1 + drift * (day - 1000) / 730)))
        rows.append((x, noise, 5.0))
        late.append(dice.random() < chance)
        seen.append(day)
    return Samples(("a", "b", "same"), rows, late, seen, [day + 3 for day in seen])


def test_what_hangs_on_a_feature_is_learned_and_its_chances_come_true() -> None:
    learned = learn(history(1, 8000, 2.0), split=1365)
    assert learned.why == ""
    assert learned.model is not None
    assert learned.quality is not None
    assert learned.quality.skill > 0.25
    for each in learned.quality.reliability:
        if each.n >= 150:
            assert abs(each.said - each.came) < 0.08
    high, low = learned.model.chances([(2.0, 0.0, 5.0), (-2.0, 0.0, 5.0)])
    assert high > 0.8
    assert low < 0.1
    parts = learned.model.parts([(2.0, 0.0, 5.0)])[0]
    assert parts[0] > 10 * abs(parts[1])
    assert parts[2] == 0


def test_where_nothing_can_be_foretold_no_chances_are_shown() -> None:
    refused = [learn(history(seed, 3000, 0.0), split=1365).why for seed in range(12)]
    # A test at five per cent may err once; a model without skill must not pass as a rule.
    assert refused.count("no_better") >= 10
    assert all(learn(history(seed, 3000, 0.0), split=1365).model is None for seed in range(3) if refused[seed])


@pytest.mark.parametrize(("n", "split", "why"), [(FEWEST // 2, 1365, "few"), (4000, 1725, "few_held"), (0, 5, "few")])
def test_too_little_history_is_said(n: int, split: int, why: str) -> None:
    learned = learn(history(3, n, 2.0), split)
    assert (learned.why, learned.model, learned.quality) == (why, None, None)


def test_what_ended_after_the_split_teaches_nothing_before_it() -> None:
    """A dossier seen before the year kept apart, but ended within it, was not known then."""
    samples = history(5, 6000, 2.0)
    long = Samples(samples.features, samples.rows, samples.late, samples.seen, [2000] * len(samples.seen))
    assert learn(long, split=1365).why == "few"


def test_learning_twice_gives_the_same_numbers() -> None:
    samples = history(7, 3000, 1.0)
    rows, late = np.array(samples.rows), np.array(samples.late, dtype=float)
    one = fit(samples.features, rows, late, np.array(samples.seen))
    assert one == fit(samples.features, rows, late, np.array(samples.seen))
