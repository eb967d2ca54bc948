"""Small cells: what points at one person is hidden, and so much more that no sum lets it be reckoned.

A table of counts by row and column has its sums published exactly, of every row and every column. A small count is
hidden, and with it other cells, until for each small one another table of counts is possible in which it differs and
everything published is the same. Pure; which tables it guards is decided by the datasets.

A hidden cell can differ exactly when it lies on a circle of hidden cells, alternating along rows and columns, in
which a case can be moved round: cells that lose one must have one. Circles are sought as paths: from the cell's row
to its column over cells that gain, back over cells that lose. The cheapest circle is taken, so that little is hidden.
"""

import heapq
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

Key = tuple[str, str]
Counts = tuple[int, ...]
# A count from 1 to one less than this says too much about those it counts.
SMALLEST = 5
ROW, COLUMN = "row", "column"


class Hidden(NamedTuple):
    """Which cells are hidden; `small` are those hidden for themselves, `bare` small ones that no hiding covers.

    A bare cell follows from the sums alone, as where its row or column can have no other.
    """

    cells: frozenset[Key]
    small: frozenset[Key]
    bare: frozenset[Key]


def is_small(counts: Counts, smallest: int = SMALLEST) -> bool:
    """True when one of a cell's counts is from 1 to `smallest` - 1."""
    return any(0 < each < smallest for each in counts)


def suppress(table: Mapping[Key, Counts], smallest: int = SMALLEST, before: Collection[Key] = frozenset()) -> Hidden:
    """Which cells of a table to hide. Every cell has one count per measure, and each measure its own exact sums.

    `table` holds every cell that may be other than nothing, with zeros: those not in it are known to be nothing.
    Cells of `before`, hidden in an earlier version of the same table, stay hidden. All measures of a hidden cell are.
    """
    small = {key for key, counts in table.items() if is_small(counts, smallest)}
    width = max((len(counts) for counts in table.values()), default=0)
    layers = [_Layer({key: counts[at] for key, counts in table.items()}) for at in range(width)]
    everything = frozenset(table)
    # Small counts that no hiding covers: their sums alone give them away.
    open_ = {
        (key, at) for key in small for at, layer in enumerate(layers)
        if 0 < layer.values[key] < smallest and not layer.can_differ(key, everything)
    }  # fmt: skip
    bare = {
        key for key in small
        if all((key, at) in open_ for at, count in enumerate(table[key]) if 0 < count < smallest)
    }  # fmt: skip
    hidden = (small - bare) | (set(before) & everything)
    for at, layer in enumerate(layers):
        for key in sorted(small - bare, key=lambda key: (-layer.values[key], key)):
            if 0 < layer.values[key] < smallest and (key, at) not in open_ and not layer.can_differ(key, hidden):
                hidden |= layer.cheapest_circle(key, hidden)
    # A circle closed for one measure needs none opened for another: hiding more never uncovers.
    return Hidden(frozenset(hidden), frozenset(small - bare), frozenset(bare))


def suppress_list(counts: Mapping[str, Counts], small: Collection[str], fewest: int = 1) -> frozenset[str]:
    """Which entries of a single list to hide: the small ones, and more until nobody has one by taking away.

    The total of the list need not be published to be known, from another list of the same cases or from an average
    with its margin. So never one entry alone is hidden that has any case, and what is hidden counts nothing or
    `fewest` together in each measure: the rest after taking away says no more than an entry of its own might.
    """
    hidden = set(small) & set(counts)
    for key in sorted(set(counts) - hidden, key=lambda key: (sum(counts[key]), key)):
        together = [sum(each) for each in zip(*(counts[each] for each in hidden), strict=True)]
        if not any(together) or (len(hidden) > 1 and not any(0 < each < fewest for each in together)):
            break
        hidden.add(key)
    return frozenset(hidden)


class _Layer:
    """One measure of the table: a network of its rows and columns, joined by its cells."""

    def __init__(self, values: Mapping[Key, int]) -> None:
        self.values = values
        self._by_row: dict[str, list[Key]] = {}
        self._by_column: dict[str, list[Key]] = {}
        for key in sorted(values):
            self._by_row.setdefault(key[0], []).append(key)
            self._by_column.setdefault(key[1], []).append(key)

    def can_differ(self, key: Key, hidden: Collection[Key]) -> bool:
        """True when this cell may have another value though all but the hidden cells and all sums are known."""
        return self._may(key, hidden, loses=True) or self._may(key, hidden, loses=False)

    def _may(self, key: Key, hidden: Collection[Key], *, loses: bool) -> bool:
        """True when there is a way round by which the cell loses a case, or gains one. Breadth first."""
        start = (ROW, key[0]) if loses else (COLUMN, key[1])
        seen, queue = {start}, deque([start])
        while queue:
            for _, there in self._next(queue.popleft(), key, hidden):
                if there in seen:
                    continue
                if self._closes(there, key, hidden, loses=loses):
                    return True
                seen.add(there)
                queue.append(there)
        return False

    def _closes(self, there: tuple[str, str], key: Key, hidden: Collection[Key], *, loses: bool) -> bool:
        """True when one hidden cell leads from here back to `key`'s column, or its row when it is to gain."""
        if loses != (there[0] == ROW):
            return False
        last = (there[1], key[1]) if loses else (key[0], there[1])
        return last != key and last in hidden and (loses or self.values[last] > 0)

    def cheapest_circle(self, key: Key, hidden: Collection[Key]) -> set[Key]:
        """The cells of a circle through `key` that hides the fewest cases more; nothing when there is none."""
        found = [path for loses in (True, False) if (path := self._path(key, hidden, loses)) is not None]
        return set(min(found)[1]) if found else set()

    def _path(self, key: Key, free: Collection[Key], loses: bool) -> tuple[int, tuple[Key, ...]] | None:
        """The cheapest way round that lets `key` lose a case (or gain one): its price and its cells."""
        row, column = (ROW, key[0]), (COLUMN, key[1])
        # The cell loses one: its row must gain one elsewhere, and so round to its column. It gains one: the reverse.
        start, end = (row, column) if loses else (column, row)
        best: dict[tuple[str, str], int] = {start: 0}
        came: dict[tuple[str, str], tuple[tuple[str, str], Key]] = {}
        queue = [(0, start)]
        while queue:
            price, here = heapq.heappop(queue)
            if here == end:
                return price, _walked(came, start, end)
            if price > best[here]:
                continue
            for cell, there in self._next(here, key, self.values):
                dearer = price + (0 if cell in free else self.values[cell] + 1)
                if dearer < best.get(there, dearer + 1):
                    best[there], came[there] = dearer, (here, cell)
                    heapq.heappush(queue, (dearer, there))
        return None

    def _next(self, here: tuple[str, str], but: Key, allowed: Collection[Key]) -> Iterable[tuple[Key, tuple[str, str]]]:
        side, name = here
        if side == ROW:
            for cell in self._by_row.get(name, ()):
                if cell != but and cell in allowed:
                    yield cell, (COLUMN, cell[1])
        else:
            for cell in self._by_column.get(name, ()):
                if cell != but and cell in allowed and self.values[cell] > 0:
                    yield cell, (ROW, cell[0])


def _walked(
    came: Mapping[tuple[str, str], tuple[tuple[str, str], Key]], start: tuple[str, str], end: tuple[str, str]
) -> tuple[Key, ...]:
    cells: list[Key] = []
    here = end
    while here != start:
        here, cell = came[here]
        cells.append(cell)
    return tuple(cells)
