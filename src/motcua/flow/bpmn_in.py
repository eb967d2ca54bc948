"""A BPMN 2.0 file read as a process of ours; what is not ours is refused by its id and line, all of it at once.

A process of ours has lanes with a place and a limit, user tasks with a role, a budget and lawful actions, parallel
and exclusive gateways, one beginning. Whether a dossier can walk through it is left to `process_check`, what
changed against another process to `differences`.
"""

import msgspec

from motcua.flow.bpmn_names import BPMN, BPMNDI, OURS
from motcua.flow.bpmn_tree import Element, Refused, RefusedError, read_tree
from motcua.law.process import Process, Stage, Step
from motcua.law.texts import Text

TASKS = ("userTask", "task", "manualTask")
GATEWAYS = ("parallelGateway", "exclusiveGateway")
# What carries no meaning that a process of ours could lose.
_REMARKS = ("documentation", "textAnnotation", "association", "group", "incoming", "outgoing", "extensionElements")


class Reading(msgspec.Struct, frozen=True):
    """What a file says: a process, or why not. `code` is the procedure's when the file was written by us."""

    process: Process | None
    refused: tuple[Refused, ...]
    code: str = ""


def read_bpmn(data: bytes) -> Reading:
    """Reads a file; never raises for what is in it."""
    try:
        root = read_tree(data)
    except RefusedError as error:
        return Reading(None, (error.refused,))
    file = _File(root)
    process = file.process()
    return Reading(None if file.refused else process, tuple(sorted(file.refused, key=_by_line)), file.code)


def _by_line(refused: Refused) -> tuple[int, str]:
    return refused.line, refused.element


