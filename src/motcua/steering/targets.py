"""Targets: set by the city, reported by their owners and signed by the owners' leaders, or reckoned by the system.

A value is never changed: a correction is a new value for the same day, and both stay. What holds for a day is the
newest signed value; values the system reckoned, and demonstration values, need no signature.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from motcua.law.actor import Actor
from motcua.law.limits import add_months
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.law.working_time import city_day
from motcua.notices.links import absolute
from motcua.notices.telling import Telling, tell
from motcua.organisation.directory import directory
from motcua.reports import periods
from motcua.reports.figures import complete_until
from motcua.steering import traffic
from motcua.steering.measures import find, value_of_period
from motcua.steering.models import Target, TargetReminder, TargetSignature, TargetValue
from motcua.steering.people import holders, officials
from motcua.steering.said import place
from motcua.steering.scope import houses, sets_for_the_city

MONTHS = {"month": 1, "quarter": 3, "year": 12}
# The reminder comes with the end of the period, and no later than this many days after it.
REMINDED_WITHIN = timedelta(days=62)
PERIODS_BACK = 24
NOT_YOURS = Refusal(
    "not_yours", Text("Chỉ cơ quan được giao chỉ tiêu làm việc này.", "Only the owner of the target does this.")
)


class Standing(msgspec.Struct, frozen=True):
    """A target with the values that hold, the ones that wait for a signature, and its light."""

    target: Target
    values: tuple[TargetValue, ...]
    unsigned: tuple[TargetValue, ...]
    light: traffic.Light

    @property
    def last(self) -> TargetValue | None:
        """The newest value that holds."""
        return self.values[-1] if self.values else None


def path_of(target: Target) -> traffic.Path:
    """The target as the pure path it is."""
    stops = tuple((date.fromisoformat(day), Decimal(str(value))) for day, value in target.stops)
    # A value is worth two periods of reporting, and a while for the reporting itself.
    lasts = timedelta(days=31 * (2 * MONTHS[target.every]) + 60)
    return traffic.Path(
        target.since, target.baseline, target.due, target.goal, tuple(sorted(stops)), target.more_is_better, lasts
    )


def standings(targets: Sequence[Target], today: date) -> list[Standing]:
    """All of them with their values; two statements."""
    rows: dict[int, list[TargetValue]] = {each.pk: [] for each in targets}
    wanted = TargetValue.objects.filter(target__in=list(rows), day__lte=today).select_related("signature")
    for value in wanted.order_by("day", "pk"):
        rows[value.target_id].append(value)
    return [_standing(each, rows[each.pk], today) for each in targets]


def _standing(target: Target, rows: list[TargetValue], today: date) -> Standing:
    holding: dict[date, TargetValue] = {}
    unsigned = []
    for value in rows:
        if is_signed(value):
            holding[value.day] = value
        else:
            unsigned.append(value)
    values = tuple(holding[day] for day in sorted(holding))
    # A value that was followed by another for the same day waits no more.
    newest = {value.day: value for value in rows}
    last = traffic.last_of([(each.day, each.value) for each in values], today)
    waiting = tuple(each for each in unsigned if newest[each.day].pk == each.pk)
    return Standing(target, values, waiting, traffic.light(path_of(target), last, today))


def is_signed(value: TargetValue) -> bool:
    """True when the value holds."""
    return value.account == 0 or hasattr(value, "signature")


def ends(target: Target, today: date) -> list[date]:
    """The ends of the target's periods that are over, the newest first, no further back than it matters."""
    found: list[date] = []
    period = periods.containing(today, target.every).before()  # type: ignore[arg-type]
    while period.last_day > target.since and len(found) < PERIODS_BACK:
        if period.last_day <= target.due:
            found.append(period.last_day)
        period = period.before()
    return found


def may_report(actor: Actor, target: Target) -> bool:
    """Any official of the owner reports; the city's control and leaders may for the city itself."""
    return target.owner in houses(actor) or (directory()[target.owner].parent is None and sets_for_the_city(actor))


def may_sign(actor: Actor, target: Target) -> bool:
    """A leader of the owner stands for the value."""
    return target.owner in houses(actor, "leader")


