"""Chances: learned from the past, shown only when they are worth something, kept fresh, listed in their order."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from flow.past import written
from motcua.dossiers import clock
from motcua.flow import errands, risk, training, ways
from motcua.flow.features import FEATURES
from motcua.flow.learning import Model, Quality
from motcua.flow.models import Risk, RiskModel
from motcua.law import commands as c
from motcua.reports import facts
from motcua.reports.models import StageFact
from reports.town import EAST, EAST_XD, HILL, MARKET, WEST, WEST_XD, Town, hour

NOW = hour("2021-02-01 09:00")


@pytest.fixture
def learned(town: Town, monkeypatch: pytest.MonkeyPatch) -> RiskModel:
    """The town after two years, on a morning, with a model."""
    written(town, 1800)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return training.train()


def at_work(town: Town, agency: int, begun: str) -> Any:
    state = town.at_officer(town.accepted(agency, begun), begun)
    facts.follow([state.id])
    return state


def test_a_model_of_the_citys_own_past_beats_the_constant(learned: RiskModel) -> None:
    assert learned.why == ""
    assert learned.quality is not None
    quality = Quality(**{**learned.quality, "reliability": ()})
    assert quality.sure
    assert quality.skill > 0.1
    assert quality.brier < quality.brier_base
    assert quality.n >= 200
    assert sum(each["n"] for each in learned.quality["reliability"]) == quality.n
    # Two years of history: the last third is kept apart.
    assert 200 <= (NOW.date() - learned.split_on).days <= 260


def test_open_dossiers_get_chances_and_the_reason_is_the_agency_that_is_often_late(
    town: Town, learned: RiskModel
) -> None:
    # The facts of the past stand at the agencies themselves; so does the work that is open now.
    east, west = at_work(town, EAST, "2021-01-25 09:00"), at_work(town, WEST, "2021-01-25 09:00")
    StageFact.objects.filter(dossier_id=east.id, closed=None).update(agency=EAST)
    StageFact.objects.filter(dossier_id=west.id, closed=None).update(agency=WEST)
    assert risk.refresh() == 2
    rows, following = risk.at_risk(None, (), NOW)
    assert ([row.dossier_id for row in rows], following) == ([west.id, east.id], "")
    # A week after it was taken in; the past of the west speaks against it.
    assert rows[0].chance > 2 * rows[1].chance
    assert "agency_late" in {reason.feature for reason in rows[0].reasons}
    assert all(reason.adds > 0 for row in rows for reason in row.reasons)
    found = risk.outlook(None, (), NOW)
    assert found.n == 2
    assert abs(found.expected - sum(row.chance for row in rows)) < 1e-9


def test_a_reason_reads_the_way_the_model_weighs_it() -> None:
    """“Little of it was late” must never stand there as a reason for lateness."""
    n = len(FEATURES)
    weights = tuple(-1.0 if name == "procedure_late" else 1.0 for name in FEATURES)
    model = Model(FEATURES, (0.5,) * n, (1.0,) * n, weights, 0.0, 1.0, 0.0)
    values = [0.5 + (name in ("used", "weekday")) - (name == "procedure_late") for name in FEATURES]
    found = risk._reasons(model.parts([values])[0], {"used": (1.5,)}, model)
    assert [(each.feature, each.adds, each.plain) for each in found] == [("used", 1.0, (1.5,))]


def test_the_list_goes_by_key_and_by_scope(town: Town, learned: RiskModel) -> None:
    for at in range(5):
        at_work(town, (EAST, MARKET, WEST, HILL, HILL)[at], f"2021-01-2{at + 1} 09:00")
    assert risk.refresh() == 5
    whole, _ = risk.at_risk(None, (), NOW)
    seen, after = [], ""
    while True:
        rows, after = risk.at_risk(None, (), NOW, after, limit=2)
        seen += rows
        if not after:
            break
    assert seen == whole
    assert [row.chance for row in whole] == sorted((row.chance for row in whole), reverse=True)
    assert len(risk.at_risk((EAST_XD,), (), NOW)[0]) == 2
    assert len(risk.at_risk((WEST_XD, HILL), (), NOW)[0]) == 3
    assert risk.at_risk((), (), NOW)[0] == []
    assert len(risk.at_risk(None, (WEST_XD,), NOW)[0]) == 3
    with pytest.raises(ValueError, match=r"."):
        risk.at_risk(None, (), NOW, "2~x")


def test_an_act_on_a_dossier_moves_its_chance_and_its_end_removes_it(town: Town, learned: RiskModel) -> None:
    state = at_work(town, EAST, "2021-01-25 09:00")
    risk.refresh()
    before = Risk.objects.get()
    wait = c.Suspend(task=state.tasks[0].no, ground="verification", document="1/CV")
    state = town.do(state, "officer", wait, "2021-01-28 09:00")
    facts.follow([state.id])
    ways.note([state.id])
    assert ways.take() == 1
    assert Risk.objects.get().chance != before.chance
    ended = town.do(state, "clerk", c.Withdraw(reason="Đổi ý"), "2021-01-29 09:00")
    facts.follow([ended.id])
    ways.note([ended.id])
    assert ways.take() == 1
    assert not Risk.objects.exists()


def test_what_is_late_already_is_not_foretold(town: Town, learned: RiskModel, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work(town, EAST, "2021-01-25 09:00")
    assert risk.refresh() == 1
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=60))
    assert risk.at_risk(None, (), NOW + timedelta(days=60))[0] == []
    assert risk.refresh() == 0
    assert not Risk.objects.exists()


def test_without_enough_history_there_is_no_chance_and_it_is_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    written(town, 100)
    kept = training.train()
    assert (kept.why, kept.model, kept.quality) == ("few", None, None)
    at_work(town, EAST, "2021-01-25 09:00")
    assert risk.refresh() == 0


def test_a_later_model_that_is_no_good_takes_the_chances_away(town: Town, learned: RiskModel) -> None:
    at_work(town, EAST, "2021-01-25 09:00")
    assert risk.refresh() == 1
    RiskModel.objects.create(trained_at=NOW + timedelta(days=7), learned_from=NOW, split_on=NOW, n=1, late=0,
                             why="no_better", model=None, quality=None)  # fmt: skip
    assert risk.refresh() == 0
    assert not Risk.objects.exists()


def test_learning_comes_by_itself_when_it_is_time_and_at_night(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[Any] = []
    monkeypatch.setattr(training, "train", lambda now: trained.append(now))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    assert training.train_if_due() == 0
    assert trained == [NOW]
    assert training.train_if_due() == 0
    assert len(trained) == 1
    model = RiskModel(trained_at=NOW, learned_from=NOW, split_on=NOW, n=1, late=0, why="few")
    model.save()
    for moment, learns in ((NOW + timedelta(hours=30), False), (NOW + timedelta(hours=42), True)):
        monkeypatch.setattr(training, "_looked", float("-inf"))
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        training.train_if_due()
        assert (len(trained) == 2) is learns


def test_the_errand_goes_over_all_open_dossiers_in_batches(
    town: Town, learned: RiskModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(5):
        at_work(town, EAST, f"2021-01-2{at + 1} 09:00")
    monkeypatch.setattr(risk, "BATCH", 2)
    assert [risk.refresh_due() for _ in range(4)] == [2, 2, 1, 0]
    assert Risk.objects.count() == 5


def test_the_errand_rests_between_the_batches_of_a_pass(
    town: Town, learned: RiskModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(3):
        at_work(town, EAST, f"2021-01-2{at + 1} 09:00")
    monkeypatch.setattr(risk, "BATCH", 2)
    assert [(errands.refresh(), Risk.objects.count()) for _ in range(3)] == [(0, 2), (0, 3), (0, 3)]


def test_the_command_says_what_came_of_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    written(town, 1500)
    said = StringIO()
    call_command("flow", "train", "--json", stdout=said)
    told = json.loads(said.getvalue())
    assert told["why"] == ""
    assert told["quality"]["brier"] < told["quality"]["brier_base"]
    assert set(told["coefficients"]) >= {"used", "agency_late"}
    said = StringIO()
    call_command("flow", "rebuild", "--json", stdout=said)
    assert json.loads(said.getvalue()) == {"ways": 1501}
