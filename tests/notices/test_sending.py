"""Two providers, slow and dead ones, limits, costs, expiry, proofs: on a real database with real servers."""

import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cities import City
from notices.letters import hurry, phone, sent_by, states, tell_all, telling, until
from notices.servers import Provider, provider


@pytest.fixture
def two(tmp_path: Path, fresh_city: City, settings: Any) -> Iterator[tuple[Provider, Provider]]:
    """Two gateways of the same weight."""
    with provider("gateway", tmp_path, "a") as a, provider("gateway", tmp_path, "b") as b:
        addresses = " ".join(
            f"http://127.0.0.1:{each.port}/send?name={each.name}&slow=2&timeout=20&window=3&price=100"
            for each in (a, b)
        )
        with sent_by(settings, sms=addresses):
            yield a, b


def send(**more: Any) -> int:
    from motcua.notices import sending

    return sending.send("sms", **more)


def shares() -> dict[str, int]:
    from motcua.notices.models import Provider as Row

    return dict(Row.objects.values_list("name", "share"))


def later(**span: float) -> None:
    """The last move of shares was so long ago."""
    from motcua.notices.models import Provider as Row

    for row in Row.objects.all():
        Row.objects.filter(pk=row.pk).update(moved_at=(row.moved_at or row.since) - timedelta(**span))


def test_two_providers_share_the_work(two: tuple[Provider, Provider]) -> None:
    tell_all(120)
    send()
    assert states() == {"sent": 120}
    counts = [len(each.kept()) for each in two]
    assert sum(counts) == 120
    assert min(counts) > 30


def test_weight_moves_away_from_a_slow_provider_and_back(two: tuple[Provider, Provider]) -> None:
    """Incident 20."""
    two[0].wish(wait=2.2)
    tell_all(70)
    send()
    assert shares() == {"a": 90, "b": 110}
    two[0].wish()
    later(minutes=6)
    from motcua.notices import configuration, health
    from motcua.notices.models import Provider as Row

    now = Row.objects.get(name="a").since + timedelta(minutes=6)
    health.rebalance(configuration.providers("sms"), now)
    assert shares() == {"a": 100, "b": 100}


def test_when_both_are_slow_nothing_moves(two: tuple[Provider, Provider]) -> None:
    """Incident 20."""
    for each in two:
        each.wish(wait=2.2)
    tell_all(70)
    send()
    assert states() == {"sent": 70}
    assert shares() == {"a": 100, "b": 100}


def test_a_dead_provider_is_left_alone_and_the_other_takes_over(two: tuple[Provider, Provider]) -> None:
    from motcua.notices.models import Provider as Row

    two[0].stop()
    tell_all(60)
    until(lambda: states() == {"sent": 60}, lambda: (hurry(), send()), 90)
    assert len(two[1].kept()) == 60
    assert Row.objects.get(name="a").broken_until is not None


def test_both_dead_for_a_while_lose_nothing_and_are_not_hammered(two: tuple[Provider, Provider]) -> None:
    from motcua.notices.models import Provider as Row

    for each in two:
        each.stop()
    tell_all(40)
    for _ in range(10):
        hurry()
        send()
    assert states() == {"waiting": 40}
    asked = sum(row.asked for row in Row.objects.all())
    assert asked < 150
    for each in two:
        each.start()
    Row.objects.update(broken_until=None, in_a_row=0, retried=0)
    until(lambda: states() == {"sent": 40}, lambda: (hurry(), send()), 90)
    assert sorted(each["to"] for one in two for each in one.kept()) == [phone(each) for each in range(40)]


def test_no_connection_is_held_while_a_provider_sleeps(two: tuple[Provider, Provider], fresh_city: City) -> None:
    """Incident 19: with connections held, a slow gateway takes the whole site down."""
    for each in two:
        each.wish(wait=1.5)
    tell_all(4)
    from django.db import connection

    done = threading.Event()

    def worker() -> None:
        from django.db import connection as own

        send()
        own.close()
        done.set()

    def backends(link: psycopg.Connection[Any]) -> int:
        row = link.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchone()
        assert row is not None
        return int(row[0])

    thread = threading.Thread(target=worker)
    with psycopg.connect(fresh_city.dsn, autocommit=True) as link:
        connection.ensure_connection()
        assert backends(link) == 1
        connection.close()
        until(lambda: backends(link) == 0)
        thread.start()
        seen = []
        while not done.is_set():
            seen.append(backends(link))
            time.sleep(0.02)
        thread.join()
    # It began and ended with a connection; for most of the time, which the gateway slept, it had none.
    assert seen.count(0) > len(seen) / 2
    assert states() == {"sent": 4}


