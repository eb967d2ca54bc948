"""Whatever the check lets through can be walked to its end, by the very decider that walks real dossiers."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from law.office import AGENCIES, COMMUNE, DISTRICT, DIVISION, PLANNING, Desk, person, procedure, step
from motcua.law import commands as c
from motcua.law.procedure import Procedure
from motcua.law.process import Process, Stage, Step
from motcua.law.process_check import check_procedure
from motcua.law.texts import Text

ROLES = {"reception", "officer"}
EVERYBODY = person(
    1, "Nguyễn Minh Châu", *((at, role) for at in (COMMUNE, DISTRICT, DIVISION, PLANNING) for role in ROLES)
)
STAGES = (
    Stage(id="here", name=Text("Tại đây", "Here"), place="here", limit="300 working_hours"),
    Stage(id="up", name=Text("Cấp trên", "Above"), place="above", limit="300 working_hours"),
    Stage(id="pick", name=Text("Nơi được chọn", "Chosen"), place="chosen:department", limit="300 working_hours"),
)
SETTLING = ("draft", "sign", "number", "ready")
FREE_ACTS = ("forward", "draft", "refuse", "sign", "number", "ready", "hand_over", "send_back", "assign")
MOST_ACTS = 150


class Writer:
    """Writes processes of sequences, choices and parallel parts; every name is used once."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.steps: list[dict[str, Any]] = []

    def new(self, actions: set[str], **more: Any) -> dict[str, Any]:
        written = {"id": f"s{len(self.steps)}", "actions": set(actions), "next": [], "stage": "here"} | more
        self.steps.append(written)
        return written

    def part(self, depth: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """A part with one way in and one way out."""
        kind = self.draw(st.sampled_from(["one", "one", "two", "choice", "parallel"] if depth else ["one"]))
        if kind == "one":
            only = self.new({"forward"}, stage=self.draw(st.sampled_from(["here", "here", "up", "pick"])))
            return only, only
        if kind == "two":
            first, last = self.part(depth - 1), self.part(depth - 1)
            first[1]["next"].append(last[0]["id"])
            return first[0], last[1]
        opening = self.new({"forward"}, parallel=kind == "parallel")
        parts = [self.part(depth - 1) for _ in range(self.draw(st.integers(2, 3)))]
        closing = self.new({"forward"}, join=kind == "parallel")
        for begin, end in parts:
            opening["next"].append(begin["id"])
            end["next"].append(closing["id"])
        return opening, closing


def written(steps: list[dict[str, Any]]) -> Procedure:
    made: list[Step] = []
    for each in steps:
        plain = {name: value for name, value in each.items() if name not in ("id", "stage", "actions", "next")}
        actions = " ".join(sorted(each["actions"]))
        following = " ".join(each["next"])
        made.append(step(each["id"], each["stage"], "officer", actions, following, budget="1 working_hours", **plain))
    used = {each.stage for each in made}
    house = procedure(Process(tuple(stage for stage in STAGES if stage.id in used), tuple(made)))
    limit = replace(house.cases[0], name=Text("Mới", "New"), statutory="300 working_days")
    return replace(house, cases=(limit,), results=(replace(house.results[0], name=Text("Giấy", "Paper")),), papers=(),
                   online_level=2)  # fmt: skip


@st.composite
def well_made(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Steps of a process as a careful author writes it: parts, then drafting, signing, numbering, handing over."""
    writer = Writer(draw)
    first, last = writer.part(draw(st.integers(0, 3)))
    for acts in ({"draft", "forward"}, {"sign"}, {"number"}, {"ready", "hand_over"}):
        following = writer.new(acts)
        last["next"].append(following["id"])
        if "sign" in acts:
            following["back"] = (last["id"],)
            following["actions"].add("send_back")
        last = following
    ordered = [first, *(each for each in writer.steps if each is not first)]
    for each in ordered:
        earlier = [other["id"] for other in ordered if other is not each]
        if draw(st.integers(0, 4)) == 0 and "sign" not in each["actions"]:
            each["back"] = (draw(st.sampled_from(earlier)),)
            each["actions"].add("send_back")
    return ordered


@st.composite
def carelessly_changed(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The same after somebody has added, dropped and moved a few things at random."""
    steps = draw(well_made())
    names = [each["id"] for each in steps]
    for _ in range(draw(st.integers(1, 3))):
        each = draw(st.sampled_from(steps))
        match draw(st.sampled_from(["act", "act", "link", "unlink", "join", "parallel", "stage"])):
            case "act":
                each["actions"] ^= {draw(st.sampled_from(FREE_ACTS))}
            case "link":
                each["next"] = list(dict.fromkeys([*each["next"], draw(st.sampled_from(names))]))
            case "unlink":
                each["next"] = each["next"][:-1]
            case "join":
                each["join"] = not each.get("join", False)
            case "parallel":
                each["parallel"] = not each.get("parallel", False)
            case "stage":
                each["stage"] = draw(st.sampled_from(["here", "up", "pick"]))
    return steps


def walked_to_its_end(law: Procedure, pick: Any) -> set[str]:
    """Plays one dossier with picks at every fork in the road; returns the steps it stood at.

    After `MOST_ACTS` nothing is sent back without need, so that the walk must come to its end.
    """
    desk = Desk(law=law)
    desk.lodge(papers=())
    desk.do(c.Accept(), person(2, "Lễ tân", (COMMUNE, "reception")))
    seen: set[str] = set()
    for turn in range(2 * MOST_ACTS):
        state = desk.state
        assert state is not None
        if state.phase == "ended":
            return seen
        assert state.tasks, "nothing is open and nothing has ended"
        seen.update(task.step for task in state.tasks)
        late = turn >= MOST_ACTS
        moves = [move for task in state.tasks for move in possible(desk, law.process.step(task.step), task.no, late)]
        assert moves, (state.phase, [task.step for task in state.tasks])
        if late:
            moves = [move for move in moves if not isinstance(move, c.SendBack)] or moves
        desk.do(pick(moves), EVERYBODY)
    raise AssertionError("the dossier goes round for ever")


def possible(desk: Desk, at: Step, task: int, late: bool) -> list[Any]:
    """What lawfully moves the dossier on from a task, or returns it; a draft only while there is none."""
    state = desk.state
    assert state is not None
    moves: list[Any] = []
    for action in at.actions:
        match action:
            case "draft" if state.draft is None:
                moves.append(c.DraftResult(task=task, result="permit", text="Đồng ý"))
            case "refuse" if state.draft is None:
                moves.append(c.Refuse(task=task, reason="conditions_not_met", words="Không đủ điều kiện"))
            case "sign" if not state.signed_by:
                moves.append(c.Sign(task=task))
            case "number":
                moves.append(c.NumberResult(task=task))
            case "ready":
                moves.append(c.MarkReady(task=task))
            case "hand_over":
                moves.append(c.HandOverResult(task=task, to_name="Nguyễn Văn An", by_paper="receipt"))
            case "assign" if len(at.next) == 1 and not late:
                moves.append(c.Assign(task=task, to=EVERYBODY.account, to_name=EVERYBODY.name))
            case "send_back":
                moves.extend(c.SendBack(task=task, to=to, reason="Làm lại") for to in at.back)
    # After many turns nobody passes on what is still to be drafted or marked ready.
    skips = (state.draft is None and {"draft", "refuse"}) or (state.phase != "ready" and {"ready"}) or set()
    if "forward" in at.actions and not (late and skips & set(at.actions)):
        branches = [""] if at.parallel or len(at.next) == 1 else at.next
        moves.extend(c.Forward(task=task, to=to, chosen=PLANNING) for to in branches)
    return [move for move in moves if isinstance(desk.ask(move, EVERYBODY), tuple)]


def check(steps: list[dict[str, Any]]) -> list[Any]:
    return check_procedure(written(steps), AGENCIES, ROLES)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(well_made())
def test_a_process_written_with_care_has_no_fault_but_in_its_returns(steps: list[dict[str, Any]]) -> None:
    found = check(steps)

    assert [each for each in found if ".back[" not in each.path and not chooses(each)] == []


def mend(steps: list[dict[str, Any]]) -> None:
    """Takes out returns and choices of agencies that the check does not let through."""
    while found := check(steps):
        for fault in found:
            at = int(fault.path.split("[")[1].split("]")[0])
            if ".back[" in fault.path:
                steps[at]["back"] = ()
                steps[at]["actions"] -= {"send_back"}
            else:
                assert chooses(fault), fault
                for each in steps:
                    each["stage"] = "up" if each["stage"] == "pick" else each["stage"]


def chooses(each: Any) -> bool:
    return "choose" in each.reason.en or "first step" in each.reason.en


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(well_made(), st.data())
def test_what_is_accepted_is_walked_to_its_end_through_every_step(
    steps: list[dict[str, Any]], data: st.DataObject
) -> None:
    mend(steps)
    assert check(steps) == []

    walked_to_its_end(written(steps), lambda options: data.draw(st.sampled_from(options)))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(carelessly_changed(), st.data())
def test_what_is_accepted_after_careless_changes_is_walked_to_its_end(
    steps: list[dict[str, Any]], data: st.DataObject
) -> None:
    if check(steps):
        return

    walked_to_its_end(written(steps), lambda options: data.draw(st.sampled_from(options)))


def test_every_step_of_an_accepted_process_is_stood_at_on_some_walk() -> None:
    steps = [
        {"id": "a", "actions": {"forward"}, "next": ["b", "c"], "stage": "here"},
        {"id": "b", "actions": {"forward"}, "next": ["d", "e"], "stage": "up", "parallel": True},
        {"id": "c", "actions": {"forward"}, "next": ["g"], "stage": "pick"},
        {"id": "d", "actions": {"forward"}, "next": ["f"], "stage": "here"},
        {"id": "e", "actions": {"draft", "forward"}, "next": ["f"], "stage": "up"},
        {"id": "f", "actions": {"forward"}, "next": ["g"], "stage": "here", "join": True},
        {"id": "g", "actions": {"draft", "sign"}, "next": ["h"], "stage": "here"},
        {"id": "h", "actions": {"ready", "hand_over"}, "next": [], "stage": "here"},
    ]
    assert check(steps) == []

    seen = walked_to_its_end(written(steps), lambda options: options[0])
    seen |= walked_to_its_end(written(steps), lambda options: options[-1])

    assert seen == {each["id"] for each in steps}
