"""Where things stand in the small pictures: bars of a chart row, clocks of stages along one line of time.

Widths are shares of the drawing in per cent, written as SVG attributes, so that no page needs an inline style.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from motcua.site.templatetags.reading import part, spoken

# A bar too short to see is still drawn this wide, as a share of the drawing.
SLIVER = 0.008
# From this share on time upwards a unit's tile has this level; a tile of too few cases has none.
LEVELS = ((0.98, 5), (0.95, 4), (0.9, 3), (0.8, 2), (0.0, 1))


def percent(number: float) -> str:
    """A share as an SVG length, e.g. `12.5%`, kept within the drawing."""
    return f"{round(min(max(number, 0.0), 1.0) * 100, 2):g}%"


def along(start: datetime, end: datetime, when: datetime) -> float:
    """Where `when` lies between start (0) and end (1). An empty stretch of time counts as one second."""
    return (when - start).total_seconds() / max((end - start).total_seconds(), 1.0)


def gantt_view(gantt: Any) -> dict[str, Any]:
    """Stages as rows of bars, each placed between the start and the end of the whole."""
    start, end, now = part(gantt, "start"), part(gantt, "end"), part(gantt, "now")
    rows = []
    for row in part(gantt, "rows", ()):
        bars = []
        for bar in part(row, "bars", ()):
            begun, ended = part(bar, "from"), part(bar, "to") or now or end
            left, right = along(start, end, begun), along(start, end, ended)
            bars.append({
                "x": percent(left), "width": percent(max(min(right, 1.0) - max(left, 0.0), SLIVER)),
                "state": part(bar, "state", "on_time"), "words": spoken(part(bar, "words")),
                "from": begun, "to": part(bar, "to"),
            })  # fmt: skip
        due = part(row, "due")
        rows.append({
            "name": spoken(part(row, "name")), "agency": spoken(part(row, "agency")), "bars": bars,
            "words": spoken(part(row, "words")), "due": due, "due_x": percent(along(start, end, due)) if due else "",
            "state": part(row, "state") or (bars[-1]["state"] if bars else ""),
        })  # fmt: skip
    passed = along(start, end, now) if now else 2.0
    return {"start": start, "end": end, "rows": rows, "now": now, "now_x": percent(passed) if passed <= 1 else ""}


def bar_row_view(row: Any) -> dict[str, Any]:
    """One row of a bar chart: parts laid end to end, measured against `max` (or the row's own total)."""
    value, total = part(row, "value", 0), part(row, "of")
    parts: Sequence[Any] = part(row, "parts") or [{"state": part(row, "state", "plain"), "value": value}]
    whole = part(row, "max") or total or sum(part(each, "value", 0) for each in parts) or 1
    laid, left = [], 0.0
    for each in parts:
        width = part(each, "value", 0) / whole
        laid.append({"x": percent(left), "width": percent(width), "state": part(each, "state", "plain")})
        left += width
    return {
        "label": spoken(part(row, "label")), "href": part(row, "href"), "value": value, "of": total,
        "parts": laid, "note": spoken(part(row, "note")), "too_few": bool(part(row, "too_few", False)),
        "words": spoken(part(row, "words")), "share": value / total if total else None,
    }  # fmt: skip


def tile_view(unit: Any) -> dict[str, Any]:
    """A unit as a tile coloured by its share on time, and by nothing where there are too few cases."""
    value, total = part(unit, "value", 0), part(unit, "of", 0)
    too_few = bool(part(unit, "too_few", False)) or not total
    share = None if too_few else value / total
    level = 0 if share is None else next(level for least, level in LEVELS if share >= least)
    return {
        "name": spoken(part(unit, "name")), "short": spoken(part(unit, "short")) or spoken(part(unit, "name")),
        "href": part(unit, "href"), "value": value, "of": total, "share": share, "level": level,
        "column": part(unit, "column"), "row": part(unit, "row"),
    }  # fmt: skip
