"""What stands against publishing a procedure: each kind of mistake is named where it is, and nothing else is."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from law.office import AGENCIES, step
from law.process_samples import (
    ROLES,
    both,
    faults,
    fields_changed,
    permit,
    places_changed,
    steps_changed,
)
from motcua.law.fees import Fee, Percentage
from motcua.law.procedure import Alias, Case, Condition, Paper, Procedure
from motcua.law.process import Process, Stage, Step
from motcua.law.process_check import check_procedure
from motcua.law.texts import Text


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
