"""Every statement that runs often is answered from an index, however many dossiers there are."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from benchmarks import five_steps
from django.db import connection

from cities import connected_to, drop_city, new_city
from motcua.dossiers import followers, journal, search, store, timers
from motcua.dossiers.bulk import load
from motcua.dossiers.handle import Done, handle, lodge_and_accept
from motcua.dossiers.inbox import FILTERS, Inbox
from motcua.dossiers.policy import may_see
from motcua.law import commands as c
from motcua.law.actor import Actor, Grant
from motcua.law.dossier import Dossier
from motcua.office.counter import online
from motcua.office.desk import handovers
from motcua.portal.mine import finding
from motcua.reports import ratings

LOADED = 12_000
NOW = datetime.now(UTC)

Plan = dict[str, Any]


@pytest.fixture(scope="module")
def large_city(city_server: Any, django_db_blocker: Any) -> Iterator[None]:
    """A city with so many dossiers that reading them all would never be the planner's choice."""
    with django_db_blocker.unblock():
        city = new_city(city_server)
        try:
            with connected_to(city.database):
                load(five_steps.history(LOADED, five_steps.version_today()))
                with psycopg.connect(city.owner_dsn, autocommit=True) as owner:
                    owner.execute("VACUUM ANALYZE")
                yield
        finally:
            drop_city(city)


class _Watch:
    """Explains every statement that `store` sends, just before it is run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plans: list[tuple[str, Plan]] = []
        watch = self

        class Explaining(psycopg.Cursor[Any]):
            def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
                if any(verb in query for verb in ("SELECT", "INSERT", "UPDATE", "DELETE")):
                    super().execute(f"EXPLAIN (FORMAT JSON) {query}", params)
                    row = self.fetchone()
                    assert row is not None
                    watch.plans.append((query, row[0][0]["Plan"]))
                return super().execute(query, params, **more)

        def cursor() -> Any:
            connection.ensure_connection()
            return Explaining(connection.connection)

        monkeypatch.setattr(store, "cursor", cursor)

    def whole_tables(self) -> list[str]:
        """What was read from end to end, with the statement."""
        return [
            f"{node['Relation Name']}: {' '.join(query.split())[:200]}"
            for query, plan in self.plans
            for node in _nodes(plan)
            if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE
        ]


LARGE = {
    "dossiers_dossier",
    "dossiers_event",
    "dossiers_name",
    "dossiers_task",
    "dossiers_lookup",
    "dossiers_outbox",
    "dossiers_counter",
}


def _nodes(plan: Plan) -> Iterator[Plan]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)


@pytest.fixture
def watch(large_city: None, monkeypatch: pytest.MonkeyPatch) -> _Watch:
    return _Watch(monkeypatch)


def clerk() -> Actor:
    return five_steps.communes()[0].clerk


def leader_above() -> Actor:
    """Somebody whose post oversees many communes."""
    district = next(each for each in five_steps.directory().by_number.values() if each.tier == "district")
    grants = (Grant(agency=district.number, role="leader"), Grant(agency=district.number, role="one_stop_head"))
    return Actor(account=99, name="Phạm Đức Long", grants=grants)


def some_dossier() -> Dossier:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM dossiers_dossier WHERE receiving = %s AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1",
            [five_steps.communes()[0].number],
        )
        stored = store.read(cursor.fetchone()[0])
    assert stored is not None
    return stored[0]


def test_the_guard_sees_a_whole_table_being_read(watch: _Watch) -> None:
    with store.cursor() as run:
        run.execute("SELECT count(*) FROM dossiers_event WHERE payload LIKE '%nobody%'")

    assert len(watch.whole_tables()) == 1


def test_a_whole_life(watch: _Watch) -> None:
    place = five_steps.communes()[0]
    lodging = five_steps.lodging(random.Random(1), place)
    done = lodge_and_accept(five_steps.version_today(), lodging, c.Accept(), place.clerk, "plans")
    while isinstance(done, Done) and (following := five_steps.step(done.state, place)) is not None:
        done = handle(done.dossier_id, *following, f"plans/{done.seq}", seen=done.seq)

    assert isinstance(done, Done)
    assert done.state.phase == "ended"
    assert len(watch.plans) > 15
    assert watch.whole_tables() == []


@pytest.mark.parametrize("which", FILTERS)
@pytest.mark.parametrize("actor", [clerk, leader_above])
def test_the_inbox(watch: _Watch, actor: Callable[[], Actor], which: Any) -> None:
    inbox = Inbox(actor(), NOW, NOW + timedelta(hours=10))
    inbox.counts()
    inbox.procedures()
    _, after = inbox.page(which, limit=1)
    if after:
        inbox.page(which, after)

    assert watch.whole_tables() == []


def test_what_was_sent_and_not_confirmed(watch: _Watch) -> None:
    agencies = [grant.agency for grant in clerk().grants]
    handovers.sent(agencies)
    handovers.sent_total(agencies)

    assert watch.whole_tables() == []


@pytest.mark.parametrize("actor", [clerk, leader_above])
def test_searching(watch: _Watch, actor: Callable[[], Actor]) -> None:
    wanted = some_dossier()
    assert [each.id for each in search.search(clerk(), wanted.code)] == [wanted.id]
    found = search.by_token(wanted.token)
    assert found is not None
    assert found.id == wanted.id
    search.by_code(wanted.code)
    for query in (wanted.code, wanted.applicant.number, wanted.applicant.name, wanted.applicant.name.split()[0]):
        search.search(actor(), query)
    search.earlier(actor(), wanted.procedure, wanted.applicant.number, wanted.applicant.name)
    search.earlier(actor(), wanted.procedure, "", wanted.applicant.name)

    assert watch.whole_tables() == []


def test_looking_at_a_dossier(watch: _Watch) -> None:
    wanted = some_dossier()
    journal.history(wanted.id)
    journal.sealed_events(wanted.id)
    may_see(leader_above(), wanted)
    store.lodged_as("history/1/5")

    assert len(watch.plans) >= 4
    assert watch.whole_tables() == []


def test_a_residents_own_dossiers(watch: _Watch) -> None:
    assert search.mine(900) == []
    for accounts in ([900], [900, 901, 902]):
        assert finding.counts(accounts) == {"open": 0, "done": 0}
        assert finding.open_ones(accounts) == ([], "")
        assert finding.done_ones(accounts, "123") == ([], "")
        assert finding.pressing_ones(accounts) == []
        assert finding.unrated_ones(accounts) == []

    assert watch.whole_tables() == []


def test_what_came_in_online(watch: _Watch) -> None:
    agencies = [row[0] for row in _rows("SELECT DISTINCT receiving FROM dossiers_dossier LIMIT 3")]
    online.waiting(agencies, NOW)

    assert watch.whole_tables() == []


def test_the_ratings_of_some_dossiers(watch: _Watch) -> None:
    ids = [row[0] for row in _rows("SELECT id FROM dossiers_dossier LIMIT 20")]
    ratings.follow(ids)
    ratings.summary([1])

    assert watch.whole_tables() == []


def _rows(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def test_followers_and_timers(watch: _Watch) -> None:
    taken: list[int] = []
    followers.follow("plans", taken.extend, limit=50)
    followers.follow("plans", taken.extend, limit=50)
    timers.close_unanswered()
    timers.speak_for_the_silent()

    assert len(taken) == 100
    assert watch.whole_tables() == []
