"""A process as a diagram: its steps with the gateways between them, and where each stands on the sheet.

Stages are lanes, one below the other; time runs to the right. A node stands one column after everything that
leads to it, and nodes of one lane and column stand one below the other. Pure; BPMN is written in `bpmn_out`,
the page's own drawing in `drawing`.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from motcua.law.process import Process, Step

Kind = Literal["start", "step", "fork", "join", "choice", "end"]
EdgeKind = Literal["next", "back"]

STEP_WIDE, STEP_HIGH = 150, 76
SIZES: dict[str, tuple[int, int]] = {
    "start": (36, 36), "end": (36, 36), "step": (STEP_WIDE, STEP_HIGH), "fork": (50, 50), "join": (50, 50),
    "choice": (50, 50),
}  # fmt: skip
GAP, LANE_HEAD, MARGIN, CHANNEL = 46, 40, 30, 10


class Node(msgspec.Struct, frozen=True):
    """One thing on the sheet; `step` is the step it is, or belongs to."""

    key: str
    kind: Kind
    step: str
    stage: str


class Edge(msgspec.Struct, frozen=True):
    """A way from one node to another; `back` for a return to an earlier step."""

    source: str
    target: str
    kind: EdgeKind = "next"


class Box(msgspec.Struct, frozen=True):
    """Where a node or lane stands."""

    x: int
    y: int
    wide: int
    high: int

    @property
    def middle(self) -> tuple[int, int]:
        """Its middle."""
        return self.x + self.wide // 2, self.y + self.high // 2


class Sheet(msgspec.Struct, frozen=True):
    """The whole diagram. `ways` holds the corners of each edge, in the order of `edges`."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    boxes: dict[str, Box]
    lanes: dict[str, Box]
    ways: tuple[tuple[tuple[int, int], ...], ...]
    wide: int
    high: int