def test_a_lease_lost_while_the_provider_slept_changes_nothing_twice(two: tuple[Provider, Provider]) -> None:
    """Incident 22: the worker is paused beyond its lease; another one looks into the message meanwhile."""
    from motcua.jobs import leasing
    from motcua.notices import configuration, outcomes
    from motcua.notices.channels.base import Answer
    from motcua.notices.models import Cost, Delivery

    tell_all(1)
    (paused,) = leasing.claim(Delivery, 1, timedelta(seconds=0), channel="sms")
    Delivery.objects.filter(pk=paused.pk).update(state="sending", provider="a", handed_at=paused.next_at)
    until(lambda: states() == {"sent": 1}, lambda: (hurry(), send()), 60)
    assert Cost.objects.get().messages == 1
    late = Delivery.objects.select_related("notice").get(pk=paused.pk)
    late.fence = paused.fence
    gate = configuration.providers("sms")[0]
    for outcome in ("accepted", "refused", "busy", "doubtful"):
        outcomes.record(gate, [(late, Answer(outcome, "late"), 1)], paused.next_at)  # type: ignore[arg-type]
    assert states() == {"sent": 1}
    assert Cost.objects.get().messages == 1
    assert sum(len(each.kept()) for each in two) == 1


def test_a_code_that_came_too_late_is_not_sent(two: tuple[Provider, Provider]) -> None:
    from motcua.notices import codes
    from motcua.notices.models import Notice

    assert codes.send(7, "sms", "0901 234 567", "482913", "en")
    assert not codes.send(7, "sms", "024 3825 1234", "482913")
    assert not codes.send(7, "email", "a@mau.example", "482913")
    send()
    kept = [each for one in two for each in one.kept()]
    assert [each["to"] for each in kept] == ["+84901234567"]
    assert kept[0]["text"].startswith("482913 is your Mot Cua sign-in code")
    assert codes.send(7, "sms", "0901 234 567", "111111")
    Notice.objects.filter(values__sign_in="111111").update(expires_at=Notice.objects.latest("id").created_at)
    send()
    assert states() == {"sent": 1, "expired": 1}
    assert len([each for one in two for each in one.kept()]) == 1
    assert Notice.objects.filter(account=0).count() == 2


def test_words_about_an_account_go_to_the_address_they_are_for(two: tuple[Provider, Provider]) -> None:
    from motcua.law.texts import Text
    from motcua.notices import codes
    from motcua.notices.models import Notice

    words = Text("Tài khoản của bạn vừa có liên hệ mới. " * 4, "Your account has a new contact.")
    assert codes.tell_account(7, "sms", "0901234567", Text("Tài khoản", "Account"), words, "vi")
    assert not codes.tell_account(7, "email", "a@mau.example", Text("Tài khoản", "Account"), words)
    send()
    kept = [each for one in two for each in one.kept()]
    assert kept[0]["text"].startswith("Mot Cua: Tai khoan cua ban vua co lien he moi.")
    assert not Notice.objects.exclude(account=0).exists()


def test_codes_do_not_stay_in_the_database(two: tuple[Provider, Provider]) -> None:
    from motcua.notices import by_the_clock, codes
    from motcua.notices.models import Notice

    assert codes.send(7, "sms", "0901 234 567", "482913")
    by_the_clock.clear(Notice.objects.get().created_at)
    assert Notice.objects.get().values["sign_in"] == "482913"
    by_the_clock.clear(Notice.objects.get().expires_at + timedelta(seconds=1))
    assert Notice.objects.get().values == {}


