"""A line cut at many places, a server killed in the middle: the upload goes on and is one file with the same hash."""

import json
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from cities import LiveCity, until
from files.live import Server, Wire, served
from files.paperwork import document, photograph, sha
from motcua.files import parts, store, uploads
from motcua.files.models import StoredFile, Upload
from motcua.organisation.models import Account

NAMES = {"filename": "giay.pdf", "filetype": "application/pdf", "bundle": "nhap-1", "field": "chung-sinh"}


def signed_in(name: str = "nguoi-gui") -> tuple[Account, str]:
    """An account and the key of its session."""
    account = Account.objects.create_user(username=name, password=None, full_name="Người Gửi Mẫu")
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return account, str(session.session_key)


@pytest.fixture
def server(live_city: LiveCity) -> Iterator[Server]:
    with served(live_city) as running:
        yield running


@pytest.fixture
def wire(server: Server) -> Wire:
    account, session = signed_in()
    made = Wire(server, session)
    made.account = account  # type: ignore[attr-defined]
    return made


def one_file(wire: Any, where: str, content: bytes) -> None:
    """Exactly one upload, ready, with the hash of what was sent."""
    told: dict[str, Any] = {}

    def is_checked() -> bool:
        told.update(json.loads(wire.ask("GET", f"{where}/tinh-trang/").said))
        return told["state"] != "checking"

    until(is_checked)
    assert told["state"] == "ready", told["words"]
    found = uploads.finished(told["id"], wire.account.pk)
    assert found.digest == found.original_digest == sha(content)
    assert [each.state for each in uploads.of_bundle(wire.account.pk, "nhap-1")] == ["ready"]
    assert StoredFile.objects.filter(media_type="application/pdf").count() == 1
    assert store.is_whole(found.digest)
    assert list(parts.folder().iterdir()) == []


def padded(size: int) -> bytes:
    """A PDF of about `size` bytes that nothing can pack."""
    whole = document()
    end = whole.rindex(b"startxref")
    filler = random.Random(7).randbytes(size).replace(b"\n", b"x").replace(b"\r", b"x").replace(b"%", b"x")
    return whole[:end] + b"%" + filler + b"\n" + whole[end:]


def test_a_line_cut_at_many_places_loses_nothing_that_arrived(wire: Wire) -> None:
    content = padded(400_000)
    where = wire.create(len(content), **NAMES)
    chance = random.Random(20)
    cuts = 0
    while (at := wire.offset(where)) < len(content):
        rest = content[at:]
        sent = chance.choice([1, 2, 1000, 16_384, 16_385, 40_000, 70_000])
        if cuts >= 24 or sent >= len(rest):
            answer = wire.patch(where, at, rest)
            assert answer.status == 204
            continue
        line = wire.begin_patch(where, at, len(rest), rest[:sent])
        time.sleep(0.02)
        line.close()
        cuts += 1
        reached = at + sent
        until(lambda: parts.path_of(Upload.objects.get().pk).stat().st_size >= reached)  # noqa: B023
        until(lambda: _is_free(Upload.objects.get()))
        assert parts.path_of(Upload.objects.get().pk).read_bytes() == content[:reached]
    assert cuts >= 8
    one_file(wire, where, content)


def _is_free(upload: Upload) -> bool:
    try:
        with parts.writing(upload.pk):
            return True
    except parts.LockedError:
        return False


def test_a_server_killed_in_the_middle_goes_on_from_what_is_on_the_disk(server: Server, wire: Wire) -> None:
    content = padded(600_000)
    where = wire.create(len(content), **NAMES)
    for _ in range(3):
        at = wire.offset(where)
        line = wire.begin_patch(where, at, len(content) - at, content[at : at + 100_000])
        until(lambda: parts.path_of(Upload.objects.get().pk).stat().st_size > at + 60_000)  # noqa: B023
        server.kill()
        line.close()
        there = parts.path_of(Upload.objects.get().pk).read_bytes()
        assert there == content[: len(there)]
        server.start()
        assert wire.offset(where) == len(there)
    wire.finish(where, content)
    one_file(wire, where, content)


def test_a_server_killed_while_it_examines_examines_again(server: Server, wire: Wire) -> None:
    content = padded(100_000)
    where = wire.create(len(content), **NAMES)
    wire.patch(where, 0, content)
    # As if it had been killed within its lease.
    Upload.objects.update(leased_until="2020-01-01T00:00Z", fence=5, attempts=1)
    server.kill()
    server.start()
    one_file(wire, where, content)


def test_a_creation_whose_answer_was_lost_leaves_one_file(wire: Wire) -> None:
    content = padded(50_000)
    wire.create(len(content), **NAMES)
    where = wire.create(len(content), **NAMES)
    wire.finish(where, content)
    told = json.loads(wire.ask("GET", f"{where}/tinh-trang/").said)  # type: ignore[attr-defined]
    assert told["state"] in ("ready", "checking")
    until(lambda: Upload.objects.filter(state="ready").count() == 1 or not wire.ask("GET", f"{where}/tinh-trang/"))
    assert Upload.objects.filter(state="receiving").count() == 1
    assert StoredFile.objects.filter(media_type="application/pdf").count() == 1


def test_a_silent_sender_holds_neither_the_part_nor_the_pages(wire: Wire, server: Server) -> None:
    where = wire.create(200_000, **NAMES)
    lines = [wire.begin_patch(where, 0, 200_000, b"%PDF-")]
    time.sleep(0.3)
    for _ in range(6):
        lines.append(wire.begin_patch(where, 0, 200_000, b"%PDF-"))
    begun = time.monotonic()
    # The threads that serve pages are free meanwhile.
    for _ in range(5):
        assert wire.ask("GET", "/healthz").status == 200
    assert wire.patch(where, 0, b"x").status in (423, 503)
    assert time.monotonic() - begun < 60
    for line in lines:
        line.close()


def test_a_photograph_sent_in_parts_is_the_photograph(wire: Wire) -> None:
    content = photograph(1600, 1200)
    where = wire.create(len(content), **(NAMES | {"filename": "a.jpg", "filetype": "image/jpeg"}))
    for at in range(0, len(content), 3000):
        assert wire.patch(where, at, content[at : at + 3000]).status == 204
    told = json.loads(wire.ask("GET", f"{where}/tinh-trang/").said)  # type: ignore[attr-defined]
    assert told["state"] in ("ready", "checking")
    assert Upload.objects.get().original_digest in (sha(content), "")
