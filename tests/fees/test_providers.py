"""A provider that is slow, silent, double, wrong, contrary or down, against the real sandbox process' server."""

import threading
from typing import Any

import httpx
import psycopg
import pytest
from django.db import connection

from cities import City
from dossiers.permits import rows_of
from fees.counter import FEE, Owing, balances, sandbox, sound, with_account, worked
from motcua.fees import working
from motcua.fees.accounts import code_for
from motcua.fees.attempts import begin_payment
from motcua.fees.models import Credit, Notice, Payment, PaymentChange, Receipt, Refund, Watch
from motcua.fees.sandbox_bank import Bank
from motcua.fees.sandbox_server import SandboxServer

pytestmark = pytest.mark.usefixtures("fresh_city")


def begun(permit: Owing, key: str = "k") -> Payment:
    """A payment the gateway knows."""
    payment = begin_payment(permit.notice, "sandbox", key)
    assert isinstance(payment, Payment), payment
    worked()
    payment.refresh_from_db()
    return payment


def pays(server: SandboxServer, payment: Payment) -> None:
    """The payer presses on the bank's page."""
    answer = httpx.post(payment.pay_url, data={"what": "pay"}, trust_env=False)
    assert "Đã trả tiền" in answer.text


def test_a_payment_begins_is_paid_on_the_banks_page_and_is_found_by_asking(settings: Any) -> None:
    with sandbox(settings, silent=True) as server:
        permit = Owing()
        payment = begun(permit)
        assert payment.state == "pending"
        assert f"{FEE:,}".replace(",", ".") in httpx.get(payment.pay_url, trust_env=False).text
        worked()
        assert permit.state.owed == FEE
        pays(server, payment)
        worked()
        payment.refresh_from_db()
        assert (payment.state, payment.next_at) == ("succeeded", None)
        assert payment.receipt == Receipt.objects.get()
        assert permit.state.owed == 0
        assert balances() == {"clearing": FEE, "revenue": -FEE}
        steps = list(PaymentChange.objects.filter(payment=payment).values_list("before", "after"))
        assert steps == [("", "created"), ("created", "pending"), ("pending", "succeeded")]
        assert sound()


def test_a_vietqr_transfer_is_found_in_the_banks_list(settings: Any) -> None:
    with sandbox(settings, silent=True) as server:
        with_account()
        permit = Owing()
        found = code_for(permit.notice, FEE)
        assert found is not None
        httpx.post(f"{server.address}/transfers", data={"code": found[1]}, trust_env=False).raise_for_status()
        for _ in range(3):
            worked()
        assert permit.state.owed == 0
        assert Credit.objects.get().channel == "transfer"
        assert balances() == {"bank": FEE, "revenue": -FEE}
        assert sound()


def test_an_hour_down_costs_nothing_but_the_hour(settings: Any) -> None:
    with sandbox(settings, silent=True) as server:
        permit, new = Owing(), Owing()
        pending = begun(permit)
        pays(server, pending)
        server.bank.behave(down=True)
        created = begin_payment(new.notice, "sandbox", "n")
        assert isinstance(created, Payment)
        for _ in range(5):
            worked()
        pending.refresh_from_db()
        created.refresh_from_db()
        assert (pending.state, created.state) == ("pending", "unknown")
        assert Watch.objects.get(channel="sandbox").silent_since is not None
        assert (permit.state.owed, new.state.owed) == (FEE, FEE)
        server.bank.behave(down=False)
        for _ in range(3):
            worked()
        pending.refresh_from_db()
        created.refresh_from_db()
        assert (pending.state, created.state) == ("succeeded", "pending")
        assert Watch.objects.get(channel="sandbox").silent_since is None
        assert sound()


