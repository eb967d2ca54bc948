"""Alerts: watched by the clock, each firing and its end recorded and told once, seen by a person.

The firing and what is told of it are one transaction: a killed worker leaves either both or neither. While the facts
cannot be trusted nothing is evaluated; the page says so.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.law.working_time import city_day
from motcua.notices.links import absolute
from motcua.notices.telling import Telling, tell
from motcua.organisation.directory import directory
from motcua.reports.standing import trouble
from motcua.steering.hysteresis import Rule, step
from motcua.steering.measures import Measure, Value, filter_of, find, value_now
from motcua.steering.models import Alert, Firing
from motcua.steering.people import holders, officials
from motcua.steering.said import place, said_number

LOOKED_EVERY = timedelta(minutes=5)
AT_ONCE = 200
FIRINGS_KEPT = timedelta(days=5 * 365)
MOST_EACH = 100


def rule_of(alert: Alert) -> Rule:
    """The alert as the pure rule it is."""
    return Rule(alert.comparison, alert.threshold, alert.release, alert.smallest)  # type: ignore[arg-type]


def make(account: int, now: datetime, **values: Any) -> Alert | Refusal:
    """Keeps a new alert. What it watches and where the maker may look was asked before."""
    measure = find(values["measure"])
    if measure is None:
        return Refusal("unknown", Text("Không có chỉ số này.", "There is no such figure."))
    if measure.of_now:
        values["window"] = "now"
    elif values["window"] == "now":
        return Refusal("no_window", Text("Hãy chọn kỳ tính cho chỉ số này.", "Choose the period of this figure."))
    rule = Rule(values["comparison"], values["threshold"], values["release"], values["smallest"])
    if not rule.holds_together:
        return Refusal(
            "release",
            Text(
                "Mức kết thúc phải nằm về phía tốt của ngưỡng, nếu không cảnh báo bật tắt liên tục.",
                "The level at which it ends must lie on the good side of the limit, or the alert would flap.",
            ),
        )
    if Alert.objects.filter(account=account, is_on=True).count() >= MOST_EACH:
        return Refusal("too_many", Text("Bạn đã đặt quá nhiều cảnh báo.", "You have set too many alerts."))
    return Alert.objects.create(account=account, created_at=now, **values)


def switch_off(alert: Alert, now: datetime) -> None:
    """Stops watching; what was going on ends with it."""
    with transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(is_on=False)
        Firing.objects.filter(alert=alert, until=None).update(until=now)


def acknowledge(firing: Firing, account: int, name: str, words: str, now: datetime) -> bool:
    """Somebody says "seen", once; False when somebody did before."""
    return bool(
        Firing.objects.filter(pk=firing.pk, seen_at=None).update(
            seen_by=account, seen_name=name, seen_at=now, words=words[:500]
        )
    )


def evaluate(now: datetime) -> int:
    """Looks at every alert that is due; returns how many began or ended."""
    if trouble():
        return 0
    due = Alert.objects.filter(is_on=True).filter(Q(looked_at=None) | Q(looked_at__lte=now - LOOKED_EVERY))
    return sum(_look(alert, now) for alert in due.order_by("pk")[:AT_ONCE])


def _look(alert: Alert, now: datetime) -> int:
    measure = find(alert.measure)
    if measure is None or (alert.agency and alert.agency not in directory().by_number):
        Alert.objects.filter(pk=alert.pk).update(looked_at=now)
        return 0
    which = filter_of(alert.window, now, alert.agency, alert.field, alert.procedure)  # type: ignore[arg-type]
    value = value_now(measure, which, now)
    with transaction.atomic():
        # Two workers look one after the other: the second finds what the first has written.
        if not Alert.objects.select_for_update().filter(pk=alert.pk, is_on=True).exists():
            return 0
        Alert.objects.filter(pk=alert.pk).update(looked_at=now, last_value=value.number, last_sample=value.sample)
        firing = Firing.objects.filter(alert=alert, until=None).first()
        what = step(rule_of(alert), firing is not None, value.number, value.sample)
        if what == "fire":
            _fire(alert, measure, value, now)
        elif what == "end" and firing is not None:
            _end(alert, measure, firing, value, now)
    return int(what != "stay")


def _fire(alert: Alert, measure: Measure, value: Value, now: datetime) -> None:
    assert value.number is not None
    firing = Firing.objects.create(alert=alert, since=now, value=value.number, sample=value.sample)
    told = _tell(alert, measure, firing, value.number, "figure_alert", now)
    Firing.objects.filter(pk=firing.pk).update(told=told)


def _end(alert: Alert, measure: Measure, firing: Firing, value: Value, now: datetime) -> None:
    assert value.number is not None
    Firing.objects.filter(pk=firing.pk).update(until=now, end_value=value.number)
    _tell(alert, measure, firing, value.number, "figure_alert_over", now)


def _tell(alert: Alert, measure: Measure, firing: Firing, number: Decimal, kind: str, now: datetime) -> int:
    people = officials({alert.account} | holders(alert.agency, alert.roles, city_day(now)))
    values = {
        "alert": alert.name,
        "measure": {"vi": measure.name.vi, "en": measure.name.en},
        "value": {each: said_number(number, measure.unit, each) for each in ("vi", "en")},
        "limit": {each: said_number(alert.threshold, measure.unit, each) for each in ("vi", "en")},
        "place": place(alert.agency),
        "link": absolute(f"/can-bo/ban-dieu-hanh/canh-bao/{firing.pk}/"),
    }
    event = f"figure/{firing.pk}" + ("/over" if kind.endswith("over") else "")
    tellings = [
        Telling(event=event, person=person, kind=kind, values=values, at=now, agency=alert.agency)
        for _, person in sorted(people.items())
    ]
    return tell(tellings, now)


def clear(now: datetime) -> None:
    """Firings past their time, and alerts switched off that have none left."""
    Firing.objects.filter(until__lt=now - FIRINGS_KEPT).delete()
    Alert.objects.filter(is_on=False, firings=None, created_at__lt=now - FIRINGS_KEPT).delete()
