"""Branches that meet or do not, agencies that are found or not: what the check says of the way of a dossier."""

from typing import Any

import pytest
from msgspec.structs import replace

from law.office import AGENCIES, HOUSE_PROCESS, agency, step
from law.process_samples import both, faults, permit, steps_changed
from motcua.law.directory import Directory
from motcua.law.procedure import Case, Procedure
from motcua.law.process import Process, Stage
from motcua.law.process_graph import Graph

FORKED = Process(
    stages=(Stage(id="in", name=both("in"), place="here", limit="15 working_days"),),
    steps=(
        step("take", "in", "reception", "forward", "plan land", parallel=True),
        step("plan", "in", "officer", "forward", "meet"),
        step("land", "in", "officer", "forward", "survey"),
        step("survey", "in", "officer", "forward", "meet"),
        step("meet", "in", "officer", "draft forward", "sign", join=True),
        step("sign", "in", "leader", "sign send_back", "give", back=("take",)),
        step("give", "in", "results", "ready hand_over"),
    ),
)


def forked(**changes: dict[str, Any]) -> Procedure:
    return steps_changed(replace(permit(), process=FORKED), **changes)


def test_parallel_branches_that_meet_are_right() -> None:
    assert faults(forked()) == []


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"meet": {"join": False}}, "$.process.steps[0].next", "meet in no step with `join`"),
        ({"plan": {"next": ("sign",)}}, "$.process.steps[0].next", "meet in no step with `join`"),
        ({"plan": {"next": ("meet", "sign")}}, "$.process.steps[1].next[1]", "past the join"),
        ({"survey": {"next": ("meet", "sign")}}, "$.process.steps[3].next[1]", "past the join"),
        ({"land": {"next": ("survey", "meet")}}, "$.process.steps[0].next[1]", "by exactly one step"),
        ({"land": {"next": ("survey", "plan")}}, "$.process.steps[1].id", "reached from outside"),
        ({"take": {"next": ("plan", "meet")}}, "$.process.steps[0].next[1]", "straight to the join"),
        ({"take": {"next": ("plan",)}}, "$.process.steps[0].parallel", "opens 1 branch"),
        ({"take": {"parallel": False}}, "$.process.steps[4].join", "that no parallel step opens"),
        ({"survey": {"back": ("take",), "actions": ("forward", "send_back")}},
         "$.process.steps[3].back[0]", "border of a parallel branch"),
        ({"sign": {"back": ("land",), "actions": ("sign", "send_back")}},
         "$.process.steps[5].back[0]", "border of a parallel branch"),
        ({"plan": {"next": (), "actions": ("hand_over", "ready")}}, "$.process.steps[0].next", "meet in no step"),
    ],
)  # fmt: skip
def test_branches_that_do_not_meet_are_named(changes: dict[str, Any], path: str, words: str) -> None:
    found = faults(forked(**changes))

    assert [each for each in found if each.path == path and words in each.reason.en], found


def test_returning_within_a_branch_and_to_before_the_fork_is_right() -> None:
    within = {"survey": {"back": ("land",), "actions": ("forward", "send_back")}}
    before = {"sign": {"back": ("take", "meet"), "actions": ("sign", "send_back")}}

    assert faults(forked(**within, **before)) == []


def test_what_one_branch_does_counts_after_the_join_but_not_what_one_choice_does() -> None:
    drafting = {"plan": {"actions": ("draft", "forward")}, "meet": {"actions": ("forward",)}}
    choosing = {
        "take": {"parallel": False, "actions": ("forward",)},
        "meet": {"join": False, "actions": ("forward",)},
        "plan": {"actions": ("draft", "forward")},
    }

    assert faults(forked(**drafting)) == []
    assert {each.path for each in faults(forked(**choosing)) if "without drafting" in each.reason.en} == {
        "$.process.steps[5].actions",
        "$.process.steps[6].actions",
    }


def test_parallel_branches_take_as_long_as_the_longest() -> None:
    exact = forked(plan={"budget": "3 working_days"}, land={"budget": "10 working_days"})
    assert faults(replace(exact, cases=(Case(id="n", name=both("n"), statutory="15 working_days"),))) == []

    longer = steps_changed(exact, survey={"budget": "40 working_hours"})
    [stage, limit] = sorted(each.reason.en for each in faults(longer))
    assert "take → land → survey → meet" in stage + limit


def test_waits_are_not_counted() -> None:
    waiting = steps_changed(
        permit(),
        hand_in={"waits_for": "tax", "actions": ("forward", "suspend"), "budget": "40 working_days"},
    )

    assert faults(waiting) == []


CHOSEN = Process(
    stages=(
        Stage(id="in", name=both("in"), place="here", limit="5 working_days"),
        Stage(id="ask", name=both("ask"), place="chosen:commune", limit="5 working_days"),
    ),
    steps=(
        step("take", "in", "reception", "draft forward", "verify"),
        step("verify", "ask", "officer", "forward", "sign"),
        step("sign", "in", "leader", "sign send_back", "give", back=("take",)),
        step("give", "in", "results", "ready hand_over"),
    ),
)


def test_a_chosen_agency_is_chosen_by_the_step_before() -> None:
    chosen = replace(permit(), process=CHOSEN)
    assert faults(chosen) == []

    for changes, words in [
        ({"take": {"actions": ("draft", "sign")}}, "must be able to choose"),
        ({"take": {"stage": "ask"}, "sign": {"stage": "in"}}, "first step"),
        ({"verify": {"unit": "XD"}}, "missing at 00037 (00037); 00040 (00040)"),
    ]:
        found = faults(steps_changed(chosen, **changes))
        assert [each for each in found if words in each.reason.en], (changes, found)


def test_a_division_of_a_chosen_agency_is_named_on_the_step() -> None:
    leaning = Stage(id="lean", name=both("lean"), place="stage:ask/XD", limit="1 working_days")
    chosen = replace(permit(), process=replace(CHOSEN, stages=(*CHOSEN.stages, leaning)))

    assert "chosen only when forwarding" in next(
        each.reason.en for each in faults(chosen) if each.path == "$.process.stages[2].place"
    )


def test_agencies_where_nobody_would_be_responsible_are_listed() -> None:
    lonely = [agency(100 + each, f"900{each:02}", "commune", 1) for each in range(8)]
    directory = Directory([*AGENCIES.by_number.values(), *lonely])

    found = [each for each in faults(permit(), directory) if "no responsible agency" in each.reason.en]

    assert [each.path for each in found] == [f"$.process.steps[{at}].unit" for at in (1, 2)] + [
        "$.process.steps[3].stage",
        "$.process.steps[4].stage",
    ]
    assert "90000 (90000); 90001 (90001)" in found[0].reason.en
    assert "and 3 more" in found[0].reason.en
    assert "và 3 cơ quan khác" in found[0].reason.vi


def test_without_a_directory_places_are_not_looked_up() -> None:
    assert faults(steps_changed(permit(), appraise={"unit": "NOWHERE"}), None) == []


def test_the_order_of_a_graph_puts_every_step_after_those_that_lead_to_it() -> None:
    graph = Graph(HOUSE_PROCESS)

    assert [graph.steps[each].id for each in graph.order] == [each.id for each in HOUSE_PROCESS.steps]
    assert graph.forks() == []
