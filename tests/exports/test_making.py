"""Lists are made whole or not at all, by who still may, told about once, and destroyed in time."""

import csv
import logging
import time
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, transaction

from exports import sources
from exports.conftest import official
from motcua.dossiers import clock
from motcua.exports import keeping, kinds, making, orders
from motcua.exports.models import FAILED, GONE, MAKING, READY, WAITING, Export
from motcua.jobs import leasing
from motcua.notices import inbox
from motcua.notices.models import Notice

pytestmark = pytest.mark.django_db


def made(account: Any, format: str = "csv", **parameters: str) -> Export:
    """An order, made."""
    ordered = orders.order(account, "test.rows", parameters, format)
    assert making.work() == 1
    return Export.objects.get(pk=ordered.pk)


def files() -> list[str]:
    place = Path(settings.MOTCUA_EXPORTS)
    return sorted(each.name for each in place.iterdir()) if place.exists() else []


@pytest.mark.parametrize("format", ["xlsx", "csv", "pdf"])
@pytest.mark.parametrize("rows", ["0", "1", "250"])
def test_what_was_ordered_is_made_and_fetched(hoa: Any, format: str, rows: str) -> None:
    export = made(hoa, format, rows=rows)
    assert (export.state, export.done, export.title) == (READY, int(rows), f"Thử {rows} dòng")
    found, stream = orders.fetch(hoa, export.pk)
    with stream:
        content = stream.read()
    assert len(content) == export.size > 0
    assert content[:4] == {"xlsx": b"PK\x03\x04", "csv": b"\xef\xbb\xbfS", "pdf": b"%PDF"}[format]
    assert Export.objects.get(pk=found.pk).fetched == 1
    assert files() == [export.file]


def test_a_name_in_pieces_is_written_as_it_stands(hoa: Any) -> None:
    name = unicodedata.normalize("NFD", "Nguyễn Thị Hoà")
    export = made(hoa, "csv", name=name, rows="1")
    with keeping.place_of(export.file).open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1] == ["1", name]


def test_who_ordered_it_is_told_once_in_their_own_inbox(hoa: Any) -> None:
    export = made(hoa, "csv", rows="1234")
    entries, _ = inbox.entries(hoa.pk, "vi")
    assert [each.title for each in entries] == ["Danh sách bạn đặt đã xong"]
    assert "Thử 1234 dòng: 1.234 dòng, CSV" in entries[0].text
    assert entries[0].link.endswith("/can-bo/so-lieu/tai-xuong/")
    assert Notice.objects.filter(event=f"export/{export.pk}").count() == 1


def test_a_source_that_fails_half_way_fails_the_order_and_offers_nothing(
    hoa: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL, "motcua.exports"):
        export = made(hoa, "xlsx", rows="5000", fails_at="2500")
    assert (export.state, export.reason, export.file, export.next_at) == (FAILED, "source", "", None)
    assert files() == []
    with pytest.raises(orders.NotThereError):
        orders.fetch(hoa, export.pk)
    assert "lỗi" in inbox.entries(hoa.pk, "vi")[0][0].text
    assert making.work() == 0


def test_a_right_that_has_ended_meanwhile_ends_the_order(hoa: Any) -> None:
    ordered = orders.order(hoa, "test.rows", {}, "csv")
    hoa.full_name = "Cấm"
    hoa.save()
    making.work()
    export = Export.objects.get(pk=ordered.pk)
    assert (export.state, export.reason) == (FAILED, "no_right")
    assert sources.REACHED == []


def test_a_right_that_has_ended_since_closes_the_file(hoa: Any) -> None:
    export = made(hoa)
    hoa.full_name = "Cấm"
    hoa.save()
    with pytest.raises(PermissionDenied):
        orders.fetch(hoa, export.pk)


def test_a_closed_account_gets_nothing(hoa: Any) -> None:
    ordered = orders.order(hoa, "test.rows", {}, "csv")
    hoa.is_active = False
    hoa.save()
    making.work()
    assert Export.objects.get(pk=ordered.pk).reason == "no_right"
    assert sources.REACHED == []


def test_what_may_not_be_ordered_is_not_and_leaves_nothing(hoa: Any) -> None:
    hoa.full_name = "Cấm"
    for kind, parameters, format, refused in (
        ("test.rows", {}, "csv", PermissionDenied),
        ("test.rows", {"rows": "-1"}, "csv", PermissionDenied),
        ("test.nothing", {}, "csv", kinds.UnknownKindError),
        ("test.rows", {}, "docx", ValueError),
    ):
        with pytest.raises(refused):
            orders.order(hoa, kind, parameters, format)
    hoa.full_name = "Hoà"
    with pytest.raises(ValueError, match="-1"):
        orders.order(hoa, "test.rows", {"rows": "-1"}, "csv")
    assert not Export.objects.exists()


def test_pressing_twice_orders_once_and_five_are_enough(hoa: Any) -> None:
    first = orders.order(hoa, "test.rows", {"rows": "1"}, "csv")
    assert orders.order(hoa, "test.rows", {"rows": "1"}, "csv").pk == first.pk
    for rows in range(2, 1 + orders.MOST_WAITING):
        orders.order(hoa, "test.rows", {"rows": str(rows)}, "csv")
    with pytest.raises(orders.TooManyError):
        orders.order(hoa, "test.rows", {"rows": "99"}, "csv")
    assert Export.objects.count() == orders.MOST_WAITING
    making.work()
    assert orders.order(hoa, "test.rows", {"rows": "1"}, "csv").pk != first.pk


