"""The benchmarks measure what they say: they run to their end on a small city and leave its journal whole."""

from argparse import Namespace
from typing import Any

import pytest
from benchmarks import deadlines, growth, inbox, life, timing
from django.db import connection

from motcua.dossiers.verify import verify
from motcua.site import benchmarks

MOST_STATEMENTS_AN_ACT = 8


def small(dossiers: int | None = None, seconds: float = 0.4) -> Namespace:
    return Namespace(seconds=seconds, dossiers=dossiers, json=True)


def test_what_can_be_measured() -> None:
    assert set(benchmarks.names()) >= {"life", "http", "deadlines", "receipt", "inbox", "growth"}


def test_the_middle_and_all_but_one_in_twenty() -> None:
    assert timing.percentiles([float(each) for each in range(100, 0, -1)]) == (51.0, 96.0)
    assert timing.percentiles([7.0]) == (7.0, 7.0)


def test_deadlines_agree_with_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "COUNT", 3000)
    monkeypatch.setattr(deadlines, "SAMPLE", 1500)

    assert deadlines.run(small())["agreed_on"] == 1500


def test_deadlines_that_differ_are_no_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "COUNT", 40)
    monkeypatch.setattr(deadlines, "SAMPLE", 20)
    monkeypatch.setattr(deadlines, "_naive", lambda working, start, days: start)

    with pytest.raises(AssertionError, match="do not agree"):
        deadlines.run(small())


def test_no_act_takes_more_than_eight_statements(db: None) -> None:
    office, tape = life.Office(), life._Tape()
    office.live()
    with tape.listening(office):
        office.live()

    # With BEGIN and COMMIT; the first transaction is two acts, filing and accepting.
    assert len(tape.acts) == five_steps_acts()
    assert (len(tape.acts[0]) + 2) / 2 <= MOST_STATEMENTS_AN_ACT
    assert max(len(act) + 2 for act in tape.acts[1:]) <= MOST_STATEMENTS_AN_ACT


def five_steps_acts() -> int:
    from benchmarks.five_steps import ACTS

    return ACTS


def test_the_bare_rows_stay_out_of_the_journal(fresh_city: Any) -> None:
    result = life.run(small(seconds=2.0))

    assert result["ratio"] > 0
    assert result["statements_an_act"] <= MOST_STATEMENTS_AN_ACT
    assert verify({}, {}).broken == ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [life.BARE])
        assert cursor.fetchone() == (0,)


def test_growth_compares_the_full_city_with_the_empty_one(fresh_city: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "TURN", 0.3)
    monkeypatch.setattr(growth, "WARM", 0.1)
    monkeypatch.setattr(inbox, "TIMES", 2)
    monkeypatch.setattr(inbox, "collect_static", lambda _home: None)

    result = growth.run(small(300))

    assert result["dossiers"] > 300
    assert set(result["questions"]) == set(result["questions_empty"]) > {"inbox", "by_code", "dossier_page"}
    assert verify({}, {}).broken == ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [f"{fresh_city.database}_empty"])
        assert cursor.fetchone() == (0,)
