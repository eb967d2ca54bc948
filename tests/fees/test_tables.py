"""What the money's tables refuse by themselves, to the application and to the owner."""

from itertools import product
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from cities import City
from dossiers.permits import rows_of
from fees.counter import FEE, Owing, sound
from motcua.fees.models import Account, Payment
from motcua.law.payments import ALLOWED, STATES
from motcua.site.databases import as_owner

pytestmark = pytest.mark.usefixtures("fresh_city")

BOOKS = (
    "posting", "entry", "receipt", "receiptcancellation", "paymentchange", "heard", "statement", "statementrow",
    "closing",
)  # fmt: skip


def test_the_books_only_grow(fresh_city: City) -> None:
    permit = Owing()
    permit.paid_by_transfer()
    connection.close()
    with psycopg.connect(fresh_city.dsn, autocommit=True) as application:
        for table in (*BOOKS, "account"):
            for act in (f"UPDATE fees_{table} SET id = id", f"DELETE FROM fees_{table}", f"TRUNCATE fees_{table}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    application.execute(act)  # type: ignore[arg-type]
        for table in ("notice", "payment", "credit", "refund"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(f"DELETE FROM fees_{table}")  # type: ignore[arg-type]
    with psycopg.connect(fresh_city.owner_dsn, autocommit=True) as owner:
        for table in ("posting", "entry", "receipt", "paymentchange"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="the books only grow"):
                owner.execute(f"UPDATE fees_{table} SET id = id")  # type: ignore[arg-type]


def unbalanced(one: Account, amounts: tuple[int, ...]) -> None:
    """Writes a posting with these amounts and commits."""
    with transaction.atomic(), connection.cursor() as run:
        run.execute("INSERT INTO fees_posting (key, kind, at, dossier_id) VALUES ('x', 'x', now(), 0) RETURNING id")
        (posting,) = run.fetchone()
        for amount in amounts:
            run.execute(
                "INSERT INTO fees_entry (posting_id, account_id, amount) VALUES (%s, %s, %s)", (posting, one.pk, amount)
            )


@pytest.mark.parametrize("amounts", [(5, -4), (5,), ()])
def test_a_posting_that_does_not_add_up_is_not_committed(amounts: tuple[int, ...]) -> None:
    one = Account.objects.create(kind="drawer", agency=1, balance=999)
    one.refresh_from_db()
    assert one.balance == 0
    with pytest.raises((IntegrityError, InternalError)):
        unbalanced(one, amounts)
    assert rows_of("SELECT count(*) FROM fees_posting") == [(0,)]
    one.refresh_from_db()
    assert (one.balance, one.entries) == (0, 0)


def test_a_side_cannot_be_added_to_a_posting_later() -> None:
    permit = Owing()
    permit.paid_by_transfer()
    before = list(Account.objects.order_by("pk").values_list("balance", flat=True))
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as run:
        run.execute(
            "INSERT INTO fees_entry (posting_id, account_id, amount)"
            " SELECT p.id, a.id, 1 FROM fees_posting p, fees_account a ORDER BY 1, 2 LIMIT 1"
        )
    assert list(Account.objects.order_by("pk").values_list("balance", flat=True)) == before
    assert sound()


def test_the_table_knows_the_same_steps_as_the_law() -> None:
    notice = Owing().notice
    with connection.cursor() as run:
        for before, after in product(STATES, STATES):
            number = uuid4()
            Payment.objects.create(
                id=number, notice=notice, provider=f"x{number.hex[:8]}", key=str(number), amount=FEE, state=before
            )
            possible = True
            try:
                with transaction.atomic():
                    run.execute("UPDATE fees_payment SET state = %s WHERE id = %s", (after, number))
            except (IntegrityError, InternalError, ProgrammingError):
                possible = False
            assert possible == ((before, after) in ALLOWED or before == after), (before, after)


def test_a_payment_keeps_its_amount() -> None:
    permit = Owing()
    permit.paid_by_transfer()
    for change in ("amount = amount + 1", "key = 'other'"):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            rows_of(f"UPDATE fees_payment SET {change} RETURNING 1")


def test_the_migrations_go_back_and_forward(fresh_city: City) -> None:
    def shape() -> list[tuple[object, ...]]:
        return [
            *rows_of("SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'fees_%%' ORDER BY 1"),
            *rows_of(
                "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
                " AND tgrelid::regclass::text LIKE 'fees_%%' ORDER BY 2, 1"
            ),
            *rows_of(
                "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
                " WHERE grantee = 'motcua_app' AND table_name LIKE 'fees_%%' ORDER BY 1, 2"
            ),
        ]

    before = shape()
    with as_owner():
        call_command("migrate", "fees", "zero", verbosity=0)
        assert rows_of("SELECT FROM pg_proc WHERE proname LIKE 'fees_%%'") == []
        call_command("migrate", "fees", verbosity=0)
    assert shape() == before
