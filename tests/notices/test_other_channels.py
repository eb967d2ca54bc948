"""Text messages by a gateway, mail by SMTP, and web push, each against a server in a process of its own."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cities import City
from notices.letters import hurry, phone, sent_by, states, tell_all, telling, until
from notices.servers import Provider, provider


@pytest.fixture
def gateway(tmp_path: Path, fresh_city: City, settings: Any) -> Iterator[Provider]:
    with (
        provider("gateway", tmp_path) as made,
        sent_by(settings, sms=f"http://token@127.0.0.1:{made.port}/send?price=300&name=gate&timeout=20&window=10"),
    ):
        yield made


@pytest.fixture
def mail(tmp_path: Path, fresh_city: City, settings: Any) -> Iterator[Provider]:
    with (
        provider("mail", tmp_path) as made,
        sent_by(settings, email=f"smtp://127.0.0.1:{made.port}/?from=motcua@city.example&plain=1&name=post&timeout=20"),
    ):
        yield made


@pytest.fixture
def push(tmp_path: Path, fresh_city: City, settings: Any) -> Iterator[Provider]:
    settings.MOTCUA_VAPID_KEY = tmp_path / "vapid.pem"
    with provider("push", tmp_path) as made, sent_by(settings, push="mailto:motcua@city.example"):
        settings.MOTCUA_PUSH_HOSTS = [f"http://127.0.0.1:{made.port}"]
        yield made


def send(channel: str) -> int:
    from motcua.notices import sending

    return sending.send(channel)


def test_a_gateway_gets_each_message_once_with_our_id(gateway: Provider) -> None:
    tell_all(12)
    send("sms")
    assert states() == {"sent": 12}
    assert sorted(each["to"] for each in gateway.kept()) == [phone(each) for each in range(12)]


def test_a_gateway_that_falls_silent_after_taking_it_is_asked_and_not_told_again(gateway: Provider) -> None:
    gateway.wish(after=True)
    tell_all(3)
    send("sms")
    assert states() == {"doubtful": 3}
    gateway.wish()
    hurry()
    send("sms")
    assert states() == {"sent": 3}
    assert len(gateway.kept()) == 3


def test_a_gateway_that_fell_before_taking_it_is_told_again(gateway: Provider) -> None:
    gateway.wish(status=500)
    tell_all(2)
    send("sms")
    assert states() == {"doubtful": 2}
    gateway.wish()
    until(lambda: states() == {"sent": 2}, lambda: (hurry(), send("sms")), 60)
    assert len(gateway.kept()) == 2


@pytest.mark.parametrize(("status", "state"), [(422, "failed"), (429, "waiting"), (503, "waiting")])
def test_a_gateway_that_refuses_is_believed(gateway: Provider, status: int, state: str) -> None:
    gateway.wish(status=status)
    tell_all(1)
    send("sms")
    assert states() == {state: 1}


def person(number: int, **more: Any) -> Any:
    from motcua.notices.people import Person

    return Person(email=f"nguoi{number}@mau.example", **more)


def test_mail_arrives_as_plain_text_with_our_id(mail: Provider) -> None:
    from django.utils import timezone

    from motcua.notices.models import Delivery
    from motcua.notices.telling import tell

    tell([telling(1, "ready", person=person(1))], timezone.now())
    hurry()
    send("email")
    assert states() == {"sent": 1}
    kept = mail.kept()[0]
    assert kept["to"] == ["nguoi1@mau.example"]
    assert kept["subject"] == "Đã có kết quả"
    assert "Đăng ký khai sinh" in kept["text"]
    assert kept["auto"] == "auto-generated"
    assert kept["id"] == f"<{Delivery.objects.get().message}@city.example>"


def test_a_value_cannot_forge_a_header_or_a_line(mail: Provider) -> None:
    from django.utils import timezone

    from motcua.notices.telling import tell

    tell([telling(1, "declined", person=person(1))], timezone.now())
    from motcua.notices.models import Notice

    forged = {"code": "X\r\nBcc: ai@mau.example", "reason": "một\r\n.\r\nQUIT", "agency": "\r\n\r\nY"}
    Notice.objects.update(values=forged)
    hurry()
    send("email")
    kept = mail.kept()[0]
    assert kept["to"] == ["nguoi1@mau.example"]
    assert "một . QUIT" in kept["text"]


def test_mail_that_is_refused_goes_on_as_a_text_message(mail: Provider, tmp_path: Path, settings: Any) -> None:
    from django.utils import timezone

    from motcua.notices.models import Delivery
    from motcua.notices.telling import tell

    mail.wish(refuse=["nguoi1@mau.example"])
    email = settings.MOTCUA_EMAIL
    with (
        provider("gateway", tmp_path) as gateway,
        sent_by(settings, email=email, sms=f"http://127.0.0.1:{gateway.port}/send"),
    ):
        tell([telling(1, "paid", person=person(1, phone=phone(1)))], timezone.now())
        assert states() == {"waiting": 1, "held": 1}
        hurry()
        send("email")
        assert states(channel="email") == {"failed": 1}
        hurry()
        send("sms")
        assert states(channel="sms") == {"sent": 1}
        assert len(gateway.kept()) == 1
    assert Delivery.objects.count() == 2
    assert mail.kept() == []


def test_a_server_that_drops_the_line_before_250_leaves_mail_unknown(mail: Provider) -> None:
    from django.utils import timezone

    from motcua.notices.telling import tell

    mail.wish(mute=True)
    tell([telling(1, "paid", person=person(1)), telling(2, "ready", person=person(2))], timezone.now())
    hurry()
    send("email")
    assert states() == {"doubtful": 2}
    mail.wish()
    hurry()
    send("email")
    # What the law requires is worth a second letter, the receipt for a payment is not.
    assert states(notice__kind="paid") == {"unknown": 1}
    assert states(notice__kind="ready") == {"sent": 1}


class Browser:
    """A browser's keys."""

    def __init__(self, push: Provider, name: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = b"0123456789abcdef"
        self.endpoint = f"http://127.0.0.1:{push.port}/{name}"

    @property
    def keys(self) -> tuple[str, str]:
        raw = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return tuple(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in (raw, self.secret))  # type: ignore[return-value]

    def read(self, kept: dict[str, Any]) -> dict[str, Any]:
        plain = http_ece.decrypt(
            base64.b64decode(kept["body"]), private_key=self.key, auth_secret=self.secret, version="aes128gcm"
        )
        return dict(json.loads(plain))


def test_a_browser_can_read_what_was_pushed_and_nobody_between(push: Provider) -> None:
    from django.utils import timezone

    from motcua.notices import preferences
    from motcua.notices.people import Person
    from motcua.notices.telling import tell

    browser = Browser(push, "mine")
    assert preferences.subscribe(7, browser.endpoint, *browser.keys)
    tell([telling(1, "ready", person=Person(account=7))], timezone.now())
    hurry()
    send("push")
    assert states() == {"sent": 1}
    kept = push.kept()[0]
    assert "Hồ sơ" not in base64.b64decode(kept["body"]).decode("utf-8", "ignore")
    read = browser.read(kept)
    assert read["title"] == "Đã có kết quả"
    assert read["url"] == "https://motcua.example/theo-doi/x/"
    headers = {name.lower(): value for name, value in kept["headers"].items()}
    assert headers["topic"] == read["tag"]
    assert headers["authorization"].startswith("vapid t=")


def test_a_browser_that_is_gone_is_forgotten(push: Provider) -> None:
    from django.utils import timezone

    from motcua.notices import preferences
    from motcua.notices.models import Subscription
    from motcua.notices.people import Person
    from motcua.notices.telling import tell

    push.wish(gone=["/old"])
    for name in ("old", "new"):
        browser = Browser(push, name)
        assert preferences.subscribe(7, browser.endpoint, *browser.keys)
    tell([telling(1, "ready", person=Person(account=7))], timezone.now())
    hurry()
    send("push")
    assert states() == {"sent": 1}
    assert [each.endpoint.rsplit("/", 1)[1] for each in Subscription.objects.all()] == ["new"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:1/x",
        "https://169.254.169.254/latest",
        "https://fcm.googleapis.com.evil.example/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://evilpush.apple.com/x",
        "file:///etc/passwd",
        "https://[::1/x",
    ],
)
def test_only_push_services_are_ever_called(endpoint: str) -> None:
    from motcua.notices.channels.push import is_push_service

    assert not is_push_service(endpoint)
    assert is_push_service("https://fcm.googleapis.com/fcm/send/abc")
    assert is_push_service("https://web.push.apple.com/abc")


def test_mail_whose_worker_vanished_waits_before_it_is_sent_again(mail: Provider) -> None:
    from django.utils import timezone

    from motcua.notices.models import Delivery
    from motcua.notices.telling import tell

    now = timezone.now()
    tell([telling(1, "paid", person=person(1)), telling(2, "ready", person=person(2))], now)
    Delivery.objects.update(state="sending", provider="post", handed_at=now, next_at=now)
    send("email")
    assert states() == {"sending": 2}
    Delivery.objects.update(handed_at=now - timedelta(minutes=16))
    hurry()
    send("email")
    assert states(notice__kind="paid") == {"unknown": 1}
    assert states(notice__kind="ready") == {"sent": 1}
    assert len(mail.kept()) == 1
