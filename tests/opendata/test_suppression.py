"""Small cells: nobody reckons a hidden one from the sums, against a solver that knows not how they were hidden."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from motcua.opendata.suppression import Counts, Key, is_small, suppress

SMALLEST = 5


def span(table: dict[Key, Counts], hidden: frozenset[Key], key: Key, layer: int) -> tuple[int, int]:
    """The least and the most a hidden cell can be for whoever knows every sum and every other cell.

    Sums of rows and columns make a network, so the bounds of the real numbers are those of whole ones.
    """
    unknown = sorted(hidden)
    lines: dict[tuple[int, str], tuple[list[int], int]] = {}
    for side in (0, 1):
        for name in {each[side] for each in table}:
            inside = [at for at, each in enumerate(unknown) if each[side] == name]
            if inside:
                left = sum(counts[layer] for each, counts in table.items() if each[side] == name and each in hidden)
                lines[side, name] = (inside, left)
    sums = np.zeros((len(lines), len(unknown)))
    for row, (inside, _) in enumerate(lines.values()):
        sums[row, inside] = 1
    left = [each for _, each in lines.values()]
    wanted = np.zeros(len(unknown))
    wanted[unknown.index(key)] = 1
    bounds = [linprog(sign * wanted, A_eq=sums, b_eq=left, method="highs") for sign in (1, -1)]
    assert all(each.status == 0 for each in bounds)
    return round(bounds[0].fun), round(-bounds[1].fun)


def tables(most: int = 12) -> st.SearchStrategy[dict[Key, Counts]]:
    """Tables of up to five rows and columns with three measures, many of whose cells are small or nothing."""
    count = st.one_of(st.just(0), st.integers(0, 6), st.integers(0, most))
    rows = st.integers(1, 5).flatmap(lambda n: st.just([f"r{at}" for at in range(n)]))
    columns = st.integers(1, 5).flatmap(lambda n: st.just([f"c{at}" for at in range(n)]))
    return st.tuples(rows, columns).flatmap(
        lambda sides: st.dictionaries(
            st.sampled_from(list(product(*sides))), st.tuples(count, count, count), min_size=1,
            max_size=len(sides[0]) * len(sides[1]),
        )
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(tables())
def test_no_small_cell_can_be_reckoned(table: dict[Key, Counts]) -> None:
    found = suppress(table, SMALLEST)
    everything = frozenset(table)
    for key, counts in table.items():
        if not is_small(counts, SMALLEST):
            continue
        assert key in found.cells or key in found.bare
        for layer, count in enumerate(counts):
            if not 0 < count < SMALLEST:
                continue
            # What is laid open even when every cell is hidden cannot be helped; nothing else may be.
            least, most = span(table, everything, key, layer)
            if key in found.bare and key not in found.cells:
                assert least == most
            elif least < most:
                least, most = span(table, found.cells, key, layer)
                assert least < most, (key, layer, counts)
                assert least <= count <= most


@settings(max_examples=100, deadline=None)
@given(tables())
def test_only_what_must_be_is_hidden(table: dict[Key, Counts]) -> None:
    """Nothing is hidden without a small cell; and a hidden cell that is not small stands in for one that is."""
    found = suppress(table, SMALLEST)
    if not found.small:
        assert not found.cells
    for key in found.cells - found.small:
        assert not is_small(table[key], SMALLEST) or key in found.bare


@settings(max_examples=60, deadline=None)
@given(tables(), tables())
def test_what_was_hidden_stays_hidden(first: dict[Key, Counts], second: dict[Key, Counts]) -> None:
    before = suppress(first, SMALLEST).cells
    assert before & set(second) <= suppress(second, SMALLEST, before).cells


def test_a_lone_small_cell_takes_three_others_with_it() -> None:
    table = {(row, column): (20 + at,) for at, (row, column) in enumerate(product("abc", "xyz"))}
    table["a", "x"] = (2,)
    found = suppress(table, SMALLEST)
    assert len(found.cells) == 4
    assert Counter(row for row, _ in found.cells) == {"a": 2, next(r for r, _ in found.cells if r != "a"): 2}


def test_a_cell_its_sum_gives_away_is_not_hidden_in_vain() -> None:
    """A procedure that one department alone receives: its sum over the city is the cell."""
    table = {("dep", "p"): (2,), ("dep", "q"): (30,), ("com", "q"): (40,)}
    found = suppress(table, SMALLEST)
    assert found.bare == {("dep", "p")}
    assert found.cells == frozenset()


def test_zeros_all_round_hide_nothing() -> None:
    """A circle without a case to move is no cover: the solver would see through it."""
    table: dict[Key, Counts] = {("a", "x"): (3,), ("a", "y"): (0,), ("b", "x"): (0,), ("b", "y"): (0,)}
    assert span(table, frozenset(table), ("a", "x"), 0) == (3, 3)
    assert suppress(table, SMALLEST).bare == {("a", "x")}
    table["b", "y"] = (9,)
    assert suppress(table, SMALLEST).cells == set(table)


@pytest.mark.parametrize("smallest", [2, 3, 10])
def test_what_is_small_is_the_citys_choice(smallest: int) -> None:
    table: dict[Key, Counts] = {(row, column): (4,) for row in "ab" for column in "xy"}
    assert bool(suppress(table, smallest).cells) == (smallest > 4)


def test_a_city_of_two_hundred_agencies_is_done_in_its_time() -> None:
    """Not a time: a bound on what it does. Every small cell of a large table is covered."""
    table: dict[Key, Counts] = {}
    for row in range(200):
        for column in range(0, 60, 1 + row % 3):
            table[f"{row:03}", f"{column:03}"] = ((row * 7 + column * 3) % 23, (row + column) % 11, row % 3)
    found = suppress(table, SMALLEST)
    assert found.small <= found.cells
    assert {key for key, counts in table.items() if is_small(counts)} == found.small | found.bare
