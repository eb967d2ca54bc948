"""What was reported or signed for a target, and what an index once asked, is never changed: rows are only added."""

from django.db import migrations

INSERT_ONLY = ("steering_targetvalue", "steering_targetsignature", "steering_indexversion")
_GUARD = """
    CREATE FUNCTION steering_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'chỉ được ghi thêm / rows are only added: % on %', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END $$;
"""
_RIGHTS = """
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN {statements} END IF;
    END $$;
"""
_TABLES = ", ".join(INSERT_ONLY)


class Migration(migrations.Migration):
    dependencies = [("steering", "0001_initial")]

    operations = [
        migrations.RunSQL(_GUARD, "DROP FUNCTION steering_refuse_change()"),
        *(
            migrations.RunSQL(
                f"""
                CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION steering_refuse_change();
                CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
                    FOR EACH STATEMENT EXECUTE FUNCTION steering_refuse_change();
                """,
                f"DROP TRIGGER insert_only ON {table}; DROP TRIGGER never_emptied ON {table};",
            )
            for table in INSERT_ONLY
        ),
        migrations.RunSQL(
            _RIGHTS.format(statements=f"REVOKE UPDATE, DELETE, TRUNCATE ON {_TABLES} FROM motcua_app;"),
            _RIGHTS.format(statements=f"GRANT UPDATE, DELETE ON {_TABLES} TO motcua_app;"),
        ),
    ]
