"""What was published is never altered or deleted: its address was promised to lead to the same bytes for ever."""

from django.db import migrations

TABLES = ("opendata_release", "opendata_releasefile")
_GUARD = """
    CREATE FUNCTION opendata_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'đã công bố thì không sửa / what was published stands: % on %', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END $$;
"""
_RIGHTS = """
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
            {statement};
        END IF;
    END $$;
"""
_NAMES = ", ".join(TABLES)


class Migration(migrations.Migration):
    dependencies = [("opendata", "0001_initial")]

    operations = [
        migrations.RunSQL(_GUARD, "DROP FUNCTION opendata_refuse_change()"),
        *(
            migrations.RunSQL(
                f"""
                CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION opendata_refuse_change();
                CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
                    FOR EACH STATEMENT EXECUTE FUNCTION opendata_refuse_change();
                """,
                f"DROP TRIGGER insert_only ON {table}; DROP TRIGGER never_emptied ON {table};",
            )
            for table in TABLES
        ),
        migrations.RunSQL(
            _RIGHTS.format(statement=f"REVOKE UPDATE, DELETE, TRUNCATE ON {_NAMES} FROM motcua_app"),
            _RIGHTS.format(statement=f"GRANT UPDATE, DELETE ON {_NAMES} TO motcua_app"),
        ),
    ]
