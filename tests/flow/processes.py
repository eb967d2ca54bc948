"""Processes as Hypothesis makes them: lines, choices, branches at once that meet again, and returns."""

from hypothesis import strategies as st

from motcua.law.process import Process, Stage, Step
from motcua.law.texts import Text

WORDS = st.text("abđê ắ<>&\"'\n\t;–", min_size=1, max_size=12)
TEXTS = st.builds(Text, WORDS, st.one_of(st.just(""), WORDS))
ROLES = ("reception", "officer", "leader")
ACTIONS = ("forward", "assign", "send_back", "draft", "sign", "number", "suspend")


class _Made:
    """A process while it is made: steps by index, with what follows each."""

    def __init__(self) -> None:
        self.next: list[list[int]] = []
        self.parallel: list[bool] = []
        self.join: list[bool] = []
        self.before: list[set[int]] = []

    def add(self, join: bool = False, before: frozenset[int] = frozenset()) -> int:
        self.next.append([])
        self.parallel.append(False)
        self.join.append(join)
        self.before.append(set(before))
        return len(self.next) - 1


@st.composite
def processes(draw: st.DrawFn) -> Process:
    """A process whose graph has the shape that `process_check` wants."""
    made = _Made()
    last = made.add()
    trail = [last]
    for kind in draw(st.lists(st.sampled_from(["step", "choice", "branches"]), max_size=5)):
        if kind == "step":
            step = made.add(before=frozenset(trail))
            made.next[last].append(step)
        else:
            width = draw(st.integers(2, 3))
            heads = [made.add(before=frozenset(trail)) for _ in range(width)]
            made.next[last] = list(draw(st.permutations(heads)))
            made.parallel[last] = kind == "branches"
            step = made.add(join=kind == "branches", before=frozenset(trail))
            for head in heads:
                made.next[head].append(step)
        last = step
        trail.append(step)
    ids = draw(st.lists(st.text("abc_.-9 đ", min_size=1, max_size=6), min_size=len(made.next), max_size=len(made.next),
                        unique=True))  # fmt: skip
    stages = draw(st.lists(st.text("xyz:_ đ", min_size=1, max_size=5), min_size=1, max_size=3, unique=True))
    steps = []
    for index, name in enumerate(ids):
        earlier = sorted(made.before[index] - {index})
        back = draw(st.lists(st.sampled_from(earlier), unique=True, max_size=2)) if earlier else []
        steps.append(
            Step(
                id=name,
                name=draw(TEXTS),
                stage=draw(st.sampled_from(stages)),
                role=draw(st.sampled_from(ROLES)),
                budget=draw(st.sampled_from(["4 working_hours", "2 working_days", "same_day 15:00"])),
                actions=tuple(draw(st.lists(st.sampled_from(ACTIONS), unique=True, max_size=3))),
                unit=draw(st.sampled_from(["", "XD"])),
                next=tuple(ids[each] for each in made.next[index]),
                parallel=made.parallel[index],
                join=made.join[index],
                back=tuple(ids[each] for each in back),
                waits_for=draw(st.sampled_from(["", "tax"])),
            )
        )
    return Process(
        stages=tuple(Stage(name, draw(TEXTS), draw(st.sampled_from(["here", "tier:district"])), "3 working_days")
                     for name in stages),
        steps=tuple(steps),
    )  # fmt: skip
