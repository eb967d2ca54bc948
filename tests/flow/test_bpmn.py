"""BPMN out and in: what is written reads back as the same process, what is not ours is refused by name and line."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from flow.processes import processes
from law.office import HOUSE_PROCESS
from motcua.catalogue.pack_reading import read_catalogue
from motcua.flow.bpmn_in import read_bpmn
from motcua.flow.bpmn_names import BPMN, BPMNDI, MOST_BYTES
from motcua.flow.bpmn_out import task_ids, write_bpmn
from motcua.flow.diagram import lay_out
from motcua.flow.differences import differences
from motcua.law.process import Process
from motcua.law.texts import Text

HOUSE = Text("Cấp giấy phép xây dựng", "House permit")


def written(process: Process) -> str:
    return write_bpmn("1.009994", HOUSE, process)


@given(processes())
def test_what_is_written_is_read_back_as_the_same_process(process: Process) -> None:
    found = read_bpmn(written(process).encode())
    assert found.refused == ()
    assert found.process == process
    assert differences(process, found.process) == []
    assert found.code == "1.009994"


@given(processes())
def test_every_element_is_drawn_once_and_nothing_lies_on_anything_else(process: Process) -> None:
    root = ElementTree.fromstring(written(process))
    elements = {each.get("id") for each in root.iter() if each.tag.startswith(f"{{{BPMN}}}") and each.get("id")}
    drawn = [each.get("bpmnElement") for each in root.iter(f"{{{BPMNDI}}}BPMNShape")]
    drawn += [each.get("bpmnElement") for each in root.iter(f"{{{BPMNDI}}}BPMNEdge")]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == elements - {"definitions", "collaboration", "process", "lanes"}
    boxes = list(lay_out(process).boxes.values())
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = one.x + one.wide <= other.x or other.x + other.wide <= one.x
            assert apart or one.y + one.high <= other.y or other.y + other.high <= one.y


@given(processes())
def test_every_node_stands_in_its_lane_and_time_runs_to_the_right(process: Process) -> None:
    sheet = lay_out(process)
    for node in sheet.nodes:
        box, lane = sheet.boxes[node.key], sheet.lanes[node.stage]
        assert lane.y <= box.y
        assert box.y + box.high <= lane.y + lane.high
        assert box.x + box.wide <= sheet.wide
    for edge in sheet.edges:
        if edge.kind == "next":
            assert sheet.boxes[edge.source].x < sheet.boxes[edge.target].x


@given(processes(), st.data())
def test_each_change_is_named_with_the_part_it_is_in(process: Process, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(process.steps) - 1))
    changed = replace(process.steps[at], role="registrar", budget="9 working_days")
    after = replace(process, steps=(*process.steps[:at], changed, *process.steps[at + 1 :]))
    found = differences(process, after)
    assert {(each.part, each.field) for each in found} == {
        (f"step:{changed.id}", "role"), (f"step:{changed.id}", "budget"),
    }  # fmt: skip
    assert "registrar" in found[0].words.vi


def test_a_step_gone_a_step_new_and_another_order_are_told() -> None:
    first, second, *rest = HOUSE_PROCESS.steps
    new = replace(second, id="weigh")
    found = differences(HOUSE_PROCESS, replace(HOUSE_PROCESS, steps=(first, new, *reversed(rest))))
    assert [each.words.en for each in found] == [
        "Step “share_out” is gone.", "Step “weigh” is new.", "Steps: the order differs.",
    ]  # fmt: skip


def test_a_task_carries_the_id_that_overlays_are_hung_on() -> None:
    text, ids = written(HOUSE_PROCESS), task_ids(HOUSE_PROCESS)
    assert set(ids) == {step.id for step in HOUSE_PROCESS.steps}
    assert all(f'<bpmn:userTask id="{each}"' in text for each in ids.values())


def line_of(text: str, words: str) -> int:
    return next(at for at, line in enumerate(text.splitlines(), start=1) if words in line)


@pytest.mark.parametrize(
    ("old", "new", "element", "why"),
    [
        ('<bpmn:userTask id="step_approve"', '<bpmn:serviceTask id="step_approve"', "step_approve", "no part of"),
        ('role="head" budget', 'post="head" budget', "step_share_out", "does not say its role"),
        ('place="tier:district"', "", "stage_work", "place and limit"),
        ('<bpmn:outgoing>flow_1<', '<bpmn:timerEventDefinition id="t"/><bpmn:outgoing>flow_1<', "step_hand_in",
         "timerEventDefinition"),
        ('targetRef="step_give"', 'targetRef="nowhere"', None, "does not join"),
        ("<bpmn:flowNodeRef>step_give</bpmn:flowNodeRef>", "", "step_give", "in no lane"),
        ('actions="forward"', 'actions="dance"', "step_hand_in", "wrong value"),
        (' motcua:kind="back"', "", None, "only for a return"),
    ],
)  # fmt: skip
def test_what_is_not_ours_is_refused_by_its_name_and_line(old: str, new: str, element: str | None, why: str) -> None:
    good = written(HOUSE_PROCESS)
    assert old in good
    text = good.replace(old, new)
    if "serviceTask" in new:
        start = text.index("<bpmn:serviceTask")
        text = text[:start] + text[start:].replace("</bpmn:userTask>", "</bpmn:serviceTask>", 1)
    found = read_bpmn(text.encode())
    assert found.process is None
    told = [each for each in found.refused if why in each.reason.en]
    assert told, found.refused
    if element:
        assert told[0].element == element
        assert told[0].line == line_of(text, f'id="{element}"')


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "document type"),
        (b"<definitions/>", "not a BPMN"),
        (b"", "no XML"),
        (b"\xff\xfe\x00", "no XML"),
        (b"<a>" * 60, "too deep"),
        (b"<a>" + b"<b/>" * 30_000 + b"</a>", "too many"),
        (b" " * (MOST_BYTES + 1), "larger than"),
    ],
)
def test_a_file_that_is_a_weapon_or_a_mistake_is_refused_with_a_reason(data: bytes, why: str) -> None:
    found = read_bpmn(data)
    assert found.process is None
    assert why in found.refused[0].reason.en


@given(st.binary(max_size=400), st.integers(0, 4000), st.integers(0, 60))
def test_damage_is_refused_or_read_and_never_a_crash(junk: bytes, at: int, cut: int) -> None:
    text = written(HOUSE_PROCESS).encode()
    read_bpmn(text[:at] + junk + text[at + cut :])


def test_every_procedure_of_the_content_goes_out_and_comes_back() -> None:
    catalogue, _, problems = read_catalogue(Path(__file__).resolve().parents[2] / "content" / "hanoi-2018")
    assert catalogue is not None, problems
    for _, procedure in catalogue.procedures:
        found = read_bpmn(written(procedure.process).encode())
        assert found.process == procedure.process, procedure.code
    assert len(catalogue.procedures) > 30
