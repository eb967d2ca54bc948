"""Money owed, paid at the counter and by transfer, too little, too much, too late, and given back."""

from typing import Any

import pytest
from django.db import connection

from cities import City
from dossiers.permits import everything, rows_of, set_watch
from fees.counter import ACCOUNT, FEE, Owing, arrived, balances, sound, with_account
from motcua.dossiers.worker import catch_up
from motcua.fees import refunds
from motcua.fees.accounts import code_for
from motcua.fees.cash import take_cash
from motcua.fees.following import sync
from motcua.fees.incoming import release_held, take_in
from motcua.fees.matching import match_by_hand
from motcua.fees.models import Credit, Notice, Payment, Posting, Receipt, Refund
from motcua.law import commands as c
from motcua.law.refusal import Refusal
from motcua.law.vietqr import parse

pytestmark = pytest.mark.usefixtures("fresh_city", "watch")


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock, standing still."""
    return set_watch(monkeypatch)


def test_an_acceptance_with_money_makes_one_notice_however_often_it_is_read() -> None:
    permit = Owing()
    for _ in range(3):
        catch_up()
        sync([permit.id, permit.id])
    assert Notice.objects.count() == Posting.objects.count() == 1
    notice = permit.notice
    assert (notice.amount, notice.open, notice.agency) == (FEE, FEE, permit.place.commune)
    assert balances() == {"receivable": FEE, "revenue": -FEE}
    assert sound()


def test_the_code_on_the_page_leads_to_the_account_with_amount_and_reference() -> None:
    with_account()
    notice = Owing().notice
    found = code_for(notice, notice.open)
    assert found is not None
    read = parse(found[1])
    assert (read.account, read.amount, read.once, read.bill) == (ACCOUNT, FEE, True, notice.reference)
    assert read.purpose.startswith(notice.reference)


def test_an_agency_without_an_account_shows_no_code() -> None:
    assert code_for(Owing().notice, FEE) is None


def test_a_transfer_with_the_reference_pays_the_dossier_and_draws_a_receipt() -> None:
    permit = Owing()
    credit = permit.paid_by_transfer()
    (receipt,) = Receipt.objects.all()
    assert (credit.difference, receipt.total, receipt.number, receipt.method) == ("", FEE, 1, "transfer")
    assert (receipt.payer, receipt.code) == (permit.state.applicant.name, permit.state.code)
    assert permit.state.owed == 0
    assert permit.notice.open == 0
    assert balances() == {"bank": FEE, "revenue": -FEE}
    assert rows_of(
        "SELECT actor, payload::jsonb ->> 'receipt' FROM dossiers_event WHERE type = 'payment_recorded'"
    ) == [("0 Hệ thống", receipt.name)]
    assert sound()


def test_the_same_money_told_three_times_is_money_once() -> None:
    permit = Owing()
    for _ in range(3):
        permit.paid_by_transfer(external="T1")
    assert (Credit.objects.count(), Receipt.objects.count(), Payment.objects.count()) == (1, 1, 1)
    assert balances() == {"bank": FEE, "revenue": -FEE}


def test_too_little_waits_in_suspense_and_the_dossier_is_not_paid() -> None:
    permit = Owing()
    credit = permit.paid_by_transfer(FEE - 5_000)
    assert (credit.difference, credit.held) == ("short", FEE - 5_000)
    assert permit.state.owed == FEE
    assert Receipt.objects.count() == 0
    assert balances() == {"bank": FEE - 5_000, "receivable": FEE, "revenue": -FEE, "suspense": 5_000 - FEE}
    assert sound()
    rest = permit.paid_by_transfer(5_000)
    assert rest.difference == ""
    assert permit.state.owed == 0
    assert Receipt.objects.get().total == FEE
    assert set(Payment.objects.values_list("state", flat=True)) == {"succeeded"}
    assert balances() == {"bank": FEE, "revenue": -FEE}
    assert sound()


def test_the_rest_of_what_waits_may_be_paid_in_cash() -> None:
    permit = Owing()
    permit.paid_by_transfer(70_000)
    assert isinstance(take_cash(permit.id, permit.people.clerk, "k"), list)
    assert balances() == {"bank": 70_000, "drawer": 5_000, "revenue": -FEE}
    assert permit.state.owed == 0
    assert sound()


def test_too_much_pays_and_the_rest_is_owed_back() -> None:
    permit = Owing()
    credit = permit.paid_by_transfer(80_000)
    assert credit.difference == "over"
    assert permit.state.owed == 0
    (refund,) = Refund.objects.all()
    assert (refund.amount, refund.reason, refund.state) == (5_000, "over", "due")
    assert balances() == {"bank": 80_000, "refunds": -5_000, "revenue": -FEE}
    assert sound()
    given = refunds.pay_out(refund, permit.people.clerk, "UNC 12")
    assert isinstance(given, Refund)
    assert balances() == {"bank": FEE, "revenue": -FEE}
    assert Payment.objects.get().state == "succeeded"
    again = refunds.pay_out(refund, permit.people.clerk, "UNC 13")
    assert isinstance(again, Refusal)
    assert again.code == "already_refunded"
    assert sound()


def test_paying_twice_gives_the_second_back() -> None:
    permit = Owing()
    permit.paid_by_transfer()
    assert permit.paid_by_transfer().difference == "twice"
    assert Receipt.objects.count() == 1
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason) == (FEE, "twice")
    refunds.pay_out(refund, permit.people.clerk, "UNC 1")
    assert sorted(Payment.objects.values_list("state", flat=True)) == ["refunded", "succeeded"]
    assert sound()


def test_money_for_a_withdrawn_dossier_goes_back_and_nothing_is_owed() -> None:
    permit = Owing()
    permit.act(c.Withdraw(reason="Không còn nhu cầu"), permit.people.clerk)
    credit = permit.paid_by_transfer()
    assert credit.difference == "ended"
    notice = permit.notice
    assert (notice.open, notice.paid, notice.dropped) == (0, 0, FEE)
    assert Refund.objects.get().reason == "ended"
    assert balances() == {"bank": FEE, "refunds": -FEE}
    assert sound()


def test_what_waits_for_a_dossier_that_is_withdrawn_is_owed_back() -> None:
    permit = Owing()
    permit.paid_by_transfer(10_000)
    permit.act(c.Withdraw(reason="Không còn nhu cầu"), permit.people.clerk)
    catch_up()
    assert release_held() == 1
    assert release_held() == 0
    assert Refund.objects.get().amount == 10_000
    assert sound()


def test_money_without_a_known_reference_waits_and_a_person_matches_it() -> None:
    with_account()
    permit = Owing()
    credit = take_in(arrived(FEE, "NGUYEN THI HOA nop le phi"))
    assert (credit.difference, credit.held, credit.notice) == ("unknown_reference", FEE, None)
    assert permit.state.owed == FEE
    assert sound()
    reference = permit.notice.reference
    for wrong, who in (("MC00000000", permit.people.clerk), (reference, permit.people.stranger)):
        refused = match_by_hand(credit, wrong, who)
        assert isinstance(refused, Refusal)
        assert refused.code == "not_matching"
    assert isinstance(match_by_hand(credit, reference.lower(), permit.people.clerk), Credit)
    again = match_by_hand(credit, reference, permit.people.clerk)
    assert isinstance(again, Refusal)
    assert again.code == "nothing_held"
    assert permit.state.owed == 0
    assert balances() == {"bank": FEE, "revenue": -FEE}
    assert sound()


def test_two_references_in_one_purpose_are_for_a_person_to_part() -> None:
    one, other = Owing(), Owing()
    credit = take_in(arrived(2 * FEE, f"{one.notice.reference} {other.notice.reference}"))
    assert credit.difference == "unknown_reference"
    assert (one.state.owed, other.state.owed) == (FEE, FEE)
    assert sound()


def test_a_name_never_matches_money() -> None:
    permit = Owing()
    credit = take_in(arrived(FEE, f"{permit.state.applicant.name} {permit.state.code}"))
    assert credit.notice is None
    assert permit.state.owed == FEE


def test_cash_is_taken_once_under_one_key() -> None:
    permit = Owing()
    first = take_cash(permit.id, permit.people.clerk, "k")
    before = everything()
    again = take_cash(permit.id, permit.people.clerk, "k")
    assert isinstance(first, list)
    assert isinstance(again, list)
    assert [each.pk for each in first] == [each.pk for each in again]
    assert everything() == before
    assert balances() == {"drawer": FEE, "revenue": -FEE}
    assert permit.state.owed == 0
    refused = take_cash(permit.id, permit.people.clerk, "other")
    assert isinstance(refused, Refusal)
    assert refused.code == "nothing_owed"
    assert sound()


def test_cash_refused_by_the_dossier_leaves_no_gap_in_the_book() -> None:
    permit = Owing()
    refused = take_cash(permit.id, permit.people.stranger, "k")
    assert isinstance(refused, Refusal)
    assert refused.code == "not_yours"
    assert (Receipt.objects.count(), Payment.objects.count()) == (0, 0)
    take_cash(permit.id, permit.people.clerk, "k")
    assert Receipt.objects.get().number == 1
    assert sound()


def test_a_payment_typed_in_elsewhere_is_followed() -> None:
    permit = Owing()
    permit.act(c.RecordPayment(amounts={"permit": FEE}, method="cash", receipt="BL 0001"), permit.people.clerk)
    for _ in range(2):
        catch_up()
        sync([permit.id])
    assert permit.notice.open == 0
    assert balances() == {"drawer": FEE, "revenue": -FEE}
    assert Receipt.objects.count() == 0
    assert sound()


def test_a_cancelled_receipt_is_a_new_record_and_the_dossier_owes_again() -> None:
    permit = Owing()
    taken = take_cash(permit.id, permit.people.clerk, "k")
    assert isinstance(taken, list)
    clerk = refunds.cancel_receipt(taken[0], "Thu nhầm", permit.people.clerk, "c")
    assert isinstance(clerk, Refusal)
    assert clerk.code == "not_head"
    refund = refunds.cancel_receipt(taken[0], "Thu nhầm hồ sơ khác", permit.head, "c")
    assert isinstance(refund, Refund)
    assert permit.state.owed == FEE
    assert permit.notice.open == FEE
    assert sound()
    assert isinstance(refunds.pay_out(refund, permit.people.clerk), Refund)
    assert balances() == {"receivable": FEE, "revenue": -FEE}
    assert Payment.objects.get().state == "refunded"
    take_cash(permit.id, permit.people.clerk, "k2")
    assert sorted(Receipt.objects.values_list("number", flat=True)) == [1, 2]
    assert permit.state.owed == 0
    assert sound()


def test_cancelling_twice_undoes_once() -> None:
    permit = Owing()
    taken = take_cash(permit.id, permit.people.clerk, "k")
    assert isinstance(taken, list)
    one = refunds.cancel_receipt(taken[0], "Nhầm", permit.head, "c")
    two = refunds.cancel_receipt(taken[0], "Nhầm", permit.head, "d")
    assert isinstance(one, Refund)
    assert one == two
    assert Refund.objects.count() == 1
    assert sound()


def test_part_of_what_an_ended_dossier_paid_is_given_back() -> None:
    permit = Owing()
    taken = take_cash(permit.id, permit.people.clerk, "k")
    assert isinstance(taken, list)
    live = refunds.decide_refund(taken[0], {"permit": 5_000}, "Rút hồ sơ", permit.head, "r0")
    assert isinstance(live, Refusal)
    permit.act(c.Withdraw(reason="Không còn nhu cầu"), permit.people.clerk)
    first = refunds.decide_refund(taken[0], {"permit": 50_000}, "Rút hồ sơ", permit.head, "r1")
    assert isinstance(first, Refund)
    again = refunds.decide_refund(taken[0], {"permit": 50_000}, "Rút hồ sơ", permit.head, "r1")
    assert again == first
    too_much = refunds.decide_refund(taken[0], {"permit": 50_000}, "Rút hồ sơ", permit.head, "r2")
    assert isinstance(too_much, Refusal)
    assert too_much.code == "too_much_back"
    refunds.pay_out(first, permit.people.clerk)
    assert Payment.objects.get().state == "partly_refunded"
    second = refunds.decide_refund(taken[0], {"permit": 25_000}, "Rút hồ sơ", permit.head, "r3")
    assert isinstance(second, Refund)
    refunds.pay_out(second, permit.people.clerk)
    assert Payment.objects.get().state == "refunded"
    assert balances() == {}
    assert sound()


def test_a_drawer_gives_back_no_more_than_it_holds() -> None:
    permit = Owing()
    taken = take_cash(permit.id, permit.people.clerk, "k")
    assert isinstance(taken, list)
    refund = refunds.cancel_receipt(taken[0], "Nhầm", permit.head, "c")
    assert isinstance(refund, Refund)
    empty = refunds.pay_out(refund, permit.head)
    assert isinstance(empty, Refusal)
    assert (empty.code, Refund.objects.get().state) == ("not_enough_cash", "due")


def test_a_killed_act_leaves_nothing_behind(fresh_city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from motcua.fees import ledger

    permit = Owing()
    reference = permit.notice.reference
    before = everything()

    def killed(_drafts: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "post", killed)
        with pytest.raises(KeyboardInterrupt):
            take_in(arrived(FEE, reference, "T9"))
    connection.close()
    assert everything() == before
    assert (Credit.objects.count(), Receipt.objects.count()) == (0, 0)
    take_in(arrived(FEE, reference, "T9"))
    assert Receipt.objects.get().number == 1
    assert sound()
