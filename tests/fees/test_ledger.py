"""A machine of random payments, refunds and cancellations: after every step every sum is nought where it must be."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cities import City
from dossiers.permits import rows_of
from fees.counter import Owing, arrived
from motcua.dossiers.handle import handle
from motcua.fees import refunds
from motcua.fees.cash import take_cash
from motcua.fees.checking import verify
from motcua.fees.following import notices_for, sync
from motcua.fees.incoming import release_held, take_in
from motcua.fees.matching import match_by_hand
from motcua.fees.models import Credit, Receipt, Refund
from motcua.law import commands as c
from motcua.law.refusal import Refusal

AMOUNTS = st.sampled_from([1, 5_000, 15_000, 20_000, 75_000, 80_000, 1_005_021])


class Money(RuleBasedStateMachine):
    """Three dossiers, their payers, a clerk and a head who make every mistake there is."""

    @initialize()
    def three_dossiers(self) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.permits = [Owing(amount=amount) for amount in (15_000, 20_000, 75_000)]
        self.clerk, self.head = self.permits[0].people.clerk, self.permits[0].head

    @rule(which=st.integers(0, 2), amount=AMOUNTS)
    def somebody_transfers(self, which: int, amount: int) -> None:
        for notice in notices_for(self.permits[which].id):
            take_in(arrived(amount, notice.reference))

    @rule(amount=AMOUNTS)
    def somebody_forgets_the_reference(self, amount: int) -> None:
        take_in(arrived(amount, "le phi"))

    @rule(which=st.integers(0, 2))
    def the_bank_says_the_last_again(self, which: int) -> None:
        last = Credit.objects.order_by("-pk").first()
        if last is not None:
            take_in(arrived(last.amount, last.purpose, last.external))
        sync([self.permits[which].id])

    @rule(which=st.integers(0, 2))
    def the_clerk_takes_cash(self, which: int) -> None:
        take_cash(self.permits[which].id, self.clerk, uuid4().hex)

    @rule(which=st.integers(0, 2))
    def the_clerk_matches_what_waits(self, which: int) -> None:
        waiting = Credit.objects.filter(held__gt=0, notice=None).first()
        for notice in notices_for(self.permits[which].id):
            if waiting is not None:
                match_by_hand(waiting, notice.reference, self.clerk)

    @rule()
    def the_head_sends_back_what_waits(self) -> None:
        waiting = Credit.objects.filter(held__gt=0).first()
        if waiting is not None:
            refunds.return_held(waiting, "Không rõ", self.head)

    @rule(pick=st.integers(0, 20))
    def the_head_cancels_a_receipt(self, pick: int) -> None:
        receipts = list(Receipt.objects.order_by("pk"))
        if receipts:
            refunds.cancel_receipt(receipts[pick % len(receipts)], "Nhầm", self.head, uuid4().hex)

    @rule(pick=st.integers(0, 20), amount=AMOUNTS)
    def the_head_decides_a_refund(self, pick: int, amount: int) -> None:
        receipts = list(Receipt.objects.order_by("pk"))
        if receipts:
            refunds.decide_refund(receipts[pick % len(receipts)], {"permit": amount}, "Rút", self.head, uuid4().hex)

    @rule()
    def the_clerk_gives_back(self) -> None:
        due = Refund.objects.exclude(state="paid").first()
        if due is not None:
            refunds.pay_out(due, self.clerk, "UNC")

    @rule(which=st.integers(0, 2))
    def the_applicant_withdraws(self, which: int) -> None:
        handle(self.permits[which].id, c.Withdraw(reason="Thôi"), self.clerk, uuid4().hex)
        sync([self.permits[which].id])
        release_held()

    @rule(which=st.integers(0, 2), amount=AMOUNTS)
    def a_receipt_is_typed_in_elsewhere(self, which: int, amount: int) -> None:
        typed = c.RecordPayment(amounts={"permit": amount}, method="cash", receipt=f"BL {uuid4().hex[:6]}")
        handle(self.permits[which].id, typed, self.clerk, uuid4().hex)
        sync([self.permits[which].id])

    @invariant()
    def everything_adds_up(self) -> None:
        if not hasattr(self, "permits"):
            return
        assert rows_of("SELECT coalesce(sum(balance), 0) FROM fees_account") == [(0,)]
        sync([permit.id for permit in self.permits])
        assert verify() == []

    def teardown(self) -> None:
        if hasattr(self, "outer"):
            with connection.cursor() as run:
                # As at a commit: every posting that was written must add up.
                run.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)


def test_no_sequence_of_acts_makes_or_loses_a_dong(fresh_city: City) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Money,
        settings=settings(
            max_examples=20, stateful_step_count=15, deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )  # fmt: skip


def test_a_posting_must_add_up_before_it_is_written() -> None:
    from datetime import UTC, datetime

    from motcua.fees.ledger import Draft, Place

    with pytest.raises(ValueError, match="add up"):
        Draft("k", "x", datetime(2018, 1, 1, tzinfo=UTC), ((Place("drawer", 1), 5), (Place("revenue", 1), -4)))


def test_a_thousand_dossiers_are_followed_in_few_statements(
    fresh_city: City, django_assert_max_num_queries: Any
) -> None:
    permits = [Owing() for _ in range(12)]
    with django_assert_max_num_queries(20):
        sync([permit.id for permit in permits])
    with django_assert_max_num_queries(20):
        sync([permit.id for permit in permits])
    assert not isinstance(take_cash(permits[0].id, permits[0].people.clerk, "k"), Refusal)
    assert verify() == []
