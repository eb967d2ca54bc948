"""Attacks on money: forged and replayed messages, other people's pages, amounts tampered with, races, kills."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import msgspec
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from msgspec import structs

from cities import at_once, until
from dossiers.permits import everything, rows_of
from fees.counter import FEE, Owing, arrived, balances, sandbox, sound, with_account, worked
from motcua.accounts.identity import as_actor
from motcua.dossiers.handle import Done, handle, lodge
from motcua.fees import hearing
from motcua.fees.attempts import begin_payment
from motcua.fees.cash import take_cash
from motcua.fees.following import notices_for, sync
from motcua.fees.incoming import take_in
from motcua.fees.models import Credit, Heard, Notice, Payment, Receipt, Refund
from motcua.fees.providers import Told
from motcua.fees.sandbox import sandbox_secret
from motcua.fees.signing import HEADER, sign
from motcua.law import commands as c
from motcua.law.refusal import Refusal
from residents import resident, signed_in

pytestmark = pytest.mark.usefixtures("fresh_city")

MONEY = ("fees_notice", "fees_payment", "fees_credit", "fees_refund", "fees_receipt", "fees_entry", "fees_heard")


def books() -> list[Any]:
    """Every row about money, and everything about dossiers."""
    return [rows_of(f"SELECT json_agg(t ORDER BY t::text)::text FROM {table} t") for table in MONEY] + [everything()]


def message(told: Told, *, secret: bytes = b"", nonce: str = "", at: Any = None) -> tuple[bytes, dict[str, str]]:
    """A signed message: its body and its header."""
    body = msgspec.json.encode(told)
    return body, {HEADER: sign(secret or sandbox_secret(), body, at or timezone.now(), nonce or uuid4().hex)}


def sent(client: Client, told: Told | bytes, headers: dict[str, str], channel: str = "sandbox") -> int:
    """What the system answers."""
    body = told if isinstance(told, bytes) else msgspec.json.encode(told)
    answer = client.post(f"/thu-tien/{channel}/", body, content_type="application/json", headers=headers)
    return answer.status_code


def paid(payment: Payment, external: str = "FT1", amount: int = FEE) -> Told:
    return Told("succeeded", payment=str(payment.pk), external=external, amount=amount, at=timezone.now())


def begun(permit: Owing) -> Payment:
    payment = begin_payment(permit.notice, "sandbox", uuid4().hex)
    assert isinstance(payment, Payment)
    worked()
    payment.refresh_from_db()
    return payment


# --- Messages -----------------------------------------------------------------------------------------------


def test_only_a_genuine_message_of_now_moves_anything(settings: Any) -> None:
    with sandbox(settings, silent=True):
        permit = Owing()
        payment = begun(permit)
        told, client = paid(payment), Client()
        before = books()
        body, good = message(told)
        old = timezone.now() - timedelta(minutes=6)
        early = timezone.now() + timedelta(minutes=6)
        forged = {
            "no signature": (body, {}),
            "another secret": message(told, secret=b"x"),
            "another body": (msgspec.json.encode(structs.replace(told, amount=FEE * 2)), good),
            "an old one": message(told, at=old),
            "one of tomorrow": message(told, at=early),
            "a nonsense header": (body, {HEADER: "t=1,n=x,v1=zz"}),
            "a time changed": (body, {HEADER: good[HEADER].replace("t=1", "t=2")}),
        }
        assert {name: sent(client, *each) for name, each in forged.items()} == dict.fromkeys(forged, 401)
        assert sent(client, body, good, channel="nobody") == 404
        assert sent(client, b"x" * 70_000, good) == 413
        assert client.get("/thu-tien/sandbox/").status_code == 405
        assert books() == before
        assert sent(client, body, good) == 200
        assert permit.state.owed == 0
        assert sound()


def test_a_message_that_comes_thrice_counts_once_and_a_replay_is_refused(settings: Any) -> None:
    with sandbox(settings, silent=True):
        permit = Owing()
        told, client = paid(begun(permit)), Client()
        body, headers = message(told)
        assert [sent(client, body, headers) for _ in range(3)] == [200, 200, 200]
        for _ in range(2):
            assert sent(client, *message(told)) == 200
        assert (Credit.objects.count(), Receipt.objects.count(), Refund.objects.count()) == (1, 1, 0)
        assert Heard.objects.count() == 3
        before = books()
        other = paid(begun(Owing()), "FT2")
        stolen = message(other, nonce=Heard.objects.order_by("pk")[0].nonce)
        assert sent(client, *stolen) == 401
        assert Credit.objects.count() == 1
        assert books()[2] == before[2]
        assert balances()["clearing"] == FEE
        assert sound()


def test_messages_out_of_order_end_the_same(settings: Any) -> None:
    with sandbox(settings, silent=True):
        for order in (("failed", "succeeded"), ("succeeded", "failed"), ("expired", "succeeded", "failed")):
            permit = Owing()
            payment = begun(permit)
            words = {
                "succeeded": paid(payment, uuid4().hex),
                "failed": Told("failed", payment=str(payment.pk)),
                "expired": Told("expired", payment=str(payment.pk)),
            }
            for word in order:
                assert sent(Client(), *message(words[word])) == 200
            payment.refresh_from_db()
            assert (payment.state, permit.state.owed) == ("succeeded", 0), order
        assert sound()


@contextmanager
def listening() -> Iterator[str]:
    """The system behind a real socket; its address."""
    system = WSGIHandler()

    def answer(environment: Any, start: Any) -> Any:
        try:
            return system(environment, start)
        finally:
            connection.close()

    server = make_server("127.0.0.1", 0, answer, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def test_the_banks_own_process_tells_and_contradicts_itself(settings: Any) -> None:
    """Doubled, contrary messages over real HTTP, from the sandbox to the system."""
    with listening() as address, sandbox(settings, notify=address, copies=3, contrary=True) as server:
        permit = Owing()
        payment = begun(permit)
        httpx.post(payment.pay_url, data={"what": "pay"}, trust_env=False)
        until(lambda: Heard.objects.count() >= 6)
        payment.refresh_from_db()
        assert (payment.state, permit.state.owed) == ("succeeded", 0)
        assert (Credit.objects.count(), Receipt.objects.count()) == (1, 1)
        assert len(server.bank.arrived["sandbox"]) == 1
        assert sound()


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 0}, {"amount": -FEE}, {"amount": 10**14}, {"external": ""}, {"external": "x" * 101},
    ],
)  # fmt: skip
def test_nonsense_under_a_right_signature_changes_nothing(settings: Any, change: dict[str, Any]) -> None:
    with sandbox(settings, silent=True):
        told = structs.replace(paid(begun(Owing())), **change)
        before = books()
        assert sent(Client(), *message(told)) == 400
        for body in (b"", b"[]", b'{"state": "succeeded", "amount": "1"}', b"\xff", b'{"state":"won"}'):
            headers = {HEADER: sign(sandbox_secret(), body, timezone.now(), uuid4().hex)}
            assert sent(Client(), body, headers) == 400
        assert books() == before


def test_a_message_cannot_pay_another_notice_by_naming_a_payment_of_another_provider(settings: Any) -> None:
    with sandbox(settings, silent=True):
        payment = begun(Owing())
        told = structs.replace(paid(payment), payment=str(payment.pk))
        assert sent(Client(), *message(told), channel="transfer") == 200
        credit = Credit.objects.get()
        assert (credit.channel, credit.difference, credit.notice) == ("transfer", "unknown_reference", None)
        payment.refresh_from_db()
        assert payment.state == "pending"


# --- Pages --------------------------------------------------------------------------------------------------


class Paying:
    """A resident with a dossier that owes, a stranger, and the dossier's clerk."""

    def __init__(self) -> None:
        with_account()
        self.owner, self.stranger = resident("Nguyễn Thị Chủ", number="000187000011"), resident("Trần Văn Khác")
        permit = Owing()
        lodging = permit.lodging(channel="online")
        lodging = structs.replace(lodging, applicant=structs.replace(lodging.applicant, account=self.owner.account_id))
        done = lodge(permit.version, lodging, as_actor(self.owner), uuid4().hex)
        assert isinstance(done, Done), done
        self.id, self.clerk = done.dossier_id, permit.people.clerk
        accepted = handle(self.id, c.Accept(money={"permit": FEE}), self.clerk, uuid4().hex)
        assert isinstance(accepted, Done), accepted

    @property
    def notice(self) -> Notice:
        (found,) = notices_for(self.id)
        return found


