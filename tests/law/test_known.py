"""What authors say of the register and of filing online is checked before it is published."""

from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from motcua.law.form_check import TOPICS
from motcua.law.procedure import Field, Procedure
from motcua.law.procedure_check import check_content
from motcua.law.texts import Text
from motcua.organisation.content_files import read_yaml

PACK = Path(__file__).resolve().parents[2] / "content" / "hanoi-2018" / "procedures"
LABEL = Text("Câu hỏi", "Question")


@pytest.fixture(scope="module")
def birth() -> Procedure:
    """Birth registration as it can be filed online."""
    procedure, problems = read_yaml(PACK / "birth-registration-2.yaml", Procedure)
    assert procedure is not None, problems
    return procedure


def faults(procedure: Procedure) -> list[str]:
    return [each.path for each in check_content(procedure)]


def with_field(procedure: Procedure, **said: object) -> Procedure:
    """The procedure with one more question."""
    field = msgspec.convert({"id": "more", "label": {"vi": "Thêm", "en": "More"}, "type": "text", **said}, Field)
    first = structs.replace(procedure.form[0], fields=(*procedure.form[0].fields, field))
    return structs.replace(procedure, form=(first, *procedure.form[1:]))


def test_what_is_published_is_right(birth: Procedure) -> None:
    assert faults(birth) == []
    assert {field.known for field in birth.fields()} == {"", "self.ethnicity", "wife", "husband"}
    assert birth.confirm_draft == "1 calendar_days"


@pytest.mark.parametrize(
    "said",
    [{"known": "self.shoe_size"}, {"known": "self"}, {"known": "self.birth"}, {"type": "date", "known": "self.name"}],
)
def test_the_register_is_asked_only_what_it_knows_in_a_type_that_holds_it(
    birth: Procedure, said: dict[str, str]
) -> None:
    at = len(birth.form[0].fields)
    assert faults(with_field(birth, **said)) == [f"$.form[0].fields[{at}].known"]


def test_every_topic_fits_the_types_it_names(birth: Procedure) -> None:
    for topic, types in TOPICS.items():
        for kind in types:
            choices = [{"value": "male", "name": {"vi": "Nam", "en": "Male"}}] if kind == "choice" else []
            assert faults(with_field(birth, type=kind, known=topic, choices=choices)) == [], (topic, kind)


def test_columns_and_computed_questions_are_not_filled_in(birth: Procedure) -> None:
    column = {"id": "who", "label": {"vi": "Ai", "en": "Who"}, "type": "person", "known": "self"}
    assert [each.rsplit(".", 1)[-1] for each in faults(with_field(birth, type="table", columns=[column]))] == ["known"]
    assert "$.form[0].fields[7].known" in faults(
        with_field(birth, type="number", computed="sum: copies", known="self.name")
    )


@pytest.mark.parametrize("known", ["passport", "result:", "result:có dấu cách", "register"])
def test_a_paper_is_made_needless_by_the_register_or_a_result(birth: Procedure, known: str) -> None:
    papers = tuple(structs.replace(each, known=known) if each.id == "birth_notice" else each for each in birth.papers)
    assert faults(structs.replace(birth, papers=papers)) == ["$.papers[1].known"]
    right = tuple(
        structs.replace(each, known="result:1.000656") if each.id == "birth_notice" else each for each in birth.papers
    )
    assert faults(structs.replace(birth, papers=right)) == []


def test_the_form_itself_is_no_paper_of_a_register(birth: Procedure) -> None:
    papers = (structs.replace(birth.papers[0], known="identity"), *birth.papers[1:])
    assert faults(structs.replace(birth, papers=papers)) == ["$.papers[0].online"]


def test_showing_the_draft_and_the_time_for_it_stand_together(birth: Procedure) -> None:
    at = next(each for each, step in enumerate(birth.process.steps) if "show_draft" in step.actions)
    assert faults(structs.replace(birth, confirm_draft="")) == [f"$.process.steps[{at}].actions"]
    assert faults(structs.replace(birth, confirm_draft="soon")) == ["$.confirm_draft"]
    silent = tuple(
        structs.replace(step, actions=tuple(each for each in step.actions if each != "show_draft"))
        for step in birth.process.steps
    )
    process = structs.replace(birth.process, steps=silent)
    assert faults(structs.replace(birth, process=process)) == ["$.confirm_draft"]