def report(
    target: Target, actor: Actor, day: date, number: Decimal, note: str, now: datetime, *, file: str, file_name: str
) -> TargetValue | Refusal:
    """A value for the period that ended on `day`, with its evidence; it holds once it is signed."""
    if not may_report(actor, target):
        return NOT_YOURS
    if target.measure:
        return Refusal("measured", Text("Chỉ tiêu này do hệ thống tính.", "The system reckons this target."))
    if day not in ends(target, city_day(now)):
        said = Text("Hãy chọn một kỳ đã kết thúc.", "Choose a period that is over.")
        return Refusal("no_period", said, details={"day": str(day)})
    if abs(number) >= Decimal(10) ** 15:
        return Refusal("too_large", Text("Giá trị quá lớn.", "The value is too large."))
    if not file and not note.strip():
        return Refusal(
            "no_evidence",
            Text("Hãy kèm tệp minh chứng hoặc ghi nguồn số liệu.", "Attach the evidence or name the source."),
        )
    return TargetValue.objects.create(
        target=target, day=day, value=number, note=note[:1000], file=file, file_name=file_name[:200],
        account=actor.account, by_name=actor.name, at=now,
    )  # fmt: skip


def sign(value: TargetValue, actor: Actor, now: datetime) -> TargetSignature | Refusal:
    """A leader of the owner signs the newest value of a day."""
    if not may_sign(actor, value.target):
        return NOT_YOURS
    newest = TargetValue.objects.filter(target=value.target_id, day=value.day).order_by("-pk").first()
    if newest is None or newest.pk != value.pk:
        return Refusal("replaced", Text("Giá trị này đã được thay.", "This value has been replaced."))
    try:
        with transaction.atomic():
            return TargetSignature.objects.create(
                value=value, account=actor.account, name=actor.name, agency=value.target.owner, at=now
            )
    except IntegrityError:
        return Refusal("signed", Text("Giá trị này đã được ký.", "This value is signed already."))


def define(actor: Actor, code: str, values: dict[str, Any]) -> Target | Refusal:
    """The city sets a target, or sets it anew; its history of values stays."""
    if not sets_for_the_city(actor):
        return Refusal("not_city", Text("Chỉ thành phố giao chỉ tiêu.", "Only the city sets targets."))
    if values["due"] <= values["since"]:
        return Refusal("dates", Text("Hạn phải sau ngày bắt đầu.", "The due date lies after the beginning."))
    if values["measure"] and find(values["measure"]) is None:
        return Refusal("unknown", Text("Không có chỉ số này.", "There is no such figure."))
    if values["owner"] not in directory().by_number:
        return Refusal("no_owner", Text("Hãy chọn cơ quan chịu trách nhiệm.", "Choose who answers for it."))
    return Target.objects.update_or_create(code=code, defaults=values)[0]


def by_the_clock(now: datetime) -> None:
    """Reckons what the system measures for periods that are over, and reminds owners of the rest."""
    reckon(now)
    remind(now)


def reckon(now: datetime) -> int:
    """Keeps the value of each measured target for each period that is over and complete, once; returns how many."""
    complete, did = complete_until(), 0
    if complete is None:
        return 0
    for target in Target.objects.filter(is_on=True).exclude(measure=""):
        measure = find(target.measure)
        known = set(target.values.filter(account=0, is_demo=False).values_list("day", flat=True))
        for day in ends(target, city_day(now)):
            period = periods.containing(day, target.every)  # type: ignore[arg-type]
            if measure is None or day in known or period.ends > complete:
                continue
            root = directory()[target.owner].parent is None
            found = value_of_period(measure, period, 0 if root else target.owner)
            if found.number is not None:
                row = TargetValue(target=target, day=day, value=found.number, sample=found.sample, at=now)
                did += len(TargetValue.objects.bulk_create([row], ignore_conflicts=True))
    return did


def remind(now: datetime) -> int:
    """Reminds the owner's leaders of a value that is due and not there, once a period; returns how many."""
    today, did = city_day(now), 0
    for target in Target.objects.filter(is_on=True, measure="", since__lt=today, due__gte=add_months(today, -12)):
        day = next(iter(ends(target, today)), None)
        if day is None or today - day > REMINDED_WITHIN:
            continue
        if target.values.filter(day=day).exists() or target.reminders.filter(day=day).exists():
            continue
        with transaction.atomic():
            if not TargetReminder.objects.get_or_create(target=target, day=day, defaults={"at": now})[1]:
                continue
            did += 1
            people = officials(holders(target.owner, ("leader", "control"), today))
            values = {
                "target": {"vi": target.name_vi, "en": target.name_en or target.name_vi},
                "day": f"{day.day}/{day.month}/{day.year}",
                "agency": place(target.owner),
                "link": absolute(f"/can-bo/chi-tieu/{target.code}/"),
            }
            event = f"target/{target.pk}/{day.isoformat()}"
            tell([Telling(event, each, "target_due", values, now) for each in people.values()], now)
    return did
