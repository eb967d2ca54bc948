"""A process written as BPMN 2.0: lanes for stages, user tasks for steps, gateways for branches, and the layout.

A return to an earlier step is a conditional flow from the task itself, whose way forward is the default; that is
how BPMN says "either on or back" without a gateway at every desk. Reading is left to `bpmn_in`.
"""

import re
from xml.sax.saxutils import quoteattr

from motcua.flow.bpmn_names import BPMN, BPMNDI, DC, DI, OURS, XSI
from motcua.flow.diagram import Edge, Node, Sheet, lay_out
from motcua.law.process import Process, Stage, Step
from motcua.law.texts import Text

_SAFE = re.compile(r"[^A-Za-z0-9_.-]+")


def write_bpmn(code: str, name: Text, process: Process) -> str:
    """The process of the procedure `code` as a BPMN file."""
    sheet = lay_out(process)
    ids = _Ids(sheet)
    body = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:bpmndi="{BPMNDI}" xmlns:dc="{DC}" xmlns:di="{DI}"'
        f' xmlns:xsi="{XSI}" xmlns:motcua="{OURS}" id="definitions" targetNamespace="{OURS}" exporter="motcua">',
        '  <bpmn:collaboration id="collaboration">',
        f'    <bpmn:participant id="participant" name={_q(code)} processRef="process"/>',
        "  </bpmn:collaboration>",
        f'  <bpmn:process id="process" name={_q(name.vi)} isExecutable="false">',
        f"    <bpmn:extensionElements><motcua:procedure code={_q(code)}{_english(name)}/></bpmn:extensionElements>",
        *_lanes(process, sheet, ids),
        *(line for node in sheet.nodes for line in _node(node, process, sheet, ids)),
        *(line for number, edge in enumerate(sheet.edges) for line in _flow(number, edge, ids)),
        "  </bpmn:process>",
        *_drawn(process, sheet, ids),
        "</bpmn:definitions>",
        "",
    ]
    return "\n".join(body)


class _Ids:
    """A name of XML's for every node and lane: ours where it may stand, and none twice."""

    def __init__(self, sheet: Sheet) -> None:
        self._taken: set[str] = set()
        self.node = {node.key: self._new(node.key.replace(":", "_", 1)) for node in sheet.nodes}
        self.lane = {stage: self._new(f"stage_{stage}") for stage in sheet.lanes}

    def _new(self, wish: str) -> str:
        plain = _SAFE.sub("-", wish)
        found, number = plain, 2
        while found in self._taken:
            found, number = f"{plain}.{number}", number + 1
        self._taken.add(found)
        return found


def task_ids(process: Process) -> dict[str, str]:
    """For each step the id that its task has in the file, for what is laid over the diagram."""
    sheet = lay_out(process)
    ids = _Ids(sheet)
    return {node.step: ids.node[node.key] for node in sheet.nodes if node.kind == "step"}


def _lanes(process: Process, sheet: Sheet, ids: _Ids) -> list[str]:
    lines = ['    <bpmn:laneSet id="lanes">']
    for stage in process.stages:
        lines.append(f"      <bpmn:lane id={_q(ids.lane[stage.id])} name={_q(stage.name.vi)}>")
        lines.append(f"        <bpmn:extensionElements>{_stage(stage)}</bpmn:extensionElements>")
        lines += [
            f"        <bpmn:flowNodeRef>{ids.node[node.key]}</bpmn:flowNodeRef>"
            for node in sheet.nodes
            if node.stage == stage.id
        ]
        lines.append("      </bpmn:lane>")
    lines.append("    </bpmn:laneSet>")
    return lines


def _stage(stage: Stage) -> str:
    return f"<motcua:stage id={_q(stage.id)} place={_q(stage.place)} limit={_q(stage.limit)}{_english(stage.name)}/>"


_TAGS = {
    "start": "startEvent", "end": "endEvent", "step": "userTask", "fork": "parallelGateway", "join": "parallelGateway",
    "choice": "exclusiveGateway",
}  # fmt: skip


