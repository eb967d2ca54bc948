"""What was recorded for scores stays: rows are added and never changed, whoever asks."""

from django.db import migrations

_GUARD = """
    CREATE FUNCTION statutory_refuse_record_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'ghi nhận chỉ thêm bản mới / records of scores only grow: % on %', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END $$;
    CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON statutory_scorerecord
        FOR EACH ROW EXECUTE FUNCTION statutory_refuse_record_change();
    CREATE TRIGGER never_emptied BEFORE TRUNCATE ON statutory_scorerecord
        FOR EACH STATEMENT EXECUTE FUNCTION statutory_refuse_record_change();
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON statutory_scorerecord FROM motcua_app;
            GRANT SELECT, INSERT ON statutory_scorerecord TO motcua_app;
        END IF;
    END $$;
"""
_UNDO = """
    DROP TRIGGER insert_only ON statutory_scorerecord;
    DROP TRIGGER never_emptied ON statutory_scorerecord;
    DROP FUNCTION statutory_refuse_record_change();
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
            GRANT UPDATE, DELETE ON statutory_scorerecord TO motcua_app;
        END IF;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("statutory", "0003_scorerecord")]

    operations = [migrations.RunSQL(_GUARD, _UNDO)]
