"""Several people at one answer at the same instant: one saves, the others are told; nobody is reminded twice."""

from datetime import timedelta
from functools import partial
from typing import Any

from campaigns.reporting import NOW, City, whole
from cities import at_once
from motcua.campaigns import answering, reminding
from motcua.campaigns.models import ActDone, Reminder, Version
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
