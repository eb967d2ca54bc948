"""Whether the way a dossier took is one its process draws, and where it leaves it if not.

The steps in the order in which they were opened are played on the graph: on by `next`, to all branches at once, to
a join when every branch has come, back by `back`. Pure; counting ways is left to `variants`.
"""

from collections.abc import Iterator, Sequence

import msgspec

from motcua.law.process import Process

MOST_READINGS = 200
# A branch that is about to open: a parallel step opens all of them, the journal one after the other.
_Token = tuple[str, bool]
_Marking = tuple[_Token, ...]


class Deviation(msgspec.Struct, frozen=True):
    """Where a way leaves its process: after which step ('' at the beginning) it went where ('' when it ended)."""

    after: str
    to: str


def deviation(process: Process, steps: Sequence[str], *, answered: bool = True) -> Deviation | None:
    """The first place where the way is not the process's, or None when it fits.

    A way that was `answered` must have come to an end of the process; one that was withdrawn or stopped may end
    anywhere.
    """
    known = {step.id for step in process.steps}
    if not steps or not process.steps or steps[0] != process.steps[0].id:
        return Deviation("", steps[0] if steps else "")
    markings: set[_Marking] = {((steps[0], True),)}
    for at, name in enumerate(steps[1:], start=1):
        markings = set(list(_moved(process, markings, name))[:MOST_READINGS]) if name in known else set()
        if not markings:
            return Deviation(steps[at - 1], name)
    if answered and not any(_at_end(process, marking) for marking in markings):
        return Deviation(steps[-1], "")
    return None


def _at_end(process: Process, marking: _Marking) -> bool:
    return all(is_open and not process.step(name).next for name, is_open in marking)


def _moved(process: Process, markings: set[_Marking], name: str) -> Iterator[_Marking]:
    """Every way in which `name` may have been opened next."""
    for marking in sorted(markings):
        if (name, False) in marking:
            yield _with(marking, [(name, False)], [(name, True)])
        for token in sorted(set(marking)):
            here, is_open = token
            step = process.step(here)
            if not is_open:
                continue
            if name in step.back:
                yield _with(marking, [token], [(name, True)])
            if name in step.next and process.step(name).join:
                arrived = [each for each in marking if each[1] and name in process.step(each[0]).next]
                if len(arrived) == process.arrivals(name):
                    yield _with(marking, arrived, [(name, True)])
            elif name in step.next:
                beside = [(each, False) for each in step.next if each != name] if step.parallel else []
                yield _with(marking, [token], [(name, True), *beside])


def _with(marking: _Marking, gone: list[_Token], come: list[_Token]) -> _Marking:
    left = list(marking)
    for each in gone:
        left.remove(each)
    return tuple(sorted([*left, *come]))
