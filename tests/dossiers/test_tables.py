"""What the tables themselves forbid: who may write the journal, what may be unique, and that all can be undone."""

from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from cities import City
from dossiers.permits import Permit, rows_of, set_watch
from motcua.site.databases import as_owner

SEALED = ("dossiers_event", "dossiers_checkpoint", "dossiers_checkpointleaf")


@pytest.fixture
def lived_in(fresh_city: City, monkeypatch: pytest.MonkeyPatch) -> City:
    """A city with a dossier in it."""
    set_watch(monkeypatch)
    Permit().accept()
    connection.close()
    return fresh_city


@pytest.fixture
def application(lived_in: City) -> Iterator[psycopg.Connection]:
    """Signed in as the application."""
    with psycopg.connect(lived_in.dsn, autocommit=True) as link:
        yield link


def test_the_application_may_only_add_to_what_is_sealed(application: psycopg.Connection) -> None:
    for table in SEALED:
        column = "number" if table.endswith("checkpoint") else "dossier_id"
        for query in (f"UPDATE {table} SET {column} = 1", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
                application.execute(query)  # type: ignore[arg-type]


def test_the_application_may_neither_own_nor_unguard_what_is_sealed(application: psycopg.Connection) -> None:
    for table in SEALED:
        for query in (
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"DROP TABLE {table}",
            f"DROP TRIGGER insert_only ON {table}",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(query)  # type: ignore[arg-type]
    row = application.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row == (False,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute("SET session_replication_role = replica")


def test_even_the_owner_is_refused_by_the_trigger(lived_in: City) -> None:
    for query in ("UPDATE dossiers_event SET actor = 'x'", "DELETE FROM dossiers_event", "TRUNCATE dossiers_event"):
        with (
            psycopg.connect(lived_in.owner_dsn) as owner,
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="the journal only grows"),
        ):
            owner.execute(query)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_every_foreign_key_has_an_index_that_begins_with_it() -> None:
    found = rows_of("""
        SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c
         WHERE c.contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_index i
             WHERE i.indrelid = c.conrelid
               -- An index of the rows that name anything finds whoever names a row.
               AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = format('(%%I IS NOT NULL)', (
                    SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = c.conkey[1])))
               AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)
    """)
    assert found == []


@pytest.mark.django_db
def test_nothing_unique_and_no_foreign_key_stands_in_the_way_of_distribution() -> None:
    """Citus asks that what is unique in a distributed table contains the column it is distributed by."""
    distributed = {"dossiers_dossier": "id"} | dict.fromkeys(
        ("dossiers_event", "dossiers_name", "dossiers_task", "dossiers_outbox", "dossiers_checkpointleaf"), "dossier_id"
    )
    for table, column in distributed.items():
        unique = rows_of(
            """SELECT i.indexrelid::regclass::text, array_agg(a.attname::text) FROM pg_index i
               JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
              WHERE i.indisunique AND i.indrelid = %s::regclass GROUP BY 1""",
            table,
        )
        assert unique, table
        assert all(column in columns for _name, columns in unique), unique
    assert (
        rows_of("SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text LIKE 'dossiers_%%'")
        == []
    )
    assert (
        rows_of(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND confrelid::regclass::text LIKE 'dossiers_%%'"
        )
        == []
    )


def test_hot_questions_are_answered_from_an_index(fresh_city: City) -> None:
    questions = {
        "SELECT state FROM dossiers_dossier WHERE code = 'x'": "dossier_code",
        "SELECT state FROM dossiers_dossier WHERE token = 'x'": "dossier_token",
        "SELECT id FROM dossiers_dossier WHERE applicant_number = 'x' AND applicant_number <> ''": (
            "dossier_applicant_number"
        ),
        "SELECT dossier_id FROM dossiers_name WHERE key LIKE 'nguyen van%'": "name_in_city",
        "SELECT dossier_id FROM dossiers_name WHERE receiving = 7 AND key LIKE 'nguyen van%'": "name_of_agency",
        "SELECT no FROM dossiers_task WHERE agency = 1 ORDER BY due_at, dossier_id, no LIMIT 50": "task_inbox",
        "SELECT no FROM dossiers_task WHERE assignee = 9 AND assignee <> 0 ORDER BY due_at LIMIT 50": "task_mine",
        "SELECT pos FROM dossiers_outbox WHERE (xid, pos) > (1, 1) ORDER BY xid, pos LIMIT 9": "outbox_order",
        "SELECT seq FROM dossiers_event WHERE dossier_id = 1 AND key = 'k' AND key <> ''": "event_once",
    }
    # In an empty table one index answers as cheaply as the one made for the question: a coin toss. Only the owner of a
    # table may have it looked at.
    with psycopg.connect(fresh_city.owner_dsn, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO dossiers_event (dossier_id, seq, at, type, actor, agency, key, payload, hash)"
            " SELECT 1, n, now(), 'forwarded', '', 1, 'k' || n, '', '' FROM generate_series(1, 500) n"
        )
        owner.execute(
            "INSERT INTO dossiers_name (dossier_id, receiving, key)"
            " SELECT n, n % 50, 'nguyen van ' || n FROM generate_series(1, 2000) n"
        )
        owner.execute("ANALYZE dossiers_event, dossiers_name")
        owner.execute("SET enable_seqscan = off; SET enable_sort = off")
        for query, index in questions.items():
            plan = "\n".join(line for (line,) in owner.execute(f"EXPLAIN {query}").fetchall())  # type: ignore[arg-type]
            assert index in plan, f"{query}\n{plan}"


@pytest.mark.django_db
def test_the_applications_connection_compiles_nothing() -> None:
    assert rows_of("SHOW jit") == [("off",)]


def test_the_hearts_migrations_go_back_to_nothing_and_forward_again(fresh_city: City) -> None:
    def shape() -> list[tuple[object, ...]]:
        tables = rows_of(
            "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
            " WHERE table_name LIKE 'dossiers_%%' ORDER BY 1, 2"
        )
        indexes = rows_of("SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'dossiers_%%' ORDER BY 1")
        triggers = rows_of(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgrelid::regclass::text LIKE 'dossiers_%%' ORDER BY 2, 1"
        )
        rights = rows_of(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = 'motcua_app' AND table_name LIKE 'dossiers_%%' ORDER BY 1, 2"
        )
        return [*tables, *indexes, *triggers, *rights]

    before = shape()
    with as_owner():
        call_command("migrate", "dossiers", "zero", verbosity=0)
        assert rows_of("SELECT FROM information_schema.tables WHERE table_name LIKE 'dossiers_%%'") == []
        assert rows_of("SELECT FROM pg_proc WHERE proname = 'dossiers_refuse_change'") == []
        call_command("migrate", verbosity=0)
        assert {name for app, name in MigrationRecorder(connection).applied_migrations() if app == "dossiers"}
    assert shape() == before
    with transaction.atomic():
        assert rows_of("SELECT count(*) FROM dossiers_event") == [(0,)]
