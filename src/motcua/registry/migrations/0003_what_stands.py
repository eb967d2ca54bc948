"""What the tables' definitions cannot say: who asked is never altered, and what is believed says one thing of a day.

Numbers are compared as ranges of one, because GiST can compare ranges without any extension.
"""

from django.db import migrations

ONE_TRUTH = """
ALTER TABLE registry_statement ADD CONSTRAINT statement_says_one_thing EXCLUDE USING gist (
    int8range(resident_id, resident_id, '[]') WITH =,
    int4range(fact::int, fact::int, '[]') WITH =,
    daterange(valid_from, valid_to, '[)') WITH &&
) WHERE (known_to IS NULL) DEFERRABLE INITIALLY DEFERRED"""

GUARDS = """
CREATE FUNCTION registry_access_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ai đã tra cứu không được sửa / who asked is never altered: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON registry_access
    FOR EACH ROW EXECUTE FUNCTION registry_access_stands();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON registry_access
    FOR EACH STATEMENT EXECUTE FUNCTION registry_access_stands();

CREATE FUNCTION registry_statement_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.known_to IS NULL AND NEW.known_to IS NOT NULL
       AND (OLD.id, OLD.resident_id, OLD.fact, OLD.value, OLD.valid_from, OLD.known_from, OLD.source, OLD.dossier, OLD.by)
         = (NEW.id, NEW.resident_id, NEW.fact, NEW.value, NEW.valid_from, NEW.known_from, NEW.source, NEW.dossier, NEW.by)
       AND OLD.valid_to IS NOT DISTINCT FROM NEW.valid_to THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'điều đã ghi không được sửa / what was said is never altered: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER only_ended BEFORE UPDATE OR DELETE ON registry_statement
    FOR EACH ROW EXECUTE FUNCTION registry_statement_stands();
"""

UNGUARDED = """
DROP TRIGGER only_ended ON registry_statement;
DROP FUNCTION registry_statement_stands();
DROP TRIGGER never_emptied ON registry_access;
DROP TRIGGER insert_only ON registry_access;
DROP FUNCTION registry_access_stands();
"""

RIGHTS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
        {verb} UPDATE, DELETE ON registry_access {to} motcua_app;
        {verb} DELETE ON registry_statement {to} motcua_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_population")]

    operations = [
        migrations.RunSQL(ONE_TRUTH, "ALTER TABLE registry_statement DROP CONSTRAINT statement_says_one_thing"),
        migrations.RunSQL(GUARDS, UNGUARDED),
        migrations.RunSQL(
            RIGHTS.format(verb="REVOKE", to="FROM"),
            RIGHTS.format(verb="GRANT", to="TO"),
        ),
    ]
