"""What people answer becomes one stored form, and ten mistakes give ten sentences at once."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.canonical import canonical
from motcua.law.forms import LARGEST, FormFault, check_form, operands
from motcua.law.procedure import Choice, Condition, Field
from motcua.law.texts import Text

TODAY = date(2018, 12, 3)
DIGEST = "ab" * 32


def field(name: str, kind: Any, **more: Any) -> Field:
    return Field(id=name, label=Text(name, name), type=kind, **more)


def cleaned(kind: Any, answer: object, **more: Any) -> object:
    """One answer as it is stored; fails when there is a fault."""
    values, faults = check_form([field("it", kind, **more)], {"it": answer}, TODAY)
    assert faults == []
    return values.get("it")


def fault(kind: Any, answer: object, **more: Any) -> FormFault:
    """The one fault of an answer; nothing is stored of it."""
    values, faults = check_form([field("it", kind, **more)], {"it": answer}, TODAY)
    assert "it" not in values or kind in ("person", "address", "table")
    [only] = faults
    assert only.reason.vi
    assert only.reason.en
    return only


@pytest.mark.parametrize(
    ("kind", "answer", "stored"),
    [
        ("text", "  Nguyễn\t Văn\u200b  An ", "Nguyễn Văn An"),
        ("text", "Hòa", "Hòa"),
        ("text", 12, "12"),
        ("long_text", "Dòng một \r\n\r\n\r\n\r\n dòng hai\n", "Dòng một\n\ndòng hai"),
        ("number", "1.500", 1500),
        ("number", "1,500", 1500),
        ("number", "1 500 000", 1500000),
        ("number", "-12", -12),
        ("number", "72,5", "72.5"),
        ("number", "72.50", "72.5"),
        ("number", "1.234,25", "1234.25"),
        ("number", "3,00", 3),
        ("number", 7, 7),
        ("money", "1.500.000", 1500000),
        ("money", "1,500,000 đ", 1500000),
        ("money", "1 500 000 VNĐ", 1500000),
        ("money", "75000 đồng", 75000),
        ("money", 0, 0),
        ("date", "7/1/2019", "2019-01-07"),
        ("date", "07-01-2019", "2019-01-07"),
        ("date", "2019-01-07", "2019-01-07"),
        ("yes_no", True, "yes"),
        ("yes_no", "Có", "yes"),
        ("yes_no", "off", "no"),
        ("file", DIGEST.upper(), DIGEST),
        ("person", {"name": " Lê  Thị Hoa", "number": "001 080.000-123", "birth": "1/2/1980"},
         {"name": "Lê Thị Hoa", "number": "001080000123", "birth": "1980-02-01"}),
        ("address", {"text": "12 Hàng Bài", "commune": "00037"}, {"text": "12 Hàng Bài", "commune": "00037"}),
        ("text", "", None),
        ("number", "   ", None),
        ("person", {"name": "", "number": None}, None),
    ],
)  # fmt: skip
def test_an_answer_has_one_stored_form(kind: Any, answer: object, stored: object) -> None:
    assert cleaned(kind, answer) == stored


@pytest.mark.parametrize(
    ("kind", "answer", "words", "more"),
    [
        ("text", "a" * 11, "at most 10", {"max_length": 10}),
        ("text", ["a"], "not a text", {}),
        ("number", "mười", "not a number", {}),
        ("number", "1.5.0", "not a number", {}),
        ("number", "72,505", "more than 500", {"maximum": 500}),
        ("number", "4", "less than 5", {"minimum": 5}),
        ("number", 10**16, f"more than {LARGEST}", {}),
        ("number", "9" * 400, "more than", {}),
        ("money", "1,5", "not an amount", {}),
        ("money", "1,500.000", "not an amount", {}),
        ("money", "-5000", "negative", {}),
        ("date", "12/2018", "in full", {}),
        ("date", "2018", "in full", {}),
        ("date", "31/4/2018", "no day", {}),
        ("date", "4/12/2018", "has not come", {"not_after": "today"}),
        ("date", "1/1/1066", "too far", {}),
        ("choice", "purple", "not one of", {"choices": (Choice("red", Text("đỏ")),)}),
        ("yes_no", "perhaps", "yes or no", {}),
        ("file", "report.pdf", "not been uploaded", {}),
        ("table", "a,b", "wrong form", {"columns": (field("a", "text"),)}),
        ("table", [{"a": "1"}] * 201, "at most 200", {"columns": (field("a", "text"),)}),
        ("table", [{"a": "1"}], "At least 2", {"columns": (field("a", "text"),), "minimum": 2}),
        ("text", "", "must be answered", {"required": True}),
        ("table", [{"a": ""}], "must be answered", {"columns": (field("a", "text"),), "required": True}),
        ("person", {}, "must be answered", {"required": True}),
        ("person", "An", "wrong form", {}),
    ],
)
def test_a_wrong_answer_has_its_sentence(kind: Any, answer: object, words: str, more: dict[str, Any]) -> None:
    only = fault(kind, answer, **more)

    assert only.path == "it"
    assert words in only.reason.en


@pytest.mark.parametrize(
    ("kind", "answer", "path"),
    [
        ("person", {"number": "001080000123"}, "it.name"),
        ("person", {"name": "An", "number": "12-x"}, "it.number"),
        ("person", {"name": "An", "birth": "1980"}, "it.birth"),
        ("person", {"name": "An", "birth": "4/12/2018"}, "it.birth"),
        ("person", {"name": "An", "salary": "5"}, "it.salary"),
        ("address", {"commune": "00037"}, "it.text"),
        ("address", {"text": "12 Hàng Bài", "commune": "Tràng Tiền"}, "it.commune"),
    ],
)
def test_a_fault_within_a_person_or_address_says_where(kind: Any, answer: object, path: str) -> None:
    assert fault(kind, answer).path == path


def test_ten_mistakes_are_ten_sentences() -> None:
    fields = [
        field("name", "text", required=True),
        field("age", "number", minimum=18),
        field("price", "money"),
        field("day", "date"),
        field("kind", "choice", choices=(Choice("a", Text("A")),)),
        field("owner", "person"),
        field("place", "address"),
        field("rooms", "table", columns=(field("area", "number", required=True), field("use", "text"))),
        field("plan", "file"),
        field("corner", "yes_no", required=True),
    ]
    answers = {
        "age": "17", "price": "cheap", "day": "tomorrow", "kind": "b", "owner": {"name": "An", "number": "?"},
        "place": {"text": "x", "commune": "here"}, "rooms": [{"area": "12"}, {"use": "kitchen"}], "plan": "x",
        "corner": "maybe",
    }  # fmt: skip

    stored, faults = check_form(fields, answers, TODAY)

    assert [each.path for each in faults] == [
        "name", "age", "price", "day", "kind", "owner.number", "place.commune", "rooms[1].area", "plan", "corner",
    ]  # fmt: skip
    assert stored == {"owner": {"name": "An"}, "place": {"text": "x"}, "rooms": [{"area": 12}, {"use": "kitchen"}]}


HOUSE = (
    field("kind", "choice", choices=(Choice("new", Text("Mới")), Choice("repair", Text("Sửa")))),
    field("old_permit", "text", required=True, when=Condition("kind", ("repair",))),
    field("old_day", "date", when=Condition("old_permit")),
    field("floors", "number"),
    field("per_floor", "number"),
    field("rooms", "table", columns=(field("area", "number"),)),
    field("total", "number", computed="product: floors per_floor", maximum=1000),
    field("rooms_total", "number", computed="sum: rooms.area"),
    field("renewal_reason", "text", required=True, cases=("renewal",)),
)


def test_what_is_not_shown_is_neither_kept_nor_asked_for() -> None:
    answers = {"kind": "new", "old_permit": "12/GPXD", "old_day": "rubbish"}

    assert check_form(HOUSE, answers, TODAY, "new") == ({"kind": "new"}, [])


def test_what_is_shown_follows_from_the_answers() -> None:
    stored, faults = check_form(HOUSE, {"kind": "repair"}, TODAY, "renewal")

    assert stored == {"kind": "repair"}
    assert [each.path for each in faults] == ["old_permit", "renewal_reason"]


def test_computed_fields_are_reckoned_here_and_not_believed() -> None:
    answers = {"floors": "3", "per_floor": "72,5", "rooms": [{"area": "12"}, {"area": "8,5"}], "total": "1"}

    stored, faults = check_form(HOUSE, answers, TODAY)

    assert faults == []
    assert stored["total"] == "217.5"
    assert stored["rooms_total"] == "20.5"


def test_a_product_waits_for_every_factor_and_keeps_to_its_bounds() -> None:
    assert "total" not in check_form(HOUSE, {"floors": "3"}, TODAY)[0]

    stored, faults = check_form(HOUSE, {"floors": "30", "per_floor": "100"}, TODAY)
    assert "total" not in stored
    assert [each.path for each in faults] == ["total"]


def test_unknown_answers_are_not_dropped_silently() -> None:
    assert [each.path for each in check_form(HOUSE, {"colour": "red"}, TODAY)[1]] == ["colour"]


def test_words_of_a_computed_field() -> None:
    assert operands("sum: a rooms.area") == ("sum", ("a", "rooms.area"))
    with pytest.raises(ValueError, match=r"a \+ b"):
        operands("a + b")


# Cleaning what was cleaned changes nothing ------------------------------------------------------------------

SIMPLE = st.sampled_from(["text", "long_text", "number", "money", "date", "choice", "yes_no", "file"])
PIECES = st.one_of(
    st.text(max_size=30),
    st.text("0123456789.,- đ/", max_size=14),
    st.integers(-(10**17), 10**17),
    st.dates().map(lambda day: f"{day:%d/%m/%Y}"),
    st.sampled_from(["a", "b", "yes", "Không", DIGEST, None, True, ""]),
)
BLOCKS = st.dictionaries(
    st.sampled_from(["name", "number", "birth", "relation", "text", "commune", "a", "b", "x"]), PIECES, max_size=4
)
ANSWERS = st.one_of(PIECES, BLOCKS, st.lists(BLOCKS, max_size=4), st.lists(PIECES, max_size=2))


@st.composite
def questions(draw: st.DrawFn) -> list[Field]:
    made: list[Field] = []
    for at in range(draw(st.integers(1, 6))):
        kind = draw(st.one_of(SIMPLE, st.sampled_from(["person", "address", "table"])))
        more: dict[str, Any] = {"required": draw(st.booleans()), "max_length": draw(st.integers(1, 20))}
        if kind == "choice":
            more["choices"] = (Choice("a", Text("A")), Choice("b", Text("B")))
        if kind == "table":
            more["columns"] = (field("a", draw(SIMPLE.filter(lambda each: each not in ("choice", "file")))),
                               field("b", "text", when=Condition("a")))  # fmt: skip
        if made and draw(st.booleans()):
            more["when"] = Condition(draw(st.sampled_from(made)).id, draw(st.sampled_from([(), ("a",), ("yes",)])))
        numeric = [each.id for each in made if each.type in ("number", "money")]
        if numeric and kind == "number" and draw(st.booleans()):
            more["computed"] = f"{draw(st.sampled_from(['sum', 'product']))}: {' '.join(numeric)}"
        made.append(field(f"f{at}", kind, **more))
    return made


@given(questions(), st.lists(ANSWERS, min_size=6, max_size=6))
def test_cleaning_twice_is_cleaning_once(fields: list[Field], answers: list[Any]) -> None:
    given_values = {each.id: answer for each, answer in zip(fields, answers, strict=False)}

    once, faults = check_form(fields, given_values, TODAY)
    twice, faults_of_clean = check_form(fields, once, TODAY)

    assert twice == once
    assert len(faults_of_clean) <= len(faults)
    canonical(once)
