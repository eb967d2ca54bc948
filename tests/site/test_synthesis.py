"""A synthesized history is lawful, keeps to the calendar, draws numbers like life, and can be gone on with."""

import json
import os
import random
import signal
import subprocess
import sys
import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from benchmarks import five_steps
from django.core.management import CommandError, call_command
from django.db import connection

from cities import City, connected_to, drop_city, new_city, until
from motcua.dossiers import handle as door
from motcua.dossiers.clock_face import calendar_of
from motcua.dossiers.verify import verify
from motcua.law import commands as c
from motcua.law.working_time import CITY_ZONE, WorkingCalendar
from motcua.organisation.directory import directory
from motcua.site.synthesis import desks, making
from motcua.site.synthesis.seasons import Seasons, tet
from motcua.site.synthesis.telling import has_real_dossiers
from motcua.site.synthesis.volumes import groups

FIRST, UNTIL = date(2018, 11, 1), datetime(2019, 5, 1, tzinfo=CITY_ZONE)


def history(dossiers: int, processes: int = 2, seed: int = 5) -> making.History:
    return making.History(dossiers, FIRST, UNTIL, seed, processes)


def rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def calendar() -> WorkingCalendar:
    return calendar_of(directory().by_code["00001"].number)


@pytest.fixture(scope="module")
def made_city(city_server: Any, django_db_blocker: Any) -> Any:
    """A city with a history of half a year by two processes; the tests on it change nothing."""
    with django_db_blocker.unblock():
        city = new_city(city_server)
        try:
            with connected_to(city.database):
                city_made = making.make(history(1500))
                yield city_made
        finally:
            drop_city(city)


def test_the_lives_are_lawful_and_whole(made_city: making.Made) -> None:
    verdict = verify({}, {})

    assert verdict.broken == ()
    assert (verdict.dossiers, verdict.events) == (made_city.dossiers, made_city.events)
    assert made_city.dossiers == 1500
    assert made_city.refused == 0


def test_everything_happens_that_happens_in_a_city(made_city: making.Made) -> None:
    types = {row[0] for row in rows("SELECT DISTINCT type FROM dossiers_event")}

    assert types >= {
        "lodged", "accepted", "supplement_requested", "supplemented", "forwarded", "received", "assigned", "signed",
        "result_numbered", "result_ready", "handed_over", "payment_recorded", "rated", "refused", "suspended",
        "resumed", "sent_back", "opinion_asked",
    }  # fmt: skip
    procedures = rows("SELECT count(DISTINCT procedure) FROM dossiers_dossier")[0][0]
    assert procedures > 20
    assert rows("SELECT count(*) > 0 FROM dossiers_dossier WHERE finished_at IS NULL")[0][0]
    channels = {row[0] for row in rows("SELECT DISTINCT channel FROM dossiers_dossier")}
    assert channels == {"counter", "online", "post"}


def test_counters_receive_in_their_hours_only_and_never_in_tet(made_city: making.Made) -> None:
    kept, days_of_tet = calendar(), set(tet(calendar(), 2019))
    lodged = rows("SELECT lodged_at FROM dossiers_dossier WHERE channel <> 'online'")

    assert len(days_of_tet) == 9  # 2 to 10 February 2019
    assert lodged
    for (at,) in lodged:
        assert kept.reception_open(at), at
        assert at.astimezone(CITY_ZONE).date() not in days_of_tet


def test_nothing_happens_outside_the_history(made_city: making.Made) -> None:
    first, last = rows("SELECT min(at), max(at) FROM dossiers_event")[0]

    assert first.astimezone(CITY_ZONE).date() >= FIRST
    assert last <= UNTIL


def test_two_processes_draw_every_number_once_and_leave_no_gap(made_city: making.Made) -> None:
    twice = rows("SELECT code FROM dossiers_dossier WHERE code <> '' GROUP BY code HAVING count(*) > 1")
    gaps = rows(
        "SELECT c.agency, c.period, c.last, count(d.id) FROM dossiers_counter c LEFT JOIN dossiers_dossier d"
        " ON d.receiving = c.agency AND d.accepted_at IS NOT NULL"
        " AND extract(year FROM d.accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh') = c.period"
        " WHERE c.kind = 'book' GROUP BY 1, 2, 3 HAVING c.last <> count(d.id)"
    )
    numbered = Counter(
        (directory().house(agency), at.astimezone(CITY_ZONE).year, serial)
        for agency, at, serial in rows(
            "SELECT agency, at, (payload::json->>'serial')::int FROM dossiers_event WHERE type = 'result_numbered'"
        )
    )
    last = {(agency, period): last for agency, period, last in rows(
        "SELECT agency, period, last FROM dossiers_counter WHERE kind = 'result'")}  # fmt: skip

    assert twice == []
    assert gaps == []
    assert set(numbered.values()) == {1}
    assert Counter((house, year) for house, year, _serial in numbered) == last
    assert rows("SELECT count(*) FROM dossiers_counter WHERE last = 0") == [(0,)]


