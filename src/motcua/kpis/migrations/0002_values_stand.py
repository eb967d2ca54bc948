"""A published value is never altered or taken away: what was said of a period stays said."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION kpis_value_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the value of % for % is published: publish another version instead', OLD.code, OLD.period;
END $$"""
STANDS = """
CREATE TRIGGER kpis_value_stands BEFORE UPDATE OR DELETE ON kpis_value
FOR EACH ROW EXECUTE FUNCTION kpis_value_stands()"""
ONLY_ADD = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON kpis_value FROM motcua_app;
    END IF;
END $$"""
ALLOW_AGAIN = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
        GRANT UPDATE, DELETE ON kpis_value TO motcua_app;
    END IF;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("kpis", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION kpis_value_stands()"),
        migrations.RunSQL(STANDS, "DROP TRIGGER kpis_value_stands ON kpis_value"),
        migrations.RunSQL(ONLY_ADD, ALLOW_AGAIN),
    ]
