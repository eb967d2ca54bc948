"""Telling other houses: signed, each thing once, again until it is taken, and never at our own doors."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from api.connecting import BIRTH_FORM, Program, partner
from motcua.api import webhooks
from motcua.api.models import Delivery, Subscription
from motcua.dossiers.handle import handle
from motcua.dossiers.worker import catch_up
from motcua.law import commands as c
from motcua.law.actor import SYSTEM


class House:
    """Another house's server, on this machine: keeps what it is told and answers as it is told to."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, str], str]] = []
        self.answers: list[int] = []
        self.connections_held: list[int] = []
        house = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                house.told.append(({k.lower(): v for k, v in self.headers.items()}, body))
                house.connections_held.append(int(connection.connection is not None))
                self.send_response(house.answers.pop(0) if house.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.address = f"http://127.0.0.1:{self.server.server_port}/nhan"


@pytest.fixture
def house() -> Iterator[House]:
    found = House()
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join(5)


@pytest.fixture
def listening(fresh_city: Any, house: House, settings: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Program, str]:
    """A partner that is told, and the secret of its address."""
    settings.MOTCUA_WEBHOOKS_WITHIN = True
    monkeypatch.setattr("motcua.api.filing._lacking", lambda *_args: [])
    program, _account = partner()
    made = program.post("/webhooks", {"url": house.address})
    assert made.status_code == 201, made.content
    return program, made.json()["secret"]


def filed(program: Program) -> int:
    form = {k: v for k, v in BIRTH_FORM.items() if k not in ("birth_evidence", "parents_married", "mother")}
    told = {"procedure": "1.001193", "case": "abandoned", "agency": "00037", "form": form,
            "applicant": {"name": "Nguyễn Thị Mẫu"}}  # fmt: skip
    return int(program.post("/dossiers", told).json()["id"])


def due_now() -> None:
    Delivery.objects.filter(next_at__isnull=False).update(next_at=Now())


def test_each_thing_is_told_once_signed_and_without_names(listening: tuple[Program, str], house: House) -> None:
    program, secret = listening
    dossier = filed(program)
    handle(dossier, c.Note(words="Riêng"), SYSTEM, "n")
    handle(dossier, c.Decline(reason="law", words="Thiếu"), SYSTEM, "d")
    catch_up()
    catch_up()
    webhooks.follow([dossier])
    while webhooks.deliver():
        pass
    assert [json.loads(body)["type"] for _headers, body in house.told] == ["dossier.lodged", "dossier.declined"]
    for headers, body in house.told:
        at = int(headers["webhook-timestamp"])
        assert headers["webhook-signature"] == webhooks.signature(secret, headers["webhook-id"], at, body)
        assert "Mẫu" not in body
        assert json.loads(body)["data"]["id"] == dossier
    shown = program.get(f"/webhooks/{Subscription.objects.get().pk}/deliveries").json()["items"]
    assert {each["status"] for each in shown} == {200}
    assert Delivery.objects.filter(next_at__isnull=False).count() == 0


def test_told_again_until_it_is_taken(listening: tuple[Program, str], house: House) -> None:
    program, _secret = listening
    house.answers = [500, 302, 200]
    filed(program)
    catch_up()
    for _try in range(3):
        due_now()
        assert webhooks.deliver() == 1
    assert webhooks.deliver() == 0
    assert len({headers["webhook-id"] for headers, _body in house.told}) == 1
    row = Delivery.objects.get()
    assert (row.attempts, row.status, row.done_at is not None) == (3, 200, True)
    assert Subscription.objects.get().failures == 0


def test_an_address_that_is_gone_is_told_nothing_more(listening: tuple[Program, str], house: House) -> None:
    program, _secret = listening
    house.answers = [410]
    filed(program)
    catch_up()
    webhooks.deliver()
    told = program.get("/webhooks").json()["items"][0]
    assert told["closed_because"] == "410 Gone"
    filed(program)
    catch_up()
    assert webhooks.deliver() == 0


def test_a_house_that_is_down_holds_nobody_up(listening: tuple[Program, str], house: House) -> None:
    program, _secret = listening
    house.server.shutdown()
    house.server.server_close()
    filed(program)
    catch_up()
    assert webhooks.deliver() == 1
    row = Delivery.objects.get()
    assert row.status == 0
    assert row.last_error == "ConnectError"
    assert row.next_at is not None
    assert row.leased_until is None


def test_only_what_was_asked_for_and_what_is_one_s_own(listening: tuple[Program, str], house: House) -> None:
    program, _secret = listening
    other, _account = partner(name="Khác")
    made = other.post("/webhooks", {"url": house.address, "events": ["declined"]}).json()
    dossier = filed(program)
    handle(dossier, c.Decline(reason="law", words="Thiếu"), SYSTEM, "d")
    own = filed(other)
    handle(own, c.Decline(reason="law", words="Thiếu"), SYSTEM, "d")
    catch_up()
    told = Delivery.objects.filter(subscription=made["id"]).values_list("dossier", "type")
    assert list(told) == [(own, "declined")]
    mine = program.get("/webhooks").json()["items"][0]["id"]
    assert other.get(f"/webhooks/{mine}/deliveries").status_code == 404
    assert other.delete(f"/webhooks/{mine}").status_code == 404
    assert program.delete(f"/webhooks/{mine}").status_code == 204
    assert Delivery.objects.filter(subscription=mine).count() == 0


def test_asked_for_twice_it_is_one_address_and_no_more_than_ten(fresh_city: Any, settings: Any) -> None:
    settings.MOTCUA_WEBHOOKS_WITHIN = True
    program, _account = partner()
    told = {"url": "http://127.0.0.1:9/nhan"}
    first = program.post("/webhooks", told, key="key-hook-1").json()
    assert program.post("/webhooks", told, key="key-hook-1").json()["secret"] == first["secret"]
    for _more in range(9):
        assert program.post("/webhooks", told).status_code == 201
    assert program.post("/webhooks", told).status_code == 422
    assert all(each["secret"] == "" for each in program.get("/webhooks").json()["items"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "https://127.0.0.1/", "https://[::1]/", "https://localhost/x", "https://10.0.0.1/",
     "https://169.254.169.254/latest", "https://a:b@example.org/", "https://.x@", "https://0x7f000001/",
     "https://[::ffff:127.0.0.1]/", "https://100.64.0.1/"],
)  # fmt: skip
def test_we_never_knock_at_our_own_doors(url: str) -> None:
    program, _account = partner()
    assert program.post("/webhooks", {"url": url}).status_code == 422


def test_a_name_that_leads_inside_after_it_was_taken_is_not_called(
    listening: tuple[Program, str], house: House, settings: Any
) -> None:
    program, _secret = listening
    filed(program)
    catch_up()
    settings.MOTCUA_WEBHOOKS_WITHIN = False
    assert webhooks.deliver() == 1
    assert house.told == []
    assert Delivery.objects.get().status == 0
