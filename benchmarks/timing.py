"""How spans of time are summed up: the middle, and what all but one in twenty stay under."""

import time
from collections.abc import Callable


def percentiles(spent: list[float]) -> tuple[float, float]:
    """p50 and p95 of milliseconds, to a hundredth."""
    ordered = sorted(spent)
    return tuple(round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2) for share in (0.5, 0.95))  # type: ignore[return-value]


def milliseconds(times: int, ask: Callable[[], object]) -> list[float]:
    """How long each of `times` questions took, after three to warm up."""
    spent = []
    for at in range(times + 3):
        begun = time.perf_counter()
        ask()
        if at >= 3:
            spent.append((time.perf_counter() - begun) * 1000)
    return spent
