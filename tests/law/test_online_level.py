"""How far a procedure can be done online: what each level needs, and that nothing counts twice or too much."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from law.office import procedure
from motcua.law.fees import Fee, Fixed
from motcua.law.online_level import Facilities, OnlineLevel, cases_online, online_level
from motcua.law.procedure import Case, Condition, Field, FieldGroup, Paper, Procedure, Result
from motcua.law.texts import Text

DAY, LATER = date(2018, 12, 3), date(2022, 8, 15)
ALL = Facilities(takes=True, pays=True)


def text(words: str) -> Text:
    return Text(words, words)


QUESTION = Field(id="name", label=text("Tên"), type="text")
FORM = (FieldGroup(name=text("Chung"), fields=(QUESTION,)),)
FEE = Fee(id="fee", name=text("Lệ phí"), kind="le_phi", rule=Fixed(amount=5000))
SCAN = Paper(id="scan", name=text("Đơn"), original=1)
ORIGINAL = Paper(id="book", name=text("Sổ đỏ"), original=1, online="original")
CASES = (Case(id="new", name=text("Mới"), statutory="5 working_days"),)


def law(**more: Any) -> Procedure:
    values: dict[str, Any] = {
        "form": FORM, "fees": (FEE,), "papers": (SCAN,), "cases": CASES, "sources": ("Luật",),
        "results": (Result(id="paper", name=text("Giấy")),),
    }  # fmt: skip
    return structs.replace(procedure(), **(values | more))


def codes(level: OnlineLevel) -> set[str]:
    return {each.code for each in level.obstacles}


def test_everything_at_hand_is_level_four_and_since_2022_the_whole_service() -> None:
    assert online_level(law(), ALL, DAY) == OnlineLevel(4, "")
    assert online_level(law(), ALL, LATER) == OnlineLevel(4, "whole")


NEEDS: dict[str, tuple[dict[str, Any], Facilities, int, str]] = {
    "not taken in online": ({}, Facilities(takes=False, pays=True), 2, "not_taken"),
    "no account to pay into": ({}, Facilities(takes=True), 3, "not_payable"),
    "signed for in person": (
        {"results": (Result(id="book", name=text("Giấy khai sinh"), collected_in_person=True),)},
        ALL,
        3,
        "result_in_person",
    ),
    "an original to bring": ({"papers": (SCAN, ORIGINAL)}, ALL, 2, "original"),
    "an original to bring in some situations": (
        {"papers": (structs.replace(ORIGINAL, when=Condition(field="name", values=("x",))),)},
        ALL,
        3,
        "original_sometimes",
    ),
    "a form to print only": (
        {"form": (), "papers": (structs.replace(SCAN, template="don"),)},
        ALL,
        2,
        "form_not_fillable",
    ),
    "no form at all": ({"form": ()}, ALL, 1, "no_form"),
    "no legal ground": ({"sources": ()}, ALL, 0, "no_source"),
}


@pytest.mark.parametrize("name", NEEDS)
def test_each_missing_thing_lowers_the_level_and_is_named(name: str) -> None:
    more, offered, level, code = NEEDS[name]
    found = online_level(law(**more), offered, DAY)
    assert found.level == level
    assert code in codes(found)
    assert code in {each.code for each in found.next_obstacles}


def test_what_stands_in_no_way_is_not_named() -> None:
    free = structs.replace(FEE, rule=Fixed(amount=0))
    known = structs.replace(ORIGINAL, known="residence")
    spare = structs.replace(ORIGINAL, id="spare", required=False)
    assert online_level(law(fees=(free,), papers=(known, spare)), Facilities(takes=True), DAY).obstacles == ()


def test_the_lowest_case_is_what_everybody_can_count_on_and_the_others_are_told_apart() -> None:
    cases = (*CASES, Case(id="lost", name=text("Mất"), statutory="5 working_days"))
    found = law(cases=cases, papers=(structs.replace(ORIGINAL, cases=("lost",)),))
    whole = online_level(found, ALL, DAY)
    assert whole.level == 2
    assert "trường hợp: Mất" in whole.obstacles[0].text.vi
    assert online_level(found, ALL, DAY, "new").level == 4
    assert cases_online(found, ALL, DAY) == ("new",)


def test_since_2022_there_are_two_extents_and_one_step_in_person_takes_the_whole_away() -> None:
    assert online_level(law(), Facilities(takes=True), LATER).extent == "part"
    assert online_level(law(), Facilities(), LATER).extent == "information"
    assert online_level(law(), ALL, date(2022, 8, 14)).extent == ""


papers = st.lists(
    st.builds(
        Paper,
        id=st.sampled_from(["a", "b", "c"]),
        name=st.just(text("Giấy")),
        required=st.booleans(),
        cases=st.sampled_from([(), ("new",), ("old",)]),
        when=st.sampled_from([None, Condition(field="name")]),
        known=st.sampled_from(["", "residence"]),
        online=st.sampled_from(["scan", "form", "original"]),
    ),
    max_size=4,
).map(tuple)
laws = st.builds(
    lambda papers, form, fees, in_person, template, sources: law(
        papers=papers + ((structs.replace(SCAN, id="t", template="don"),) if template else ()),
        form=FORM if form else (),
        fees=(FEE,) if fees else (),
        results=(Result(id="r", name=text("Giấy"), collected_in_person=in_person),),
        sources=("Luật",) if sources else (),
        cases=(*CASES, Case(id="old", name=text("Cũ"), statutory="5 working_days")),
    ),
    papers, st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip
offers = st.builds(Facilities, takes=st.booleans(), pays=st.booleans())


@given(laws, offers)
def test_the_level_is_one_below_the_lowest_obstacle_and_every_obstacle_is_above_it(
    found: Procedure, offered: Facilities
) -> None:
    level = online_level(found, offered, LATER)
    assert all(each.blocks > level.level for each in level.obstacles)
    assert (level.level == 4) == (level.obstacles == ()) == (level.extent == "whole")
    assert bool(level.next_obstacles) == (level.level < 4)
    assert len({(each.code, each.text.vi) for each in level.obstacles}) == len(level.obstacles)


@given(laws, offers)
def test_the_whole_is_as_low_as_its_lowest_case(found: Procedure, offered: Facilities) -> None:
    by_case = [online_level(found, offered, DAY, case.id).level for case in found.cases]
    assert online_level(found, offered, DAY).level == min(by_case)


@given(laws, offers)
def test_offering_more_never_lowers_a_level(found: Procedure, offered: Facilities) -> None:
    before = online_level(found, offered, DAY)
    for more in (Facilities(True, offered.pays), Facilities(offered.takes, True)):
        after = online_level(found, more, DAY)
        assert after.level >= before.level
        assert codes(after) <= codes(before)


@given(laws, offers)
def test_nothing_is_filed_online_below_level_three(found: Procedure, offered: Facilities) -> None:
    taken = cases_online(found, offered, DAY)
    assert taken == () or offered.takes
    assert all((each.id in taken) == (online_level(found, offered, DAY, each.id).level >= 3) for each in found.cases)
