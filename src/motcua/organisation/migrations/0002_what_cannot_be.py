"""What Django's own constraints cannot say: no post twice at a time, and no change of the record of changes.

Numbers are compared as ranges of one, because GiST can compare ranges without any extension.
"""

from django.db import migrations

APPOINTED_ONCE = """
ALTER TABLE organisation_appointment ADD CONSTRAINT appointment_once_at_a_time EXCLUDE USING gist (
    int8range(account_id, account_id, '[]') WITH =,
    int4range(agency_id, agency_id, '[]') WITH =,
    int4range(role_id::int, role_id::int, '[]') WITH =,
    daterange(valid_from, valid_to, '[]') WITH &&
) WHERE (cancelled_at IS NULL)"""
DELEGATED_ONCE = """
ALTER TABLE organisation_delegation ADD CONSTRAINT delegation_once_at_a_time EXCLUDE USING gist (
    int8range(from_account_id, from_account_id, '[]') WITH =,
    int8range(to_account_id, to_account_id, '[]') WITH =,
    int4range(agency_id, agency_id, '[]') WITH =,
    int4range(role_id::int, role_id::int, '[]') WITH =,
    daterange(valid_from, valid_to, '[]') WITH &&
) WHERE (cancelled_at IS NULL)"""
REFUSE = """
CREATE FUNCTION organisation_change_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of changes of the organisation is never altered';
END $$"""
STANDS = """
CREATE TRIGGER organisation_change_stands BEFORE UPDATE OR DELETE ON organisation_change
FOR EACH ROW EXECUTE FUNCTION organisation_change_stands()"""
ONLY_ADD = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON organisation_change FROM motcua_app;
    END IF;
END $$"""
ALLOW_AGAIN = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
        GRANT UPDATE, DELETE ON organisation_change TO motcua_app;
    END IF;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]

    operations = [
        migrations.RunSQL(
            APPOINTED_ONCE, "ALTER TABLE organisation_appointment DROP CONSTRAINT appointment_once_at_a_time"
        ),
        migrations.RunSQL(
            DELEGATED_ONCE, "ALTER TABLE organisation_delegation DROP CONSTRAINT delegation_once_at_a_time"
        ),
        migrations.RunSQL(REFUSE, "DROP FUNCTION organisation_change_stands()"),
        migrations.RunSQL(STANDS, "DROP TRIGGER organisation_change_stands ON organisation_change"),
        migrations.RunSQL(ONLY_ADD, ALLOW_AGAIN),
    ]
