"""Several people at one answer at the same instant: one saves, the others are told; nobody is reminded twice.

And while a campaign is closed or moved: what is written is written before, what comes after is refused.
"""

from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from campaigns.reporting import DUE, NOW, City, edited, whole
from cities import at_once
from motcua.campaigns import answering, reminding, term, uploading
from motcua.campaigns.models import ActDone, Campaign, Reminder, Upload, Version
from motcua.law.refusal import Refusal
from motcua.notices.models import Notice

MANY = 6


def test_of_several_first_savers_one_saves(fresh_city: Any) -> None:
    city = City()
    clerk, pk = city.clerk(), city.answer().pk
    got = at_once(
        [partial(answering.save, pk, {"ban": {"tong": n}}, (0, 0), clerk, "browser", NOW) for n in range(MANY)]
    )
    saved = [each for each in got if isinstance(each, answering.Saved)]
    assert len(saved) == 1
    assert {each.code for each in got if isinstance(each, Refusal)} == {"campaign_conflict"}
    assert (Version.objects.count(), ActDone.objects.filter(kind="save").count()) == (1, 1)


def test_an_answer_is_signed_once_however_often_it_is_pressed(fresh_city: Any) -> None:
    city = City()
    city.save(whole(1))
    city.submit()
    leader, pk = city.leader(), city.answer().pk
    got = at_once([partial(answering.act, pk, "sign", leader, now=NOW)] * MANY)
    assert sum(isinstance(each, answering.Saved) for each in got) == 1
    assert ActDone.objects.filter(kind="sign").count() == 1


def test_several_workers_remind_once(fresh_city: Any) -> None:
    city = City()
    city.clerk()
    city.leader()
    at_once([partial(reminding.remind, city.campaign, NOW + timedelta(days=9))] * MANY)
    assert Notice.objects.filter(kind="campaign_due").count() == 2
    assert Reminder.objects.exclude(occasion="opened").count() == 3


def test_of_several_who_close_or_move_one_does(fresh_city: Any) -> None:
    city = City()
    city.clerk()
    number, seen, later = city.campaign.pk, term.last_act(city.campaign), DUE + timedelta(days=7)
    acts: list[Any] = [partial(term.change_term, number, "close", city.control, "vì", seen, None, NOW)] * 3
    acts += [partial(term.change_term, number, "move", city.control, "vì", seen, later, NOW)] * 3
    got = at_once(acts)
    assert sum(isinstance(each, Campaign) for each in got) == 1
    assert {each.code for each in got if isinstance(each, Refusal)} <= {"campaign_conflict", "campaign_closed"}
    assert ActDone.objects.exclude(kind="open").count() == 1
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_while_it_is_closed_everything_is_written_before_or_refused(fresh_city: Any, round_: int) -> None:
    city = City()
    city.save(whole(1), 1)
    city.submit(1)
    clerk, other, leader = city.clerk(0), city.clerk(2), city.leader(1)
    file = edited(city.template(2), lambda sheet, _book: sheet.__setitem__("C6", 9))
    pk, signed, sent = city.answer(0).pk, city.answer(1).pk, city.answer(2).pk
    close = partial(
        term.change_term, city.campaign.pk, "close", city.control, "vì", term.last_act(city.campaign), None, NOW
    )
    got = at_once(
        [
            partial(answering.save, pk, {"ban": {"tong": 1}}, (0, 0), clerk, "browser", NOW),
            partial(uploading.take, sent, file, "phieu.xlsx", other, NOW),
            close,
            partial(answering.act, signed, "sign", leader, now=NOW),
        ]
    )
    assert isinstance(got[2], Campaign)
    closing = ActDone.objects.get(kind="close")
    for at, kind in ((0, "save"), (1, "save"), (3, "sign")):
        answer = (pk, sent, None, signed)[at]
        done = ActDone.objects.filter(answer=answer, kind=kind, id__lt=closing.pk).exists()
        if isinstance(got[at], Refusal):
            assert (got[at].code, done) == ("campaign_closed", False)
        else:
            assert done
    assert not ActDone.objects.filter(id__gt=closing.pk).exists()
    assert Upload.objects.count() == (not isinstance(got[1], Refusal))
    # What was said to be missing is what is missing.
    assert closing.details["unanswered"] == 2 + isinstance(got[3], Refusal)


def test_whoever_closes_waits_for_whoever_writes(fresh_city: Any) -> None:
    city = City()
    city.clerk()
    number, seen = city.campaign.pk, term.last_act(city.campaign)
    with psycopg.connect(fresh_city.dsn) as writer:
        # Somebody who writes into one of its answers holds the campaign like this.
        writer.execute("SELECT FROM campaigns_campaign WHERE id = %s FOR SHARE", [number])
        # Others write all the same.
        assert isinstance(
            answering.save(city.answer().pk, {"ban": {"tong": 1}}, (0, 0), city.clerk(), "browser", NOW),
            answering.Saved,
        )

        def closes() -> Any:
            with connection.cursor() as run:
                run.execute("SET lock_timeout = '300ms'")
            try:
                return term.change_term(number, "close", city.control, "vì", seen, None, NOW)
            except OperationalError as error:
                return str(error)

        assert "lock timeout" in at_once([closes])[0]
    assert isinstance(term.change_term(number, "close", city.control, "vì", seen, None, NOW), Campaign)


@pytest.mark.parametrize("round_", range(3))
def test_while_it_is_closed_nobody_is_reminded_afterwards(fresh_city: Any, round_: int) -> None:
    city = City()
    city.clerk()
    at = NOW + timedelta(days=9)
    close = partial(
        term.change_term, city.campaign.pk, "close", city.control, "vì", term.last_act(city.campaign), None, at
    )
    stale = Campaign.objects.get()
    at_once([partial(reminding.remind, stale, at), close, partial(reminding.remind, stale, at)])
    kinds = list(Notice.objects.order_by("id").values_list("kind", flat=True))
    assert kinds in (["campaign_closed"], ["campaign_due", "campaign_closed"])
    assert reminding.remind(stale, at) == 0
