"""A content file with mistakes says each of them by line; a good one gives exactly what was written."""

import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from motcua.organisation.content_files import LARGEST_FILE, line_of, read_csv, read_yaml


class Step(msgspec.Struct, frozen=True):
    id: str
    budget: int
    day: date | None = None
    share: Decimal = Decimal(0)


class Wait(msgspec.Struct, frozen=True, tag="wait"):
    reason: str


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    whom: str


class Procedure(msgspec.Struct, frozen=True):
    code: str
    steps: tuple[Step, ...] = ()
    online: bool = False
    notes: dict[str, str] = {}
    acts: list[Wait | Ask] = []
    fees: dict[str, int] = {}
    pair: tuple[int, str] | None = None
    days: Annotated[int, msgspec.Meta(ge=1)] = 1


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str | bytes, name: str = "procedure.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def reasons(problems) -> list[tuple[int, str]]:
    return [(each.line, each.reason) for each in problems]


def test_scalars_stay_as_written_until_their_field_types_them(write):
    path = write(
        "code: 1.013225\nnotes: {commune: 00001, answer: no, ward: 001}\n"
        "steps:\n- {id: 010, budget: 5, day: 2018-12-31, share: 0.50}\nonline: true\n"
    )
    value, problems = read_yaml(path, Procedure)
    assert problems == []
    assert value == Procedure(
        code="1.013225",
        notes={"commune": "00001", "answer": "no", "ward": "001"},
        steps=(Step("010", 5, date(2018, 12, 31), Decimal("0.50")),),
        online=True,
    )


def test_all_mistakes_are_told_with_their_lines(write):
    path = write(
        "code: a\nunknown: 1\nsteps:\n  - id: x\n    budget: soon\n  - id: y\n    colour: red\n"
        "    budget: 2\n    day: 31/12/2018\n  - budget: 3\nfees:\n  new: cheap\npair: [one, two]\n"
    )
    value, problems = read_yaml(path, Procedure)
    assert value is None
    found = dict(reasons(problems))
    assert sorted(found) == [2, 5, 7, 9, 10, 12, 13]
    assert "“unknown” is not known here" in found[2]
    assert found[5] == "“budget”: expected a whole number, found “soon”"
    assert "“colour”" in found[7]
    assert "a date" in found[9]
    assert "“id” is missing in “steps”" in found[10]
    assert "found “cheap”" in found[12]
    assert str(problems[0]).startswith(f"{path}:2: ")


def test_unknown_names_are_found_inside_tagged_unions(write):
    path = write("code: a\nacts:\n- {type: wait, reason: tax}\n- type: ask\n  whom: commune\n  who: nobody\n")
    assert [each.line for each in read_yaml(path, Procedure)[1]] == [6]
    value, problems = read_yaml(write("code: a\nacts: [{type: wait, reason: tax}]\n"), Procedure)
    assert (problems, value.acts) == ([], [Wait("tax")])


def test_a_key_with_nothing_after_it_counts_as_not_given(write):
    value, problems = read_yaml(write("code: a\nsteps:\npair:\nonline:\n"), Procedure)
    assert (problems, value) == ([], Procedure("a"))
    _, problems = read_yaml(write("code:\n"), Procedure)
    assert reasons(problems) == [(1, "“code”: expected a text, found nothing")]
    assert read_yaml(write('code: ""\n'), Procedure)[0] == Procedure("")