class _File:
    """One file while it is read: its nodes, its flows, and what was refused so far."""

    def __init__(self, root: Element) -> None:
        self.refused: list[Refused] = []
        self.code = ""
        self.nodes: dict[str, Element] = {}
        self.flows: dict[str, Element] = {}
        self.lanes: list[Element] = []
        self.steps: dict[str, str] = {}
        self._process = self._find(root)
        if self._process is not None:
            self._sort(self._process)

    def refuse(self, element: Element, vi: str, en: str) -> None:
        """Names what cannot be taken."""
        self.refused.append(Refused(element.line, element.id, Text(vi, en)))

    def _find(self, root: Element) -> Element | None:
        if (root.space, root.name) != (BPMN, "definitions"):
            self.refuse(root, f"Đây là <{root.name}>, không phải tệp BPMN 2.0.",
                        f"This is <{root.name}>, not a BPMN 2.0 file.")  # fmt: skip
            return None
        found: list[Element] = []
        for child in root.children:
            if (child.space, child.name) == (BPMN, "process"):
                found.append(child)
            elif (child.space, child.name) == (BPMN, "collaboration"):
                self._collaboration(child)
            elif child.space != BPMNDI and child.name not in _REMARKS:
                self._strange(child)
        if len(found) != 1:
            self.refuse(root, f"Tệp có {len(found)} quy trình; phải có đúng một.",
                        f"The file has {len(found)} processes; there must be exactly one.")  # fmt: skip
            return None
        return found[0]

    def _collaboration(self, element: Element) -> None:
        for child in element.children:
            if child.name not in ("participant", *_REMARKS):
                self._strange(child)

    def _strange(self, element: Element) -> None:
        self.refuse(element, f"<{element.name}> không có trong quy trình của một cửa.",
                    f"<{element.name}> is no part of a process here.")  # fmt: skip

    def _sort(self, process: Element) -> None:
        for child in process.children:
            if child.space != BPMN:
                self._strange(child)
            elif child.name == "laneSet":
                self.lanes.extend(child.all(BPMN, "lane"))
            elif child.name == "sequenceFlow":
                self._keep(self.flows, child)
            elif child.name in (*TASKS, *GATEWAYS, "startEvent", "endEvent"):
                self._keep(self.nodes, child)
                self._inside(child)
            elif child.name == "extensionElements":
                told = child.all(OURS, "procedure")
                self.code = told[0].given.get("code", "") if told else ""
            elif child.name not in _REMARKS:
                self._strange(child)

    def _keep(self, where: dict[str, Element], element: Element) -> None:
        if "id" not in element.given or element.given["id"] in self.nodes or element.given["id"] in self.flows:
            self.refuse(element, "Phần tử không có id, hoặc id đã dùng rồi.", "It has no id, or the id is taken.")
        where[element.id] = element

    def _inside(self, node: Element) -> None:
        for child in node.children:
            if child.name not in _REMARKS:
                self.refuse(node, f"<{node.name}> có <{child.name}>, thứ quy trình ở đây không có.",
                            f"<{node.name}> holds <{child.name}>, which a process here does not have.")  # fmt: skip

    # -- the process ------------------------------------------------------------------------------

    def process(self) -> Process | None:
        """The process, as far as it can be read."""
        if self._process is None:
            return None
        stages, stage_of = self._stages()
        tasks = [node for node in self.nodes.values() if node.name in TASKS]
        told = {task.id: self._told(task) for task in tasks}
        self.steps = {task.id: told[task.id].get("id", task.id) for task in tasks}
        self._ends()
        steps = [self._step(task, told[task.id], stage_of) for task in tasks]
        return Process(stages=tuple(stages), steps=tuple(self._first_first(steps)))

    def _stages(self) -> tuple[list[Stage], dict[str, str]]:
        stages: list[Stage] = []
        stage_of: dict[str, str] = {}
        for lane in self.lanes:
            told = self._extension(lane, "stage")
            if told is None or not told.get("place") or not told.get("limit"):
                self.refuse(lane, "Làn không nói nơi giải quyết và thời hạn (motcua:stage place, limit).",
                            "The lane does not say its place and limit (motcua:stage place, limit).")  # fmt: skip
                told = told or {}
            if lane.all(BPMN, "childLaneSet"):
                self.refuse(lane, "Làn trong làn không có ở đây.", "There are no lanes within lanes here.")
            name = Text(lane.given.get("name", ""), told.get("nameEn", ""))
            stage = Stage(told.get("id", lane.id), name, told.get("place", ""), told.get("limit", ""))
            stages.append(stage)
            stage_of |= {each.text.strip(): stage.id for each in lane.all(BPMN, "flowNodeRef")}
        return stages, stage_of

    def _extension(self, element: Element, name: str) -> dict[str, str] | None:
        for holder in element.all(BPMN, "extensionElements"):
            for child in holder.children:
                if child.space == OURS and child.name == name:
                    return child.given
                self.refuse(element, f"Phần mở rộng <{child.name}> không phải của hệ thống này.",
                            f"The extension <{child.name}> is not this system's.")  # fmt: skip
        return None

    def _told(self, task: Element) -> dict[str, str]:
        told = self._extension(task, "step")
        if told is None or not told.get("role") or not told.get("budget"):
            self.refuse(task, "Bước không nói vai trò và thời gian được giao (motcua:step role, budget).",
                        "The task does not say its role and budget (motcua:step role, budget).")  # fmt: skip
        return told or {}

    def _step(self, task: Element, told: dict[str, str], stage_of: dict[str, str]) -> Step:
        if task.id not in stage_of:
            self.refuse(task, "Bước không nằm trong làn nào.", "The task lies in no lane.")
        onward = _Onward(self, task)
        values = {
            "id": self.steps[task.id],
            "name": {"vi": task.given.get("name", ""), "en": told.get("nameEn", "")},
            "stage": stage_of.get(task.id, ""),
            "role": told.get("role", ""),
            "budget": told.get("budget", ""),
            "actions": told.get("actions", "").split(),
            "unit": told.get("unit", ""),
            "next": onward.next,
            "parallel": onward.parallel,
            "join": self._joins(task),
            "back": onward.back,
            "waits_for": told.get("waitsFor", ""),
        }
        try:
            return msgspec.convert(values, Step)
        except msgspec.ValidationError as error:
            self.refuse(task, f"Bước có giá trị không hợp lệ: {error}.", f"The task holds a wrong value: {error}.")
            return msgspec.convert(values | {"actions": [], "waits_for": ""}, Step)

    def _joins(self, task: Element) -> bool:
        """True when the flows into the task come together in a parallel gateway that waits for all of them."""
        sources = [self.nodes.get(flow.given.get("sourceRef", "")) for flow in self.flows_into(task.id)]
        return any(node is not None and node.name == "parallelGateway" and len(self.flows_into(node.id)) > 1
                   and len(self.flows_from(node.id)) == 1 for node in sources)  # fmt: skip

    def flows_from(self, key: str) -> list[Element]:
        """The flows that leave a node, in the file's order."""
        return [flow for flow in self.flows.values() if flow.given.get("sourceRef") == key]

    def flows_into(self, key: str) -> list[Element]:
        """The flows that arrive at a node."""
        return [flow for flow in self.flows.values() if flow.given.get("targetRef") == key]

    def _ends(self) -> None:
        """Every flow joins two nodes of the file, every gateway is used, there is one beginning."""
        for flow in self.flows.values():
            if flow.given.get("sourceRef") not in self.nodes or flow.given.get("targetRef") not in self.nodes:
                self.refuse(flow, "Luồng không nối hai phần tử của quy trình.",
                            "The flow does not join two nodes of the process.")  # fmt: skip
        starts = [node for node in self.nodes.values() if node.name == "startEvent"]
        if len(starts) != 1 or len(self.flows_from(starts[0].id)) != 1:
            self.refuse(starts[0] if starts else self._process or Element("", "process", {}, 1),
                        "Phải có đúng một điểm bắt đầu, với một luồng ra.",
                        "There must be exactly one start, with one way out.")  # fmt: skip
        for node in self.nodes.values():
            incoming, outgoing = len(self.flows_into(node.id)), len(self.flows_from(node.id))
            if node.name in GATEWAYS and ((incoming > 1) == (outgoing > 1) or not incoming or not outgoing):
                self.refuse(node, "Cổng phải hoặc chia, hoặc gộp, không cả hai.",
                            "A gateway either parts or joins, not both and not neither.")  # fmt: skip

    def _first_first(self, steps: list[Step]) -> list[Step]:
        """The step that the start leads to stands first, the others as in the file."""
        starts = [node for node in self.nodes.values() if node.name == "startEvent"]
        if len(starts) != 1:
            return steps
        first = [name for flow in self.flows_from(starts[0].id) for name in self.arrive(flow)]
        return sorted(steps, key=lambda step: step.id not in first[:1])

    def arrive(self, flow: Element, depth: int = 0) -> list[str]:
        """The step to which a flow leads, through gateways that only gather; nothing when it leads to an end."""
        node = self.nodes.get(flow.given.get("targetRef", ""))
        if node is None or node.name == "endEvent":
            return []
        if node.id in self.steps:
            return [self.steps[node.id]]
        outgoing = self.flows_from(node.id)
        if node.name in GATEWAYS and len(outgoing) == 1 and depth < len(self.nodes):
            return self.arrive(outgoing[0], depth + 1)
        self.refuse(flow, "Giữa hai cổng chia phải có một bước.", "Between two parting gateways there must be a step.")
        return []