def pages(notice: Notice) -> list[str]:
    return [
        reverse("portal:pay", args=[notice.token]),
        reverse("portal:payment_standing", args=[notice.token]),
        reverse("portal:payment_picture", args=[notice.token]),
    ]


def test_another_persons_payment_page_does_not_exist(settings: Any) -> None:
    with sandbox(settings, silent=True):
        paying = Paying()
        notice = paying.notice
        own, other = signed_in(paying.owner), signed_in(paying.stranger)
        assert [own.get(each).status_code for each in pages(notice)] == [200, 200, 200]
        assert [other.get(each).status_code for each in pages(notice)] == [404, 404, 404]
        assert {Client().get(each).status_code for each in pages(notice)} == {302}
        before = books()
        begin = reverse("portal:begin_payment", args=[notice.token])
        assert other.post(begin, {"way": "sandbox", "key": "k"}).status_code == 404
        assert Client().post(begin, {"way": "sandbox", "key": "k"}).status_code == 302
        assert books() == before
        take_cash(paying.id, paying.clerk, "k")
        receipt = Receipt.objects.get()
        address = reverse("portal:payment_receipt", args=[notice.token, receipt.pk])
        assert own.get(address)["Content-Type"] == "application/pdf"
        assert other.get(address).status_code == 404
        elsewhere = Owing()
        elsewhere.paid_by_transfer()
        theirs = Receipt.objects.exclude(pk=receipt.pk).get()
        assert own.get(reverse("portal:payment_receipt", args=[notice.token, theirs.pk])).status_code == 404


