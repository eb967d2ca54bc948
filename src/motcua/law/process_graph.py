"""The shape of a process: what follows what, where branches open and where they meet again.

Only reckons on the graph of steps. Judging it is left to `process_check`, walking a dossier along it to
`walking`.
"""

from collections.abc import Iterable
from functools import cached_property

import msgspec

from motcua.law.process import Process


class Region(msgspec.Struct, frozen=True):
    """What lies between a parallel step and its join: the steps of each branch, by number."""

    fork: int
    join: int
    branches: tuple[frozenset[int], ...]


class Graph:
    """The steps of a process by number, in the order they were written; names that do not exist are left out.

    `order` holds every step after all that lead to it; it is shorter than the process when steps lead round
    in a circle.
    """

    def __init__(self, process: Process) -> None:
        self.steps = process.steps
        self.number: dict[str, int] = {}
        for index, step in enumerate(process.steps):
            self.number.setdefault(step.id, index)
        self.after = [[self.number[name] for name in step.next if name in self.number] for step in process.steps]
        self.before: list[list[int]] = [[] for _ in process.steps]
        for index, following in enumerate(self.after):
            for each in following:
                self.before[each].append(index)
        self.order = self._sorted()

    def _sorted(self) -> list[int]:
        waiting = [len(before) for before in self.before]
        order = [index for index, count in enumerate(waiting) if not count]
        for index in order:
            for each in self.after[index]:
                waiting[each] -= 1
                if not waiting[each]:
                    order.append(each)
        return order

    @property
    def circular(self) -> list[int]:
        """The steps that lie on a circle or behind one; empty when the process always moves on."""
        sorted_ones = set(self.order)
        return [index for index in range(len(self.steps)) if index not in sorted_ones]

    def on_circle(self, index: int) -> bool:
        """True when the step leads back to itself by `next`."""
        return any(index in self.reach(each) for each in self.after[index])

    def reach(self, start: int) -> frozenset[int]:
        """The step and everything that may follow it."""
        return frozenset(self._spread([start], self.after))

    def leading_to(self, goal: int) -> frozenset[int]:
        """The step and everything from which it can be reached."""
        return frozenset(self._spread([goal], self.before))

    @staticmethod
    def _spread(seen: list[int], edges: list[list[int]]) -> Iterable[int]:
        known = set(seen)
        for index in seen:
            fresh = [each for each in edges[index] if each not in known]
            known.update(fresh)
            seen.extend(dict.fromkeys(fresh))
        return known

    @cached_property
    def unavoidable(self) -> list[frozenset[int]]:
        """For each step, itself and every step that all ways from it to an end pass through.

        Only for processes without circles.
        """
        found: list[frozenset[int]] = [frozenset()] * len(self.steps)
        for index in reversed(self.order):
            following = [found[each] for each in self.after[index]]
            common = frozenset.intersection(*following) if following else frozenset()
            found[index] = common | {index}
        return found

    @cached_property
    def place(self) -> dict[int, int]:
        """Where each step comes in `order`."""
        return {index: position for position, index in enumerate(self.order)}

    def forks(self) -> list[int]:
        """The steps that open several branches at once."""
        return [index for index, step in enumerate(self.steps) if step.parallel and len(self.after[index]) > 1]

    def meeting(self, fork: int) -> int | None:
        """The first step that every branch of `fork` must pass, or None."""
        common = frozenset.intersection(*(self.unavoidable[each] for each in self.after[fork]))
        return min(common, key=self.place.__getitem__, default=None)

    def shared_join(self, fork: int) -> int | None:
        """The first join that every branch of `fork` may reach, whether or not it must."""
        common = frozenset.intersection(*(self.reach(each) for each in self.after[fork]))
        joins = [index for index in common if self.steps[index].join]
        return min(joins, key=self.place.__getitem__, default=None)

    def region(self, fork: int, join: int) -> Region:
        """The branches between `fork` and `join`."""
        behind = self.reach(join)
        return Region(fork, join, tuple(self.reach(each) - behind for each in self.after[fork]))


def longest(graph: Graph, weights: list[int]) -> tuple[int, list[int]]:
    """The heaviest way from any beginning to any end, with its weight; parallel branches by the heaviest.

    Only for processes without circles. `weights` are whole, one for each step.
    """
    best: dict[int, tuple[int, int | None]] = {}
    for index in reversed(graph.order):
        follow = max(graph.after[index], key=lambda each: best[each][0], default=None)
        best[index] = (weights[index] + (best[follow][0] if follow is not None else 0), follow)
    at: int | None = max(best, key=lambda each: best[each][0], default=None)
    total = best[at][0] if at is not None else 0
    way: list[int] = []
    while at is not None:
        way.append(at)
        at = best[at][1]
    return total, way