class _Onward:
    """Where a task leads: on to one step, to a choice, to all at once, or back."""

    def __init__(self, file: _File, task: Element) -> None:
        self.next: list[str] = []
        self.back: list[str] = []
        self.parallel = False
        forward: list[Element] = []
        for flow in file.flows_from(task.id):
            self._sort(file, flow, forward)
        if len(forward) > 1:
            file.refuse(task, "Bước có nhiều luồng ra; phải dùng cổng để nói chọn một hay làm cùng lúc.",
                        "The task has several ways out; a gateway must say whether one or all.")  # fmt: skip
        if not forward:
            file.refuse(task, "Bước không dẫn đến đâu.", "The task leads nowhere.")
        for flow in forward:
            self._follow(file, flow)

    def _sort(self, file: _File, flow: Element, forward: list[Element]) -> None:
        if flow.given.get(f"{OURS} kind") == "back":
            self.back += file.arrive(flow)
            return
        if any(child.name == "conditionExpression" for child in flow.children):
            file.refuse(flow, "Luồng có điều kiện chỉ dùng để trả lại (motcua:kind=\"back\").",
                        "A conditional flow is only for a return (motcua:kind=\"back\").")  # fmt: skip
        forward.append(flow)

    def _follow(self, file: _File, flow: Element) -> None:
        node = file.nodes.get(flow.given.get("targetRef", ""))
        outgoing = file.flows_from(node.id) if node is not None and node.name in GATEWAYS else []
        if node is None or len(outgoing) < 2:
            self.next += file.arrive(flow)
            return
        self.parallel = node.name == "parallelGateway"
        for branch in outgoing:
            found = file.arrive(branch)
            if not found:
                file.refuse(branch, "Nhánh không dẫn đến bước nào.", "The branch leads to no step.")
            self.next += found
