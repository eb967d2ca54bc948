"""What was handed in stands: rows of a version change only while it is a draft, acts and uploads are only added.

A form's content stands from the first campaign opened with it.
"""

from django.db import migrations

_ACTS = """
    CREATE FUNCTION campaigns_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'việc đã làm chỉ được ghi thêm / what was done is only added to: % on %', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END $$;
    CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON campaigns_actdone
        FOR EACH ROW EXECUTE FUNCTION campaigns_refuse_change();
    CREATE TRIGGER never_emptied BEFORE TRUNCATE ON campaigns_actdone
        FOR EACH STATEMENT EXECUTE FUNCTION campaigns_refuse_change();
"""
_VERSIONS = """
    CREATE FUNCTION campaigns_version_stands() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'bản trả lời không bị xóa / a version is never deleted'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF OLD.state <> 'draft' AND (NEW.lines IS DISTINCT FROM OLD.lines OR NEW.hands IS DISTINCT FROM OLD.hands
                OR NEW.no <> OLD.no OR NEW.answer_id <> OLD.answer_id OR NEW.words IS DISTINCT FROM OLD.words
                OR NEW.state = 'draft') THEN
            RAISE EXCEPTION 'bản đã nộp không sửa được / what was handed in is never altered'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER version_stands BEFORE UPDATE OR DELETE ON campaigns_version
        FOR EACH ROW EXECUTE FUNCTION campaigns_version_stands();
"""
_FORMS = """
    CREATE FUNCTION campaigns_form_stands() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.opened AND (TG_OP = 'DELETE' OR NEW.content <> OLD.content OR NEW.code <> OLD.code
                OR NEW.number <> OLD.number OR NOT NEW.opened) THEN
            RAISE EXCEPTION 'biểu đã mở đợt không sửa được / a form in use is never altered'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER form_stands BEFORE UPDATE OR DELETE ON campaigns_formversion
        FOR EACH ROW EXECUTE FUNCTION campaigns_form_stands();
"""
_RIGHTS = """
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON campaigns_actdone FROM motcua_app;
        END IF;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [
        migrations.RunSQL(
            _ACTS,
            """
            DROP TRIGGER insert_only ON campaigns_actdone; DROP TRIGGER never_emptied ON campaigns_actdone;
            DROP FUNCTION campaigns_refuse_change();
            """,
        ),
        migrations.RunSQL(
            _VERSIONS, "DROP TRIGGER version_stands ON campaigns_version; DROP FUNCTION campaigns_version_stands();"
        ),
        migrations.RunSQL(
            _FORMS, "DROP TRIGGER form_stands ON campaigns_formversion; DROP FUNCTION campaigns_form_stands();"
        ),
        migrations.RunSQL(_RIGHTS, migrations.RunSQL.noop),
    ]
