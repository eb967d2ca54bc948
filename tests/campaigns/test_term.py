"""A campaign's date is moved, it is closed and opened again: every change stands, whom it concerns is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaigns.reporting import DUE, NOW, City, edited, whole
from motcua.campaigns import answering, progress, reminding, term, uploading
from motcua.campaigns.models import ActDone, Answer, Campaign, Reminder, Upload, Version
from motcua.campaigns.rolling import roll_up
from motcua.law.actor import Actor
from motcua.law.campaign_term import Change
from motcua.law.refusal import Refusal
from motcua.notices.inbox import entries
from motcua.notices.models import Notice

pytestmark = pytest.mark.django_db
LATER, SOONER = DUE + timedelta(days=7), DUE - timedelta(days=6)


def changed(
    city: City, change: Change, due: datetime | None = None, reason: str = "Chờ kiểm kê", who: Actor | None = None,
    seen: int | None = None,
) -> Campaign | Refusal:  # fmt: skip
    """Done by the control office, which saw what there is."""
    seen = term.last_act(city.campaign) if seen is None else seen
    done = term.change_term(city.campaign.pk, change, who or city.control, reason, seen, due, city.now)
    if isinstance(done, Campaign):
        city.campaign = done
    return done


def code(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def told(kind: str) -> set[int]:
    return set(Notice.objects.filter(kind=kind).values_list("account", flat=True))


def standing(city: City) -> tuple[int, int, int]:
    """Signed, late and never answered, over all."""
    answers = list(Answer.objects.filter(campaign=city.campaign))
    rows = progress.standings(city.campaign, answers, city.now)
    return sum(each.signed for each in rows), sum(each.late for each in rows), sum(each.unanswered for each in rows)


# --- Moved ------------------------------------------------------------------------------------------------


def test_a_move_is_an_act_that_stands_and_everybody_asked_is_told() -> None:
    city = City()
    city.signed(0, whole(1))
    people = {city.clerk(0).account, city.leader(0).account, city.clerk(1).account, city.clerk(2).account}
    assert isinstance(changed(city, "move", LATER, " Chờ kiểm kê "), Campaign)
    assert Campaign.objects.get().due_at == LATER
    act = term.changes(city.campaign)[0]
    assert (act.kind, act.account, act.name, act.at, act.words) == (
        "move", city.control.account, city.control.name, NOW, "Chờ kiểm kê",
    )  # fmt: skip
    assert {name: datetime.fromisoformat(at) for name, at in act.details.items()} == {"from": DUE, "to": LATER}
    # Those who have signed already as well.
    assert told("campaign_moved") == people
    for statement in ("UPDATE campaigns_actdone SET words = ''", "DELETE FROM campaigns_actdone"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as run:
            run.execute(statement)


def test_the_notice_says_both_dates_and_the_reason_in_both_languages() -> None:
    city = City()
    clerk = city.clerk()
    changed(city, "move", LATER)
    for language, words in (("vi", "hạn mới của"), ("en", "the new date for")):
        shown = entries(clerk.account, language)[0][0]
        assert words in shown.text
        for part in ("17:00 27/12/2018", "17:00 20/12/2018", "Chờ kiểm kê"):
            assert part in shown.text, part


def test_what_is_refused_changes_nothing_and_tells_nobody() -> None:
    city = City()
    city.clerk()
    refused = [
        (changed(city, "move", NOW), "campaign_date"),
        (changed(city, "move", DUE), "campaign_date"),
        (changed(city, "move", LATER, " "), "campaign_words"),
        (changed(city, "reopen", LATER), "campaign_open"),
        (changed(city, "move", LATER, seen=term.last_act(city.campaign) - 1), "campaign_conflict"),
        (changed(city, "close", who=city.district()), "campaign_not_yours"),
        (changed(city, "close", who=city.person("leadHN", ("HN", "leader"))), "campaign_not_yours"),
        (changed(city, "move", LATER, who=city.clerk()), "campaign_not_yours"),
        (term.change_term(10**9, "close", city.control, "vì", 0), "campaign_unknown"),
    ]
    assert [code(outcome) for outcome, _wanted in refused] == [wanted for _outcome, wanted in refused]
    assert ActDone.objects.count() == 1
    assert (Campaign.objects.get().due_at, Campaign.objects.get().closed_at) == (DUE, None)
    assert not Notice.objects.exists()


def test_what_was_signed_late_is_in_time_by_the_date_that_holds() -> None:
    city = City()
    city.signed(0, whole(1))
    city.now = DUE + timedelta(hours=2)
    city.signed(1, whole(1))
    assert standing(city) == (2, 2, 0)
    assert term.late_until_moved(city.campaign, LATER) == 1
    assert isinstance(changed(city, "move", LATER), Campaign)
    assert standing(city) == (2, 0, 0)
    city.now = LATER + timedelta(hours=2)
    assert standing(city) == (2, 1, 0)


def test_a_sooner_date_makes_nobody_late_who_had_signed() -> None:
    city = City()
    city.signed(0, whole(1))
    assert isinstance(changed(city, "move", SOONER), Campaign)
    assert standing(city) == (1, 0, 0)
    city.now = SOONER + timedelta(hours=1)
    assert standing(city) == (1, 2, 0)


def test_of_a_moved_date_people_are_reminded_as_of_any(monkeypatch: pytest.MonkeyPatch) -> None:
    city = City()
    clerk = city.clerk()

    def at(now: datetime) -> int:
        monkeypatch.setattr(reminding.clock, "now", lambda: now)
        for _again in range(2):
            reminding.run_due()
        return Notice.objects.filter(kind__in=("campaign_due", "campaign_late"), account=clerk.account).count()

    assert at(NOW + timedelta(days=9)) == 1
    city.now = NOW + timedelta(days=9, hours=1)
    changed(city, "move", LATER)
    # The old date says nothing any more, the new one its three things.
    assert at(DUE + timedelta(hours=1)) == 1
    # Thursday 27 December: three working days before is Monday 24.
    assert [at(LATER - timedelta(days=days)) for days in (6, 3, 1)] == [1, 2, 3]
    assert at(LATER + timedelta(hours=1)) == 4
    assert at(LATER + timedelta(days=3)) == 4


def test_a_date_moved_nearer_than_its_reminders_reminds_once_of_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    city = City()
    city.clerk()
    changed(city, "move", NOW + timedelta(days=1, hours=7))
    for minutes in (1, 2, 3):
        monkeypatch.setattr(reminding.clock, "now", lambda minutes=minutes: NOW + timedelta(minutes=minutes))
        reminding.run_due()
    assert list(Reminder.objects.exclude(occasion="opened").values_list("occasion", flat=True).distinct()) == [
        "before1/20181211T1000"
    ]
    assert Notice.objects.filter(kind="campaign_due").count() == 1


def test_a_campaign_that_changed_under_the_reminder_is_not_reminded_of() -> None:
    city = City()
    city.clerk()
    stale = Campaign.objects.get()
    changed(city, "close")
    assert reminding.remind(stale, NOW + timedelta(days=9)) == 0
    changed(city, "reopen", LATER)
    assert reminding.remind(stale, NOW + timedelta(days=9)) == 0
    assert not Notice.objects.filter(kind="campaign_due").exists()


# --- Closed -----------------------------------------------------------------------------------------------


def test_nothing_can_be_written_into_a_closed_campaign_and_what_was_signed_is_still_accepted() -> None:
    city = City()
    city.signed(0, whole(4))
    city.save(whole(5), 1)
    city.save(whole(6), 2)
    city.submit(2)
    file = edited(city.template(1), lambda sheet, _book: sheet.__setitem__("C6", 9))
    assert isinstance(changed(city, "close"), Campaign)
    version = answering.version_of(city.answer(1))
    assert version is not None
    before = list(Version.objects.order_by("pk").values("state", "lines", "revision"))
    pk = city.answer(1).pk
    outcomes = {
        "save": answering.save(pk, whole(9), (1, 1), city.clerk(1), "browser", NOW),
        "submit": answering.submit(pk, (1, 1), city.clerk(1), "", NOW),
        "excel": uploading.take(pk, file, "phieu.xlsx", city.clerk(1), NOW),
        "sign": answering.act(city.answer(2).pk, "sign", city.leader(2), now=NOW),
        "return": answering.act(city.answer(0).pk, "return", city.district(), "sai", NOW),
        "correct": answering.act(city.answer(0).pk, "correct", city.clerk(), "sai", NOW),
    }
    assert {name: code(outcome) for name, outcome in outcomes.items()} == dict.fromkeys(outcomes, "campaign_closed")
    assert before == list(Version.objects.order_by("pk").values("state", "lines", "revision"))
    assert not Upload.objects.exists()
    for kind, who in (("accept_district", city.district()), ("accept_city", city.control)):
        assert isinstance(answering.act(city.answer(0).pk, kind, who, now=NOW), answering.Saved), kind  # type: ignore[arg-type]


def test_those_who_owed_are_told_and_are_not_answered_instead_of_late(monkeypatch: pytest.MonkeyPatch) -> None:
    city = City()
    city.signed(0, whole(4))
    city.save(whole(5), 1)
    city.submit(1)
    owed = {city.clerk(1).account, city.leader(1).account, city.clerk(2).account}
    assert term.owing(city.campaign) == 2
    changed(city, "close")
    assert told("campaign_closed") == owed
    assert term.changes(city.campaign)[0].details["unanswered"] == 2
    assert standing(city) == (1, 0, 2)
    monkeypatch.setattr(reminding.clock, "now", lambda: DUE + timedelta(days=1))
    reminding.run_due()
    assert not Notice.objects.filter(kind__in=("campaign_due", "campaign_late")).exists()
    city.now = DUE + timedelta(days=1)
    assert standing(city) == (1, 0, 2)
    assert progress.mine(progress.scope_of(city.clerk(1))) == []
    assert [each.pk for each in progress.answered(progress.scope_of(city.clerk(1)))] == [city.answer(1).pk]
    assert progress.count_waiting(progress.scope_of(city.leader(1))) == 0
    assert progress.waiting(progress.scope_of(city.leader(1))) == []
    assert progress.count_waiting(progress.scope_of(city.district())) == 1


def test_what_was_returned_and_not_mended_is_not_answered() -> None:
    city = City()
    city.signed(0, whole(4))
    answering.act(city.answer(0).pk, "return", city.district(), "Thiếu", NOW)
    changed(city, "close")
    assert standing(city) == (0, 0, 3)
    assert roll_up(city.campaign).answered == 0


def test_a_campaign_past_its_date_can_be_closed_and_late_signatures_stay_late() -> None:
    city = City()
    city.now = DUE + timedelta(hours=1)
    city.signed(0, whole(4))
    assert isinstance(changed(city, "close"), Campaign)
    assert standing(city) == (1, 1, 2)
    assert code(changed(city, "close")) == "campaign_closed"
    assert code(changed(city, "move", LATER)) == "campaign_closed"


def test_a_correction_that_did_not_come_in_time_leaves_the_signed_answer_to_be_accepted() -> None:
    city = City()
    city.signed(0, whole(10))
    pk = city.answer().pk
    answering.act(pk, "correct", city.clerk(), "đếm sót", NOW)
    city.save(whole(12))
    assert (term.corrections(city.campaign), term.owing(city.campaign)) == (1, 2)
    changed(city, "close")
    assert city.clerk().account in told("campaign_closed")
    assert (city.answer().current, city.answer().state) == (1, "signed")
    assert standing(city) == (1, 0, 2)
    assert isinstance(answering.act(pk, "accept_district", city.district(), now=NOW, no=1), answering.Saved)
    found = roll_up(city.campaign, "district")
    assert (found.answered, any(each.is_being_corrected for each in found.counted)) == (1, False)
    # Opened again, the correction goes on where it was.
    assert term.put_aside(city.campaign) == 1
    changed(city, "reopen", LATER)
    assert (city.answer().current, city.answer().state) == (2, "draft")
    assert city.lines()[0].cells["tong"] == 12
    city.submit()
    assert isinstance(answering.act(pk, "sign", city.leader(), now=NOW), answering.Saved)
    # What the district accepted counts for it until it accepts the new one.
    assert roll_up(city.campaign, "district").answered == 1
    assert {each.no: each.state for each in Version.objects.filter(answer=pk)} == {1: "district", 2: "signed"}


def test_reopened_it_is_answered_until_the_new_date() -> None:
    city = City()
    city.signed(0, whole(4))
    city.save(whole(5), 1)
    changed(city, "close")
    city.now = DUE + timedelta(days=1)
    assert code(changed(city, "reopen", DUE)) == "campaign_date"
    assert isinstance(changed(city, "reopen", LATER, "Thiếu nhiều phường"), Campaign)
    assert (city.campaign.due_at, city.campaign.closed_at) == (LATER, None)
    assert told("campaign_reopened") == {city.clerk(1).account}
    assert [each.kind for each in term.changes(city.campaign)] == ["reopen", "close"]
    assert standing(city) == (1, 0, 0)
    assert city.submit(1)
    assert isinstance(answering.act(city.answer(1).pk, "sign", city.leader(1), now=city.now), answering.Saved)
    assert standing(city) == (2, 0, 0)


def test_the_changes_are_found_by_an_index_however_many_acts_the_answers_have() -> None:
    city = City()
    changed(city, "move", LATER)
    with CaptureQueriesContext(connection) as asked:
        assert len(term.changes(city.campaign)) == 1
    assert len(asked) == 1
    with connection.cursor() as run:
        run.execute("SET LOCAL enable_seqscan = off")
        run.execute("SET LOCAL enable_sort = off")
        run.execute(f"EXPLAIN {asked[0]['sql']}")
        plan: Any = "\n".join(row[0] for row in run.fetchall())
    assert "campaign_own_acts" in plan