def lives_of_a_city() -> list[tuple[Any, ...]]:
    """All that the seed decides; tokens are secrets and drawn anew."""
    return rows(
        "SELECT d.code, d.procedure, d.channel, d.applicant_name, d.state::jsonb - 'token', e.seq, e.type, e.at,"
        " e.actor FROM dossiers_dossier d JOIN dossiers_event e ON e.dossier_id = d.id ORDER BY d.id, e.seq"
    )


def test_the_same_seed_makes_the_same_lives(fresh_city: City) -> None:
    making.make(history(200, processes=2))
    one = lives_of_a_city()
    other = new_city(fresh_city.home)
    try:
        with connected_to(other.database):
            making.make(history(200, processes=1))
            assert lives_of_a_city() == one
    finally:
        drop_city(other)


def test_the_next_dossier_at_a_counter_draws_the_next_number(fresh_city: City) -> None:
    making.make(history(400))
    agency, accepted = rows(
        "SELECT receiving, max(accepted_at) FROM dossiers_dossier WHERE code <> '' GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    )[0]
    while directory()[agency].tier != "commune":
        agency, accepted = rows(
            "SELECT receiving, max(accepted_at) FROM dossiers_dossier WHERE code <> '' AND receiving = ANY (%s)"
            " GROUP BY 1 ORDER BY 2 DESC LIMIT 1",
            [each.number for each in directory().by_number.values() if each.tier == "commune"],
        )[0]
    codes = rows(
        "SELECT code FROM dossiers_dossier WHERE receiving = %s AND code <> ''"
        " AND (accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = %s ORDER BY code",
        agency,
        accepted.astimezone(CITY_ZONE).date(),
    )
    place = five_steps.Commune(agency)
    lodging = five_steps.lodging(random.Random(1), place)
    at = accepted + timedelta(minutes=1)
    done = door.lodge_and_accept(five_steps.version_today(), lodging, c.Accept(), place.clerk, uuid.uuid4().hex, at)

    assert isinstance(done, door.Done)
    last = codes[-1][0]
    assert done.state.code == f"{last[:-4]}{int(last[-4:]) + 1:04d}"
    assert verify({}, {}).broken == ()


def test_an_interrupted_history_leaves_a_clean_city_and_is_completed(
    fresh_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "BATCH", 10)

    def stop(dossiers: int, _events: int) -> None:
        if dossiers >= 50:
            raise KeyboardInterrupt

    stopped = making.make(history(600), stop)
    kept = rows("SELECT count(*) FROM dossiers_dossier")[0][0]

    assert stopped.interrupted
    assert 0 < kept < 600
    assert verify({}, {}).broken == ()

    again = making.make(history(600))

    assert not again.interrupted
    assert (again.dossiers, again.repeated) == (600 - kept, kept)
    assert rows("SELECT count(*) FROM dossiers_dossier") == [(600,)]
    assert verify({}, {}).broken == ()


def test_a_killed_process_is_told_and_the_history_is_completed(
    fresh_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "BATCH", 10)
    parent = os.getpid()
    original = making.load

    def dies(*given: Any, **more: Any) -> Any:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*given, **more)

    with monkeypatch.context() as broken:
        broken.setattr(making, "load", dies)
        with pytest.raises(RuntimeError, match="-9"):
            making.make(history(100))

    assert making.make(history(100)).dossiers == 100
    assert verify({}, {}).broken == ()


def test_the_command_line_stops_on_ctrl_c(fresh_city: City, tmp_path: Any) -> None:
    environment = os.environ | {"DATABASE_URL": fresh_city.dsn}
    command = [sys.executable, "-m", "motcua.site.cli", "synthesize", "--dossiers", "200000", "--json"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        until(lambda: rows("SELECT count(*) > 0 FROM dossiers_dossier") == [(True,)], unless_ended=process)
        os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=60)

    assert process.returncode == 130, errors
    assert json.loads(output)["interrupted"] is True
    assert verify({}, {}).broken == ()


