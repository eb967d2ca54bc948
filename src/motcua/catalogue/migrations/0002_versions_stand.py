"""A published version is never altered or deleted: dossiers point to it, and what was promised stays provable."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION catalogue_version_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'version % of % is published: publish a new version instead', OLD.version, OLD.code;
END $$"""
STANDS = """
CREATE TRIGGER catalogue_version_stands BEFORE UPDATE OR DELETE ON catalogue_procedureversion
FOR EACH ROW EXECUTE FUNCTION catalogue_version_stands()"""
ONLY_ADD = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON catalogue_procedureversion FROM motcua_app;
    END IF;
END $$"""
ALLOW_AGAIN = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
        GRANT UPDATE, DELETE ON catalogue_procedureversion TO motcua_app;
    END IF;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION catalogue_version_stands()"),
        migrations.RunSQL(STANDS, "DROP TRIGGER catalogue_version_stands ON catalogue_procedureversion"),
        migrations.RunSQL(ONLY_ADD, ALLOW_AGAIN),
    ]
