"""What a changed process would have done with the dossiers of a period: their measured minutes under other limits.

Pure: steps are cut, merged, done at the same time or given other limits, and each life is counted again. Nothing
is simulated: work takes the minutes it really took, queues are as they were. Which lives are read is left to
`lives`, what is said about it to the page.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from motcua.law.margins import Margin, of_share


class Piece(msgspec.Struct, frozen=True):
    """One piece of work of a past dossier, in worked minutes of its agency; `transit` is the way there, within."""

    step: str
    stage: str
    worked: int
    transit: int = 0


class Life(msgspec.Struct, frozen=True):
    """A past dossier: its pieces, whether it was late, and by how many worked minutes it kept (or missed) its date."""

    dossier_id: int
    pieces: tuple[Piece, ...]
    late: bool
    slack: int


class Plan(msgspec.Struct, frozen=True):
    """A changed process. Limits are in worked minutes; what is not named stays as it was.

    `merged` names groups of steps done as one by one office: the hand-overs between them fall away, and of the
    work of all but the first `merge_saves` per cent. `together` names groups done at the same time: the longest
    counts. `total_cut` is by how much the whole limit is shortened.
    """

    stage_limits: dict[str, int] = {}
    step_limits: dict[str, int] = {}
    cut: tuple[str, ...] = ()
    merged: tuple[tuple[str, ...], ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    merge_saves: int = 0
    total_cut: int = 0

    @property
    def changes_nothing(self) -> bool:
        """True for the process as it is."""
        return self == Plan()


class Share(msgspec.Struct, frozen=True):
    """How many of `n` held a limit, with the interval in which the share lies with 95 per cent."""

    n: int
    held: int

    @property
    def share(self) -> float | None:
        """The share; None of nothing."""
        return self.held / self.n if self.n else None

    @property
    def interval(self) -> Margin | None:
        """In which the share lies with 95 per cent; None of nothing."""
        return of_share(self.held, self.n)


class Part(msgspec.Struct, frozen=True):
    """A stage or a step before and after: its limits, the share that held, the median minutes."""

    name: str
    limit: int | None
    new_limit: int | None
    was: Share
    would: Share
    median: float | None
    new_median: float | None


class Outcome(msgspec.Struct, frozen=True):
    """What the changed process would have done: in all, per stage, per step, and which dossiers would have failed."""

    was: Share
    would: Share
    stages: tuple[Part, ...]
    steps: tuple[Part, ...]
    missed: tuple[tuple[int, int], ...]


def replay(
    lives: Sequence[Life], plan: Plan, stage_limits: dict[str, int | None], step_limits: dict[str, int | None]
) -> Outcome:
    """All lives through the plan. The limits handed in are those of the process as it is, None where it has none
    in working time; the parts of the outcome come in their order.

    `missed` holds each dossier that would not have held the plan, with the minutes it would have been over.
    """
    new_stages = {name: plan.stage_limits.get(name, limit) for name, limit in stage_limits.items()}
    new_steps = {name: plan.step_limits.get(name, limit) for name, limit in step_limits.items()}
    before = [minutes_of(life, Plan()) for life in lives]
    after = [minutes_of(life, plan) for life in lives]
    over = [overrun(life, new, plan, new_stages) for life, new in zip(lives, after, strict=True)]
    missed = tuple((life.dossier_id, minutes) for life, minutes in zip(lives, over, strict=True) if minutes is not None)
    return Outcome(
        was=Share(len(lives), sum(not life.late for life in lives)),
        would=Share(len(lives), len(lives) - len(missed)),
        stages=tuple(_parts(stage_limits, new_stages, [each.stages for each in before],
                            [each.stages for each in after])),
        steps=tuple(_parts(step_limits, new_steps, [each.steps for each in before], [each.steps for each in after])),
        missed=missed,
    )  # fmt: skip


class Minutes(msgspec.Struct, frozen=True):
    """The worked minutes of a life: per step, per stage, and how many the plan saves in all."""

    steps: dict[str, int]
    stages: dict[str, int]
    saved: int


def minutes_of(life: Life, plan: Plan) -> Minutes:
    """The life's minutes under the plan."""
    steps: dict[str, int] = {}
    stage_of: dict[str, str] = {}
    saved = 0
    for piece in life.pieces:
        spared = _spared(piece, plan)
        saved += spared
        steps[piece.step] = steps.get(piece.step, 0) + piece.worked - spared
        stage_of.setdefault(piece.step, piece.stage)
    stages: dict[str, int] = {}
    for step, minutes in steps.items():
        stages[stage_of[step]] = stages.get(stage_of[step], 0) + minutes
    for group in plan.together:
        done = [steps[step] for step in group if step in steps]
        if len(done) < 2:
            continue
        saved += sum(done) - max(done)
        for stage in {stage_of[step] for step in group if step in steps}:
            here = [steps[step] for step in group if step in steps and stage_of[step] == stage]
            stages[stage] -= sum(here) - max(here)
    return Minutes(steps, stages, saved)


def _spared(piece: Piece, plan: Plan) -> int:
    """The minutes of a piece that fall away: all of a cut step, the way and a share of a merged one."""
    if piece.step in plan.cut:
        return piece.worked
    for group in plan.merged:
        if piece.step in group[1:]:
            way = min(piece.transit, piece.worked)
            return way + (piece.worked - way) * plan.merge_saves // 100
    return 0


def overrun(life: Life, new: Minutes, plan: Plan, stage_limits: dict[str, int | None]) -> int | None:
    """By how many minutes the life misses the plan: its own date moved by what is saved and cut, and every stage
    limit that the plan changes. None when it holds all of them.
    """
    slack = life.slack
    if life.late and slack >= 0:
        # Late after the office closed: no worked minute over, and late all the same.
        slack = -1
    slack += new.saved - plan.total_cut
    over = [-slack] if slack < 0 else []
    for stage in plan.stage_limits:
        limit = stage_limits.get(stage)
        if limit is not None and new.stages.get(stage, 0) > limit:
            over.append(new.stages[stage] - limit)
    return max(over, default=None)


def _parts(
    limits: dict[str, int | None], new_limits: dict[str, int | None], before: list[dict[str, int]],
    after: list[dict[str, int]],
) -> Iterator[Part]:  # fmt: skip
    for name, limit in limits.items():
        passed = [at for at, each in enumerate(before) if name in each]
        old, new = sorted(before[at][name] for at in passed), sorted(after[at][name] for at in passed)
        yield Part(
            name, limit, new_limits[name], _held(old, limit), _held(new, new_limits[name]), _median(old), _median(new)
        )


def _held(minutes: Iterable[int], limit: int | None) -> Share:
    counted = list(minutes)
    return Share(0, 0) if limit is None else Share(len(counted), sum(each <= limit for each in counted))


def _median(ordered: list[int]) -> float | None:
    if not ordered:
        return None
    half = len(ordered) // 2
    return float(ordered[half]) if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