def test_nobody_fetches_or_removes_anothers(hoa: Any) -> None:
    export = made(hoa)
    other = official("duc")
    with pytest.raises(orders.NotThereError):
        orders.fetch(other, export.pk)
    with pytest.raises(orders.NotThereError):
        orders.remove(other.pk, export.pk)
    assert orders.mine(other.pk) == ([], 0)
    assert files() == [export.file]


def test_a_list_too_long_for_paper_says_so(hoa: Any) -> None:
    export = made(hoa, "pdf", rows="1001")
    assert (export.state, export.reason) == (FAILED, "too_long")
    assert sources.REACHED[-1] == 1001
    assert files() == []


def test_a_full_disk_says_so(hoa: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def full(*_: Any) -> int:
        raise OSError(28, "no space")

    monkeypatch.setitem(making.WRITERS, "csv", full)
    with caplog.at_level(logging.CRITICAL, "motcua.exports"):
        assert made(hoa).reason == "no_space"


def test_a_database_that_does_not_answer_is_asked_again_and_in_the_end_given_up(
    hoa: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any) -> int:
        raise OperationalError("server closed the connection")

    monkeypatch.setitem(making.WRITERS, "csv", gone)
    export = made(hoa)
    for _ in range(making.MOST_TRIES):
        assert (export.state, export.file) == (WAITING, "")
        Export.objects.filter(pk=export.pk).update(next_at=clock.now())
        making.work()
        export.refresh_from_db()
    assert (export.state, export.reason) == (FAILED, "given_up")


def test_a_worker_that_lost_its_lease_offers_nothing_and_tells_nobody(
    hoa: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders.order(hoa, "test.rows", {"rows": "10"}, "csv")
    write = making.WRITERS["csv"]

    def slow(*given: Any) -> int:
        done = write(*given)
        Export.objects.update(leased_until=clock.now() - timedelta(seconds=1))
        [other] = leasing.claim(Export, 1, timedelta(minutes=1))
        assert other.attempts == 2
        return done

    monkeypatch.setitem(making.WRITERS, "csv", slow)
    making.work()
    export = Export.objects.get()
    assert (export.state, export.file) == (MAKING, "")
    assert files() == []
    assert not Notice.objects.exists()


def test_progress_is_told_while_it_is_made(hoa: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[int] = []
    renew = making.renew

    def noting(row: Any, lease: Any, **values: Any) -> bool:
        said.append(values["done"])
        return renew(row, lease, **values)

    monkeypatch.setattr(making, "renew", noting)
    monkeypatch.setattr(making, "SECONDS_BETWEEN_STEPS", 0.0)
    export = made(hoa, rows="1000")
    assert said == [0, 200, 400, 600, 800, 1000]
    assert export.total == 1000


def test_what_is_thrown_away_while_it_is_made_stops_there(hoa: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ordered = orders.order(hoa, "test.rows", {"rows": "100000"}, "csv")
    monkeypatch.setattr(making, "SECONDS_BETWEEN_STEPS", 0.0)
    renew = making.renew

    def removing(row: Any, lease: Any, **values: Any) -> bool:
        if values["done"] == 1000:
            orders.remove(hoa.pk, ordered.pk)
        return renew(row, lease, **values)

    monkeypatch.setattr(making, "renew", removing)
    making.work()
    assert Export.objects.get().state == GONE
    assert len(sources.REACHED) == 1000
    assert files() == []
    assert not Notice.objects.exists()


def test_a_week_later_the_file_is_destroyed_and_a_year_later_the_row(hoa: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    export = made(hoa)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + keeping.KEPT - timedelta(minutes=1))
    keeping.run_due()
    assert files() == [export.file]
    monkeypatch.setattr(clock, "now", lambda: now + keeping.KEPT + timedelta(minutes=1))
    with pytest.raises(orders.NotThereError):
        orders.fetch(hoa, export.pk)
    keeping.run_due()
    assert files() == []
    assert Export.objects.get().state == GONE
    monkeypatch.setattr(clock, "now", lambda: now + keeping.ROWS_KEPT + timedelta(days=1))
    keeping.run_due()
    assert not Export.objects.exists()


def test_what_a_killed_worker_left_is_swept_and_what_is_offered_stays(hoa: Any) -> None:
    import os

    export = made(hoa)
    place = keeping.folder()
    for name in ("9-1.part", "tmpabc", "8-1.csv"):
        (place / name).write_bytes(b"x")
    keeping.run_due()
    assert len(files()) == 4
    old = time.time() - 2 * keeping.ORPHAN_AFTER.total_seconds()
    for name in files():
        os.utime(place / name, (old, old))
    keeping.run_due()
    assert files() == [export.file]


def test_the_table_says_what_cannot_be(hoa: Any) -> None:
    export = made(hoa)
    for wrong in ({"file": ""}, {"expires_at": None}, {"next_at": clock.now()}, {"state": FAILED, "file": ""},
                  {"state": GONE}, {"format": "exe"}, {"state": "lost"}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Export.objects.filter(pk=export.pk).update(**wrong)


def test_a_city_without_the_words_goes_without_the_message(hoa: Any, caplog: pytest.LogCaptureFixture) -> None:
    from motcua.notices.models import Wording

    Wording.objects.filter(kind="export_ready").delete()
    with caplog.at_level(logging.CRITICAL, "motcua.exports"):
        assert made(hoa).state == READY
    assert not Notice.objects.exists()
