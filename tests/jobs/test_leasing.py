"""Work that waits for other machines, on the real database: two workers, leases that run out, fences."""

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cities import City
from motcua.jobs import leasing

SOON, LONG = timedelta(seconds=60), timedelta(minutes=10)


@pytest.fixture
def work(fresh_city: City) -> type[Any]:
    """Twenty messages that are due: a table of the kind, with an index and constraints of its own."""
    from motcua.notices.models import Delivery, Notice

    now = timezone.now()
    notice = Notice.objects.create(
        event="e", person="p", kind="test", version=1, created_at=now, expires_at=now + timedelta(days=1)
    )
    Delivery.objects.bulk_create(
        [
            Delivery(notice=notice, rank=each, channel="sms", address="x", address_hash="x", message=uuid4(),
                     next_at=now - timedelta(minutes=20 - each))
            for each in range(20)
        ]
    )  # fmt: skip
    return Delivery


def lapse(table: type[Any]) -> None:
    """Every lease runs out."""
    table.objects.exclude(leased_until=None).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_the_longest_waiting_are_taken_first_and_only_once(work: type[Any]) -> None:
    first = leasing.claim(work, 5, SOON)
    second = leasing.claim(work, 5, SOON)
    assert [each.rank for each in first] == [0, 1, 2, 3, 4]
    assert [each.rank for each in second] == [5, 6, 7, 8, 9]
    assert {each.attempts for each in first} == {1}
    assert {each.fence for each in first} == {1}


def test_a_filter_narrows_and_what_is_not_due_is_left(work: type[Any]) -> None:
    work.objects.filter(rank__lt=18).update(next_at=timezone.now() + LONG)
    assert leasing.claim(work, 5, SOON, channel="email") == []
    assert [each.rank for each in leasing.claim(work, 5, SOON, channel="sms")] == [18, 19]


def test_two_workers_at_once_never_hold_the_same(work: type[Any]) -> None:
    taken: list[list[int]] = [[], []]
    start = threading.Barrier(2)

    def worker(mine: list[int]) -> None:
        start.wait()
        while rows := leasing.claim(work, 3, SOON):
            mine.extend(each.pk for each in rows)
        connection.close()

    threads = [threading.Thread(target=worker, args=(each,)) for each in taken]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    both = taken[0] + taken[1]
    assert len(both) == len(set(both)) == 20


def test_a_worker_that_holds_a_row_locked_is_passed_over_not_waited_for(work: type[Any]) -> None:
    from django.db import transaction

    locked, go_on = threading.Event(), threading.Event()

    def holder() -> None:
        with transaction.atomic():
            list(work.objects.select_for_update().filter(rank=0))
            locked.set()
            go_on.wait(30)
        connection.close()

    thread = threading.Thread(target=holder)
    thread.start()
    locked.wait(30)
    try:
        assert [each.rank for each in leasing.claim(work, 2, SOON)] == [1, 2]
    finally:
        go_on.set()
        thread.join()
    assert [each.rank for each in leasing.claim(work, 1, SOON)] == [0]


def test_a_lease_that_ran_out_is_taken_again_with_a_newer_fence(work: type[Any]) -> None:
    (first,) = leasing.claim(work, 1, SOON)
    lapse(work)
    (second,) = leasing.claim(work, 1, SOON)
    assert second.pk == first.pk
    assert (second.fence, second.attempts) == (first.fence + 1, 2)


def late_reports(row: Any) -> list[bool]:
    """Every way to report, from somebody who lost the lease."""
    return [
        leasing.finish(row, state="delivered"),
        leasing.try_again(row, "late"),
        leasing.give_up(row, "late", state="failed"),
    ]


def test_who_comes_after_its_lease_was_taken_changes_nothing(work: type[Any]) -> None:
    """Incident 22: a worker paused beyond its lease wakes up and reports over the one who took its place."""
    (paused,) = leasing.claim(work, 1, SOON)
    lapse(work)
    (second,) = leasing.claim(work, 1, SOON)
    before = work.objects.filter(pk=paused.pk).values().get()
    assert late_reports(paused) == [False, False, False]
    assert work.objects.filter(pk=paused.pk).values().get() == before
    assert leasing.finish(second, state="delivered")
    assert late_reports(second) == [False, False, False]
    assert late_reports(paused) == [False, False, False]


def test_who_is_late_but_was_not_replaced_may_still_report(work: type[Any]) -> None:
    (only,) = leasing.claim(work, 1, SOON)
    lapse(work)
    assert leasing.finish(only, state="delivered")
    only.refresh_from_db()
    assert (only.state, only.next_at, only.leased_until, only.last_error) == ("delivered", None, None, "")


def test_what_failed_for_now_comes_back_later_and_what_never_will_does_not(work: type[Any]) -> None:
    later, never = leasing.claim(work, 2, SOON)
    assert leasing.try_again(later, "busy" * 1000, timedelta(hours=1))
    assert leasing.give_up(never, "refused", state="failed")
    later.refresh_from_db()
    never.refresh_from_db()
    assert later.next_at > timezone.now() + timedelta(minutes=59)
    assert len(later.last_error) == 500
    assert never.next_at is None
    assert later.pk not in {each.pk for each in leasing.claim(work, 20, SOON)}


def test_a_worker_killed_before_its_claim_is_committed_has_claimed_nothing(work: type[Any]) -> None:
    from django.db import transaction

    with transaction.atomic():
        assert len(leasing.claim(work, 5, SOON)) == 5
        transaction.set_rollback(True)
    assert len(leasing.claim(work, 20, SOON)) == 20


@given(st.integers(min_value=0, max_value=10_000))
def test_pauses_grow_to_an_hour_and_never_beyond(attempts: int) -> None:
    pause = leasing.pause_after(attempts)
    base = min(5 * 2 ** min(max(attempts - 1, 0), 20), 3600)
    assert base * 0.8 <= pause.total_seconds() <= base * 1.2
