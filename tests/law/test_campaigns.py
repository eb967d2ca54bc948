"""The law of collecting figures: cells read or refused with a reason, checks, roll-ups exact in any order."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from motcua.law.campaign import Choice, Column, Form, Row, Sum, check_form
from motcua.law.campaign_cells import UnreadableCellError, kept, read_typed, read_words, value_of, written
from motcua.law.campaign_check import Line, check, merged
from motcua.law.campaign_rollup import balances, rolled, tally_answer, together
from motcua.law.texts import Text
from motcua.law.working_time import WorkingCalendar

INT, MONEY = Column("n", Text("Số"), "int"), Column("n", Text("Tiền"), "money")
DECIMAL = Column("n", Text("Số lẻ"), "decimal", decimals=2)
DATE, YES = Column("n", Text("Ngày"), "date"), Column("n", Text("Có"), "yes_no")
TEXT = Column("n", Text("Chữ"), "text", longest=10)
CHOICE = Column("n", Text("Loại"), "choice", choices=(Choice("nang", Text("Hư hỏng nặng", "Badly damaged")),))


@pytest.mark.parametrize(
    ("column", "words", "value"),
    [
        (INT, "1.234", 1234),
        (INT, " 12 ", 12),
        (INT, "1 234 567", 1234567),
        (INT, "1\u00a0234", 1234),
        (INT, "-5", -5),
        (INT, "\u22125", -5),
        (INT, "", None),
        (MONEY, "1.500.000", 1500000),
        (DECIMAL, "1.234,5", Decimal("1234.50")),
        (DECIMAL, "1,5", Decimal("1.50")),
        (DECIMAL, "-0,25", Decimal("-0.25")),
        (DECIMAL, "1.234", Decimal("1234.00")),
        (DECIMAL, "7", Decimal("7.00")),
        (DATE, "31/12/2018", date(2018, 12, 31)),
        (DATE, "1-2-2018", date(2018, 2, 1)),
        (DATE, "2018-02-01", date(2018, 2, 1)),
        (YES, "Có", True),
        (YES, "KHÔNG", False),
        (CHOICE, "hư hỏng nặng", "nang"),
        (CHOICE, "badly damaged", "nang"),
        (CHOICE, "nang", "nang"),
        (TEXT, "=1+1", "=1+1"),
    ],
)
def test_what_is_written_is_read(column: Column, words: str, value: Any) -> None:
    assert read_words(column, words) == value


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (INT, "12 máy"),
        (INT, "1,5"),
        (INT, "1.5"),
        (INT, "1.23.456"),
        (INT, "=1+1"),
        (INT, "9" * 5000),
        (INT, "1234567890123456"),
        (INT, "١٢"),
        (INT, "12\x00"),
        (INT, "1e5"),
        (DECIMAL, "1.5"),
        (DECIMAL, "1,234.5"),
        (DECIMAL, "1,2345"),
        (DECIMAL, "1,"),
        (DECIMAL, ","),
        (DECIMAL, "NaN"),
        (DECIMAL, "Infinity"),
        (DATE, "31/2/2018"),
        (DATE, "1/2/18"),
        (DATE, "hôm qua"),
        (YES, "2"),
        (CHOICE, "vừa"),
        (TEXT, "quá là dài rồi"),
    ],
)
def test_what_can_be_read_two_ways_or_none_is_refused_in_both_languages(column: Column, words: str) -> None:
    with pytest.raises(UnreadableCellError) as refused:
        read_words(column, words)
    assert refused.value.text.vi
    assert refused.value.text.en


@pytest.mark.parametrize(
    ("column", "typed", "value"),
    [
        (INT, 12.0, 12),
        (INT, 12.5, None),
        (INT, True, None),
        (INT, datetime(2018, 1, 1), None),
        (INT, float("nan"), None),
        (INT, float("inf"), None),
        (DECIMAL, 0.1 + 0.2, Decimal("0.30")),
        (DECIMAL, 1 / 3, None),
        (DATE, datetime(2018, 3, 1), date(2018, 3, 1)),
        (DATE, 43160, None),
        (TEXT, 12.0, "12"),
        (TEXT, 1.5, "1,5"),
        (YES, True, True),
        (YES, 1, None),
        (CHOICE, b"x", None),
    ],
)
def test_what_a_spreadsheet_holds(column: Column, typed: object, value: Any) -> None:
    if value is None:
        with pytest.raises(UnreadableCellError):
            read_typed(column, typed)
    else:
        assert read_typed(column, typed) == value


values = {
    "int": st.integers(-(10**12), 10**12),
    "money": st.integers(0, 10**14),
    "decimal": st.decimals("-1e9", "1e9", places=2),
    "date": st.dates(date(1900, 1, 1), date(2200, 12, 31)),
    "yes_no": st.booleans(),
}


@given(st.sampled_from(sorted(values)).flatmap(lambda kind: st.tuples(st.just(kind), values[kind])))
def test_what_was_kept_is_written_and_read_back_the_same(case: tuple[Any, Any]) -> None:
    kind, value = case
    column = Column("n", Text("n"), kind)
    assert value_of(column, kept(value)) == value
    assert read_words(column, written(column, kept(value))) == value


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(words: str) -> None:
    for column in (INT, MONEY, DECIMAL, DATE, YES, CHOICE, TEXT):
        try:
            value = read_words(column, words)
        except UnreadableCellError:
            continue
        assert value is None or read_words(column, written(column, kept(value))) == value


# --- Forms and checks -------------------------------------------------------------------------------------

FORM = Form(
    code="f",
    title=Text("Biểu"),
    columns=(
        Column("a", Text("A"), "int", required=True, minimum=Decimal(0), maximum=Decimal(100), rollup="sum"),
        Column("b", Text("B"), "int", rollup="min"),
        Column("c", Text("C"), "int", rollup="max"),
        Column("d", Text("D"), "decimal", decimals=2, rollup="average", weight="a"),
        Column("e", Text("E"), "yes_no", rollup="count"),
        Column("f", Text("F"), "date", rollup="min", earliest=date(2018, 1, 1)),
    ),
    rows=(Row("r", Text("R")), Row("s", Text("S"))),
    sums=(Sum("a", ("b", "c")), Sum("a", ("b",), "at_most")),
)


def test_a_good_form_is_good() -> None:
    assert list(check_form(FORM)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "Có dấu"},
        {"columns": ()},
        {"columns": (Column("A", Text("x"), "int"),)},
        {"columns": (Column("a", Text("x"), "int"), Column("a", Text("x"), "int"))},
        {"columns": (Column("a", Text("x"), "text", rollup="sum"),)},
        {"columns": (Column("a", Text("x"), "choice"),)},
        {"columns": (Column("a", Text("x"), "int", minimum=Decimal(2), maximum=Decimal(1)),)},
        {"columns": (Column("a", Text("x"), "int", rollup="average", weight="z"),)},
        {"columns": (Column("a", Text("x"), "text", jump=5),)},
        {"columns": (Column("a", Text(""), "text"),)},
        {"sums": (Sum("a", ("a",)),)},
        {"sums": (Sum("a", ("d", "zz")),)},
        {"rows": (Row("r", Text("R")), Row("r", Text("R")))},
        {"most_rows": 0},
    ],
)
def test_a_form_that_makes_no_sense_is_told(wrong: dict[str, Any]) -> None:
    assert list(check_form(replace(FORM, **wrong)))


def _found(**cells: Any) -> dict[str, str]:
    line = Line("r", {key: kept(value) for key, value in cells.items()})
    return {each.column: each.reason.en for each in check(FORM, [line])}


def test_checks_name_the_cell() -> None:
    assert _found(a=5, b=2, c=3) == {}
    assert "empty" in _found()["a"]
    assert "less than 0" in _found(a=-1)["a"]
    assert "more than 100" in _found(a=101)["a"]
    assert "must equal" in _found(a=6, b=2, c=3)["a"]
    assert "is before" in _found(a=1, f=date(2017, 12, 31))["f"]
    # A gap concludes nothing.
    assert _found(a=6, b=2) == {}


def test_only_cells_that_changed_are_of_the_new_hand() -> None:
    before = [Line("r", {"a": 1, "b": 2}, {}, {"a": 0, "b": 0})]
    now = merged(FORM, before, {"r": {"a": 1, "b": 3, "c": None}}, 1)
    assert (now[0].cells, now[0].by) == ({"a": 1, "b": 3}, {"a": 0, "b": 1})


# --- Roll-up ----------------------------------------------------------------------------------------------

cell = st.one_of(st.none(), st.integers(-1000, 1000))
line_of = st.builds(
    lambda key, a, b, c, d, e, f: Line(
        key,
        {k: kept(v) for k, v in (("a", a), ("b", b), ("c", c), ("d", d), ("e", e), ("f", f)) if v is not None},
    ),
    st.sampled_from(["r", "s"]),
    st.one_of(st.none(), st.integers(0, 100)),
    cell,
    cell,
    st.one_of(st.none(), st.decimals("-99", "99", places=2)),
    st.one_of(st.none(), st.booleans()),
    st.one_of(st.none(), st.dates(date(2018, 1, 1), date(2019, 1, 1))),
)
answer = st.lists(line_of, max_size=2, unique_by=lambda line: line.key)
tree: Any = st.recursive(
    answer.map(lambda one: ("leaf", one)), lambda below: st.lists(below, max_size=4), max_leaves=12
)


def _leaves(node: Any) -> list[list[Line]]:
    return [node[1]] if isinstance(node, tuple) else [leaf for each in node for leaf in _leaves(each)]


def _up(node: Any) -> Any:
    return tally_answer(FORM, node[1]) if isinstance(node, tuple) else together(_up(each) for each in node)


@given(tree, st.randoms())
def test_any_tree_in_any_order_rolls_up_to_the_same(node: Any, random: Any) -> None:
    leaves = _leaves(node)
    random.shuffle(leaves)
    flat = together(tally_answer(FORM, each) for each in leaves)
    assert _up(node) == flat
    if isinstance(node, list):
        assert balances(flat, [_up(each) for each in node])


@given(st.lists(answer, max_size=8))
def test_roll_ups_are_what_plain_arithmetic_says(answers: list[list[Line]]) -> None:
    found = together(tally_answer(FORM, each) for each in answers)
    for row in ("r", "s"):
        lines = [line for each in answers for line in each if line.key == row]

        def held(key: str, lines: list[Line] = lines) -> list[Any]:
            return [value_of(FORM.column(key), line.cells[key]) for line in lines if key in line.cells]  # type: ignore[arg-type]

        def got(key: str, row: str = row) -> Any:
            tally = found.get((row, key))
            return None if tally is None else rolled(FORM.column(key), tally)  # type: ignore[arg-type]

        assert got("a") == (sum(held("a")) if held("a") else None)
        assert got("b") == min(held("b"), default=None)
        assert got("c") == max(held("c"), default=None)
        assert got("e") == (sum(held("e")) if held("e") else None)
        assert got("f") == min(held("f"), default=None)
        pairs = [(Fraction(line.cells["d"]), line.cells["a"]) for line in lines if {"a", "d"} <= set(line.cells)]
        weight = sum(a for _d, a in pairs)
        exact = sum(d * a for d, a in pairs) / Fraction(weight) if weight else None
        average = got("d")
        assert (average is None) == (exact is None)
        if exact is not None:
            assert abs(Fraction(str(average)) - exact) <= Fraction(1, 200)


@given(st.lists(answer, min_size=1, max_size=6))
def test_a_missing_answer_never_counts_as_nought(answers: list[list[Line]]) -> None:
    with_gap = together(tally_answer(FORM, each) for each in [*answers, []])
    assert with_gap == together(tally_answer(FORM, each) for each in answers)


def test_nothing_is_not_nought() -> None:
    assert tally_answer(FORM, [Line("r")]) == {}
    both = together([tally_answer(FORM, [Line("r", {"b": 7})]), tally_answer(FORM, [Line("r")])])
    assert rolled(FORM.columns[1], both["r", "b"]) == 7


def test_free_rows_are_summed_within_an_agency_and_count_it_once() -> None:
    free = replace(FORM, rows=())
    tally = tally_answer(free, [Line("r1", {"a": 2}), Line("r2", {"a": 3})])["", "a"]
    assert (tally.agencies, tally.values, tally.total) == (1, 2, 5)


def test_reminders_count_working_days() -> None:
    from law.office_hours import office_data
    from motcua.law.campaign_course import occasion, reminder_days

    calendar = WorkingCalendar(office_data())
    # Thursday 20 December 2018: three working days before is Monday 17, one is Wednesday 19.
    due = datetime(2018, 12, 20, 10, 0, tzinfo=UTC)
    assert reminder_days(calendar, due) == (date(2018, 12, 17), date(2018, 12, 19))
    said = {
        datetime(2018, 12, 14, 3, tzinfo=UTC): None,
        datetime(2018, 12, 17, 1, tzinfo=UTC): "before3",
        datetime(2018, 12, 18, 3, tzinfo=UTC): "before3",
        datetime(2018, 12, 19, 3, tzinfo=UTC): "before1",
        datetime(2018, 12, 20, 9, tzinfo=UTC): "before1",
        datetime(2018, 12, 20, 10, 0, 1, tzinfo=UTC): "late",
    }
    assert {at: occasion(calendar, due, at) for at in said} == said
