"""The process drawn by the server, for readers without JavaScript and for paper: the same layout as the BPMN file.

Each step carries its name, how much passed through it and how long it took; its ground tells its share of the time
lost. Writes no markup: the template does.
"""

from textwrap import wrap
from typing import Any

import msgspec
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from motcua.flow.diagram import Box, lay_out
from motcua.flow.losses import Loss
from motcua.flow.minutes import DAY
from motcua.law.process import Process
from motcua.reports.naming import said

LETTERS, LINES = 21, 2
# From which share of all lost time a step is drawn in which ground.
LEVELS = (0.02, 0.1, 0.3)
_ARROW = 6


class Load(msgspec.Struct, frozen=True):
    """What is written at a step: the level of its ground, and lines of figures."""

    level: int
    lines: tuple[str, ...]


def in_short(minutes: float | None) -> str:
    """Worked minutes in a few letters: `45′`, `3 giờ`, `5,1 ngày`."""
    whole = round(minutes or 0)
    if whole < 60:
        return f"{whole}′"
    if whole < DAY:
        return _("%(n)s giờ") % {"n": round(whole / 60)}
    return _("%(n)s ngày") % {"n": number_format(round(whole / DAY, 1)).removesuffix(",0").removesuffix(".0")}


def level_of(loss: Loss | None, total: int) -> int:
    """0 to 3, by the share of all time lost."""
    share = loss.lost / total if loss and total else 0.0
    return sum(share >= each for each in LEVELS)


def drawing(process: Process, loads: dict[str, Load]) -> dict[str, Any]:
    """The drawing for its template."""
    sheet = lay_out(process)
    return {
        "wide": sheet.wide,
        "high": sheet.high,
        "lanes": [
            {"box": sheet.lanes[stage.id], "name": said(stage.name), "middle": sheet.lanes[stage.id].middle[1]}
            for stage in process.stages
        ],
        "edges": [
            {"points": " ".join(f"{x},{y}" for x, y in way), "head": _head(way), "back": edge.kind == "back"}
            for edge, way in zip(sheet.edges, sheet.ways, strict=True)
        ],
        "nodes": [_node(node.kind, sheet.boxes[node.key], process, node.step, loads) for node in sheet.nodes],
    }


def _node(kind: str, box: Box, process: Process, step: str, loads: dict[str, Load]) -> dict[str, Any]:
    x, y = box.middle
    if kind != "step":
        corners = f"{x},{box.y} {box.x + box.wide},{y} {x},{box.y + box.high} {box.x},{y}"
        return {"kind": kind, "x": x, "y": y, "radius": box.wide // 2, "corners": corners}
    load = loads.get(step, Load(0, ()))
    name = said(process.step(step).name)
    lines = wrap(name, LETTERS) or [step]
    shown = lines[:LINES] if len(lines) <= LINES else [*lines[: LINES - 1], f"{lines[LINES - 1][: LETTERS - 1]}…"]
    texts = [(line, "name") for line in shown] + [(line, "figure") for line in load.lines[:2]]
    first = y - (len(texts) - 1) * 8 + 4
    return {
        "kind": "step",
        "box": box,
        "title": name,
        "level": load.level,
        "texts": [{"line": line, "kind": what, "x": x, "y": first + at * 16} for at, (line, what) in enumerate(texts)],
    }


def _head(way: tuple[tuple[int, int], ...]) -> str:
    """The arrow's head at the end of a way."""
    (from_x, from_y), (x, y) = way[-2], way[-1]
    if from_x == x:
        off = _ARROW if from_y > y else -_ARROW
        return f"{x},{y} {x - 4},{y + off} {x + 4},{y + off}"
    off = _ARROW if from_x > x else -_ARROW
    return f"{x},{y} {x + off},{y - 4} {x + off},{y + 4}"
