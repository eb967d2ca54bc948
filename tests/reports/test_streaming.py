"""Long answers come in parts, from one snapshot, and leave no connection behind."""

import psycopg
import pytest
from django.db import connection

from cities import City
from motcua.dossiers import clock
from motcua.exports.models import Export
from motcua.reports.streaming import batches, counted

SERIES = "SELECT n FROM generate_series(1, %(most)s) AS n ORDER BY n"


def connections(city: City) -> int:
    with psycopg.connect(city.owner_dsn, autocommit=True) as link:
        row = link.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", (city.database,)
        ).fetchone()
    return row[0] if row else 0


def one(number: int) -> None:
    Export.objects.create(
        account=number, kind="k", format="csv", title="t", sameness=str(number), ordered_at=clock.now()
    )


def test_every_row_comes_once_in_parts(fresh_city: City) -> None:
    parts = list(batches(SERIES, {"most": 2500}, 1000))
    assert [len(part) for part in parts] == [1000, 1000, 500]
    assert [row[0] for part in parts for row in part] == list(range(1, 2501))
    assert counted(SERIES, {"most": 2500}) == 2500
    assert list(batches(SERIES, {"most": 0})) == []


def test_what_is_written_meanwhile_is_not_in_it_and_can_be_written(fresh_city: City) -> None:
    for number in range(10):
        one(number)
    query = "SELECT account FROM exports_export ORDER BY id"
    source = batches(query, {}, 4)
    seen = [row[0] for row in next(iter(source))]
    Export.objects.filter(account=9).delete()
    one(99)
    seen += [row[0] for part in source for row in part]
    assert seen == list(range(10))
    assert counted(query, {}) == 10


def test_whoever_stops_half_way_leaves_no_connection_behind(fresh_city: City) -> None:
    connection.ensure_connection()
    before = connections(fresh_city)
    source = batches(SERIES, {"most": 10_000}, 100)
    next(iter(source))
    assert connections(fresh_city) == before + 1
    source.close()  # type: ignore[attr-defined]
    assert connections(fresh_city) == before
    with pytest.raises(psycopg.Error):
        list(batches("SELECT 1 / (%(most)s - n) FROM generate_series(1, 10) AS n", {"most": 5}))
    assert connections(fresh_city) == before


def test_it_cannot_write(fresh_city: City) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        list(batches("SELECT nextval(%(sequence)s)", {"sequence": "exports_export_id_seq"}))
