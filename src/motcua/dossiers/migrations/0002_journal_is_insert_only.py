"""What the tables' definitions cannot say: the outbox draws its positions itself, and the journal only grows."""

from django.db import migrations

_OUTBOX = """
    ALTER TABLE dossiers_outbox ALTER COLUMN pos ADD GENERATED ALWAYS AS IDENTITY;
    ALTER TABLE dossiers_outbox ALTER COLUMN xid SET DEFAULT pg_current_xact_id()::text::bigint;
"""

_STORAGE = """
    ALTER TABLE dossiers_dossier SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
    ALTER TABLE dossiers_task SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
    ALTER TABLE dossiers_outbox SET (autovacuum_vacuum_scale_factor = 0.02);
"""

_GUARD = """
    CREATE FUNCTION dossiers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'nhật ký chỉ được ghi thêm / the journal only grows: % on %', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END $$;
"""

SEALED = ("dossiers_event", "dossiers_checkpoint", "dossiers_checkpointleaf")

_RIGHTS = """
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON {tables} FROM motcua_app;
            GRANT SELECT, INSERT ON {tables} TO motcua_app;
        END IF;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial")]

    operations = [
        migrations.RunSQL(
            _OUTBOX,
            """
            ALTER TABLE dossiers_outbox ALTER COLUMN xid DROP DEFAULT;
            ALTER TABLE dossiers_outbox ALTER COLUMN pos DROP IDENTITY;
            """,
        ),
        migrations.RunSQL(
            _STORAGE,
            """
            ALTER TABLE dossiers_dossier RESET (fillfactor, autovacuum_vacuum_scale_factor);
            ALTER TABLE dossiers_task RESET (fillfactor, autovacuum_vacuum_scale_factor);
            ALTER TABLE dossiers_outbox RESET (autovacuum_vacuum_scale_factor);
            """,
        ),
        migrations.RunSQL(_GUARD, "DROP FUNCTION dossiers_refuse_change()"),
        *(
            migrations.RunSQL(
                f"""
                CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION dossiers_refuse_change();
                CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
                    FOR EACH STATEMENT EXECUTE FUNCTION dossiers_refuse_change();
                """,
                f"DROP TRIGGER insert_only ON {table}; DROP TRIGGER never_emptied ON {table};",
            )
            for table in SEALED
        ),
        migrations.RunSQL(
            _RIGHTS.format(tables=", ".join(SEALED)),
            _RIGHTS.format(tables=", ".join(SEALED))
            .replace("REVOKE UPDATE, DELETE, TRUNCATE ON", "GRANT UPDATE, DELETE ON")
            .replace("FROM motcua_app;\n            GRANT", "TO motcua_app;\n            GRANT"),
        ),
    ]
