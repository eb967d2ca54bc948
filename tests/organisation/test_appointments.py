"""Posts are given, lent and ended within the rules; a refused act changes nothing, an accepted one is recorded."""

import threading
from datetime import date, timedelta

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cities import PACK
from motcua.law.actor import SYSTEM
from motcua.law.refusal import Refusal
from motcua.organisation.appointments import (
    Post,
    appoint,
    appoint_all,
    delegate,
    end_appointment,
    revoke_delegation,
)
from motcua.organisation.directory import actor_for, directory
from motcua.organisation.loading import load_organisation
from motcua.organisation.models import Account, Appointment, Change, Delegation

MONDAY = date(2018, 12, 3)
DAY = timedelta(days=1)


def everything() -> tuple[list[dict], list[dict], int]:
    return (
        list(Appointment.objects.order_by("pk").values()),
        list(Delegation.objects.order_by("pk").values()),
        Change.objects.count(),
    )


@pytest.fixture
def administrator(person, post):
    """Somebody who administers the district of Hoàn Kiếm, as an actor."""
    account = person("Quản Trị Viên")
    post(account, "002", "admin")
    return actor_for(account, MONDAY)


def test_an_appointment_is_made_and_recorded(administrator, person, number):
    clerk = person()
    made = appoint(administrator, Post(clerk.pk, number("00061"), "reception", MONDAY, None, "Công chức"))
    assert isinstance(made, Appointment)
    assert actor_for(clerk, MONDAY).holds(number("00061"), "reception")
    change = Change.objects.order_by("-pk").first()
    assert (change.account_id, change.name, change.verb) == (administrator.account, "Quản Trị Viên", "appoint")
    assert change.subject == f"appointment {made.pk}"
    assert change.details["account_id"] == clerk.pk
    assert change.details["valid_from"] == "2018-12-03"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"account": 10**6}, "account_unknown"),
        ({"agency": 64_000}, "agency_unknown"),
        ({"agency": "016"}, "not_your_agency"),
        ({"agency": "HN"}, "not_your_agency"),
        ({"agency": "002/THUE"}, "not_your_agency"),
        ({"role": "king"}, "role_unknown"),
        ({"role": "head"}, "role_not_here"),
        ({"valid_to": MONDAY - DAY}, "dates_reversed"),
        ({"valid_from": date(2007, 1, 1)}, "agency_not_valid"),
        ({"account": "administrator"}, "own_post"),
    ],
)
def test_a_post_that_cannot_be_is_refused_and_changes_nothing(administrator, person, number, change, code):
    values = {"account": person().pk, "agency": number("00061"), "role": "reception", "valid_from": MONDAY} | change
    if isinstance(values["agency"], str):
        values["agency"] = number(values["agency"])
    if values["account"] == "administrator":
        values["account"] = administrator.account
    before = everything()
    answer = appoint(administrator, Post(**values))
    assert isinstance(answer, Refusal)
    assert answer.code == code
    assert answer.text.vi
    assert answer.text.en
    assert "{" not in answer.text.vi + answer.text.en
    assert everything() == before


def test_a_closed_account_is_given_no_post(person, number):
    closed = person("Người Đã Nghỉ", is_active=False)
    answer = appoint(SYSTEM, Post(closed.pk, number("00061"), "reception", MONDAY))
    assert answer.code == "account_closed"
    assert "Người Đã Nghỉ" in answer.text.vi


def test_many_are_appointed_at_once_and_refused_ones_stop_no_others(person, number, django_assert_max_num_queries):
    people = [person(f"Người Thứ {n}") for n in range(50)]
    ward = number("00061")
    posts = [Post(each.pk, ward, "officer", MONDAY) for each in people]
    posts.insert(7, Post(people[0].pk, ward, "officer", MONDAY + DAY))
    posts.insert(20, Post(people[1].pk, ward, "king", MONDAY))
    with django_assert_max_num_queries(8):
        answers = appoint_all(SYSTEM, posts)
    refused = {n: each.code for n, each in enumerate(answers) if isinstance(each, Refusal)}
    assert refused == {7: "held_already", 20: "role_unknown"}
    assert Appointment.objects.count() == Change.objects.filter(verb="appoint").count() == 50


