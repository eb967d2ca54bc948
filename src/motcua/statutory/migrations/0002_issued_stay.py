"""What was issued stays: rows are added and never changed, whoever asks."""

from django.db import migrations

_GUARD = """
    CREATE FUNCTION statutory_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'báo cáo đã phát hành chỉ thêm bản mới / issued reports only grow: % on %', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END $$;
    CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON statutory_issuedreport
        FOR EACH ROW EXECUTE FUNCTION statutory_refuse_change();
    CREATE TRIGGER never_emptied BEFORE TRUNCATE ON statutory_issuedreport
        FOR EACH STATEMENT EXECUTE FUNCTION statutory_refuse_change();
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON statutory_issuedreport FROM motcua_app;
            GRANT SELECT, INSERT ON statutory_issuedreport TO motcua_app;
        END IF;
    END $$;
"""
_UNDO = """
    DROP TRIGGER insert_only ON statutory_issuedreport;
    DROP TRIGGER never_emptied ON statutory_issuedreport;
    DROP FUNCTION statutory_refuse_change();
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
            GRANT UPDATE, DELETE ON statutory_issuedreport TO motcua_app;
        END IF;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("statutory", "0001_initial")]

    operations = [migrations.RunSQL(_GUARD, _UNDO)]
