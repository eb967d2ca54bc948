"""Ways on their process: what a dossier may do fits, everything else is told where it leaves the drawing."""

from hypothesis import given
from hypothesis import strategies as st

from flow.processes import processes
from law.office import HOUSE_PROCESS
from motcua.flow.conformance import Deviation, deviation
from motcua.law.process import Process

STRAIGHT = ["hand_in", "share_out", "appraise", "approve", "register", "give"]


def walked(process: Process, draw: st.DataObject) -> list[str]:
    """A lawful walk from the beginning to an end, opening steps as `walking.advance` does."""
    way, open_now, arrived, returns = [process.steps[0].id], [process.steps[0].id], dict[str, int](), 3
    while open_now and len(way) < 60:
        here = draw.draw(st.sampled_from(sorted(open_now)))
        step = process.step(here)
        # A return is drawn only where one branch is open: it never crosses a border of branches.
        if step.back and returns and len(open_now) == 1 and not arrived and draw.draw(st.booleans()):
            target = draw.draw(st.sampled_from(step.back))
            if not any(target in process.step(each).next and process.step(each).parallel for each in
                       (s.id for s in process.steps)):  # fmt: skip
                returns -= 1
                open_now.remove(here)
                open_now.append(target)
                way.append(target)
                continue
        if not step.next:
            if len(open_now) == 1:
                return way
            continue
        open_now.remove(here)
        for target in step.next if step.parallel else [draw.draw(st.sampled_from(step.next))]:
            if process.step(target).join:
                arrived[target] = arrived.get(target, 0) + 1
                if arrived[target] < process.arrivals(target):
                    continue
                del arrived[target]
            open_now.append(target)
            way.append(target)
    return way


@given(processes(), st.data())
def test_every_lawful_walk_fits(process: Process, data: st.DataObject) -> None:
    way = walked(process, data)
    finished = not process.step(way[-1]).next
    assert deviation(process, way, answered=finished) is None


@given(processes(), st.data())
def test_a_walk_with_a_step_of_no_process_leaves_it_there(process: Process, data: st.DataObject) -> None:
    way = walked(process, data)
    at = data.draw(st.integers(1, len(way)))
    found = deviation(process, [*way[:at], "elsewhere", *way[at:]], answered=False)
    assert found == Deviation(way[at - 1], "elsewhere")


def test_a_step_left_out_a_return_and_an_early_end_are_told_apart() -> None:
    assert deviation(HOUSE_PROCESS, STRAIGHT) is None
    assert deviation(HOUSE_PROCESS, [*STRAIGHT[:4], "appraise", *STRAIGHT[3:]]) is None
    assert deviation(HOUSE_PROCESS, [*STRAIGHT[:2], *STRAIGHT[3:]]) == Deviation("share_out", "approve")
    assert deviation(HOUSE_PROCESS, STRAIGHT[:3]) == Deviation("appraise", "")
    assert deviation(HOUSE_PROCESS, STRAIGHT[:3], answered=False) is None
    assert deviation(HOUSE_PROCESS, STRAIGHT[1:]) == Deviation("", "share_out")
    assert deviation(HOUSE_PROCESS, []) == Deviation("", "")
