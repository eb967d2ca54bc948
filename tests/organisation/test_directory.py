"""The organisation in memory follows the database, and an account is what its posts make of it on a day."""

from datetime import UTC, date, datetime

import pytest

from cities import PACK
from motcua.law.actor import SYSTEM, Grant
from motcua.organisation.appointments import Post, delegate, end_appointment
from motcua.organisation.directory import actor_for, city_day, directory, mark_changed
from motcua.organisation.loading import load_organisation
from motcua.organisation.models import Account, Agency, Delegation
from motcua.organisation.naming import full_name, office_name


def test_the_city_is_asked_at_most_every_two_seconds(hanoi, django_assert_num_queries, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("motcua.organisation.directory.time.monotonic", lambda: now[0])
    first = directory()
    with django_assert_num_queries(0):
        now[0] += 1.9
        assert directory() is first
    with django_assert_num_queries(1):
        now[0] += 0.2
        assert directory() is first


def test_a_change_by_another_process_is_seen_at_the_next_look(hanoi, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("motcua.organisation.directory.time.monotonic", lambda: now[0])
    before = directory()
    # Another process changes the row and the revision; this one is not told.
    monkeypatch.setattr("motcua.organisation.directory.forget_directory", lambda: None)
    Agency.objects.filter(code="002").update(name_vi="Quận Hồ Gươm")
    mark_changed()
    assert directory() is before
    now[0] += 2.1
    assert directory().by_code["002"].name.vi == "Quận Hồ Gươm"


def test_this_process_sees_its_own_change_at_once(hanoi):
    directory()
    Agency.objects.filter(code="002").update(name_vi="Quận Hồ Gươm")
    mark_changed()
    assert directory().by_code["002"].name.vi == "Quận Hồ Gươm"


def test_a_committed_load_is_seen_and_an_undone_one_forgotten(fresh_city):
    from django.db import transaction

    from motcua.organisation.directory import forget_directory

    load_organisation(PACK)
    count = len(directory().by_number)
    with transaction.atomic():
        Agency.objects.create(number=9, code="X", tier="city", name_vi="X", valid_from=date(2018, 1, 1))
        mark_changed()
        assert len(directory().by_number) == count + 1
        transaction.set_rollback(True)
    forget_directory()
    assert len(directory().by_number) == count == 1152


def test_the_day_of_the_city_begins_at_its_own_midnight():
    assert city_day(datetime(2018, 12, 2, 16, 59, tzinfo=UTC)) == date(2018, 12, 2)
    assert city_day(datetime(2018, 12, 2, 17, 0, tzinfo=UTC)) == date(2018, 12, 3)


def test_posts_hold_from_their_first_day_to_their_last(person, post, number):
    officer = person("Đỗ Thị Ích Ỷ")
    post(officer, "002/XD", "officer", date(2018, 12, 3), date(2018, 12, 5), "Chuyên viên")
    held = (Grant(number("002/XD"), "officer", "Chuyên viên"),)
    for day, grants in ((2, ()), (3, held), (5, held), (6, ())):
        assert actor_for(officer, date(2018, 12, day)).grants == grants
    actor = actor_for(officer, date(2018, 12, 3))
    assert (actor.account, actor.name, actor.kind) == (officer.pk, "Đỗ Thị Ích Ỷ", "official")
    assert actor_for(officer, date(2018, 12, 6)).kind == "resident"


def test_an_actor_costs_one_query(person, post, django_assert_num_queries):
    leader = person()
    for code in ("002", "016", "HN"):
        post(leader, code, "leader")
    with django_assert_num_queries(1):
        assert len(actor_for(leader, date(2018, 12, 3)).grants) == 3


def test_a_closed_account_holds_nothing(person, post):
    leader = person()
    post(leader, "002", "leader")
    leader.is_active = False
    assert actor_for(leader, date(2018, 12, 3)).grants == ()


def test_a_post_at_a_dissolved_agency_no_longer_counts(person, post):
    clerk = person()
    post(clerk, "09730", "reception")
    load_organisation(PACK, until=date(2020, 3, 1))
    assert actor_for(clerk, date(2020, 2, 29)).grants != ()
    assert actor_for(clerk, date(2020, 3, 1)).grants == ()


@pytest.fixture
def lent(person, post, number) -> tuple[Account, Account, Delegation]:
    """The chairwoman of Hoàn Kiếm lends her signature to her deputy for two weeks."""
    chair, deputy = person("Phạm Thị Chủ"), person("Lê Văn Phó")
    post(chair, "002", "leader", title="Chủ tịch")
    post(deputy, "002/XD", "head")
    signature = Post(chair.pk, number("002"), "leader", date(2018, 12, 3), date(2018, 12, 14))
    made = delegate(SYSTEM, signature, deputy.pk, reason="đi công tác")
    assert isinstance(made, Delegation)
    return chair, deputy, made


def test_a_delegation_gives_the_post_for_its_days_and_says_whose_it_is(lent, number):
    chair, deputy, _ = lent
    borrowed = Grant(number("002"), "leader", "Chủ tịch", by_delegation_of=chair.pk)
    assert borrowed in actor_for(deputy, date(2018, 12, 3)).grants
    assert borrowed in actor_for(deputy, date(2018, 12, 14)).grants
    assert borrowed not in actor_for(deputy, date(2018, 12, 2)).grants
    assert borrowed not in actor_for(deputy, date(2018, 12, 15)).grants
    assert actor_for(chair, date(2018, 12, 3)).holds(number("002"), "leader")


def test_a_delegation_lapses_with_the_post_and_the_account_it_comes_from(lent, number):
    chair, deputy, _ = lent
    Account.objects.filter(pk=chair.pk).update(is_active=False)
    assert not actor_for(deputy, date(2018, 12, 5)).holds(number("002"), "leader")
    Account.objects.filter(pk=chair.pk).update(is_active=True)
    held = chair.appointments.get()
    ended = end_appointment(SYSTEM, held.pk, date(2018, 12, 4), today=date(2018, 12, 4))
    assert ended.valid_to == date(2018, 12, 4)
    assert actor_for(deputy, date(2018, 12, 4)).holds(number("002"), "leader")
    assert not actor_for(deputy, date(2018, 12, 5)).holds(number("002"), "leader")
    assert Delegation.objects.get().valid_to == date(2018, 12, 4)


def test_names_for_papers_and_for_lists_across_districts(hanoi, number):
    known = directory()
    assert office_name(known.by_code["00061"]).vi == "UBND phường Hàng Bạc"
    assert office_name(known.by_code["00061"]).en == "People's Committee of Hang Bac ward"
    assert office_name(known.by_code["HN"]).vi == "UBND thành phố Hà Nội"
    assert office_name(known.by_code["QHKT"]) == known.by_code["QHKT"].name
    assert full_name(known, number("002/XD")).vi == "Phòng Quản lý đô thị, quận Hoàn Kiếm"
    assert full_name(known, number("002")).vi == "Quận Hoàn Kiếm"


def test_user_names_are_one_however_they_are_capitalised(db):
    made = Account.objects.create_user("BinhNV", "secret-enough", full_name="Nguyễn Văn Bình")
    assert made.username == "binhnv"
    assert Account.objects.get_by_natural_key("BINHNV") == made
    assert made.check_password("secret-enough")
    assert made.get_short_name() == "Bình"
    with pytest.raises(ValueError, match="user name"):
        Account.objects.create_user("  ")