def test_what_was_begun_before_the_answer_was_lost_is_begun_once(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sandbox(settings, silent=True) as server:
        permit = Owing()
        begin = Bank.begin

        def begins_and_hangs_up(bank: Bank, order: Any) -> Any:
            begin(bank, order)
            raise ValueError("the line broke")

        with monkeypatch.context() as patch:
            patch.setattr(Bank, "begin", begins_and_hangs_up)
            payment = begun(permit)
        assert payment.state == "unknown"
        worked()
        payment.refresh_from_db()
        assert payment.state == "pending"
        assert len(server.bank.payments) == 1


@pytest.mark.parametrize(("off", "difference", "owed", "held", "back"), [
    (-5_000, "short", FEE, FEE - 5_000, 0), (5_000, "over", 0, 0, 5_000),
])  # fmt: skip
def test_a_wrong_amount_is_named(settings: Any, off: int, difference: str, owed: int, held: int, back: int) -> None:
    with sandbox(settings, silent=True, off=off) as server:
        permit = Owing()
        payment = begun(permit)
        pays(server, payment)
        worked()
        payment.refresh_from_db()
        credit = Credit.objects.get()
        assert (credit.difference, credit.held, permit.state.owed) == (difference, held, owed)
        assert payment.state == ("failed" if held else "succeeded")
        assert payment.difference == difference
        assert sum(Refund.objects.values_list("amount", flat=True)) == back
        assert sound()
        worked()
        assert sum(Refund.objects.filter(state="due").values_list("amount", flat=True)) == 0
        assert sound()


def test_after_too_little_only_the_rest_is_asked_for(settings: Any) -> None:
    with sandbox(settings, silent=True, off=-5_000) as server:
        permit = Owing()
        pays(server, begun(permit))
        worked()
        server.bank.behave(off=0)
        rest = begun(permit, "rest")
        assert rest.amount == 5_000
        pays(server, rest)
        worked()
        assert permit.state.owed == 0
        assert Receipt.objects.get().total == FEE
        assert set(Payment.objects.values_list("state", flat=True)) == {"succeeded"}
        assert sound()


def test_paid_after_it_expired_is_paid_all_the_same(settings: Any) -> None:
    with sandbox(settings, silent=True) as server:
        permit = Owing()
        payment = begun(permit)
        server.bank.payments[str(payment.pk)].order = _long_ago(server, payment)
        worked()
        payment.refresh_from_db()
        assert (payment.state, payment.next_at) == ("expired", None)
        pays_late = server.bank.pay(server.bank.payments[str(payment.pk)].token)
        assert pays_late is not None
        worked()
        payment.refresh_from_db()
        assert payment.state == "succeeded"
        assert permit.state.owed == 0
        assert sound()


def _long_ago(server: SandboxServer, payment: Payment) -> Any:
    from datetime import UTC, datetime

    from msgspec import structs

    return structs.replace(server.bank.payments[str(payment.pk)].order, expires_at=datetime(2018, 1, 1, tzinfo=UTC))


def test_paid_on_the_page_after_cash_was_taken_goes_back_by_itself(settings: Any) -> None:
    from motcua.fees.cash import take_cash

    with sandbox(settings, silent=True) as server:
        permit = Owing()
        payment = begun(permit)
        assert isinstance(take_cash(permit.id, permit.people.clerk, "k"), list)
        pays(server, payment)
        for _ in range(2):
            worked()
        payment.refresh_from_db()
        refund = Refund.objects.get()
        assert (payment.state, refund.reason, refund.state) == ("refunded", "twice", "paid")
        assert sum(server.bank.payments[str(payment.pk)].returned.values()) == FEE
        assert balances() == {"drawer": FEE, "revenue": -FEE}
        assert sound()


def test_a_refund_whose_answer_is_lost_is_sent_once(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with sandbox(settings, silent=True, off=1_000) as server:
        payment = begun(Owing())
        pays(server, payment)
        give_back = Bank.give_back

        def gives_and_hangs_up(bank: Bank, *values: Any) -> Any:
            give_back(bank, *values)
            raise ValueError("the line broke")

        with monkeypatch.context() as patch:
            patch.setattr(Bank, "give_back", gives_and_hangs_up)
            worked()
        assert Refund.objects.get().state == "due"
        worked()
        assert Refund.objects.get().state == "paid"
        assert server.bank.payments[str(payment.pk)].returned == {Refund.objects.get().key: 1_000}
        assert sound()


def test_nobodys_connection_waits_for_a_sleeping_provider(settings: Any, fresh_city: City) -> None:
    """Ours sleeps a little; were it thirty seconds, the database would know no more of it."""
    with sandbox(settings, silent=True, slow=1.5) as server:
        for number in range(3):
            assert isinstance(begin_payment(Owing().notice, "sandbox", f"k{number}"), Payment)
        answered = threading.Event()

        def errand() -> None:
            working.ask_about_payments()
            connection.close()
            answered.set()

        connection.close()
        thread = threading.Thread(target=errand)
        seen: list[int] = []
        with psycopg.connect(fresh_city.owner_dsn, autocommit=True) as link:
            thread.start()
            while not answered.wait(0.1):
                rows = link.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
                    " AND backend_type = 'client backend'",
                    (fresh_city.database,),
                ).fetchone()
                assert rows is not None
                seen.append(rows[0])
        thread.join()
        assert seen.count(0) > len(seen) / 2
        assert len(server.bank.payments) == 3
    assert set(Payment.objects.values_list("state", flat=True)) == {"pending"}


def test_a_worker_that_died_after_the_providers_answer_is_followed_by_another(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sandbox(settings, silent=True) as server:
        permit = Owing()
        payment = begun(permit)
        pays(server, payment)
        from motcua.fees import incoming

        def killed(*_values: Any, **_named: Any) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(incoming, "_post", killed)
            with pytest.raises(KeyboardInterrupt):
                worked()
        connection.close()
        assert (Credit.objects.count(), permit.state.owed) == (0, FEE)
        rows_of("UPDATE fees_payment SET leased_until = now() - interval '1 second' RETURNING 1")
        rows_of("UPDATE fees_watch SET leased_until = now() - interval '1 second' RETURNING 1")
        working.ask_about_payments()
        assert permit.state.owed == 0
        assert Receipt.objects.get().number == 1
        assert sound()


def test_the_bank_keeps_its_books(tmp_path: Any) -> None:
    from datetime import UTC, datetime, timedelta

    from motcua.fees.providers import Order

    books = tmp_path / "books.jsonl"
    bank = Bank(lambda _channel, _told: None, books)
    held = bank.begin(Order("p", 5, "MC", "x", "http://x", datetime.now(UTC) + timedelta(hours=1)))
    assert held is not None
    bank.pay(held.token)
    bank.transfer(account="1", amount=9, purpose="MC")
    again = Bank(lambda _channel, _told: None, books)
    assert again.payments["p"].state == "succeeded"
    assert (len(again.arrived["sandbox"]), len(again.arrived["transfer"])) == (1, 1)
    assert again.begin(Order("p", 6, "MC", "x", "http://x", datetime.now(UTC))) is None


def test_nothing_is_begun_without_a_provider(settings: Any) -> None:
    from motcua.law.refusal import Refusal

    settings.MOTCUA_PAYMENT_PROVIDERS = {}
    refused = begin_payment(Owing().notice, "sandbox", "k")
    assert isinstance(refused, Refusal)
    assert refused.code == "no_provider"
    assert Payment.objects.count() == 0
    assert Notice.objects.count() == 1


def test_an_answer_that_comes_too_late_is_as_good_as_none(settings: Any) -> None:
    with sandbox(settings, silent=True, slow=0.4) as server:
        settings.MOTCUA_PROVIDER_TIMEOUT = 0.1
        payment = begun(Owing())
        assert payment.state == "unknown"
        server.bank.behave(slow=0.0)
        settings.MOTCUA_PROVIDER_TIMEOUT = 5.0
        worked()
        payment.refresh_from_db()
        assert payment.state == "pending"
        assert len(server.bank.payments) == 1