def test_a_limit_is_held_by_a_counter_and_the_law_passes_it(two: tuple[Provider, Provider], settings: Any) -> None:
    """Incident 18: the limit of one agency, asked for by counting its messages, stopped everybody."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from motcua.notices.models import Notice, Used

    settings.MOTCUA_NOTICES_DAILY = 10
    tell_all(7)
    with CaptureQueriesContext(connection) as first:
        tell_all(70, event="", agency=2)
    Notice.objects.all().delete()
    Used.objects.all().delete()
    tell_all(8)
    now = Notice.objects.latest("id").created_at
    from motcua.notices.telling import tell

    tell([telling(each, event=f"more/{each}") for each in range(8)], now)
    assert Notice.objects.filter(kept_in="over_limit").count() == 6
    tell([telling(99, "ready", event="required")], now)
    assert not Notice.objects.filter(event="required", kept_in="over_limit").exists()
    assert Used.objects.get(agency=1).messages == 17
    assert not [each for each in first.captured_queries if re.search(r"count\(", each["sql"], re.IGNORECASE)]


def test_seven_times_the_load_of_one_agency_costs_the_same_statements(two: tuple[Provider, Provider]) -> None:
    from django.utils import timezone

    from motcua.notices.telling import tell
    from notices.statements import statements

    with statements() as few:
        tell([telling(each, event=f"few/{each}") for each in range(10)], timezone.now())
    with statements() as many:
        tell([telling(each, event=f"many/{each}") for each in range(70)], timezone.now())
    assert len(few) == len(many)


def test_receipts_of_a_gateway_are_signed_dated_and_heard_once(tmp_path: Path, fresh_city: City, settings: Any) -> None:
    import json

    from django.test import Client

    from motcua.notices.models import Delivery
    from motcua.notices.receipts import signed

    with (
        provider("gateway", tmp_path) as gateway,
        sent_by(settings, sms=f"http://127.0.0.1:{gateway.port}/send?name=gate&secret=bi-mat"),
    ):
        tell_all(2)
        send()
        assert states() == {"sent": 2}
        first, second = Delivery.objects.order_by("id")
        body = json.dumps([{"id": str(first.message), "status": "delivered"}]).encode()
        now = int(time.time())

        def post(what: bytes, signature: str) -> int:
            return (
                Client()
                .post("/bien-nhan-tin/gate/", what, content_type="application/json", headers={"X-Signature": signature})
                .status_code
            )

        assert post(body, "") == 403
        assert post(body, signed("khac", now, body)) == 403
        assert post(body, signed("bi-mat", now - 400, body)) == 403
        assert post(body.replace(b"delivered", b"failed"), signed("bi-mat", now, body)) == 403
        assert states() == {"sent": 2}
        assert post(body, signed("bi-mat", now, body)) == 204
        assert post(body, signed("bi-mat", now, body)) == 204
        failed = body.replace(b"delivered", b"failed")
        assert post(failed, signed("bi-mat", now, failed)) == 204
        assert states() == {"delivered": 1, "sent": 1}
        for bad in (b"", b"{}", b"[1]", b'[{"id":"x","status":"delivered"}]', b'[{"id":"' + b"0" * 40 + b'"}]'):
            assert post(bad, signed("bi-mat", now, bad)) == 400
        assert second.state == "sent"


def test_proof_of_what_the_law_requires_stands_in_the_journal_each_destination_by_itself(
    two: tuple[Provider, Provider], monkeypatch: Any
) -> None:
    """Incident 15: a message that reached one destination of two is not “sent”."""
    from dossiers.permits import Permit, applicant
    from motcua.dossiers.journal import history
    from motcua.notices import proofs
    from motcua.notices.following import follow
    from motcua.notices.models import Delivery

    other = applicant("Trần Văn Nộp")
    permit = Permit().accept(submitter=type(other)(kind="person", name=other.name, phone="0907654321"))
    follow([permit.id])
    assert states() == {"waiting": 2}
    first, second = Delivery.objects.order_by("id")
    two[0].wish(status=422)
    two[1].wish(status=422)
    Delivery.objects.filter(pk=first.pk).update(next_at=first.notice.created_at)
    Delivery.objects.filter(pk=second.pk).update(next_at=None)
    send()
    for each in two:
        each.wish()
    Delivery.objects.filter(pk=second.pk).update(next_at=second.notice.created_at)
    send()
    assert states() == {"failed": 1, "sent": 1}
    assert proofs.record() == 2
    assert proofs.record() == 0
    entries = [each.event for each in history(permit.id) if each.type == "notice_recorded"]
    assert {(each.outcome, each.address) for each in entries} == {
        ("failed", first.address_hash),
        ("delivered", second.address_hash),
    }
    assert {each.kind for each in entries} == {"accepted"}
    assert next(each for each in entries if each.outcome == "delivered").reference.startswith("accepted:")


def test_logs_name_nobody(two: tuple[Provider, Provider], caplog: Any) -> None:
    two[0].wish(status=500)
    two[1].stop()
    tell_all(12)
    with caplog.at_level("DEBUG", logger="motcua"):
        for _ in range(3):
            hurry()
            send()
    assert "+8490" not in caplog.text
    assert "8490" not in caplog.text
