"""The self-assessment of the public-administration reform index: an agency scores itself, the city reviews.

What is asked stands in a content pack. A computed criterion takes its points from a figure of the year, the others
from the agency with evidence. States: draft, submitted, reviewed; the reviewer's points stand beside the agency's,
and where they differ it is said why.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
from django.db import transaction

from motcua.law.actor import Actor
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.reports import periods
from motcua.reports.standing import trouble
from motcua.steering.content_shapes import Criterion, ReformIndex
from motcua.steering.measures import CENTS, find, value_of_period
from motcua.steering.models import Assessment, Evidence, IndexVersion, Score
from motcua.steering.models_targets import DRAFT, REVIEWED, SUBMITTED
from motcua.steering.scope import houses, sets_for_the_city

EARLIEST = 2012
MOST_EVIDENCE = 20
_NOT_DRAFT = Refusal("not_draft", Text("Bản này đã nộp, không sửa được.", "It was submitted and stands as it is."))
_NOT_YOURS = Refusal("not_yours", Text("Bản này của cơ quan khác.", "It belongs to another agency."))


class Line(msgspec.Struct, frozen=True):
    """One criterion with its score, its figure and its evidence."""

    criterion: Criterion
    score: Score
    evidence: tuple[Evidence, ...]


class Sheet(msgspec.Struct, frozen=True):
    """A whole assessment: its lines by area, and its totals."""

    assessment: Assessment
    index: ReformIndex
    lines: dict[str, list[Line]]

    def total(self, area: str = "", reviewed: bool = False) -> Decimal:
        """The points of an area, or of all; nothing counts for what was not scored."""
        wanted = [self.lines[area]] if area else list(self.lines.values())
        points = [each.score.reviewed if reviewed else each.score.points for lines in wanted for each in lines]
        return sum((each for each in points if each is not None), Decimal(0))

    @property
    def unscored(self) -> int:
        """How many criteria have no points yet."""
        return sum(each.score.points is None for lines in self.lines.values() for each in lines)


def read_index(version: IndexVersion) -> ReformIndex:
    """The areas and criteria of a version."""
    return msgspec.json.decode(version.content, type=ReformIndex)


def may_see(actor: Actor, assessment: Assessment) -> bool:
    """One's own agency's, and for the city all that were submitted."""
    own = assessment.agency in houses(actor)
    return own or (assessment.state != DRAFT and sets_for_the_city(actor))


def begin(actor: Actor, agency: int, year: int, now: datetime) -> Assessment | Refusal:
    """Opens the assessment of an agency for a year that has begun; once, by the newest version of the index."""
    if agency not in houses(actor, "leader", "control", "head", "officer"):
        return _NOT_YOURS
    if not EARLIEST <= year <= city_day(now).year:
        return Refusal("year", Text("Chưa tự chấm được cho năm này.", "This year cannot be assessed yet."))
    version = IndexVersion.objects.order_by("-number").first()
    if version is None:
        return Refusal("no_index", Text("Chưa nạp bộ tiêu chí.", "No criteria have been loaded."))
    with transaction.atomic():
        made, is_new = Assessment.objects.get_or_create(
            agency=agency, year=year, defaults={"version": version, "made_at": now}
        )
        if is_new:
            tier = directory()[agency].tier
            rows = [Score(assessment=made, criterion=each.code) for each in read_index(version).asked_of(tier)]
            Score.objects.bulk_create(rows)
            compute(made, now)
    return made


def sheet(assessment: Assessment) -> Sheet:
    """The assessment as it stands; two statements."""
    index = read_index(assessment.version)
    known = {each.code: each for area in index.areas for each in area.criteria}
    lines: dict[str, list[Line]] = {area.code: [] for area in index.areas}
    for score in assessment.scores.prefetch_related("evidence"):
        criterion = known[score.criterion]
        lines[index.area_of(criterion)].append(Line(criterion, score, tuple(score.evidence.all())))
    order = {code: at for at, code in enumerate(known)}
    for each in lines.values():
        each.sort(key=lambda line: order[line.criterion.code])
    return Sheet(assessment, index, lines)


def points_for(criterion: Criterion, number: Decimal | None) -> Decimal | None:
    """A straight line from no points at `zero_at` to all at `full_at`; None without a figure."""
    if number is None or criterion.full_at is None or criterion.zero_at is None:
        return None
    low, high = Decimal(str(criterion.zero_at)), Decimal(str(criterion.full_at))
    share = (number - low) / (high - low)
    most = Decimal(str(criterion.points))
    return (most * min(max(share, Decimal(0)), Decimal(1))).quantize(CENTS, ROUND_HALF_UP)


def compute(assessment: Assessment, now: datetime) -> bool:
    """Takes the points of computed criteria from the year's figures as they are now; False when there is no trust."""
    if assessment.state != DRAFT or trouble():
        return False
    agency, known = assessment.agency, directory()
    which = 0 if known[agency].parent is None else agency
    period = periods.year(assessment.year)
    for lines in sheet(assessment).lines.values():
        for line in lines:
            measure = find(line.criterion.measure)
            if measure is None:
                continue
            value = value_of_period(measure, period, which)
            Score.objects.filter(pk=line.score.pk).update(
                points=points_for(line.criterion, value.number), figure=value.number, sample=value.sample
            )
    return True