def test_a_bound_of_a_field_is_told_on_its_line(write):
    [problem] = read_yaml(write("code: a\n\n\ndays: 0\n"), Procedure)[1]
    assert problem.line == 4
    assert ">= 1" in problem.reason


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("code: a\ncode: b\n", 2, "given twice, first on line 1"),
        ("code: a\nsteps:\n\t- id: x\n", 3, "tab"),
        (b"code: a\n# \xe0\n", 2, "not UTF-8"),
        ("code: a\nnotes:\n  x: \x01\n", 3, "U+0001"),
        ("code: &a x\nnotes: {y: *a}\n", 1, "anchor"),
        ("code: a\nnotes: {y: *b}\n", 2, "anchor"),
        ("code: a\n---\ncode: b\n", 2, "second document"),
        ("", 1, "empty"),
        ("# only a remark\n", 1, "empty"),
        ("code: !!python/object/apply:os.system [ls]\n", 1, "tag"),
        ("code: a\nnotes: {x: [\n", 3, "not YAML"),
        ("code: a\n  b: c\n", 2, "not YAML"),
        ("code: a\n? [x]\n: y\n", 2, "plain word"),
        ("code: " + "[" * 100 + "]" * 100, 1, "levels deep"),
        ("- a\n- b\n", 1, "a block of names and values"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_line(write, text, line, words):
    value, problems = read_yaml(write(text), Procedure)
    assert value is None
    assert [each.line for each in problems] == [line]
    assert words in problems[0].reason


def test_a_bomb_of_aliases_is_refused_before_it_goes_off(write):
    layers = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    _, problems = read_yaml(write(f"l0: &l0 [a, a]\n{layers}"), Procedure)
    assert reasons(problems) == [(1, "uses an anchor or alias (& or *); write the value out")]


def test_files_that_are_too_large_or_missing_are_refused(write, tmp_path):
    assert "larger than" in read_yaml(write("#" * (LARGEST_FILE + 1)), Procedure)[1][0].reason
    assert "cannot be read" in read_yaml(tmp_path / "nothing.yaml", Procedure)[1][0].reason
    assert "cannot be read" in read_csv(tmp_path, Step)[1][0].reason


def test_byte_order_mark_windows_lines_and_decomposed_letters_are_read_alike(write):
    decomposed = unicodedata.normalize("NFD", "Hàng Bạc")
    value, problems = read_yaml(write(b"\xef\xbb\xbf" + f"code: {decomposed}\r\n".encode()), Procedure)
    assert (problems, value.code) == ([], "Hàng Bạc")


def test_good_rows_are_kept_and_bad_ones_named(write):
    path = write('id,budget,day\na,1,2018-01-01\nb,many,\n"c\nc",3,\n\nd,4\ne,,2018-01-01\nf,6,\n', "steps.csv")
    rows, problems = read_csv(path, Step)
    assert rows == [(2, Step("a", 1, date(2018, 1, 1))), (4, Step("c\nc", 3)), (9, Step("f", 6))]
    assert reasons(problems) == [
        (3, "“budget”: expected a whole number, found “many”"),
        (7, "has 2 cells where there are 3 columns"),
        (8, "“budget”: expected a whole number, found nothing"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,budget,colour\n", "unknown columns: colour"),
        ("id\n", "lacks the columns: budget"),
        ("id,budget,id\n", "names a column twice"),
        ("", "is empty"),
        ('id,budget\n"a,1\n', "not CSV"),
    ],
)
def test_a_table_with_wrong_columns_is_refused_whole(write, text, words):
    rows, problems = read_csv(write(text, "steps.csv"), Step)
    assert rows == []
    assert words in problems[0].reason


def test_a_later_check_can_ask_for_the_line_of_a_value(write):
    path = write("code: a\nsteps:\n  - id: x\n    budget: 1\n  - id: y\n    budget: 2\nnotes:\n  z: 1\n")
    assert [
        line_of(path, where)
        for where in ("code", "$.steps[1].budget", "steps[0]", "notes.z", "steps[9].id", "notes.none", "")
    ] == [1, 6, 3, 8, 2, 7, 1]


def plain_yaml() -> SearchStrategy:
    word = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)
    return st.recursive(word, lambda each: st.lists(each, max_size=3) | st.dictionaries(word, each, max_size=3))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_whatever_bring_the_reader_down(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("raw") / "any.yaml"
    path.write_bytes(raw)
    value, problems = read_yaml(path, Procedure)
    assert (value is None) == bool(problems)
    assert all(1 <= each.line <= raw.count(b"\n") + raw.count(b"\r") + 2 for each in problems)
    _, problems = read_csv(path, Step)
    assert all(each.line >= 1 for each in problems)


@given(plain_yaml())
def test_wrong_shapes_are_told_and_never_raise(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("shape") / "any.yaml"
    path.write_bytes(msgspec.json.encode({"code": "a", "steps": value, "acts": value, "notes": value}))
    read, problems = read_yaml(path, Procedure)
    assert (read is None) == bool(problems)
