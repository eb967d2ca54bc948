"""Alerts: begun once, told once, ended once; seen by a person; set and seen only within one's own part of the city."""

import threading
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cities import City
from motcua.law.refusal import Refusal
from motcua.notices.models import Notice
from motcua.reports import facts
from motcua.reports.models import DossierFact
from motcua.steering import alerts
from motcua.steering.models import Alert, Firing
from reports.town import CITY, EAST, MARKET, WEST, Town
from steering.people import client_of, official

PAGE = "/can-bo/ban-dieu-hanh/canh-bao/"


def overdue(town: Town, count: int) -> list[int]:
    """So many dossiers of the east that are past their date in January."""
    states = [town.at_officer(town.accepted(MARKET, "2018-11-20 09:00"), "2018-11-20 10:00") for _ in range(count)]
    facts.follow([state.id for state in states])
    return [state.id for state in states]


def watched(account: int, now: datetime, **more: Any) -> Alert:
    values: dict[str, Any] = {
        "name": "Quá hạn nhiều", "measure": "open_overdue", "window": "now", "agency": EAST, "comparison": "above",
        "threshold": Decimal(2), "release": Decimal(1), "smallest": 0, "roles": ["control"],
    } | more  # fmt: skip
    made = alerts.make(account, now, **values)
    assert isinstance(made, Alert), made
    return made


def answer(ids: list[int]) -> None:
    """As if they had been answered: the tests of the facts say that this follows from the journal."""
    DossierFact.objects.filter(dossier_id__in=ids).update(finished_at=datetime.fromisoformat("2019-01-15T09:00+07:00"))


def test_a_firing_is_recorded_told_once_and_ends_once(town: Town, at_ten: datetime) -> None:
    leader, control = official("leader", EAST, email="l@x.example"), official("control", EAST)
    official("control", WEST)
    alert = watched(leader.pk, at_ten)
    ids = overdue(town, 4)
    assert alerts.evaluate(at_ten) == 1
    assert alerts.evaluate(at_ten) == 0
    assert alerts.evaluate(at_ten + timedelta(minutes=6)) == 0
    firing = Firing.objects.get()
    assert (firing.value, firing.sample, firing.until, firing.told) == (4, 4, None, 2)
    told = Notice.objects.filter(kind="figure_alert")
    assert {each.account for each in told} == {leader.pk, control.pk}
    assert told[0].values["value"]["vi"] == "4"
    # Between the two limits nothing happens.
    answer(ids[:2])
    assert alerts.evaluate(at_ten + timedelta(minutes=12)) == 0
    answer(ids[:3])
    assert alerts.evaluate(at_ten + timedelta(minutes=18)) == 1
    firing.refresh_from_db()
    assert (firing.until, firing.end_value) == (at_ten + timedelta(minutes=18), 1)
    assert Notice.objects.filter(kind="figure_alert_over").count() == 2
    assert Notice.objects.filter(kind="figure_alert").count() == 2
    alert.refresh_from_db()
    assert (alert.last_value, alert.last_sample) == (1, 1)


def test_too_few_and_untrusted_figures_begin_nothing(
    town: Town, at_ten: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = official("leader", EAST)
    watched(leader.pk, at_ten, smallest=10)
    overdue(town, 4)
    assert alerts.evaluate(at_ten) == 0
    watched(leader.pk, at_ten, name="khác")
    monkeypatch.setattr(alerts, "trouble", lambda: "rows_lost")
    assert alerts.evaluate(at_ten) == 0
    assert Alert.objects.get(name="khác").looked_at is None


def test_an_alert_that_would_flap_is_not_taken(town: Town, at_ten: datetime) -> None:
    values: dict[str, Any] = {"name": "x", "agency": 0, "smallest": 0, "roles": []}
    wrong = {"measure": "late", "window": "month", "comparison": "above", "threshold": 2, "release": 3}
    answer = alerts.make(1, at_ten, **values, **wrong)
    assert isinstance(answer, Refusal)
    assert answer.code == "release"
    assert not Alert.objects.exists()


def test_two_workers_at_once_begin_one_firing(fresh_city: City) -> None:
    from django.db import connection

    from motcua.dossiers import clock

    now = clock.now()
    watched(official("leader", 1).pk, now, agency=0, threshold=Decimal(5), measure="open_lodged", comparison="below",
            release=Decimal(6))  # fmt: skip
    begin = threading.Barrier(4)

    def work() -> None:
        begin.wait()
        alerts.evaluate(now)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert Firing.objects.count() == 1
    assert Notice.objects.filter(kind="figure_alert").count() == 1


@pytest.mark.usefixtures("at_ten")
def test_an_alert_is_set_seen_and_switched_off_by_the_pages(town: Town, at_ten: datetime) -> None:
    leader = official("leader", EAST)
    client = client_of(leader)
    told = {
        "name": "Trễ ở chợ", "measure": "open_overdue", "place": "T11", "window": "month", "comparison": "above",
        "threshold": "2", "release": "1", "smallest": "0", "roles": "leader",
    }  # fmt: skip
    assert "phía tốt của ngưỡng" in client.post(PAGE, {**told, "release": "5"}).content.decode()
    # A place beyond one's own is no choice.
    assert client.post(PAGE, {**told, "place": "T2"}).status_code == 200
    assert not Alert.objects.exists()
    assert client.post(PAGE, told).status_code == 302
    alert = Alert.objects.get()
    assert (alert.agency, alert.window, alert.account) == (MARKET, "now", leader.pk)
    overdue(town, 4)
    alerts.evaluate(at_ten)
    firing = Firing.objects.get()
    page = f"{PAGE}{firing.pk}/"
    assert "Trễ ở chợ" in client.get("/can-bo/ban-dieu-hanh/").content.decode()
    assert client_of(official("leader", WEST)).get(page).status_code == 404
    client.post(page, {"words": "Đã giao thêm người"})
    other = client_of(official("control", CITY))
    other.post(page, {"words": "Tôi cũng biết"})
    firing.refresh_from_db()
    assert (firing.seen_by, firing.words) == (leader.pk, "Đã giao thêm người")
    assert other.get(f"{PAGE}{alert.pk}/tat/").status_code == 404
    assert client.get(f"{PAGE}{alert.pk}/tat/").status_code == 200
    client.post(f"{PAGE}{alert.pk}/tat/")
    firing.refresh_from_db()
    assert firing.until == at_ten
    assert alerts.evaluate(at_ten + timedelta(hours=1)) == 0
    assert firing.alert.name in client.get(PAGE).content.decode()
