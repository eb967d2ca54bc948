"""What Django's own constraints cannot say: residents and officials stay apart, and what happened stays recorded."""

from django.db import migrations

SIDES_APART = """
CREATE FUNCTION accounts_sides_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT side FROM organisation_account WHERE id = NEW.account_id) <> TG_ARGV[0] THEN
        RAISE EXCEPTION 'this account belongs to the other side than %', TG_ARGV[0];
    END IF;
    RETURN NEW;
END $$"""
ONLY_RESIDENTS = """
CREATE TRIGGER accounts_only_residents BEFORE INSERT OR UPDATE OF account_id ON accounts_residentaccount
FOR EACH ROW EXECUTE FUNCTION accounts_sides_apart('resident')"""
ONLY_OFFICIALS = """
CREATE TRIGGER accounts_only_officials BEFORE INSERT OR UPDATE OF account_id ON organisation_appointment
FOR EACH ROW EXECUTE FUNCTION accounts_sides_apart('official')"""
SIDE_STANDS = """
CREATE FUNCTION accounts_side_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an account never changes sides';
END $$"""
NO_CHANGE_OF_SIDE = """
CREATE TRIGGER accounts_side_stands BEFORE UPDATE OF side ON organisation_account
FOR EACH ROW WHEN (OLD.side IS DISTINCT FROM NEW.side) EXECUTE FUNCTION accounts_side_stands()"""
REFUSE = """
CREATE FUNCTION accounts_event_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what happened to an account is never altered';
END $$"""
STANDS = """
CREATE TRIGGER accounts_event_stands BEFORE UPDATE OR DELETE ON accounts_accountevent
FOR EACH ROW EXECUTE FUNCTION accounts_event_stands()"""
ONLY_ADD = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON accounts_accountevent FROM motcua_app;
    END IF;
END $$"""
ALLOW_AGAIN = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
        GRANT UPDATE, DELETE ON accounts_accountevent TO motcua_app;
    END IF;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("organisation", "0003_residents_apart")]

    operations = [
        migrations.RunSQL(SIDES_APART, "DROP FUNCTION accounts_sides_apart()"),
        migrations.RunSQL(ONLY_RESIDENTS, "DROP TRIGGER accounts_only_residents ON accounts_residentaccount"),
        migrations.RunSQL(ONLY_OFFICIALS, "DROP TRIGGER accounts_only_officials ON organisation_appointment"),
        migrations.RunSQL(SIDE_STANDS, "DROP FUNCTION accounts_side_stands()"),
        migrations.RunSQL(NO_CHANGE_OF_SIDE, "DROP TRIGGER accounts_side_stands ON organisation_account"),
        migrations.RunSQL(REFUSE, "DROP FUNCTION accounts_event_stands()"),
        migrations.RunSQL(STANDS, "DROP TRIGGER accounts_event_stands ON accounts_accountevent"),
        migrations.RunSQL(ONLY_ADD, ALLOW_AGAIN),
    ]
