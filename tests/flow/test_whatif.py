"""What-if: no change gives the real share exactly; shorter limits never help, cuts and merges never harm."""

from hypothesis import given
from hypothesis import strategies as st

from motcua.flow.whatif import Life, Piece, Plan, Share, replay

STAGES = {"in": "a", "weigh": "b", "sign": "b", "give": "c"}
LIMITS: dict[str, int | None] = {"a": 480, "b": 4800, "c": None}
STEP_LIMITS: dict[str, int | None] = {"in": 240, "weigh": 3840, "sign": 480, "give": None}

pieces = st.sampled_from(sorted(STAGES)).flatmap(
    lambda step: st.builds(
        lambda worked, way: Piece(step, STAGES[step], worked, min(way, worked)),
        st.integers(0, 6000), st.integers(0, 900),
    )
)  # fmt: skip
lives = st.lists(
    st.builds(
        lambda pieces, late, slack: Life(0, tuple(pieces), late, -slack if late else slack),
        st.lists(pieces, min_size=1, max_size=8), st.booleans(), st.integers(0, 3000),
    ),
    max_size=25,
).map(lambda found: [Life(at, life.pieces, life.late, life.slack) for at, life in enumerate(found)])  # fmt: skip
plans = st.builds(
    Plan,
    stage_limits=st.dictionaries(st.sampled_from(["a", "b"]), st.integers(0, 5000)),
    step_limits=st.dictionaries(st.sampled_from(["in", "weigh"]), st.integers(0, 5000)),
    cut=st.sampled_from([(), ("sign",), ("in", "sign")]),
    merged=st.sampled_from([(), (("weigh", "sign"),)]),
    together=st.sampled_from([(), (("weigh", "sign"),), (("in", "give"),)]),
    merge_saves=st.integers(0, 100),
    total_cut=st.integers(0, 2000),
)


@given(lives)
def test_no_change_gives_the_real_share_exactly(found: list[Life]) -> None:
    outcome = replay(found, Plan(), LIMITS, STEP_LIMITS)
    assert outcome.was == outcome.would == Share(len(found), sum(not life.late for life in found))
    assert {key for key, _ in outcome.missed} == {life.dossier_id for life in found if life.late}
    for part in (*outcome.stages, *outcome.steps):
        assert (part.was, part.limit, part.median) == (part.would, part.new_limit, part.new_median)


@given(lives, plans, st.integers(1, 3000))
def test_a_shorter_limit_never_helps(found: list[Life], plan: Plan, less: int) -> None:
    given_plan = {"stage_limits": plan.stage_limits | {"b": 4000}, "step_limits": plan.step_limits | {"weigh": 3000}}
    rest = {"cut": plan.cut, "merged": plan.merged, "together": plan.together, "merge_saves": plan.merge_saves}
    one = replay(found, Plan(**given_plan, **rest, total_cut=plan.total_cut), LIMITS, STEP_LIMITS)  # type: ignore[arg-type]
    tight = {"stage_limits": given_plan["stage_limits"] | {"b": 4000 - less},
             "step_limits": given_plan["step_limits"] | {"weigh": 3000 - less}}  # fmt: skip
    two = replay(found, Plan(**tight, **rest, total_cut=plan.total_cut + less), LIMITS, STEP_LIMITS)  # type: ignore[arg-type]
    assert {key for key, _ in one.missed} <= {key for key, _ in two.missed}
    for before, after in zip((*one.stages, *one.steps), (*two.stages, *two.steps), strict=True):
        assert after.would.held <= before.would.held


@given(lives, st.integers(0, 100), st.integers(0, 100))
def test_cutting_merging_and_doing_together_never_harm(found: list[Life], saves: int, more: int) -> None:
    real = {life.dossier_id for life in found if life.late}
    merged = replay(found, Plan(merged=(("weigh", "sign"),), merge_saves=saves), LIMITS, STEP_LIMITS)
    better = replay(found, Plan(merged=(("weigh", "sign"),), merge_saves=min(100, saves + more)), LIMITS, STEP_LIMITS)
    cut = replay(found, Plan(cut=("sign",)), LIMITS, STEP_LIMITS)
    both = replay(found, Plan(together=(("weigh", "sign"),)), LIMITS, STEP_LIMITS)
    assert {key for key, _ in better.missed} <= {key for key, _ in merged.missed} <= real
    assert {key for key, _ in cut.missed} <= {key for key, _ in better.missed}
    assert {key for key, _ in both.missed} <= real


def test_the_journeys_question_by_hand() -> None:
    """Merge weighing and signing, cut the stage from ten to six days."""

    def life(number: int, weigh: int, sign: int, way: int, slack: int) -> Life:
        return Life(number, (Piece("weigh", "b", weigh * 480), Piece("sign", "b", sign * 480, way * 480)), slack < 0,
                    slack * 480)  # fmt: skip

    found = [life(1, 5, 3, 2, 4), life(2, 5, 3, 0, 4), life(3, 4, 2, 0, -1), life(4, 3, 3, 1, -1)]
    outcome = replay(found, Plan(stage_limits={"b": 6 * 480}, merged=(("weigh", "sign"),)), LIMITS, STEP_LIMITS)
    # 1: 8 days less 2 on the way; 2: stays at 8; 3: 6 days but a day late still; 4: late by a day, saves one.
    assert outcome.was == Share(4, 2)
    assert outcome.would == Share(4, 2)
    assert outcome.missed == ((2, 960), (3, 480))
    stage = outcome.stages[1]
    assert (stage.name, stage.limit, stage.new_limit) == ("b", 4800, 2880)
    assert (stage.was, stage.would) == (Share(4, 4), Share(4, 3))
    assert (stage.median, stage.new_median) == (6 * 480 + 480, 6 * 480)


def test_late_after_closing_time_is_late_without_a_minute_over() -> None:
    found = [Life(1, (Piece("weigh", "b", 100),), late=True, slack=0)]
    assert replay(found, Plan(), LIMITS, STEP_LIMITS).missed == ((1, 1),)


def test_a_share_of_nothing_is_none_and_the_margin_narrows_with_numbers() -> None:
    assert (Share(0, 0).share, Share(0, 0).interval) == (None, None)
    few, many = Share(10, 9).interval, Share(1000, 900).interval
    assert few is not None
    assert many is not None
    assert few[0] < many[0] < 0.9 < many[1] < few[1] <= 1
    whole = Share(10, 10).interval
    assert whole is not None
    assert 0.7 < whole[0] < whole[1] <= 1
    # The classical example of Wilson's interval: 0 of 10.
    none = Share(10, 0).interval
    assert none is not None
    assert (round(none[0], 4), round(none[1], 4)) == (0.0, 0.2775)