def test_a_city_with_real_dossiers_is_left_alone_unless_told(fresh_city: City) -> None:
    making.make(history(40))
    assert not has_real_dossiers()
    place = five_steps.communes()[0]
    lodging = five_steps.lodging(random.Random(1), place)
    door.lodge_and_accept(five_steps.version_today(), lodging, c.Accept(), place.clerk, uuid.uuid4().hex)
    assert has_real_dossiers()

    with pytest.raises(CommandError, match="--yes"):
        call_command("synthesize", dossiers=20, months=3, until="2019-05-01", stdout=StringIO())
    output = StringIO()
    call_command("synthesize", dossiers=20, months=3, until="2019-05-01", yes=True, json=True, stdout=output)

    told = json.loads(output.getvalue())
    assert told["dossiers"] == 20
    assert sum(told["channels"].values()) == 61
    assert told["until"].startswith("2019-05-02T00:00:00+07:00")


@pytest.mark.parametrize(
    "given",
    [{"dossiers": 0}, {"months": 0}, {"months": 121}, {"until": "yesterday"}, {"until": "2018-07-01", "months": 6}],
)
def test_what_cannot_be_made_is_said(db: None, given: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        call_command("synthesize", stdout=StringIO(), **given)


def test_there_is_a_wave_before_tet_nothing_in_it_and_a_wave_after(db: None) -> None:
    seasons = Seasons(calendar(), date(2018, 12, 1), date(2019, 3, 31))
    steps = zip([0.0, *seasons.at_counters[:-1]], seasons.at_counters, strict=True)
    weights = dict(zip(seasons.days, [after - before for before, after in steps], strict=True))
    tuesdays = {day: weight for day, weight in weights.items() if day.weekday() == 1}

    assert tuesdays[date(2019, 1, 22)] > 1.2 * tuesdays[date(2018, 12, 11)]
    assert weights[date(2019, 2, 5)] == 0
    # February is quieter than March but for the wave.
    assert tuesdays[date(2019, 2, 19)] > tuesdays[date(2019, 3, 12)]
    assert seasons.open_days < len(seasons.days)
    rng = random.Random(1)
    friday = [seasons.instant(rng, date(2018, 12, 7), at_counter=True).hour for _ in range(500)]
    monday = [seasons.instant(rng, date(2018, 12, 10), at_counter=True).hour for _ in range(500)]
    assert sum(hour >= 13 for hour in friday) < 0.8 * sum(hour >= 13 for hour in monday)


def test_groups_never_draw_each_others_numbers(db: None) -> None:
    found = groups(FIRST, date(2019, 4, 30), 5)

    assert sum(group.share for group in found) == pytest.approx(1)
    assert [group.apart for group in found] == [False] * (len(found) - 1) + [True]
    houses = [{place.agency for place in group.places} for group in found[:-1]]
    for at, one in enumerate(houses):
        assert all(one.isdisjoint(other) for other in houses[at + 1 :])
    assert found[0].share > 3 * found[-2].share


def test_a_full_desk_leaves_work_for_the_next_day_that_has_room(db: None) -> None:
    days = desks.WorkingDays(calendar(), date(2018, 11, 1), date(2019, 6, 30))
    desk = desks.Desk(days, 3.0, 1.0, [], stamps=False)
    monday = datetime(2018, 12, 3, 2, tzinfo=UTC)

    done = [desk.done(monday, 30).astimezone(CITY_ZONE).date().day for _ in range(8)]

    assert done == [3, 3, 3, 4, 4, 4, 5, 5]
    assert desk.done(monday, 30, urgent=True).astimezone(CITY_ZONE).date().day == 3
    assert desk.done(monday + timedelta(days=2), 30).astimezone(CITY_ZONE).date().day == 5


def test_stamps_are_done_together_and_the_courier_goes_twice_a_week(db: None) -> None:
    at = datetime(2018, 12, 7, 16, 40, tzinfo=CITY_ZONE)  # a Friday

    assert desks.next_stamp(calendar(), at) == datetime(2018, 12, 10, 10, 30, tzinfo=CITY_ZONE)
    assert desks.next_stamp(calendar(), at.replace(hour=9)) == at.replace(hour=10, minute=30)
    assert desks.next_courier(calendar(), at) == datetime(2018, 12, 11, 14, 0, tzinfo=CITY_ZONE)


def test_touches_have_the_shape_of_the_real_log() -> None:
    rng = random.Random(3)
    limit = 7200
    found = sorted(desks.touch(rng, limit) for _ in range(20_000))

    assert sum(minutes <= 9 for minutes in found) / len(found) == pytest.approx(0.8, abs=0.05)
    # A tenth of the four in ten that wait do so for longer than exp(-1.7) of the limit.
    assert sum(minutes > limit * 0.183 for minutes in found) / len(found) == pytest.approx(0.04, abs=0.01)
    assert found[-1] < limit
