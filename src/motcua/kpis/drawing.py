"""The small pictures of the indicators, drawn here as attributes of SVG: lines of months, bars, margins.

Pure. What cannot be said is left out of the picture, never drawn as nought.
"""

from collections.abc import Sequence
from typing import Any

from motcua.kpis.values import Reading

WIDTH, HEIGHT, EDGE = 120, 28, 3


def percent(number: float) -> str:
    """A share as an SVG length, kept within the drawing."""
    return f"{round(min(max(number, 0.0), 1.0) * 100, 2):g}%"


def line(values: Sequence[float | None]) -> list[str]:
    """The stretches of a line of months as points of polylines; a month without a value parts it."""
    told = [each for each in values if each is not None]
    if len(told) < 2:
        return []
    low, high = min(told), max(told)
    across = (WIDTH - 2 * EDGE) / (len(values) - 1)
    stretches: list[list[str]] = [[]]
    for at, each in enumerate(values):
        if each is None:
            stretches.append([])
            continue
        share = (each - low) / (high - low) if high > low else 0.5
        stretches[-1].append(f"{EDGE + at * across:.1f},{HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE):.1f}")
    return [" ".join(points) for points in stretches if len(points) > 1]


def top(readings: Sequence[Reading]) -> float:
    """What the bars of these values are measured against."""
    return max((max(each.shown or 0, each.high or 0) for each in readings if each.enough), default=0) or 1


def bar(each: Reading, whole: float) -> dict[str, Any] | None:
    """One value as a bar with its margin; None where there is nothing to show."""
    if each.shown is None:
        return None
    found: dict[str, Any] = {"width": percent(each.shown / whole)}
    if each.low is not None and each.high is not None:
        found |= {"low": percent(max(each.low, 0) / whole), "high": percent(each.high / whole)}
    return found
