"""What happens to a dossier is told to its people, once; on the loaded city, through the law."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from dossiers.permits import Permit, Watch, applicant, set_watch
from motcua.law import commands as c
from motcua.law.actor import Actor


@pytest.fixture
def watch(db: None, monkeypatch: Any, settings: Any) -> Iterator[Watch]:
    from motcua.notices import configuration

    settings.MOTCUA_SMS, settings.MOTCUA_EMAIL, settings.MOTCUA_NOTICES_SANDBOX = "", "", True
    configuration.forget()
    yield set_watch(monkeypatch)
    settings.MOTCUA_NOTICES_SANDBOX = False
    configuration.forget()


def follow(*permits: Permit) -> None:
    from motcua.notices.following import follow

    follow([each.id for each in permits])


def told(permit: Permit) -> list[tuple[str, str]]:
    from motcua.notices.models import Notice

    return list(Notice.objects.filter(dossier_id=permit.id).order_by("id").values_list("kind", "kept_in"))


def kinds(permit: Permit) -> list[str]:
    return [kind for kind, _ in told(permit)]


def test_a_whole_life_is_told_step_by_step_and_never_twice(watch: Watch) -> None:
    permit = Permit().accept()
    follow(permit)
    assert kinds(permit) == ["accepted"]
    follow(permit)
    permit.at_officer()
    permit.act(c.RequestSupplement(items=("land_paper",), reason="Thiếu", task=permit.task()), permit.people.officer)
    follow(permit)
    follow(permit)
    assert kinds(permit) == ["accepted", "supplement"]


def test_the_way_to_the_counter_ends_with_ready_and_the_rating_link(watch: Watch) -> None:
    from motcua.notices.models import Delivery, Notice

    permit = Permit().accept().to("hand_over")
    permit.act(c.MarkReady(task=permit.task()), permit.people.clerk)
    owed = {each.id: each.amount - each.paid for each in permit.state.money if each.amount > each.paid}
    if owed:
        permit.act(c.RecordPayment(amounts=owed, method="cash", receipt="BL1"), permit.people.clerk)
    permit.act(c.HandOverResult(task=permit.task(), to_name="Nguyễn Thị Hoà", by_paper="receipt"), permit.people.clerk)
    follow(permit)
    assert kinds(permit)[-2:] == ["ready", "handed_over"]
    assert "paid" not in kinds(permit)
    last = Notice.objects.get(dossier_id=permit.id, kind="handed_over")
    where = last.values["rate"].removeprefix("http://127.0.0.1:8000")
    assert where.startswith("/danh-gia/")
    assert Client().get(where).status_code == 200
    assert Client().get(where.replace("/danh-gia/", "/danh-gia/x")).status_code == 404
    first = Delivery.objects.filter(notice__kind="ready").get()
    assert first.address == "+84912345678"


def test_whoever_cannot_be_reached_is_not_forgotten_but_noted(watch: Watch) -> None:
    from motcua.law.dossier import Applicant

    permit = Permit().accept(applicant=Applicant(kind="person", name="Nguyễn Thị Hoà"))
    follow(permit)
    assert told(permit) == [("accepted", "no_contact")]


def test_what_happened_long_ago_is_not_told_now(watch: Watch) -> None:
    permit = Permit().accept()
    watch.later(days=8)
    follow(permit)
    assert told(permit) == []


def test_at_night_a_message_waits_for_the_morning(watch: Watch) -> None:
    from motcua.notices.models import Delivery

    watch.to("2018-12-03 22:30")
    permit = Permit().accept()
    follow(permit)
    begin = Delivery.objects.get().next_at
    assert begin == datetime(2018, 12, 4, 0, 0, tzinfo=UTC)


def test_two_accounts_with_one_telephone_get_one_message(watch: Watch) -> None:
    permit = Permit().accept(submitter=applicant("Trần Văn Nộp"))
    follow(permit)
    assert kinds(permit) == ["accepted"]


def test_a_killed_follower_tells_again_what_was_not_committed_and_nothing_twice(watch: Watch) -> None:
    from django.db import transaction

    permit = Permit().accept()
    with transaction.atomic():
        follow(permit)
        transaction.set_rollback(True)
    assert told(permit) == []
    follow(permit)
    assert kinds(permit) == ["accepted"]


def test_a_city_without_words_stops_and_says_so_and_loses_nothing(watch: Watch) -> None:
    from django.db import transaction

    from motcua.notices.models import Told, Wording
    from motcua.notices.wording.loading import NoWordsError

    permit = Permit().accept()
    with transaction.atomic():
        Wording.objects.all().delete()
        with pytest.raises(NoWordsError, match="accepted"):
            follow(permit)
        transaction.set_rollback(True)
    assert not Told.objects.filter(pk=permit.id).exists()
    follow(permit)
    assert kinds(permit) == ["accepted"]


def online(number: int = 1) -> Permit:
    """A permit filed online by the signed-in account `number`."""
    from motcua.dossiers.handle import Done, lodge

    permit = Permit()
    who = applicant()
    command = permit.lodging(channel="online", applicant=type(who)(**{**_fields(who), "account": number}))
    actor = Actor(account=number, name=who.name, kind="resident", assurance=2)
    done = lodge(permit.version, command, actor, uuid4().hex)
    assert isinstance(done, Done), done
    permit.id = done.dossier_id
    return permit


def _fields(struct: Any) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def test_what_was_filed_online_gets_its_reference_at_once_even_at_night(watch: Watch) -> None:
    from motcua.law.codes import reference
    from motcua.notices.models import Delivery, Notice

    watch.to("2018-12-03 22:30")
    permit = online()
    follow(permit)
    assert kinds(permit) == ["submitted"]
    notice = Notice.objects.get()
    assert notice.values["code"] == reference(permit.id)
    assert datetime.fromisoformat(notice.values["answer_by"]) > watch()
    assert Delivery.objects.get().next_at == watch()


def test_clerks_are_alerted_after_two_working_hours_and_not_once_it_is_answered(watch: Watch) -> None:
    from motcua.notices.by_the_clock import alert
    from motcua.notices.models import Notice, Unanswered
    from staffing import hire

    clerk = hire("quay", ("00001", "reception"))
    hire("khac", ("00004", "reception"))
    first, second = online(1), online(2)
    follow(first, second)
    assert alert(watch() + timedelta(minutes=119)) == 0
    second.act(c.Accept(), second.people.clerk)
    follow(second)
    assert alert(watch() + timedelta(minutes=121)) == 1
    assert alert(watch() + timedelta(minutes=125)) == 0
    told_to = list(Notice.objects.filter(kind="answer_alert").values_list("account", "dossier_id"))
    assert told_to == [(clerk.pk, first.id)]
    assert list(Unanswered.objects.values_list("dossier_id", flat=True)) == [first.id]
