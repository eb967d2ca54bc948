"""What the figures ask of a large city is answered from an index, however many dossiers there are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from benchmarks import five_steps
from django.db import connection

from cities import connected_to, drop_city, new_city
from motcua.dossiers import store
from motcua.dossiers.bulk import load
from motcua.law.working_time import city_day
from motcua.reports import stock
from motcua.reports.figures import Board, Filter, by_month, months_to, of_day, of_period, open_now
from motcua.reports.lists import KINDS, Listing
from motcua.reports.periods import containing
from motcua.reports.rebuilding import rebuild
from reports.town import as_owner

LOADED = 12_000
LARGE = {"reports_dossierfact", "reports_stagefact", "reports_span", "dossiers_event", "dossiers_dossier"}
NOW = datetime.now(UTC)
Plan = dict[str, Any]


@pytest.fixture(scope="module")
def large_city(city_server: Any, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        city = new_city(city_server)
        try:
            with connected_to(city.database):
                load(five_steps.history(LOADED, five_steps.version_today()))
                with as_owner():
                    rebuild()
                with psycopg.connect(city.owner_dsn, autocommit=True) as owner:
                    owner.execute("VACUUM ANALYZE")
                yield
        finally:
            drop_city(city)


@pytest.fixture
def read_whole(large_city: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The large tables that were read from end to end, with the statement."""
    found: list[str] = []

    class Explaining(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            super().execute(f"EXPLAIN (FORMAT JSON) {query}", params)
            row = self.fetchone()
            assert row is not None
            found.extend(
                f"{node['Relation Name']}: {' '.join(query.split())[:300]}"
                for node in _nodes(row[0][0]["Plan"])
                if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE
            )
            return super().execute(query, params, **more)

    def cursor() -> Any:
        connection.ensure_connection()
        return Explaining(connection.connection)

    monkeypatch.setattr(store, "cursor", cursor)
    return found


def _nodes(plan: Plan) -> Iterator[Plan]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)


def here() -> Filter:
    """One month of the whole city."""
    return months_to(city_day(NOW) - timedelta(days=30), 1)


def test_the_guard_sees_a_whole_table_being_read(read_whole: list[str]) -> None:
    with store.cursor() as run:
        run.execute("SELECT count(*) FROM reports_stagefact WHERE step LIKE '%nothing%'")
    assert len(read_whole) == 1


def test_figures_of_a_month_of_a_day_and_of_now(read_whole: list[str]) -> None:
    assert Board(here(), NOW).total.received > 100
    assert of_day(city_day(NOW) - timedelta(days=10)).received > 10
    assert open_now(here(), NOW).open_accepted > 10
    assert len(by_month(months_to(city_day(NOW)))) == 12
    assert read_whole == []


@pytest.mark.parametrize("days", [0, 100, 250])
def test_what_was_open_at_an_instant(read_whole: list[str], days: int) -> None:
    at = NOW - timedelta(days=days)
    stock.as_of(at, here())
    stock.page(at, here(), ("in_time", "overdue"))
    stock.from_sums(containing(city_day(at), "month").first, here())
    assert read_whole == []


def test_the_list_behind_every_figure(read_whole: list[str]) -> None:
    month = of_period(containing(city_day(NOW) - timedelta(days=40), "month", report=True))
    for kind in KINDS:
        if kind != "replayed":
            Listing(month, kind, NOW).page()
    assert read_whole == []
