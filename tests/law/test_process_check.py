"""What stands against publishing a procedure: each kind of mistake is named where it is, and nothing else is."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from law.office import AGENCIES, HOUSE_PROCESS, agency, procedure, step
from motcua.law.directory import Directory
from motcua.law.faults import Fault
from motcua.law.fees import Fee, Percentage
from motcua.law.procedure import Alias, Case, Choice, Condition, Field, FieldGroup, Paper, Procedure
from motcua.law.process import Process, Stage, Step
from motcua.law.process_check import check_procedure
from motcua.law.process_graph import Graph
from motcua.law.texts import Text

ROLES = {"reception", "results", "officer", "head", "leader", "registrar"}


def both(text: str) -> Text:
    return Text(vi=text, en=text)


def permit(**more: Any) -> Procedure:
    """A house permit against which nothing stands."""
    house = procedure()
    stages = tuple(replace(stage, name=both(stage.id)) for stage in house.process.stages)
    return replace(
        house,
        cases=(replace(house.cases[0], name=both("new")),),
        results=(replace(house.results[0], name=both("permit")),),
        process=replace(house.process, stages=stages),
        form=(
            FieldGroup(
                name=both("works"),
                fields=(
                    field("kind", "choice", choices=(Choice("new", both("new")), Choice("old", both("old")))),
                    field("floors", "number", minimum=1, maximum=40),
                    field("area", "number"),
                    field("cost", "money"),
                    field("total", "number", computed="product: floors area"),
                    field("corner", "yes_no"),
                ),
            ),
        ),
        **more,
    )


def field(name: str, kind: Any, **more: Any) -> Field:
    return Field(id=name, label=both(name), type=kind, **more)


def steps_changed(house: Procedure, **changes: dict[str, Any]) -> Procedure:
    """The procedure with some steps changed, by their ids."""
    steps = tuple(replace(each, **changes.get(each.id, {})) for each in house.process.steps)
    return replace(house, process=replace(house.process, steps=steps))


def fields_changed(house: Procedure, **changes: dict[str, Any]) -> Procedure:
    group = house.form[0]
    fields = tuple(replace(each, **changes.get(each.id, {})) for each in group.fields)
    return replace(house, form=(replace(group, fields=fields),))


def faults(house: Procedure, directory: Directory | None = AGENCIES) -> list[Fault]:
    return check_procedure(house, directory, ROLES)


def test_a_right_procedure_has_no_faults() -> None:
    assert faults(permit()) == []


def with_step(after: str, new: Step) -> Callable[[], Procedure]:
    def made() -> Procedure:
        house = permit()
        steps = list(house.process.steps)
        at = next(i for i, each in enumerate(steps) if each.id == after)
        steps.insert(at + 1, new)
        return replace(house, process=replace(house.process, steps=tuple(steps)))

    return made


MISTAKES: dict[str, tuple[Callable[[], Procedure], str, str]] = {
    "unknown next step": (lambda: steps_changed(permit(), hand_in={"next": ("nowhere",)}),
                          "$.process.steps[0].next[0]", "no step “nowhere”"),
    "unknown step to return to": (lambda: steps_changed(permit(), approve={"back": ("nowhere",)}),
                                  "$.process.steps[3].back[0]", "no step “nowhere”"),
    "unknown stage": (lambda: steps_changed(permit(), approve={"stage": "attic"}),
                      "$.process.steps[3].stage", "no stage “attic”"),
    "unknown role": (lambda: steps_changed(permit(), approve={"role": "king"}),
                     "$.process.steps[3].role", "no role “king”"),
    "step given twice": (lambda: steps_changed(permit(), approve={"id": "appraise"}),
                         "$.process.steps[3].id", "there already"),
    "unreadable budget": (lambda: steps_changed(permit(), approve={"budget": "soon"}),
                          "$.process.steps[3].budget", "not a time limit"),
    "step never reached": (with_step("register", step("attic", "out", "results", "ready hand_over")),
                           "$.process.steps[5].id", "No way leads"),
    "circle": (lambda: steps_changed(permit(), approve={"next": ("appraise",)}),
               "$.process.steps[2].next", "leads round to itself"),
    "last step hands nothing over": (lambda: steps_changed(permit(), give={"actions": ("ready",)}),
                                     "$.process.steps[5].actions", "must have the action hand_over"),
    "never ready": (lambda: steps_changed(permit(), give={"actions": ("hand_over",)}),
                    "$.process.steps[5].actions", "without marking the result ready"),
    "nothing drafted": (lambda: steps_changed(permit(), appraise={"actions": ("forward",)}),
                        "$.process.steps[5].actions", "without drafting"),
    "handed over in the middle": (lambda: steps_changed(permit(), register={"actions": ("number", "hand_over")}),
                                  "$.process.steps[4].actions", "only a last step"),
    "no way on": (lambda: steps_changed(permit(), hand_in={"actions": ("draft",)}),
                  "$.process.steps[0].actions", "no action that passes the dossier on"),
    "signing and numbering in one step": (
        lambda: steps_changed(permit(), approve={"actions": ("sign", "number", "send_back")}),
        "$.process.steps[3].actions", "numbering must be a later step"),
    "assigning and signing in one step": (
        lambda: steps_changed(permit(), approve={"actions": ("sign", "assign", "send_back")}),
        "$.process.steps[3].actions", "sign and number in another step"),
    "return without its action": (lambda: steps_changed(permit(), approve={"actions": ("sign",)}),
                                  "$.process.steps[3].back", "go together"),
    "return to a later step": (lambda: steps_changed(permit(), approve={"back": ("give",)}),
                               "$.process.steps[3].back[0]", "not an earlier step"),
    "return past the signature": (
        lambda: steps_changed(permit(), give={"actions": ("ready", "hand_over", "send_back"), "back": ("register",)}),
        "$.process.steps[5].back[0]", "takes the signature away"),
    "signing with nothing to sign and no way back": (
        lambda: steps_changed(permit(), approve={"actions": ("sign",), "back": ()}),
        "$.process.steps[3].back", "without drafting the result; the step must be able to return it"),
    "handing over with nothing ready and no way back": (
        lambda: steps_changed(permit(), register={"actions": ("number", "ready")}, give={"actions": ("hand_over",)}),
        "$.process.steps[5].actions", "without marking the result ready"),
    "wait without its action": (lambda: steps_changed(permit(), hand_in={"waits_for": "tax"}),
                                "$.process.steps[0].actions", "neither the action suspend"),
    "steps longer than the limit": (lambda: steps_changed(permit(), appraise={"budget": "14 working_days"}),
                                    "$.cases[0].statutory", "The steps add up to 132 hours"),
    "steps longer than their stage": (lambda: steps_changed(permit(), appraise={"budget": "12 working_days"}),
                                      "$.process.stages[1].limit", "need 108 hours; its limit is 96"),
    "stages longer than the limit": (
        lambda: replace(permit(), cases=(Case(id="new", name=both("n"), statutory="13 working_days"),)),
        "$.cases[0].statutory", "limits of the stages add up to 112 hours"),
    "same day with days of work": (
        lambda: replace(permit(), cases=(Case(id="new", name=both("n"), statutory="same_day"),)),
        "$.cases[0].statutory", "a day has 8"),
    "offered longer than the law": (
        lambda: replace(permit(), cases=(Case(id="n", name=both("n"), statutory="15 working_days",
                                              offered="16 working_days"),)),
        "$.cases[0].offered", "longer than the law's"),
    "channel longer than the law": (
        lambda: replace(permit(), cases=(Case(id="n", name=both("n"), statutory="15 working_days",
                                              channels={"online": "1 months"}),)),
        "$.cases[0].channels.online", "longer than the law's"),
    "unreadable limit": (lambda: replace(permit(), cases=(Case(id="n", name=both("n"), statutory="15 days"),)),
                         "$.cases[0].statutory", "not a time limit"),
    "case given twice": (
        lambda: replace(permit(), cases=(permit().cases[0], permit().cases[0])), "$.cases[1].id", "there already"),
    "paper given twice": (
        lambda: replace(permit(), papers=(permit().papers[0], permit().papers[0])), "$.papers[1].id", "there already"),
    "paper of an unknown case": (
        lambda: replace(permit(), papers=(Paper(id="a", name=both("a"), original=1, cases=("renewal",)),)),
        "$.papers[0].cases[0]", "no case “renewal”"),
    "paper without any copy": (lambda: replace(permit(), papers=(Paper(id="a", name=both("a")),)),
                               "$.papers[0]", "of no kind"),
    "condition on no field": (
        lambda: replace(permit(), papers=(Paper(id="a", name=both("a"), original=1, when=Condition("colour")),)),
        "$.papers[0].when.field", "no field “colour”"),
    "condition on no such value": (
        lambda: replace(
            permit(), papers=(Paper(id="a", name=both("a"), original=1, when=Condition("kind", ("ancient",))),)),
        "$.papers[0].when.values[0]", "no value “ancient”"),
    "condition that asks yes or no without saying which": (
        lambda: replace(permit(), papers=(Paper(id="a", name=both("a"), original=1, when=Condition("corner")),)),
        "$.papers[0].when.values", "say which"),
    "field shown by a later one": (lambda: fields_changed(permit(), kind={"when": Condition("floors")}),
                                   "$.form[0].fields[0].when.field", "no field “floors” before"),
    "computed from no field": (lambda: fields_changed(permit(), total={"computed": "sum: floors depth"}),
                               "$.form[0].fields[4].computed", "no field “depth”"),
    "computed from a text": (lambda: fields_changed(permit(), total={"computed": "sum: floors kind"}),
                             "$.form[0].fields[4].computed", "neither a number nor money"),
    "computed from itself": (lambda: fields_changed(permit(), total={"computed": "sum: floors total"}),
                             "$.form[0].fields[4].computed", "never in a circle"),
    "computed in unknown words": (lambda: fields_changed(permit(), total={"computed": "floors * area"}),
                                  "$.form[0].fields[4].computed", "must be written"),
    "field given twice": (lambda: fields_changed(permit(), area={"id": "floors"}),
                          "$.form[0].fields[2].id", "there already"),
    "choice of nothing": (lambda: fields_changed(permit(), kind={"choices": ()}),
                          "$.form[0].fields[0].choices", "must have some"),
    "bounds the wrong way round": (lambda: fields_changed(permit(), floors={"minimum": 50}),
                                   "$.form[0].fields[1].minimum", "above the maximum"),
    "table without columns": (lambda: fields_changed(permit(), area={"type": "table"}),
                              "$.form[0].fields[2].columns", "must have some"),
    "fee on no money field": (
        lambda: replace(permit(), fees=(Fee("f", both("f"), "phi", Percentage("area", Decimal(1))),)),
        "$.fees[0].rule.basis", "not a money field"),
    "name in one language": (lambda: replace(permit(), name=Text("Giấy phép")), "$.name.en", "English name is missing"),
    "step without a Vietnamese name": (lambda: steps_changed(permit(), approve={"name": Text("", "x")}),
                                       "$.process.steps[3].name.vi", "Vietnamese name is missing"),
    "online without a form": (lambda: replace(permit(), form=(), fees=()), "$.online_level", "needs a form"),
    "online promise below level three": (
        lambda: replace(permit(), online_level=2, cases=(Case(id="n", name=both("n"), statutory="15 working_days",
                                                              channels={"online": "10 working_days"}),)),
        "$.cases[0].channels.online", "takes nothing in online"),
    "received nowhere": (lambda: replace(permit(), received_at=()), "$.received_at", "No tier or agency"),
    "received by an unknown agency": (lambda: replace(permit(), received_by=("XYZ",)), "$.received_by[0]", "“XYZ”"),
    "for nobody": (lambda: replace(permit(), applicants=()), "$.applicants", "Nobody"),
    "ends before it begins": (lambda: replace(permit(), valid_to=date(2017, 1, 1)), "$.valid_to", "before it begins"),
    "alias of itself": (lambda: replace(permit(), aliases=(Alias("1.009994"),)), "$.aliases[0].code", "itself"),
    "version nought": (lambda: replace(permit(), version=0), "$.version", "begin at 1"),
    "no results": (lambda: replace(permit(), results=()), "$.results", "at least one result"),
    "result given twice": (lambda: replace(permit(), results=permit().results * 2), "$.results[1].id", "already"),
    "place that is none": (lambda: places_changed(work="tier district"), "$.process.stages[1].place", "not a place"),
    "division of no stage": (lambda: places_changed(work="stage:attic/XD"),
                             "$.process.stages[1].place", "of this process"),
    "stages that lean on each other": (lambda: places_changed(work="stage:out/XD", out="stage:work/XD"),
                                       "$.process.stages[1].place", "leads back to itself"),
    "no step at all": (lambda: replace(permit(), process=Process((), ())), "$.process.steps", "no steps"),
}  # fmt: skip


def places_changed(**places: str) -> Procedure:
    house = permit()
    stages = tuple(replace(each, place=places.get(each.id, each.place)) for each in house.process.stages)
    return replace(house, process=replace(house.process, stages=stages))


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_named_where_it_is(name: str) -> None:
    made, path, words = MISTAKES[name]

    found = faults(made())

    assert [each for each in found if each.path == path and words in each.reason.en], found
    assert all(each.reason.vi and each.reason.en for each in found)


def test_ten_mistakes_are_told_at_once() -> None:
    wrong = steps_changed(
        fields_changed(permit(), area={"id": "floors"}, kind={"choices": ()}),
        appraise={"actions": ("forward",), "budget": "14 working_days"},
        approve={"name": Text("", ""), "back": ("give",)},
        give={"actions": ("hand_over",)},
    )
    wrong = replace(wrong, results=(), applicants=(), version=0, valid_to=date(2001, 1, 1))

    paths = {each.path for each in faults(wrong)}

    assert len(paths) >= 10, paths


# Branches ---------------------------------------------------------------------------------------------------

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


# Places -----------------------------------------------------------------------------------------------------

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


# Others' content --------------------------------------------------------------------------------------------


def test_content_of_another_catalogue_may_be_vietnamese_only_and_received_nowhere() -> None:
    given = replace(
        permit(), name=Text("Tên"), received_at=(), papers=(Paper(id="p1", name=Text("Đơn"), required=False),)
    )

    assert check_procedure(given, AGENCIES, ROLES, bilingual=False) == []


def test_the_answers_of_a_replayed_log_are_not_asked_for() -> None:
    bare = Process(
        stages=(Stage(id="all", name=both("all"), place="here", limit="15 working_days"),),
        steps=(step("replay", "all", "officer", ""),),
    )

    assert faults(replace(permit(), process=bare, replayed=True)) == []


def test_a_process_too_branched_to_check_says_so() -> None:
    stages = [Stage(id=f"s{at}", name=both("s"), place="here", limit="1 working_hours") for at in range(40)]
    steps = []
    for at in range(0, 38, 2):
        for each in (at, at + 1):
            following = f"a{at + 2} a{at + 3}" if at < 36 else "end"
            steps.append(step(f"a{each}", f"s{each}", "officer", "draft forward", following, budget="1 working_hours"))
    steps.insert(0, step("begin", "s38", "officer", "forward", "a0 a1", budget="1 working_hours"))
    steps.append(step("end", "s39", "results", "ready hand_over", budget="1 working_hours"))

    found = faults(replace(permit(), process=Process(tuple(stages), tuple(steps))))

    assert [each.path for each in found if "too much" in each.reason.en] == ["$.process.steps"]


def test_the_order_of_a_graph_puts_every_step_after_those_that_lead_to_it() -> None:
    graph = Graph(HOUSE_PROCESS)

    assert [graph.steps[each].id for each in graph.order] == [each.id for each in HOUSE_PROCESS.steps]
    assert graph.forks() == []
