"""Learns chances of being late from past dossiers, calibrates them, and says how good they are on a year kept apart.

A model is plain numbers: means, scales and coefficients of a logistic regression with Platt's calibration. It is
judged against the best that a single constant could do on the year kept apart; one that is no better is not used.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

FEWEST, FEWEST_LATE, FEWEST_HELD, FEWEST_HELD_LATE = 500, 40, 200, 20
# The newest part of what is learned from, which the calibration is fitted on.
CALIBRATING = 0.25
BINS = 10
Z90_ONE_SIDED = 1.645


class Model(msgspec.Struct, frozen=True):
    """Numbers from which a chance is reckoned: `slope * (intercept + coefficients · standardised) + offset`."""

    features: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    coefficients: tuple[float, ...]
    intercept: float
    slope: float
    offset: float

    def chances(self, rows: Sequence[Sequence[float]]) -> Numbers:
        """The chance of each row."""
        parts = self.parts(rows)
        return sigmoid(self.slope * (self.intercept + parts.sum(axis=1)) + self.offset)

    def parts(self, rows: Sequence[Sequence[float]]) -> Numbers:
        """What each feature adds to each row's log odds, against the mean, before calibration."""
        table = np.asarray(rows, dtype=np.float64).reshape(len(rows), len(self.features))
        standardised: Numbers = (table - np.array(self.means)) / np.array(self.scales) * np.array(self.coefficients)
        return standardised


class Bin(msgspec.Struct, frozen=True):
    """One bin of the reliability curve: how many, what was said, what came."""

    n: int
    said: float
    came: float


class Quality(msgspec.Struct, frozen=True):
    """How a model does on the year kept apart. `skill` is 1 - brier / brier of the best constant there."""

    n: int
    late: int
    brier: float
    brier_base: float
    skill: float
    sure: bool
    reliability: tuple[Bin, ...]


class Samples(msgspec.Struct, frozen=True):
    """Snapshots of past dossiers: features, whether they were late, and the days of snapshot and end, as ordinals."""

    features: tuple[str, ...]
    rows: list[tuple[float, ...]]
    late: list[bool]
    seen: list[int]
    ended: list[int]


class Learned(msgspec.Struct, frozen=True):
    """What came of learning: a model and its quality, or why there is none (`few`, `few_held`, `no_better`)."""

    model: Model | None
    quality: Quality | None
    why: str
    n: int
    late: int


def learn(samples: Samples, split: int) -> Learned:
    """A model of all samples, judged by one learned from what had ended before the day `split` and tried on
    dossiers seen from it on. There is none when there is too little history or it says no more than a constant.
    """
    rows, late = np.asarray(samples.rows, dtype=np.float64), np.asarray(samples.late, dtype=np.float64)
    seen, ended = np.asarray(samples.seen), np.asarray(samples.ended)
    before, held = np.flatnonzero(ended < split), np.flatnonzero(seen >= split)
    n, n_late = len(before), int(late[before].sum()) if len(before) else 0
    if n < FEWEST or min(n_late, n - n_late) < FEWEST_LATE:
        return Learned(None, None, "few", n, n_late)
    held_late = int(late[held].sum())
    if len(held) < FEWEST_HELD or min(held_late, len(held) - held_late) < FEWEST_HELD_LATE:
        return Learned(None, None, "few_held", n, n_late)
    tried = fit(samples.features, rows[before], late[before], seen[before])
    found = judge(tried.chances(rows[held]), late[held])  # type: ignore[arg-type]
    if not found.sure:
        return Learned(None, found, "no_better", n, n_late)
    return Learned(fit(samples.features, rows, late, seen), found, "", len(rows), int(late.sum()))


def fit(features: tuple[str, ...], rows: Numbers, late: Numbers, seen: NDArray[Any]) -> Model:
    """The regression on the older part, Platt's calibration on the newer."""
    from sklearn.linear_model import LogisticRegression

    order = np.argsort(seen, kind="stable")
    cut = int(len(order) * (1 - CALIBRATING))
    older, newer = order[:cut], order[cut:]
    if len(set(late[newer])) < 2 or len(set(late[older])) < 2:
        older = newer = order
    means, scales = rows[older].mean(axis=0), rows[older].std(axis=0)
    scales = np.where(scales > 1e-9, scales, 1.0)
    main = LogisticRegression(C=1.0, max_iter=2000).fit((rows[older] - means) / scales, late[older])
    raw = main.decision_function((rows[newer] - means) / scales)
    platt = LogisticRegression(C=1e6, max_iter=2000).fit(raw.reshape(-1, 1), late[newer])
    return Model(
        features,
        tuple(map(float, means)),
        tuple(map(float, scales)),
        tuple(map(float, main.coef_[0])),
        float(main.intercept_[0]),
        # A negative slope would turn every reason round; such a model has learned nothing.
        max(float(platt.coef_[0][0]), 0.0),
        float(platt.intercept_[0]),
    )


def judge(chances: Numbers, late: Numbers) -> Quality:
    """Brier score, the constant's, the skill, whether the gain is surely more than chance, and the reliability."""
    base = float(late.mean())
    losses, base_losses = (chances - late) ** 2, (base - late) ** 2
    brier, brier_base = float(losses.mean()), float(base_losses.mean())
    gain = base_losses - losses
    error = float(gain.std()) / len(gain) ** 0.5
    return Quality(
        n=len(late),
        late=int(late.sum()),
        brier=brier,
        brier_base=brier_base,
        skill=1 - brier / brier_base if brier_base else 0.0,
        sure=float(gain.mean()) - Z90_ONE_SIDED * error > 0,
        reliability=reliability(chances, late),
    )


def reliability(chances: Numbers, late: Numbers) -> tuple[Bin, ...]:
    """What was said against what came, in tenths of the chance; empty tenths are left out."""
    tenth = np.minimum((chances * BINS).astype(int), BINS - 1)
    found = []
    for at in range(BINS):
        here = tenth == at
        if here.any():
            found.append(Bin(int(here.sum()), float(chances[here].mean()), float(late[here].mean())))
    return tuple(found)


def sigmoid(x: Numbers) -> Numbers:
    """The logistic function, without overflow."""
    half: Numbers = 0.5 * (1.0 + np.tanh(0.5 * np.asarray(x, dtype=np.float64)))
    return half