@pytest.mark.parametrize(
    ("first", "last", "is_refused"),
    [(0, 3, True), (10, 12, True), (12, None, True), (-5, 40, True), (-5, -1, False), (21, None, False)],
)
def test_the_same_post_is_not_held_twice_at_a_time(person, post, number, first, last, is_refused):
    officer = person()
    post(officer, "002/XD", "officer", MONDAY, MONDAY + 20 * DAY)
    again = Post(
        officer.pk,
        number("002/XD"),
        "officer",
        MONDAY + first * DAY,
        None if last is None else MONDAY + last * DAY,
    )
    answer = appoint(SYSTEM, again)
    assert isinstance(answer, Refusal) == is_refused
    if is_refused:
        assert answer.code == "held_already"
        with pytest.raises(IntegrityError, match="appointment_once_at_a_time"), transaction.atomic():
            Appointment.objects.create(
                account=officer,
                agency_id=again.agency,
                role_id=4,
                valid_from=again.valid_from,
                valid_to=again.valid_to,
            )


def test_an_appointment_is_ended_and_what_was_done_stands(administrator, person, post):
    held = post(person(), "00061", "reception")
    assert end_appointment(administrator, held.pk, MONDAY - 2 * DAY, today=MONDAY).code == "backdated"
    ended = end_appointment(administrator, held.pk, MONDAY, today=MONDAY)
    assert ended.valid_to == MONDAY
    assert end_appointment(administrator, held.pk, MONDAY + DAY, today=MONDAY).code == "ended_already"
    assert end_appointment(administrator, 10**6, MONDAY, today=MONDAY).code == "not_found"
    assert Change.objects.filter(verb="end_appointment").count() == 1


def test_an_appointment_that_has_not_begun_is_cancelled(administrator, person, post, number):
    clerk = person()
    held = post(clerk, "00061", "reception", MONDAY + 10 * DAY)
    assert end_appointment(administrator, held.pk, MONDAY, today=MONDAY).cancelled_at is not None
    assert actor_for(clerk, MONDAY + 11 * DAY).grants == ()
    assert isinstance(appoint(SYSTEM, Post(clerk.pk, number("00061"), "reception", MONDAY)), Appointment)


def test_nobody_ends_posts_of_another_district(administrator, person, post):
    held = post(person(), "016", "leader")
    before = everything()
    assert end_appointment(administrator, held.pk, MONDAY, today=MONDAY).code == "not_your_agency"
    assert everything() == before


@pytest.fixture
def house(person, post, number):
    """The chair of Hoàn Kiếm, the head of her urban management division, and the post she may lend."""
    chair, head = person("Phạm Thị Chủ"), person("Lê Văn Trưởng")
    post(chair, "002", "leader", date(2018, 1, 1), date(2018, 12, 31))
    post(head, "002/XD", "head")
    return chair, head, Post(chair.pk, number("002"), "leader", MONDAY, MONDAY + 11 * DAY)


def test_the_giver_lends_her_own_post(house):
    chair, head, signature = house
    made = delegate(
        actor_for(chair, MONDAY),
        signature,
        head.pk,
        reason="đi công tác",
        document="12/QĐ-UBND",
        today=MONDAY,
    )
    assert isinstance(made, Delegation)
    change = Change.objects.get(verb="delegate")
    assert (change.account_id, change.details["document"]) == (chair.pk, "12/QĐ-UBND")


def test_delegations_that_cannot_be_are_refused(house, person, post, number):
    chair, head, signature = house
    by = actor_for(chair, MONDAY)
    stranger, outsider = person(), person()
    post(outsider, "016", "leader")
    post(person_deputy := person(), "002", "leader")
    cases = {
        "to_oneself": (signature, chair.pk, "x"),
        "reason_missing": (signature, head.pk, "  "),
        "receiver_outside": (signature, outsider.pk, "x"),
        "held_already": (signature, person_deputy.pk, "x"),
        "account_unknown": (signature, 10**6, "x"),
        "dates_reversed": (Post(chair.pk, number("002"), "leader", MONDAY), head.pk, "x"),
        "backdated": (Post(chair.pk, number("002"), "leader", MONDAY - DAY, MONDAY), head.pk, "x"),
        "giver_not_appointed": (
            Post(chair.pk, number("002"), "leader", MONDAY, date(2019, 1, 1)), head.pk, "x",
        ),
        "not_your_agency": (Post(head.pk, number("002/XD"), "head", MONDAY, MONDAY), chair.pk, "x"),
    }  # fmt: skip
    before = everything()
    for code, (lent, receiver, reason) in cases.items():
        answer = delegate(by, lent, receiver, reason=reason, today=MONDAY)
        assert isinstance(answer, Refusal), code
        assert answer.code == code
    assert delegate(by, signature, stranger.pk, reason="x", today=MONDAY).code == "receiver_outside"
    assert everything() == before


