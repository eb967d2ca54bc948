"""Answers go onto a page and come back as they were, whatever the form; tables grow and shrink by a row."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.filing import questions
from motcua.filing.prefill import keep_known
from motcua.filing.questions import as_typed, raw_answers, row_added, row_removed
from motcua.law.forms import check_form
from motcua.law.procedure import Choice, Field
from motcua.law.texts import Text

TODAY = date(2018, 12, 17)
LABEL = Text("Câu hỏi", "Question")
WORDS = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=30).filter(str.strip)
NAMES = st.sampled_from(["Nguyễn Thị Mẫu", "Trần Văn Thử", "H'Hen Niê", "Đỗ Ứng"])
DAYS = st.dates(date(1900, 1, 1), TODAY)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": WORDS,
    "long_text": st.lists(WORDS, min_size=1, max_size=3).map("\n".join),
    "number": st.one_of(st.integers(-9999, 9999), st.sampled_from(["72,5", "0,25"])).map(str),
    "money": st.integers(0, 10**9).map(str),
    "date": DAYS.map(lambda day: day.isoformat()),
    "choice": st.sampled_from(["a", "b"]),
    "yes_no": st.sampled_from(["yes", "no"]),
    "person": st.fixed_dictionaries(
        {"name": NAMES}, optional={"number": st.just("000187000001"), "birth": DAYS.map(lambda day: day.isoformat())}
    ),
    "address": st.fixed_dictionaries({"text": WORDS}, optional={"commune": st.just("00061")}),
}
OTHER_CELLS = {f"c_{kind}": values for kind, values in VALUES.items() if kind != "text"}
CHOICES = (Choice("a", LABEL), Choice("b", LABEL))


def field(name: str, kind: str, **more: Any) -> Field:
    choices = CHOICES if kind == "choice" else ()
    return Field(id=name, label=LABEL, type=kind, choices=choices, **more)  # type: ignore[arg-type]


@st.composite
def forms(draw: st.DrawFn) -> tuple[tuple[Field, ...], dict[str, Any]]:
    """A form with one question of every kind and a table of them, and answers to some."""
    fields = [field(kind, kind) for kind in VALUES]
    columns = tuple(field(f"c_{kind}", kind) for kind in VALUES)
    fields.append(field("rows", "table", columns=columns))
    answers = {kind: draw(values) for kind, values in VALUES.items() if draw(st.booleans())}
    row = st.fixed_dictionaries({"c_text": WORDS}, optional=OTHER_CELLS)
    answers["rows"] = draw(st.lists(row, max_size=4))
    return tuple(fields), answers


@pytest.fixture(autouse=True, scope="module")
def communes_without_a_city() -> Any:
    """Communes stay as they are: which exist is another room's question."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(questions, "commune_code", lambda said, day: said)
        patched.setattr(questions, "commune_said", lambda code: code)
        yield


@given(forms())
def test_cleaned_answers_survive_the_page(made: tuple[tuple[Field, ...], dict[str, Any]]) -> None:
    fields, answers = made
    cleaned, faults = check_form(fields, answers, TODAY)
    assert faults == []
    back = raw_answers(fields, as_typed(fields, cleaned), TODAY)
    assert check_form(fields, back, TODAY) == (cleaned, [])


@given(forms())
def test_what_was_typed_is_shown_again_letter_by_letter(made: tuple[tuple[Field, ...], dict[str, Any]]) -> None:
    fields, answers = made
    typed = as_typed(fields, answers)
    again = as_typed(fields, raw_answers(fields, typed, TODAY))
    assert {name: said for name, said in again.items() if said} == {name: said for name, said in typed.items() if said}


@given(st.lists(st.fixed_dictionaries({"x": WORDS}), max_size=6), st.integers(0, 8))
def test_a_row_more_and_a_row_less(rows: list[dict[str, str]], at: int) -> None:
    table = field("rows", "table", columns=(field("x", "text"),))
    assert row_added(table, rows) == [*rows, {}]
    assert row_removed([*rows[:at], {"x": "đi"}, *rows[at:]], str(min(at, len(rows)))) == rows
    assert row_removed(rows, "x") == rows


@given(
    st.dictionaries(st.sampled_from("abc"), WORDS),
    st.dictionaries(st.sampled_from("abc"), WORDS),
    st.sets(st.sampled_from("abc")),
)
def test_what_the_register_said_is_kept_whatever_is_sent(
    saved: dict[str, str], sent: dict[str, str], known: set[str]
) -> None:
    stored = keep_known(saved, sent, dict.fromkeys(known, "register@now"))
    for name in "abc":
        assert stored.get(name) == (saved if name in known else sent).get(name)


def test_a_day_is_shown_as_people_write_it() -> None:
    assert questions.day_as_typed("2019-01-07") == "7/1/2019"
    assert questions.day_as_typed("7/1/2019") == "7/1/2019"
    assert questions.day_as_typed("mai") == "mai"