def test_whoever_holds_the_receipts_code_may_pay_and_learns_no_name() -> None:
    with_account()
    permit = Owing()
    state = permit.state
    address = reverse("portal:pay_by_token", args=[state.token])
    assert address in Client().get(reverse("portal:follow", args=[state.token])).content.decode()
    page = Client().get(address).content.decode()
    assert "75.000 đồng" in page
    assert permit.notice.reference in page
    assert "data:image/png;base64," in page
    permit.paid_by_transfer()
    paid_page = Client().get(address).content.decode()
    assert "Đã nộp đủ" in paid_page
    for private in (state.applicant.name, state.applicant.phone, state.applicant.number, "bien-lai", "MC00001-"):
        assert private not in page
        assert private not in paid_page
    assert address not in Client().get(reverse("portal:follow", args=[state.token])).content.decode()
    assert Client().get(reverse("portal:pay_by_token", args=["x" * 20])).status_code == 404


def test_amounts_and_ways_tampered_with_change_nothing_of_what_is_owed(settings: Any) -> None:
    with sandbox(settings, silent=True):
        paying = Paying()
        client, begin = signed_in(paying.owner), reverse("portal:begin_payment", args=[paying.notice.token])
        for way in ("cash", "journal", "transfer", "", "x" * 500, "../sandbox"):
            client.post(begin, {"way": way, "key": uuid4().hex, "amount": "1"})
        assert set(Payment.objects.values_list("provider", flat=True)) <= {"sandbox", "transfer"}
        client.post(begin, {"way": "sandbox", "key": "k", "amount": "1", "total": "-5"})
        assert Payment.objects.get(provider="sandbox").amount == FEE


def test_the_page_says_everything_without_a_script(settings: Any) -> None:
    with sandbox(settings, silent=True):
        paying = Paying()
        client = signed_in(paying.owner)
        text = client.get(pages(paying.notice)[0]).content.decode()
        for each in ("75.000 đồng", "0011012345678", paying.notice.reference, "Tôi đã chuyển", "Mức thu cố định"):
            assert each in text, each
        client.post(reverse("portal:begin_payment", args=[paying.notice.token]), {"way": "sandbox", "key": "k"})
        assert "Đang mở trang thanh toán" in client.get(pages(paying.notice)[0]).content.decode()
        worked()
        assert "Mở trang thanh toán" in client.get(pages(paying.notice)[0]).content.decode()
        take_in(arrived(FEE - 1_000, paying.notice.reference))
        short = client.get(pages(paying.notice)[0]).content.decode()
        assert "Đã nhận 74.000 đồng, còn thiếu 1.000 đồng" in short
        take_in(arrived(1_000, paying.notice.reference))
        assert "Đã nộp đủ" in client.get(pages(paying.notice)[0]).content.decode()


# --- Races --------------------------------------------------------------------------------------------------


def test_fifty_at_once_with_one_key_begin_one_payment(settings: Any) -> None:
    with sandbox(settings, silent=True):
        notice, key = Owing().notice, uuid4().hex
        answers = at_once([lambda: begin_payment(notice, "sandbox", key)] * 50)
        assert {type(each) for each in answers} == {Payment}
        assert len({each.pk for each in answers}) == Payment.objects.count() == 1


def test_fifty_at_once_with_keys_of_their_own_begin_one_payment(settings: Any) -> None:
    with sandbox(settings, silent=True):
        notice = Owing().notice
        answers = at_once([lambda: begin_payment(notice, "sandbox", uuid4().hex)] * 50)
        assert len({each.pk for each in answers}) == Payment.objects.count() == 1


