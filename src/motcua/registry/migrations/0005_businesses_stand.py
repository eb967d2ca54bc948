"""What is said of a business is never altered and says one thing of a day; a tax code has its check digit.

`by` is a word of PL/pgSQL and must be quoted there: without that, what was said of a resident could not even end.
"""

from django.db import migrations

ONE_TRUTH = """
ALTER TABLE registry_businessstatement ADD CONSTRAINT business_says_one_thing EXCLUDE USING gist (
    int8range(hashtextextended(business_id, 0), hashtextextended(business_id, 0), '[]') WITH =,
    daterange(valid_from, valid_to, '[)') WITH &&
) WHERE (known_to IS NULL) DEFERRABLE INITIALLY DEFERRED"""

GUARD = """
CREATE FUNCTION registry_business_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.known_to IS NULL AND NEW.known_to IS NOT NULL
       AND (OLD.id, OLD.business_id, OLD.value, OLD.valid_from, OLD.known_from, OLD.source, OLD.dossier, OLD."by")
         = (NEW.id, NEW.business_id, NEW.value, NEW.valid_from, NEW.known_from, NEW.source, NEW.dossier, NEW."by")
       AND OLD.valid_to IS NOT DISTINCT FROM NEW.valid_to THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'điều đã ghi không được sửa / what was said is never altered: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER only_ended BEFORE UPDATE OR DELETE ON registry_businessstatement
    FOR EACH ROW EXECUTE FUNCTION registry_business_stands();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON registry_businessstatement
    FOR EACH STATEMENT EXECUTE FUNCTION registry_access_stands();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON registry_statement
    FOR EACH STATEMENT EXECUTE FUNCTION registry_access_stands();
"""

UNGUARDED = """
DROP TRIGGER never_emptied ON registry_statement;
DROP TRIGGER never_emptied ON registry_businessstatement;
DROP TRIGGER only_ended ON registry_businessstatement;
DROP FUNCTION registry_business_stands();
"""

ENDS = """
CREATE OR REPLACE FUNCTION registry_statement_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.known_to IS NULL AND NEW.known_to IS NOT NULL
       AND (OLD.id, OLD.resident_id, OLD.fact, OLD.value, OLD.valid_from, OLD.known_from, OLD.source, OLD.dossier)
         = (NEW.id, NEW.resident_id, NEW.fact, NEW.value, NEW.valid_from, NEW.known_from, NEW.source, NEW.dossier)
       AND OLD."by" = NEW."by" AND OLD.valid_to IS NOT DISTINCT FROM NEW.valid_to THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'điều đã ghi không được sửa / what was said is never altered: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""

CHECK_DIGIT = """
ALTER TABLE registry_business ADD CONSTRAINT business_check_digit CHECK (
    CASE WHEN tax_code ~ '^[0-9]{10}(-[0-9]{3})?$' THEN 10 - (
        31 * substr(tax_code, 1, 1)::int + 29 * substr(tax_code, 2, 1)::int + 23 * substr(tax_code, 3, 1)::int
        + 19 * substr(tax_code, 4, 1)::int + 17 * substr(tax_code, 5, 1)::int + 13 * substr(tax_code, 6, 1)::int
        + 7 * substr(tax_code, 7, 1)::int + 5 * substr(tax_code, 8, 1)::int + 3 * substr(tax_code, 9, 1)::int
    ) % 11 = substr(tax_code, 10, 1)::int
    ELSE tax_code ~ '^[0-9]{12}$' END)"""

RIGHTS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
        {verb} DELETE ON registry_businessstatement {to} motcua_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_kept_whole")]

    operations = [
        migrations.RunSQL(ONE_TRUTH, "ALTER TABLE registry_businessstatement DROP CONSTRAINT business_says_one_thing"),
        migrations.RunSQL(GUARD, UNGUARDED),
        migrations.RunSQL(ENDS, migrations.RunSQL.noop),
        migrations.RunSQL(CHECK_DIGIT, "ALTER TABLE registry_business DROP CONSTRAINT business_check_digit"),
        migrations.RunSQL(RIGHTS.format(verb="REVOKE", to="FROM"), RIGHTS.format(verb="GRANT", to="TO")),
    ]