def parts_of(process: Process) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """The nodes and edges of a process, in its own order, without places."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    if process.steps:
        first = process.steps[0]
        nodes.append(Node("start", "start", first.id, first.stage))
        edges.append(Edge("start", _entry(first)))
    for index, step in enumerate(process.steps):
        if step.join:
            nodes.append(Node(_entry(step), "join", step.id, step.stage))
            edges.append(Edge(_entry(step), f"step:{step.id}"))
        nodes.append(Node(f"step:{step.id}", "step", step.id, step.stage))
        _onward(process, step, index, nodes, edges)
        edges.extend(Edge(f"step:{step.id}", f"step:{name}", "back") for name in step.back)
    return tuple(nodes), tuple(edges)


def _entry(step: Step) -> str:
    return f"join:{step.id}" if step.join else f"step:{step.id}"


def _onward(process: Process, step: Step, index: int, nodes: list[Node], edges: list[Edge]) -> None:
    here = f"step:{step.id}"
    targets = [_entry(process.step(name)) for name in step.next]
    if not targets:
        nodes.append(Node(f"end:{step.id}", "end", step.id, step.stage))
        edges.append(Edge(here, f"end:{step.id}"))
    elif len(targets) == 1 and not step.parallel:
        edges.append(Edge(here, targets[0]))
    else:
        kind: Kind = "fork" if step.parallel else "choice"
        nodes.append(Node(f"{kind}:{step.id}", kind, step.id, step.stage))
        edges.append(Edge(here, f"{kind}:{step.id}"))
        edges.extend(Edge(f"{kind}:{step.id}", target) for target in targets)


def lay_out(process: Process) -> Sheet:
    """The diagram of a process. Steps on a circle, which no checked process has, stand where they were written."""
    nodes, edges = parts_of(process)
    columns = _columns(nodes, edges)
    lefts, wide = _lefts(nodes, columns)
    boxes: dict[str, Box] = {}
    lanes: dict[str, Box] = {}
    top = 0
    for stage in process.stages:
        mine = [node for node in nodes if node.stage == stage.id]
        slots = _slots(mine, columns)
        returns = sum(edge.kind == "back" and _stage_of(nodes, edge.source) == stage.id for edge in edges)
        high = (max(slots.values(), default=0) + 1) * (STEP_HIGH + MARGIN) + MARGIN + returns * CHANNEL
        lanes[stage.id] = Box(0, top, wide, high)
        for node in mine:
            broad, tall = SIZES[node.kind]
            column = columns[node.key]
            left = lefts[column] + (_widest(nodes, columns, column) - broad) // 2
            centre = top + MARGIN + slots[node.key] * (STEP_HIGH + MARGIN) + STEP_HIGH // 2
            boxes[node.key] = Box(left, centre - tall // 2, broad, tall)
        top += high
    ways = tuple(_ways(edges, boxes, nodes, lanes))
    return Sheet(nodes, edges, boxes, lanes, ways, wide, top)


def _stage_of(nodes: Iterable[Node], key: str) -> str:
    return next(node.stage for node in nodes if node.key == key)


def _columns(nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> dict[str, int]:
    """For each node the longest way to it."""
    before: dict[str, list[str]] = {node.key: [] for node in nodes}
    after: dict[str, list[str]] = {node.key: [] for node in nodes}
    for edge in edges:
        if edge.kind == "next":
            before[edge.target].append(edge.source)
            after[edge.source].append(edge.target)
    open_ways = {key: len(found) for key, found in before.items()}
    ready = [node.key for node in nodes if not open_ways[node.key]]
    columns = dict.fromkeys(ready, 0)
    for key in ready:
        for target in after[key]:
            columns[target] = max(columns.get(target, 0), columns[key] + 1)
            open_ways[target] -= 1
            if not open_ways[target]:
                ready.append(target)
    reached = set(ready)
    last = max((columns[key] for key in reached), default=0)
    for node in nodes:
        if node.key not in reached:
            last += 1
            columns[node.key] = last
    return columns


def _widest(nodes: tuple[Node, ...], columns: dict[str, int], column: int) -> int:
    return max(SIZES[node.kind][0] for node in nodes if columns[node.key] == column)


def _lefts(nodes: tuple[Node, ...], columns: dict[str, int]) -> tuple[dict[int, int], int]:
    """Where each column begins, and where the sheet ends."""
    lefts: dict[int, int] = {}
    at = LANE_HEAD + GAP // 2
    for column in sorted(set(columns.values())):
        lefts[column] = at
        at += _widest(nodes, columns, column) + GAP
    return lefts, at - GAP // 2


def _slots(nodes: list[Node], columns: dict[str, int]) -> dict[str, int]:
    """Which row of its lane each node stands in."""
    taken: dict[int, int] = {}
    slots: dict[str, int] = {}
    for node in nodes:
        column = columns[node.key]
        slots[node.key] = taken.get(column, 0)
        taken[column] = slots[node.key] + 1
    return slots


def _ways(
    edges: tuple[Edge, ...], boxes: dict[str, Box], nodes: tuple[Node, ...], lanes: dict[str, Box]
) -> Iterable[tuple[tuple[int, int], ...]]:
    """The corners of each edge: straight on, in one bend, or along the foot of a lane where nodes stand between."""
    stage = {node.key: node.stage for node in nodes}
    used: dict[str, int] = {}
    for edge in edges:
        source, target = boxes[edge.source], boxes[edge.target]
        if edge.kind == "back":
            lane = lanes[stage[edge.source]]
            number = used[stage[edge.source]] = used.get(stage[edge.source], 0) + 1
            yield _return(source, target, lane.y + lane.high - number * CHANNEL, number)
        else:
            yield _forward(source, target, [box for key, box in boxes.items() if key not in (edge.source, edge.target)])


def _return(source: Box, target: Box, foot: int, number: int) -> tuple[tuple[int, int], ...]:
    # Several returns leave and arrive a little apart, so that each can be followed.
    off = (number % 5 - 2) * 12
    here, there = source.middle[0] + off, target.middle[0] + off
    if target.y > foot:
        return ((here, source.y + source.high), (here, foot), (there, foot), (there, target.y))
    return ((here, source.y + source.high), (here, foot), (there, foot), (there, target.y + target.high))


def _forward(source: Box, target: Box, others: list[Box]) -> tuple[tuple[int, int], ...]:
    begin, end = (source.x + source.wide, source.middle[1]), (target.x, target.middle[1])
    if end[0] <= begin[0]:
        # Only on a circle: over the top of both.
        over = min(source.y, target.y) - CHANNEL
        return ((source.middle[0], source.y), (source.middle[0], over), (target.middle[0], over),
                (target.middle[0], target.y))  # fmt: skip
    if begin[1] == end[1] and not _crossed(begin[0], end[0], begin[1], others):
        return (begin, end)
    early, late = begin[0] + GAP // 2, end[0] - GAP // 2
    if not _crossed(begin[0], late, begin[1], others):
        return (begin, (late, begin[1]), (late, end[1]), end)
    if not _crossed(early, end[0], end[1], others):
        return (begin, (early, begin[1]), (early, end[1]), end)
    foot = max(source.y + source.high, target.y + target.high) + MARGIN // 2
    return (begin, (early, begin[1]), (early, foot), (late, foot), (late, end[1]), end)


def _crossed(left: int, right: int, at: int, others: list[Box]) -> bool:
    return any(box.y < at < box.y + box.high and box.x < right and box.x + box.wide > left for box in others)
