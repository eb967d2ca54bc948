"""Roll-ups down to the cell's source, what is missing, corrections, progress; and reminders that come once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.reporting import COMMUNES, DUE, NOW, OFFICES, City, whole
from motcua.campaigns import answering, progress, reminding
from motcua.campaigns.models import Answer, Reminder
from motcua.campaigns.rolling import RollUp, roll_up, sources
from motcua.law.campaign_rollup import NOTHING
from motcua.notices.models import Notice
from motcua.organisation.directory import directory

pytestmark = pytest.mark.django_db


def value(found: RollUp, column: str, row: str = "ban") -> Any:
    asked = found.form.column(column)
    assert asked is not None
    return found.value(found.tallies, row, asked)


def test_communes_add_up_to_districts_and_these_to_the_city() -> None:
    city = City()
    city.signed(0, whole(10, gia="2.0"))
    city.signed(1, whole(30, gia="4.0"))
    found = roll_up(city.campaign)
    assert (found.answered, found.asked, found.is_whole, found.balanced) == (2, 3, False, True)
    assert value(found, "tong") == 40
    assert str(value(found, "gia")) == "3.50"
    ba_dinh, hoan_kiem = found.groups
    assert (ba_dinh.answered, ba_dinh.asked, hoan_kiem.answered, hoan_kiem.asked) == (2, 2, 0, 1)
    # Nobody of Hoàn Kiếm answered: nothing, not nought.
    assert hoan_kiem.tallies == {}
    assert found.tallies.get(("ban", "mang"), NOTHING).agencies == 0
    city.signed(2, whole(1))
    found = roll_up(city.campaign)
    assert found.is_whole
    assert found.until == NOW
    assert value(found, "tong") == 41


def test_a_roll_up_of_a_level_counts_only_what_came_so_far() -> None:
    city = City()
    city.signed(0, whole(10))
    city.signed(1, whole(30))
    answering.act(city.answer(0).pk, "accept_district", city.district(), now=NOW)
    assert [roll_up(city.campaign, level).answered for level in ("signed", "district", "city")] == [2, 1, 0]
    assert value(roll_up(city.campaign, "district"), "tong") == 10


def test_drafts_and_returned_answers_do_not_count() -> None:
    city = City()
    city.save(whole(99))
    assert roll_up(city.campaign).answered == 0
    city.submit()
    assert roll_up(city.campaign).answered == 0
    answering.act(city.answer().pk, "sign", city.leader(), now=NOW)
    assert roll_up(city.campaign).answered == 1
    answering.act(city.answer().pk, "return", city.district(), "sai", NOW)
    assert roll_up(city.campaign).answered == 0


def test_the_old_version_counts_until_its_correction_is_signed() -> None:
    city = City()
    city.signed(0, whole(10))
    pk = city.answer().pk
    answering.act(pk, "accept_district", city.district(), now=NOW)
    answering.act(pk, "correct", city.clerk(), "đếm sót", NOW)
    city.save(whole(12))
    found = roll_up(city.campaign)
    assert value(found, "tong") == 10
    assert [each.is_being_corrected for each in found.counted] == [True, False, False]
    city.submit()
    answering.act(pk, "sign", city.leader(), now=NOW)
    assert value(roll_up(city.campaign), "tong") == 12
    # At the district's level the accepted one still stands.
    assert value(roll_up(city.campaign, "district"), "tong") == 10


def test_a_cell_opens_down_to_whose_hand_it_is() -> None:
    city = City()
    city.save(whole(5), source="excel")
    city.save({"ban": {"tong": 7, "tot": 7}})
    city.submit()
    answering.act(city.answer().pk, "sign", city.leader(), now=NOW)
    found = roll_up(city.campaign, district=directory().by_code["001"].number)
    column = found.form.column("tong")
    assert column is not None
    one, missing = sources(found, "ban", column)
    assert (one.stored, one.hand.source if one.hand else "", one.hand.name if one.hand else "") == (
        7,
        "browser",
        city.clerk().name,
    )
    assert missing.version is None
    other = sources(found, "xach", column)[0]
    assert (other.stored, other.hand.source if other.hand else "") == (5, "excel")


def test_free_rows_are_rolled_up_over_all_rows() -> None:
    city = City(OFFICES)
    city.signed(0, {"r1": {"ten": "A", "dien_tich": "1.5"}, "r2": {"ten": "B", "dien_tich": "2.0"}})
    city.signed(1, {"r1": {"ten": "C", "dien_tich": "0.5"}})
    found = roll_up(city.campaign)
    assert (value(found, "ten", ""), str(value(found, "dien_tich", ""))) == (3, "4.0")
    column = found.form.column("dien_tich")
    assert column is not None
    assert [each.stored for each in sources(found, "", column)] == ["1.5", "2.0", "0.5", None]


def test_a_roll_up_takes_two_questions_however_many_answered() -> None:
    city = City()
    directory()
    counts = []
    for at in (0, 1, 2):
        city.signed(at, whole(1))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            roll_up(city.campaign)
        counts.append(len(asked))
    assert counts == [2, 2, 2]


def test_progress_names_who_is_late_by_district() -> None:
    city = City()
    city.signed(0, whole(1))
    city.now = DUE + timedelta(hours=1)
    city.signed(1, whole(1))
    scope = progress.scope_of(city.control)
    rows = progress.standings(city.campaign, progress.answers_of(city.campaign, scope), city.now)
    assert [(directory()[each.agency].code, each.asked, each.signed, each.late) for each in rows] == [
        ("002", 1, 0, 1),
        ("001", 2, 2, 1),
    ]


def test_lists_say_what_is_mine_and_what_waits_for_me() -> None:
    city = City()
    city.save(whole(1))
    assert [each.agency for each in progress.mine(progress.scope_of(city.clerk()))] == [city.answer().agency]
    assert progress.mine(progress.scope_of(city.district())) == []
    city.submit()
    for who, acts in ((city.leader(), ["sign"]), (city.leader(1), []), (city.district(), []), (city.control, [])):
        assert [act for act, _answer in progress.waiting(progress.scope_of(who))] == acts
        assert progress.count_waiting(progress.scope_of(who)) == len(acts)
    answering.act(city.answer().pk, "sign", city.leader(), now=NOW)
    assert [act for act, _answer in progress.waiting(progress.scope_of(city.district()))] == ["accept_district"]
    answering.act(city.answer().pk, "accept_district", city.district(), now=NOW)
    assert [act for act, _answer in progress.waiting(progress.scope_of(city.control))] == ["accept_city"]
    assert progress.count_waiting(progress.scope_of(city.control)) == 1


def told() -> list[tuple[str, int]]:
    return sorted(
        Notice.objects.filter(kind__startswith="campaign")
        .exclude(kind="campaign_opened")
        .values_list("kind", "account")
    )


def test_reminders_come_three_days_and_one_day_before_and_when_late_once_each() -> None:
    city = City()
    clerk, leader = city.clerk(), city.leader()
    city.clerk(1)
    city.person("admin1", (COMMUNES[0], "admin"))
    city.signed(1, whole(1))
    for days, count in ((0, 0), (7, 2), (8, 2), (9, 4), (10, 4)):
        for _again in range(2):
            reminding.remind(city.campaign, NOW + timedelta(days=days))
        assert len(told()) == count, days
    assert {account for _kind, account in told()} == {clerk.account, leader.account}
    reminding.remind(city.campaign, DUE + timedelta(minutes=1))
    reminding.remind(city.campaign, DUE + timedelta(days=2))
    assert [kind for kind, _account in told()].count("campaign_late") == 2
    # Of those without anybody to tell it is written down all the same, and nobody is asked again and again.
    assert Reminder.objects.exclude(occasion="opened").count() == 2 * 3


def test_those_asked_are_told_at_the_opening() -> None:
    first = City()
    clerk = first.clerk()
    assert not Notice.objects.filter(kind="campaign_opened").exists()
    second = City()
    assert second.campaign.pk != first.campaign.pk
    assert list(Notice.objects.filter(kind="campaign_opened").values_list("account", flat=True)) == [clerk.account]


def test_what_was_handed_in_reminds_only_who_signs() -> None:
    city = City()
    city.save(whole(1))
    city.submit()
    leader = city.leader()
    reminding.remind(city.campaign, NOW + timedelta(days=9))
    assert told() == [("campaign_due", leader.account)]


def test_whoever_wrote_it_is_told_that_it_came_back() -> None:
    city = City()
    city.signed(0, whole(1))
    answering.act(city.answer().pk, "return", city.district(), "Thiếu", NOW)
    assert told() == [("campaign_returned", city.clerk().account)]


def test_the_timer_finds_what_is_due_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    city = City()
    city.clerk()
    monkeypatch.setattr(reminding.clock, "now", lambda: NOW + timedelta(days=9))
    reminding.run_due()
    reminding.run_due()
    assert len(told()) == 1
    assert Answer.objects.count() == 3
