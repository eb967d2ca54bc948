"""What the money's tables themselves forbid: changing what was written, postings that do not add up, unlawful steps.

- What is insert-only refuses UPDATE, DELETE and TRUNCATE to everybody; the application has no right to them either.
- The entries of a posting add up to zero at commit; an account's sum is kept by the trigger alone.
- A payment moves only along the graph of `law.payments`, which `tests/fees/test_tables.py` holds against this list.
"""

from django.db import migrations

INSERT_ONLY = (
    "fees_posting",
    "fees_entry",
    "fees_receipt",
    "fees_receiptcancellation",
    "fees_paymentchange",
    "fees_heard",
    "fees_statement",
    "fees_statementrow",
    "fees_closing",
)

_GUARD = """
    CREATE FUNCTION fees_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'sổ tiền chỉ được ghi thêm / the books only grow: % on %', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END $$;
"""

# The sums are locked in one order, so that two postings at once wait for each other instead of for ever.
_LEDGER = """
    CREATE FUNCTION fees_keep_sums() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM 1 FROM fees_account WHERE id IN (SELECT account_id FROM added) ORDER BY id FOR NO KEY UPDATE;
        UPDATE fees_account a SET balance = a.balance + s.total, entries = a.entries + s.lines
          FROM (SELECT account_id, sum(amount)::bigint AS total, count(*) AS lines FROM added GROUP BY 1) s
         WHERE a.id = s.account_id;
        RETURN NULL;
    END $$;
    CREATE TRIGGER sums AFTER INSERT ON fees_entry REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION fees_keep_sums();

    CREATE FUNCTION fees_opens_empty() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.balance := 0; NEW.entries := 0;
        RETURN NEW;
    END $$;
    CREATE TRIGGER opens_empty BEFORE INSERT ON fees_account FOR EACH ROW EXECUTE FUNCTION fees_opens_empty();

    CREATE FUNCTION fees_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        which bigint := CASE TG_TABLE_NAME WHEN 'fees_posting' THEN (to_jsonb(NEW) ->> 'id')::bigint
                                           ELSE (to_jsonb(NEW) ->> 'posting_id')::bigint END;
        total numeric; lines int;
    BEGIN
        SELECT coalesce(sum(amount), 0), count(*) INTO total, lines FROM fees_entry WHERE posting_id = which;
        IF total <> 0 OR lines < 2 THEN
            RAISE EXCEPTION 'bút toán % không cân / posting % does not add up: % in % entries',
                which, which, total, lines USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON fees_posting DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION fees_adds_up();
    CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON fees_entry DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION fees_adds_up();
"""

_UNLEDGER = """
    DROP TRIGGER adds_up ON fees_entry; DROP TRIGGER adds_up ON fees_posting; DROP FUNCTION fees_adds_up();
    DROP TRIGGER opens_empty ON fees_account; DROP FUNCTION fees_opens_empty();
    DROP TRIGGER sums ON fees_entry; DROP FUNCTION fees_keep_sums();
"""

_STEPS = """
    CREATE FUNCTION fees_lawful_step() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.amount <> OLD.amount OR NEW.notice_id <> OLD.notice_id OR NEW.key <> OLD.key THEN
            RAISE EXCEPTION 'lần thanh toán không đổi số tiền / a payment keeps its amount, notice and key'
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
            'created>pending', 'created>succeeded', 'created>failed', 'created>expired', 'created>unknown',
            'unknown>pending', 'unknown>succeeded', 'unknown>failed', 'unknown>expired',
            'pending>unknown', 'pending>succeeded', 'pending>failed', 'pending>expired',
            'failed>succeeded', 'expired>succeeded',
            'succeeded>partly_refunded', 'succeeded>refunded', 'partly_refunded>refunded')
        THEN
            RAISE EXCEPTION 'bước không hợp lệ / no such step: % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER lawful_step BEFORE UPDATE ON fees_payment FOR EACH ROW EXECUTE FUNCTION fees_lawful_step();
"""

_RIGHTS = """
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
            {statements}
        END IF;
    END $$;
"""
_TABLES = ", ".join(INSERT_ONLY)


class Migration(migrations.Migration):
    dependencies = [("fees", "0001_initial")]

    operations = [
        migrations.RunSQL(_GUARD, "DROP FUNCTION fees_refuse_change()"),
        *(
            migrations.RunSQL(
                f"""
                CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION fees_refuse_change();
                CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
                    FOR EACH STATEMENT EXECUTE FUNCTION fees_refuse_change();
                """,
                f"DROP TRIGGER insert_only ON {table}; DROP TRIGGER never_emptied ON {table};",
            )
            for table in INSERT_ONLY
        ),
        migrations.RunSQL(_LEDGER, _UNLEDGER),
        migrations.RunSQL(
            _STEPS, "DROP TRIGGER lawful_step ON fees_payment; DROP FUNCTION fees_lawful_step();"
        ),
        migrations.RunSQL(
            _RIGHTS.format(
                statements=f"""
                REVOKE UPDATE, DELETE, TRUNCATE ON {_TABLES}, fees_account FROM motcua_app;
                REVOKE DELETE, TRUNCATE ON fees_notice, fees_payment, fees_credit, fees_refund FROM motcua_app;
                """
            ),
            _RIGHTS.format(
                statements=f"""
                GRANT UPDATE, DELETE ON {_TABLES}, fees_account TO motcua_app;
                GRANT DELETE ON fees_notice, fees_payment, fees_credit, fees_refund TO motcua_app;
                """
            ),
        ),
    ]
