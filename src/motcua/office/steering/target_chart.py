"""A target's history drawn as SVG: the path from the baseline to the goal, its milestones, the values along it.

Needs no script; the same numbers stand in the table below it. Lengths are shares of the drawing.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from motcua.steering.targets import Standing, path_of

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 24, 24, 16, 24


def drawn(standing: Standing) -> dict[str, Any]:
    """Where the lines and points stand, and what stands beside the axes."""
    path, target = path_of(standing.target), standing.target
    marks = [(path.since, path.baseline), *path.stops, (path.due, path.goal)]
    values = [(each.day, each.value) for each in standing.values]
    first, last = min(path.since, *(day for day, _ in [*marks, *values])), path.due
    numbers = [number for _, number in [*marks, *values]]
    low, high = min(numbers), max(numbers)
    room = (high - low) * Decimal("0.08") or Decimal(1)
    low, high = low - room, high + room

    def x(day: date) -> float:
        share = (day - first).days / max((last - first).days, 1)
        return round(LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT), 1)

    def y(number: Decimal) -> float:
        share = float((number - low) / (high - low))
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    return {
        "width": WIDTH,
        "height": HEIGHT,
        "path": " ".join(f"{x(day)},{y(number)}" for day, number in marks),
        "line": " ".join(f"{x(day)},{y(number)}" for day, number in values),
        "points": [{"x": x(day), "y": y(number)} for day, number in values],
        "stops": [{"x": x(day), "y": y(number)} for day, number in marks],
        "goal_y": y(path.goal),
        "years": [
            {"x": x(date(year, 1, 1)), "label": str(year)}
            for year in range(first.year + 1, last.year + 1)
            if (year - first.year) % max(1, (last.year - first.year) // 6) == 0
        ],
        "baseline": target.baseline,
        "ground_y": HEIGHT - BOTTOM,
    }
