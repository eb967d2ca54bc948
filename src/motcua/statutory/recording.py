"""What people record for the scores of Circular 01/2018 because no journal knows it: indices 5, 6 and 8 of an agency.

A record has its evidence and is never overwritten: whoever knows better adds a further version beside it, and the
newest counts. So is one withdrawn that should never have been made: by a version that says so. What the system knows
it counts itself: the procedures offered, and that they stand on the portal.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import msgspec
from django.db import connection, transaction

from motcua.catalogue import versions
from motcua.law.actor import Actor
from motcua.law.recorded_scores import RECORDED, AtTheCounter, Feedback, Publication, Recorded, wrong
from motcua.law.refusal import Refusal
from motcua.law.scoring import Index
from motcua.law.texts import Text
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.reports.periods import Period
from motcua.statutory.models import ScoreRecord
from motcua.statutory.scope import RECEIVING_TIERS

LONGEST_EVIDENCE = 1000
# Who answers for an agency of their own; the city's control records for every one.
HEADS = ("leader", "one_stop_head", "head")
NOT_RECORDED: dict[str, Text] = {
    "5": Text(
        "Chưa ghi nhận thủ tục nào thẩm định, phê duyệt ngay tại quầy.",
        "It is not recorded which procedures are appraised and approved at the counter itself.",
    ),
    "6": Text(
        "Chưa ghi nhận việc niêm yết tại trụ sở; trên cổng thì đã công khai.",
        "It is not recorded what is posted up at the office; the portal does publish them.",
    ),
    "8": Text(
        "Chưa ghi nhận phản ánh, kiến nghị đã nhận và trả lời, hoặc là không có.",
        "It is not recorded what feedback came and was answered, or that none came.",
    ),
}
WITHDRAWN = Text(
    "Ghi nhận đã được rút lại, chưa ghi nhận lại.",
    "What was recorded has been withdrawn and not been recorded anew.",
)
TOO_EARLY = Text(
    "Ghi nhận khi kỳ chưa kết thúc: cần ghi nhận lại cho cả kỳ.",
    "Recorded before the period was over: to be recorded again for the whole of it.",
)
_NOT_YOURS = Refusal(
    "score_not_yours",
    Text(
        "Chỉ lãnh đạo, phụ trách Một cửa của cơ quan và kiểm soát thủ tục của thành phố ghi nhận.",
        "Only the agency's leader or head of the one-stop unit and the city's procedure control record this.",
    ),
)
_NOT_BEGUN = Refusal("score_not_begun", Text("Kỳ chưa bắt đầu.", "The period has not begun."))
_NOTHING_RECORDED = Refusal(
    "score_none_recorded",
    Text(
        "Không có ghi nhận nào để rút lại: chưa ghi nhận, hoặc đã rút lại rồi.",
        "There is nothing to withdraw: nothing is recorded, or it has been withdrawn already.",
    ),
)
_ANOTHER_VERSION = Refusal(
    "score_other_version",
    Text(
        "Vừa có bản ghi nhận khác. Hãy xem lại bản đang có rồi hãy rút.",
        "Another version has just been recorded. Look at what stands now before it is withdrawn.",
    ),
)
_NOTHING = Refusal("score_nothing", Text("Hãy ghi nhận ít nhất một tiêu chí.", "Record at least one index."))


class Entry(msgspec.Struct, frozen=True):
    """A value to record, where it comes from, and perhaps a stored file that proves it."""

    value: Recorded
    evidence: str
    file: str = ""
    file_name: str = ""


class Standing(msgspec.Struct, frozen=True):
    """One index of an agency in a period: its versions, the newest first, and what they come to."""

    index: Index
    rows: tuple[ScoreRecord, ...]

    @property
    def counts(self) -> ScoreRecord | None:
        """The version that is recorded now: the newest, unless that one withdraws."""
        return self.rows[0] if self.rows and not self.rows[0].withdrawn else None


def recording_post(actor: Actor, agency: int) -> int | None:
    """The agency by whose post the actor may record for a house; None when they may not."""
    known = directory()
    house = known.by_number.get(agency)
    if house is None or house.tier not in RECEIVING_TIERS:
        return None
    for grant in actor.grants:
        if grant.role in HEADS and grant.agency == agency:
            return agency
        place = known.by_number.get(grant.agency)
        # A leader of the city answers for the city's own counter only; its control for everybody's.
        if grant.role == "control" and place and place.parent is None and agency in known.below(place.number):
            return place.number
    return None


def offered(agency: int, day: date) -> int:
    """How many procedures the agency offers on a day: all of them come in through its one-stop counter."""
    return len(versions.snapshot().offered(agency, day))


def value_of(row: ScoreRecord) -> Recorded:
    """What a row says, as the law reads it; not for one that withdraws."""
    match row.index:
        case "5":
            assert row.whole is not None
            assert row.offered is not None
            return AtTheCounter(row.whole, row.offered)
        case "6":
            assert row.posted is not None
            assert row.correct is not None
            assert row.inspected_on is not None
            return Publication(posted=row.posted, correct=row.correct, inspected_on=row.inspected_on)
        case _:
            assert row.received is not None
            assert row.on_time is not None
            assert row.prolonged is not None
            return Feedback(row.received, row.on_time, row.prolonged)


def standings(agency: int, period: Period, now: datetime) -> list[Standing]:
    """The three indices as they are recorded for a period; one statement."""
    rows: dict[str, list[ScoreRecord]] = {number: [] for number in RECORDED}
    for row in ScoreRecord.objects.filter(agency=agency, period=period.code).order_by("-version"):
        rows[row.index].append(row)
    return [Standing(_index(number, agency, found, period, now), tuple(found)) for number, found in rows.items()]


def indices_of(agencies: Collection[int], period: Period, now: datetime) -> dict[int, dict[str, Index]]:
    """The three indices of many agencies as they are recorded for a period; one statement, for all of them."""
    newest: dict[int, dict[str, ScoreRecord]] = {agency: {} for agency in agencies}
    rows = ScoreRecord.objects.filter(agency__in=list(agencies), period=period.code)
    for row in rows.order_by("agency", "index", "-version").distinct("agency", "index"):
        newest[row.agency][row.index] = row
    return {
        agency: {
            number: _index(number, agency, [found[number]] if number in found else [], period, now)
            for number in RECORDED
        }
        for agency, found in newest.items()
    }


def _index(number: str, agency: int, rows: Sequence[ScoreRecord], period: Period, now: datetime) -> Index:
    if not rows:
        return Index(number, why_not=NOT_RECORDED[number])
    if rows[0].withdrawn:
        return Index(number, why_not=WITHDRAWN)
    # Feedback goes on coming until the last day: what was counted before is not the period's.
    if number == "8" and rows[0].at < period.ends and period.is_over(now):
        return Index(number, why_not=TOO_EARLY)
    return Index(number, value_of(rows[0]).points(directory()[agency].tier), 1)


def record(
    actor: Actor, agency: int, period: Period, entries: Sequence[Entry], now: datetime
) -> list[ScoreRecord] | Refusal:
    """Adds a version for each entry, all or none. What is refused changes nothing."""
    post = recording_post(actor, agency)
    if post is None:
        return _NOT_YOURS
    if now < period.begins:
        return _NOT_BEGUN
    if not entries:
        return _NOTHING
    with transaction.atomic():
        _alone(agency, period)
        before = {each.index.number: each for each in standings(agency, period, now)}
        whole = [_counted(each, agency, period) for each in entries]
        for each in whole:
            if (refusal := _refused(each, before[each.value.index], period, now)) is not None:
                return refusal
        return [
            ScoreRecord.objects.create(
                agency=agency,
                period=period.code,
                index=each.value.index,
                version=len(before[each.value.index].rows) + 1,
                **msgspec.structs.asdict(each.value),
                evidence=each.evidence.strip(),
                file=each.file,
                file_name=each.file_name,
                at=now,
                by=actor.account,
                by_name=actor.name,
                by_agency=post,
            )
            for each in whole
        ]


def withdraw(
    actor: Actor, agency: int, period: Period, index: str, reason: str, version: int, now: datetime
) -> ScoreRecord | Refusal:
    """Takes back what is recorded for an index by a further version that says so, with its reason.

    `version` is the one the actor has before them: a newer one that came meanwhile is not withdrawn unseen.
    """
    post = recording_post(actor, agency)
    if post is None:
        return _NOT_YOURS
    with transaction.atomic():
        _alone(agency, period)
        standing = next((each for each in standings(agency, period, now) if each.index.number == index), None)
        if standing is None or standing.counts is None:
            return _NOTHING_RECORDED
        if standing.counts.version != version:
            return _ANOTHER_VERSION
        if not 0 < len(reason.strip()) <= LONGEST_EVIDENCE:
            text = Text(
                f"Hãy ghi lý do rút lại, nhiều nhất {LONGEST_EVIDENCE} ký tự.",
                f"Say why it is withdrawn, in at most {LONGEST_EVIDENCE} characters.",
            )
            return Refusal("score_reason", text, details={"field": "reason", "index": index})
        return ScoreRecord.objects.create(
            agency=agency,
            period=period.code,
            index=index,
            version=version + 1,
            withdrawn=True,
            evidence=reason.strip(),
            at=now,
            by=actor.account,
            by_name=actor.name,
            by_agency=post,
        )


def _alone(agency: int, period: Period) -> None:
    """One at a time: two who press at once do not make the same version."""
    with connection.cursor() as run:
        run.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"scores {agency} {period.code}"])


def _counted(entry: Entry, agency: int, period: Period) -> Entry:
    """With the number of procedures as the system counts them, whatever was said."""
    if not isinstance(entry.value, AtTheCounter):
        return entry
    value = msgspec.structs.replace(entry.value, offered=offered(agency, period.last_day))
    return msgspec.structs.replace(entry, value=value)


def _refused(entry: Entry, before: Standing, period: Period, now: datetime) -> Refusal | None:
    of_index = {"index": entry.value.index}
    refusal = wrong(entry.value, period.first, period.last_day, city_day(now))
    if refusal is not None:
        return msgspec.structs.replace(refusal, details=refusal.details | of_index)
    if not 0 < len(entry.evidence.strip()) <= LONGEST_EVIDENCE:
        text = Text(
            f"Hãy ghi minh chứng, nhiều nhất {LONGEST_EVIDENCE} ký tự.",
            f"Say where it comes from, in at most {LONGEST_EVIDENCE} characters.",
        )
        return Refusal("score_evidence", text, details={"field": "evidence", **of_index})
    if _said_already(entry, before):
        text = Text("Đúng như bản đang có, không cần bản mới.", "It says what is recorded already.")
        return Refusal("score_same", text, details=of_index)
    return None


def _said_already(entry: Entry, before: Standing) -> bool:
    """True for the newest record said once more, unless that one counts no longer."""
    newest = before.counts
    if newest is None or before.index.why_not is not None or entry.file:
        return False
    return value_of(newest) == entry.value and newest.evidence == entry.evidence.strip()