def test_one_key_for_two_notices_is_refused(settings: Any) -> None:
    with sandbox(settings, silent=True):
        one, other = Owing().notice, Owing().notice
        first = begin_payment(one, "sandbox", "k")
        second = begin_payment(other, "sandbox", "k")
        assert isinstance(first, Payment)
        assert isinstance(second, Refusal)
        assert second.code == "key_mismatch"
        answers = at_once([lambda n=n: begin_payment(n, "sandbox", "k2") for n in (one, other) * 5])
        assert Payment.objects.filter(key="k2").count() <= 1
        assert all(isinstance(each, Payment | Refusal) for each in answers)


def test_the_same_money_told_fifty_times_at_once_is_counted_once() -> None:
    permit = Owing()
    money = arrived(FEE, permit.notice.reference, "T1")
    answers = at_once([lambda: take_in(money)] * 50)
    assert len({each.pk for each in answers}) == 1
    assert (Credit.objects.count(), Receipt.objects.count(), Refund.objects.count()) == (1, 1, 0)
    assert sound()


def test_cash_and_transfer_at_the_same_moment_take_it_once() -> None:
    for _ in range(5):
        permit = Owing()
        clerk, reference = permit.people.clerk, permit.notice.reference
        at_once(
            [
                lambda p=permit, who=clerk: take_cash(p.id, who, uuid4().hex),
                lambda r=reference: take_in(arrived(FEE, r)),
                lambda r=reference: take_in(arrived(FEE, r)),
                lambda p=permit: sync([p.id]),
            ]
        )
        assert permit.state.owed == 0
        assert Receipt.objects.filter(dossier_id=permit.id).count() == 1
        back = sum(Refund.objects.filter(dossier_id=permit.id).values_list("amount", flat=True))
        came = sum(Credit.objects.filter(notice__dossier_id=permit.id).values_list("amount", flat=True))
        cash = FEE * Payment.objects.filter(notice__dossier_id=permit.id, provider="cash").count()
        assert came + cash - back == FEE
    assert sound()


def test_many_counters_draw_receipts_without_a_gap() -> None:
    permits = [Owing() for _ in range(12)]
    clerk = permits[0].people.clerk
    at_once([lambda p=permit: take_cash(p.id, clerk, "k") for permit in permits])
    assert sorted(Receipt.objects.values_list("number", flat=True)) == list(range(1, 13))
    assert balances() == {"drawer": 12 * FEE, "revenue": -12 * FEE}
    assert sound()


def test_known_and_new_notices_paid_at_once_do_not_wait_for_each_other_for_ever() -> None:
    for _ in range(3):
        permits = [Owing() for _ in range(8)]
        clerk = permits[0].people.clerk
        known = [(permit, permit.notice.reference) for permit in permits[:4]]
        at_once(
            [
                *(lambda r=reference: take_in(arrived(FEE, r)) for _permit, reference in known),
                *(lambda p=permit, who=clerk: take_cash(p.id, who, "k") for permit in permits[4:]),
            ]
        )
        assert [permit.state.owed for permit in permits] == [0] * 8
    assert sound()


def test_a_withdrawal_and_a_payment_at_the_same_moment_lose_nothing() -> None:
    for _ in range(5):
        permit = Owing()
        clerk, reference = permit.people.clerk, permit.notice.reference
        at_once(
            [
                lambda p=permit, who=clerk: handle(p.id, c.Withdraw(reason="Thôi"), who, uuid4().hex),
                lambda r=reference: take_in(arrived(FEE, r)),
            ]
        )
        sync([permit.id])
        notice = permit.notice
        assert notice.open == 0
        paid_in = Receipt.objects.filter(dossier_id=permit.id).exists()
        back = sum(Refund.objects.filter(dossier_id=permit.id).values_list("amount", flat=True))
        assert back == (0 if paid_in else FEE)
    assert sound()


def test_a_kill_between_the_message_and_its_end_leaves_it_untold(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sandbox(settings, silent=True):
        permit = Owing()
        told = paid(begun(permit))
        body, headers = message(told)

        def killed(*_values: Any, **_named: Any) -> None:
            raise KeyboardInterrupt

        for place in ("motcua.fees.incoming.handle", "motcua.fees.incoming._post", "motcua.fees.receipts.draw"):
            before = books()
            with monkeypatch.context() as patch:
                patch.setattr(place, killed)
                with pytest.raises(KeyboardInterrupt):
                    hearing.hear("sandbox", headers, body, timezone.now())
            connection.close()
            assert books() == before
        assert hearing.hear("sandbox", headers, body, timezone.now()) == "done"
        assert Receipt.objects.get().number == 1
        assert sound()


def test_what_is_heard_is_kept_as_it_was_said(settings: Any) -> None:
    with sandbox(settings, silent=True):
        told = paid(begun(Owing()))
        sent(Client(), *message(told))
        assert json.loads(json.dumps(Heard.objects.get().said))["external"] == "FT1"