def _node(node: Node, process: Process, sheet: Sheet, ids: _Ids) -> list[str]:
    tag, key = _TAGS[node.kind], ids.node[node.key]
    given = f"id={_q(key)}"
    if node.kind == "step":
        step = process.step(node.step)
        given += f" name={_q(step.name.vi)}"
        if step.back:
            onward = next(at for at, edge in enumerate(sheet.edges) if edge.source == node.key and edge.kind == "next")
            given += f' default="flow_{onward}"'
    lines = [f"    <bpmn:{tag} {given}>"]
    if node.kind == "step":
        lines.append(f"      <bpmn:extensionElements>{_step(process.step(node.step))}</bpmn:extensionElements>")
    into = [f"flow_{at}" for at, edge in enumerate(sheet.edges) if edge.target == node.key]
    out = [f"flow_{at}" for at, edge in enumerate(sheet.edges) if edge.source == node.key]
    lines += [f"      <bpmn:incoming>{each}</bpmn:incoming>" for each in into]
    lines += [f"      <bpmn:outgoing>{each}</bpmn:outgoing>" for each in out]
    lines.append(f"    </bpmn:{tag}>")
    return lines


def _step(step: Step) -> str:
    given = {
        "id": step.id, "role": step.role, "budget": step.budget, "actions": " ".join(step.actions), "unit": step.unit,
        "waitsFor": step.waits_for,
    }  # fmt: skip
    said = "".join(f" {name}={_q(value)}" for name, value in given.items() if value or name == "id")
    return f"<motcua:step{said}{_english(step.name)}/>"


def _english(text: Text) -> str:
    return f" nameEn={_q(text.en)}" if text.en else ""


def _flow(number: int, edge: Edge, ids: _Ids) -> list[str]:
    ends = f"sourceRef={_q(ids.node[edge.source])} targetRef={_q(ids.node[edge.target])}"
    if edge.kind == "next":
        return [f'    <bpmn:sequenceFlow id="flow_{number}" {ends}/>']
    return [
        f'    <bpmn:sequenceFlow id="flow_{number}" name="trả lại" {ends} motcua:kind="back">',
        '      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">send_back</bpmn:conditionExpression>',
        "    </bpmn:sequenceFlow>",
    ]


def _drawn(process: Process, sheet: Sheet, ids: _Ids) -> list[str]:
    lines = [
        '  <bpmndi:BPMNDiagram id="diagram">',
        '    <bpmndi:BPMNPlane id="plane" bpmnElement="collaboration">',
        _shape("participant", (-30, 0, sheet.wide + 30, sheet.high), ' isHorizontal="true"'),
    ]
    for stage in process.stages:
        box = sheet.lanes[stage.id]
        lines.append(_shape(ids.lane[stage.id], (box.x, box.y, box.wide, box.high), ' isHorizontal="true"'))
    for node in sheet.nodes:
        box = sheet.boxes[node.key]
        lines.append(_shape(ids.node[node.key], (box.x, box.y, box.wide, box.high)))
    for number, way in enumerate(sheet.ways):
        corners = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in way)
        lines.append(
            f'      <bpmndi:BPMNEdge id="flow_{number}_di" bpmnElement="flow_{number}">{corners}</bpmndi:BPMNEdge>'
        )
    return [*lines, "    </bpmndi:BPMNPlane>", "  </bpmndi:BPMNDiagram>"]


def _shape(key: str, box: tuple[int, int, int, int], more: str = "") -> str:
    x, y, wide, high = box
    return (
        f"      <bpmndi:BPMNShape id={_q(f'{key}_di')} bpmnElement={_q(key)}{more}>"
        f'<dc:Bounds x="{x}" y="{y}" width="{wide}" height="{high}"/></bpmndi:BPMNShape>'
    )


def _q(value: str) -> str:
    return quoteattr(value, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