def score(assessment: Assessment, actor: Actor, given: Mapping[str, tuple[Decimal | None, str]]) -> Refusal | None:
    """The agency's own points and notes for what is not computed."""
    if assessment.agency not in houses(actor):
        return _NOT_YOURS
    with transaction.atomic():
        if not _held(assessment, DRAFT):
            return _NOT_DRAFT
        for line in (each for lines in sheet(assessment).lines.values() for each in lines):
            if line.criterion.measure or line.criterion.code not in given:
                continue
            points, note = given[line.criterion.code]
            if points is not None and not 0 <= points <= Decimal(str(line.criterion.points)):
                transaction.set_rollback(True)
                return _out_of_range(line.criterion)
            Score.objects.filter(pk=line.score.pk).update(points=points, note=note[:1000])
    return None


def _out_of_range(criterion: Criterion) -> Refusal:
    return Refusal(
        "points",
        Text(
            f"Tiêu chí {criterion.code}: điểm từ 0 đến {criterion.points}.",
            f"Criterion {criterion.code}: from 0 to {criterion.points} points.",
        ),
        details={"criterion": criterion.code},
    )


def attach(
    assessment: Assessment, actor: Actor, criterion: str, file: str, name: str, now: datetime
) -> Evidence | Refusal:
    """A file as evidence for a criterion."""
    if assessment.agency not in houses(actor):
        return _NOT_YOURS
    with transaction.atomic():
        if not _held(assessment, DRAFT):
            return _NOT_DRAFT
        found = Score.objects.filter(assessment=assessment, criterion=criterion).first()
        if found is None or found.evidence.count() >= MOST_EVIDENCE:
            return Refusal("criterion", Text("Không gắn thêm được tệp.", "No more files can be attached."))
        values = {"name": name[:200], "by_name": actor.name, "at": now}
        return Evidence.objects.get_or_create(score=found, file=file, defaults=values)[0]


def submit(assessment: Assessment, actor: Actor, now: datetime) -> Refusal | None:
    """The agency's leader hands it in; from then on it stands. Points without evidence or note are not taken."""
    if assessment.agency not in houses(actor, "leader"):
        return Refusal("leader", Text("Lãnh đạo cơ quan nộp bản này.", "The agency's leader submits it."))
    compute(assessment, now)
    with transaction.atomic():
        if not _held(assessment, DRAFT):
            return _NOT_DRAFT
        lines = [each for some in sheet(assessment).lines.values() for each in some if not each.criterion.measure]
        missing = [each.criterion.code for each in lines if each.score.points is None]
        bare = [
            each.criterion.code
            for each in lines
            if each.score.points and not each.evidence and not each.score.note.strip()
        ]
        if missing or bare:
            said = ", ".join(missing or bare)
            return Refusal(
                "incomplete",
                Text(f"Chưa chấm: {said}.", f"Not scored: {said}.")
                if missing
                else Text(f"Chưa có minh chứng hoặc giải trình: {said}.", f"No evidence or explanation: {said}."),
                details={"criteria": missing or bare},
            )
        Assessment.objects.filter(pk=assessment.pk).update(state=SUBMITTED, submitted_by=actor.name, submitted_at=now)
    return None


def review(
    assessment: Assessment, actor: Actor, given: Mapping[str, tuple[Decimal | None, str]], now: datetime, *, close: bool
) -> Refusal | None:
    """The city's points beside the agency's; closed when all are there and every difference is explained."""
    if not sets_for_the_city(actor):
        return Refusal("not_city", Text("Chỉ thành phố thẩm định.", "Only the city reviews."))
    with transaction.atomic():
        if not _held(assessment, SUBMITTED):
            return Refusal("state", Text("Chỉ thẩm định bản đã nộp.", "Only what was submitted is reviewed."))
        for line in (each for some in sheet(assessment).lines.values() for each in some):
            points, words = given.get(line.criterion.code, (line.score.reviewed, line.score.review_note))
            if points is not None and not 0 <= points <= Decimal(str(line.criterion.points)):
                transaction.set_rollback(True)
                return _out_of_range(line.criterion)
            if close and (points is None or (points != line.score.points and not words.strip())):
                transaction.set_rollback(True)
                code = line.criterion.code
                return Refusal(
                    "unexplained",
                    Text(
                        f"Tiêu chí {code}: hãy ghi điểm thẩm định, và lý do nếu khác điểm tự chấm.",
                        f"Criterion {code}: give the points, and the reason where they differ.",
                    ),
                    details={"criterion": code},
                )
            Score.objects.filter(pk=line.score.pk).update(reviewed=points, review_note=words[:1000])
        if close:
            Assessment.objects.filter(pk=assessment.pk).update(state=REVIEWED, reviewed_by=actor.name, reviewed_at=now)
    return None


def _held(assessment: Assessment, state: str) -> bool:
    """Locks the assessment; True when it is in the state it must be in."""
    held = Assessment.objects.select_for_update().get(pk=assessment.pk)
    return bool(held.state == state)


def history(agency: int) -> list[tuple[Assessment, Decimal, Decimal | None]]:
    """An agency's years with their totals, own and reviewed, the newest first."""
    found: list[tuple[Assessment, Decimal, Decimal | None]] = []
    rows: Any = Assessment.objects.filter(agency=agency).order_by("-year").prefetch_related("scores")
    for each in rows:
        own = sum((score.points for score in each.scores.all() if score.points is not None), Decimal(0))
        other = sum((score.reviewed for score in each.scores.all() if score.reviewed is not None), Decimal(0))
        found.append((each, own, other if each.state == REVIEWED else None))
    return found
