"""Web push: encrypted for one browser (RFC 8291) and signed with the city's VAPID key (RFC 8292).

A browser's address comes from the browser, that is from anybody: only the push services named in the settings are
ever called. The message's id is its topic, by which a service replaces one it still holds, and its tag, by which
the browser shows it once; so sending it again does not show it twice.
"""

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import connection
from django.utils import timezone
from py_vapid import Vapid02, b64urlencode
from pywebpush import WebPushException, webpush

from motcua.notices.channels.base import Answer, Give, Outgoing, Provider, Stopwatch
from motcua.notices.models import Subscription

if TYPE_CHECKING:
    from motcua.notices.configuration import Address

GONE = {404, 410}
BROWSERS_EACH = 5


class Push(Provider):
    """Every push service there is, each browser's own."""

    doubt = "repeat"

    def __init__(self, channel: str, name: str, address: "Address") -> None:
        super().__init__(channel, name, address)
        self.contact = f"mailto:{address.path}" if address.scheme == "mailto" else f"https://{address.host}"

    def send(self, batch: Sequence[Outgoing], until: float, answer: Give) -> None:
        """To each browser of each person."""
        browsers = _browsers([int(each.address) for each in batch])
        connection.close()
        gone: list[int] = []
        key = Vapid02.from_file(str(key_file()))
        for outgoing in batch:
            if time.monotonic() > until:
                answer(outgoing, Answer("withheld"))
                continue
            watch = Stopwatch()
            given = [self._push(each, outgoing, key, gone) for each in browsers.get(int(outgoing.address), [])]
            # One browser that has it is enough; doubt is worse than a plain no.
            for wanted in ("accepted", "doubtful", "busy"):
                found = next((each for each in given if each.outcome == wanted), None)
                if found is not None:
                    answer(outgoing, found._replace(seconds=watch.seconds))
                    break
            else:
                answer(outgoing, Answer("refused", seconds=watch.seconds, reason="no browser"))
        if gone:
            Subscription.objects.filter(pk__in=gone).delete()
            connection.close()

    def _push(self, browser: Subscription, outgoing: Outgoing, key: Vapid02, gone: list[int]) -> Answer:
        if not is_push_service(browser.endpoint):
            gone.append(browser.pk)
            return Answer("refused", reason="no push service of ours")
        try:
            found: Any = webpush(
                {"endpoint": browser.endpoint, "keys": {"p256dh": browser.p256dh, "auth": browser.auth}},
                data=payload(outgoing),
                vapid_private_key=key,
                vapid_claims={"sub": self.contact},
                ttl=max(0, int((outgoing.expires - timezone.now()).total_seconds())),
                timeout=self.timeout,
                headers={"Topic": topic_of(outgoing.message), "Urgency": "normal"},
            )
        except requests.ConnectionError:
            return Answer("busy", reason="not reached")
        except requests.RequestException as error:
            return Answer("doubtful", reason=type(error).__name__)
        except WebPushException as error:
            status = error.response.status_code if error.response is not None else 0
            if status in GONE:
                gone.append(browser.pk)
            is_final = status in GONE or (400 <= status < 500 and status not in (408, 429))
            return Answer("refused" if is_final else "busy", reason=f"HTTP {status}")
        except (ValueError, TypeError):
            # Keys that are none: nothing can ever be encrypted for this browser.
            gone.append(browser.pk)
            return Answer("refused", reason="keys of the browser")
        return Answer("accepted", found.headers.get("Location", "")[-80:])


def payload(outgoing: Outgoing) -> str:
    """What the browser's worker is given."""
    return json.dumps(
        {"title": outgoing.title, "body": outgoing.text, "url": outgoing.link, "tag": outgoing.message.hex},
        ensure_ascii=False,
    )


def topic_of(message: UUID) -> str:
    """Our id in the 32 letters a topic may have."""
    return message.hex


def is_push_service(endpoint: str) -> bool:
    """True for an address at one of the push services in the settings, over an encrypted line.

    An origin written out in the settings (`http://127.0.0.1:9000`) is taken as it stands; a leading dot in a host
    stands for everything below it.
    """
    try:
        parts = urlsplit(endpoint)
        host, origin = parts.hostname or "", f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return False
    is_plain = parts.scheme == "https" and parts.netloc.lower() == host
    for known in settings.MOTCUA_PUSH_HOSTS:
        if "://" in known:
            is_known = origin == known
        else:
            is_known = is_plain and (host == known or (known.startswith(".") and host.endswith(known)))
        if is_known:
            return True
    return False


def key_file() -> Path:
    """The city's VAPID key, made when it is first wanted and kept: browsers are subscribed to it."""
    path = Path(settings.MOTCUA_VAPID_KEY)
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        draft = path.with_suffix(f".{os.getpid()}.draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(made)
            os.fsync(handle.fileno())
        try:
            # Whoever comes first wins: a second key would silence every browser subscribed to the first.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path


def public_key() -> str:
    """What a browser subscribes to, in the letters it wants."""
    key = Vapid02.from_file(str(key_file())).public_key
    raw = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return str(b64urlencode(raw))


def _browsers(accounts: list[int]) -> dict[int, list[Subscription]]:
    found: dict[int, list[Subscription]] = {}
    for each in Subscription.objects.filter(account__in=accounts).order_by("account", "-id"):
        found.setdefault(each.account, []).append(each)
    return {account: each[:BROWSERS_EACH] for account, each in found.items()}