def test_what_is_lent_is_not_lent_further_nor_twice(house, person, post, number):
    chair, head, signature = house
    third = person()
    post(third, "002/TP", "head")
    delegate(actor_for(chair, MONDAY), signature, head.pk, reason="x", today=MONDAY)
    before = everything()
    again = Post(head.pk, number("002"), "leader", MONDAY, MONDAY + DAY)
    answer = delegate(actor_for(head, MONDAY), again, third.pk, reason="x", today=MONDAY)
    assert answer.code == "not_delegated_further"
    twice = delegate(actor_for(chair, MONDAY), signature, head.pk, reason="x", today=MONDAY)
    assert twice.code == "delegated_already"
    assert everything() == before


def test_a_delegation_is_taken_back_by_its_giver_or_the_administrator_alone(house, administrator):
    chair, head, signature = house
    made = delegate(SYSTEM, signature, head.pk, reason="x", today=MONDAY)
    assert revoke_delegation(actor_for(head, MONDAY), made.pk, MONDAY, today=MONDAY).code == "not_your_agency"
    assert revoke_delegation(actor_for(chair, MONDAY), made.pk, MONDAY, today=MONDAY).valid_to == MONDAY
    later = Post(chair.pk, signature.agency, "leader", MONDAY + 3 * DAY, MONDAY + 5 * DAY)
    made = delegate(SYSTEM, later, head.pk, reason="x", today=MONDAY)
    assert revoke_delegation(administrator, made.pk, MONDAY, today=MONDAY).cancelled_at is not None
    assert not actor_for(head, MONDAY + 4 * DAY).holds(signature.agency, "leader")
    assert Change.objects.filter(verb="revoke_delegation").count() == 2


def test_ending_a_post_ends_what_was_lent_from_it(house):
    chair, head, signature = house
    delegate(SYSTEM, signature, head.pk, reason="x", today=MONDAY)
    held = chair.appointments.get()
    end_appointment(SYSTEM, held.pk, MONDAY + DAY, today=MONDAY)
    assert Delegation.objects.get().valid_to == MONDAY + DAY
    verbs = list(Change.objects.order_by("pk").values_list("verb", flat=True))[-2:]
    assert verbs == ["end_appointment", "revoke_delegation"]


@pytest.mark.parametrize("statement", ["UPDATE organisation_change SET name = 'x'", "DELETE FROM organisation_change"])
def test_the_record_is_refused_to_whoever_would_alter_it(administrator, statement):
    with pytest.raises(DatabaseError, match=r"permission denied|never altered"), transaction.atomic():
        connection.cursor().execute(statement)


def test_not_even_the_owner_alters_the_record(fresh_city):
    load_organisation(PACK)
    with (
        psycopg.connect(fresh_city.owner_dsn) as owner,
        pytest.raises(psycopg.errors.RaiseException, match="never altered"),
    ):
        owner.execute("UPDATE organisation_change SET name = 'x'")


def test_two_administrators_at_once_appoint_once(fresh_city):
    load_organisation(PACK)
    clerk = Account.objects.create_user("thu", full_name="Trần Thu")
    ward = directory().by_code["00061"].number
    answers: list[Appointment | Refusal] = []
    start = threading.Barrier(6)

    def act() -> None:
        try:
            start.wait()
            answers.append(appoint(SYSTEM, Post(clerk.pk, ward, "reception", MONDAY)))
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(each).__name__ for each in answers) == ["Appointment"] + ["Refusal"] * 5
    assert Appointment.objects.count() == 1
