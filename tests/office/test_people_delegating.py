"""Ủy quyền as officials use it: what it will mean is said first, it works for its days, and stops when taken back."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from motcua.dossiers import store
from motcua.dossiers.handle import Done, handle
from motcua.dossiers.journal import history
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from motcua.law.events import Signed
from motcua.law.refusal import Refusal
from motcua.organisation.appointments import end_appointment
from motcua.organisation.directory import actor_for, city_day, directory, forget_directory
from motcua.organisation.models import Account, Appointment, Change, Delegation
from permit_office import DISTRICT, DIVISION, Office
from staffing import hire

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
QUERIES = 30


@pytest.fixture
def office() -> Iterator[Office]:
    forget_directory()
    yield Office()
    forget_directory()


def asked(receiver: Account, agency: str = DISTRICT, role: str = "leader", **changes: Any) -> dict[str, Any]:
    """What the form sends; from today for three days unless changed."""
    today = city_day()
    answers = {
        "post": f"{directory().by_code[agency].number}:{role}",
        "receiver": receiver.pk,
        "valid_from": f"{today:%d/%m/%Y}",
        "valid_to": f"{today + 2 * DAY:%d/%m/%Y}",
        "reason": "Đi công tác",
        "document": "12/QĐ-UBND",
    }
    return answers | changes


def lend(office: Office, giver: Account, receiver: Account, **changes: Any) -> Delegation:
    answer = office.client(giver).post(reverse("office:delegate"), asked(receiver, **changes) | {"confirmed": "yes"})
    assert answer.status_code == 302
    return Delegation.objects.latest("pk")


def test_a_colleague_is_found_without_accents_or_by_user_name(office: Office, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    Account.objects.filter(pk=office.head.pk).update(full_name="Đặng Thị Hường")
    client = office.client(office.leader)

    def found(query: str) -> list[str]:
        page = client.get(reverse("office:delegate"), {"ai": query})
        return [row["person"].username for row in page.context["found"]]

    with django_assert_max_num_queries(QUERIES):
        assert found("dang huong") == ["binh"]
    assert found("Đặng THỊ") == found("huong dang") == found("BINH") == ["binh"]
    assert found("lan") == ["lan"], "who works in a commune below is near"
    assert not {"ngoc", "son", "kiemtra"} & {*found("ngoc"), *found("son"), *found("kiemtra")}, "they work elsewhere"
    assert "long" not in found("long"), "nobody lends to themselves"
    assert found("%") == found("_") == found("khong co ai") == []


def test_its_effect_is_explained_before_anything_is_stored(office: Office) -> None:
    client = office.client(office.leader)
    page = client.post(reverse("office:delegate"), asked(office.head))
    body = page.content.decode()
    assert page.templates[0].name == "office/people/delegate_ask.html"
    assert f"{office.head.full_name} làm được việc của bạn ở Quận Hoàn Kiếm; nhật ký ghi cả hai tên." in body
    assert not Delegation.objects.exists()
    assert not Change.objects.filter(verb="delegate").exists()
    again = client.post(reverse("office:delegate"), asked(office.head) | {"change": "yes"})
    assert "Đi công tác" in again.content.decode()
    assert not Delegation.objects.exists()


def test_the_delegate_signs_and_the_journal_names_both(office: Office) -> None:
    state = office.to_sign(1)
    command = c.Sign(task=state.tasks[0].no)
    assert isinstance(handle(state.id, command, actor_for(office.head), "before"), Refusal)
    lent = lend(office, office.leader, office.head)
    assert (lent.reason, lent.document) == ("Đi công tác", "12/QĐ-UBND")
    assert isinstance(handle(state.id, command, actor_for(office.head), "sign"), Done)
    entry = next(each for each in history(state.id) if isinstance(each.event, Signed))
    assert entry.actor.startswith(f"{office.head.pk} ({office.leader.pk}) ")
    assert isinstance(entry.event, Signed)
    assert entry.event.by_delegation_of == office.leader.pk
    assert Change.objects.get(verb="delegate").account_id == office.leader.pk


def test_taken_back_it_stops_at_once_and_what_was_done_stands(office: Office) -> None:
    first, second = office.to_sign(1), office.to_sign(2)
    lent = lend(office, office.leader, office.head)
    signed = handle(first.id, c.Sign(task=first.tasks[0].no), actor_for(office.head), "sign")
    assert isinstance(signed, Done)
    client = office.client(office.leader)
    assert "không làm thay được nữa" in client.get(reverse("office:revoke", args=[lent.pk])).content.decode()
    assert client.post(reverse("office:revoke", args=[lent.pk]), {"when": "now"}).status_code == 302
    refused = handle(second.id, c.Sign(task=second.tasks[0].no), actor_for(office.head), "sign")
    assert isinstance(refused, Refusal)
    assert store.read(first.id)[0].signed_by  # type: ignore[index]
    page = client.get(reverse("office:delegate"))
    assert [(row["receiver"], row["is_open"]) for row in page.context["given"]] == [(office.head.full_name, False)]
    twice = client.post(reverse("office:revoke", args=[lent.pk]), {"when": "now"})
    assert twice.status_code == 422


def test_at_the_end_of_today_it_still_holds_today(office: Office) -> None:
    lent = lend(office, office.leader, office.head)
    office.client(office.leader).post(reverse("office:revoke", args=[lent.pk]), {"when": "today"})
    house = directory().by_code[DISTRICT].number
    assert actor_for(office.head).holds(house, "leader")
    assert not actor_for(office.head, city_day() + DAY).holds(house, "leader")


def test_nobody_else_takes_it_back_or_knows_of_it(office: Office) -> None:
    lent = lend(office, office.leader, office.head)
    for other in (office.head, office.officer, office.stranger):
        client = office.client(other)
        assert client.get(reverse("office:revoke", args=[lent.pk])).status_code == 404
        assert client.post(reverse("office:revoke", args=[lent.pk]), {"when": "now"}).status_code == 404
    assert Delegation.objects.get().cancelled_at is None
    admin = hire("quantri", (DISTRICT, "admin"))
    assert office.client(admin).post(reverse("office:revoke", args=[lent.pk]), {"when": "now"}).status_code == 302
    assert not actor_for(office.head).holds(directory().by_code[DISTRICT].number, "leader")


def test_beyond_the_givers_own_appointment_it_is_refused_with_a_sentence(office: Office) -> None:
    held = Appointment.objects.get(account=office.leader)
    end_appointment(SYSTEM, held.pk, city_day() + DAY)
    client = office.client(office.leader)
    for more in ({}, {"confirmed": "yes"}):
        page = client.post(reverse("office:delegate"), asked(office.head) | more)
        assert page.status_code == 422
        body = page.content.decode()
        assert "theo bổ nhiệm trong suốt thời gian này" in body
        assert "Đi công tác" in body
    assert not Delegation.objects.exists()
    within = asked(office.head, valid_to=f"{city_day() + DAY:%Y-%m-%d}")
    assert client.post(reverse("office:delegate"), within | {"confirmed": "yes"}).status_code == 302


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"valid_to": "31/02/2027"}, "Đến hết ngày: hãy ghi ngày như 24/11/2026."),
        ({"valid_from": ""}, "Từ ngày"),
        ({"valid_to": "01/01/2018"}, "trước ngày bắt đầu"),
        ({"valid_from": "01/01/2018"}, "Không thể ghi lùi về"),
        ({"reason": "   "}, "Lý do"),
        ({"post": "1:admin"}, "Vị trí ủy quyền"),
        ({"reason": "x\x00y"}, "Lý do"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(office: Office, changes: dict[str, str], says: str) -> None:
    page = office.client(office.leader).post(
        reverse("office:delegate"), asked(office.head, **changes) | {"confirmed": "yes"}
    )
    assert page.status_code == 422
    assert says in page.content.decode().partition("error-summary")[2]
    assert "12/QĐ-UBND" in page.content.decode()
    assert not Delegation.objects.exists()


def test_what_is_borrowed_is_not_among_the_posts_to_lend(office: Office) -> None:
    lend(office, office.leader, office.head)
    client = office.client(office.head)
    own = f"{directory().by_code[DIVISION].number}:head"
    page = client.get(reverse("office:delegate"))
    assert list(page.context["posts"]) == [own]
    assert [row["giver"] for row in page.context["received"]] == [office.leader.full_name]
    further = client.post(reverse("office:delegate"), asked(office.officer) | {"confirmed": "yes"})
    assert further.status_code == 422
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize("receiver", ["", "x", "0", "-1", "²", "9" * 40])
def test_a_receiver_that_is_none_is_asked_for_again(office: Office, receiver: str) -> None:
    client = office.client(office.leader)
    assert client.post(reverse("office:delegate"), asked(office.head) | {"receiver": receiver}).status_code == 302
    assert client.get(reverse("office:delegate"), {"nguoi": receiver}).context["form"] is None


def test_a_colleague_outside_the_house_cannot_be_chosen(office: Office) -> None:
    client = office.client(office.leader)
    answers = asked(office.stranger) | {"confirmed": "yes"}
    assert client.post(reverse("office:delegate"), answers).status_code == 302
    assert client.get(reverse("office:delegate"), {"nguoi": office.stranger.pk}).context["form"] is None
    assert not Delegation.objects.exists()


def test_sent_twice_it_is_lent_once(office: Office) -> None:
    lend(office, office.leader, office.head)
    again = office.client(office.leader).post(reverse("office:delegate"), asked(office.head) | {"confirmed": "yes"})
    assert again.status_code == 422
    assert "Đã có ủy quyền này" in again.content.decode()
    assert Delegation.objects.count() == 1


def test_my_account_says_which_posts_are_mine_and_by_whom(office: Office, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    lend(office, office.leader, office.head)
    client = office.client(office.head)
    with django_assert_max_num_queries(QUERIES):
        page = client.get(reverse("office:my_account"))
    rows = {row["role"]: (row["giver"], row["until"]) for row in page.context["posts"]}
    assert rows == {
        "Trưởng phòng": ("", None),
        "Lãnh đạo cơ quan": (office.leader.full_name, city_day() + 2 * DAY),
    }
    body = page.content.decode()
    for name in ("account_change_password", "mfa_index", "office:delegate"):
        assert reverse(name) in body
    assert isinstance(rows["Lãnh đạo cơ quan"][1], date)
