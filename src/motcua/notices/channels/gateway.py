"""Text messages by an HTTP gateway: JSON with our id as the idempotency key, which it also answers questions by.

    POST {address}            {"id", "to", "from", "text", "expires"} -> 200/202 {"reference"}, 409 known already
    GET  {address}/{id}       {"status": "accepted" | "delivered" | "failed" | "expired"}, 404 never seen

Its reports come to our own address and are checked there (`receipts`).
"""

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx

from motcua.notices.channels.base import Answer, Give, Outgoing, Provider, Stopwatch

if TYPE_CHECKING:
    from motcua.notices.configuration import Address

# The library's own lines name addresses of ours at a gateway.
logging.getLogger("httpx").setLevel(logging.WARNING)

AT_ONCE = 8
# Refused for this destination for ever; anything else may pass.
FINAL = {400, 404, 410, 422}


class Gateway(Provider):
    """A gateway that keeps to the interface above."""

    doubt = "ask"
    receipts = True

    def __init__(self, channel: str, name: str, address: "Address") -> None:
        super().__init__(channel, name, address)
        port = f":{address.port}" if address.port else ""
        host = f"[{address.host}]" if ":" in address.host else address.host
        self.url = f"{address.scheme}://{host}{port}{address.path.rstrip('/')}"
        self.token = address.user
        self.sender = address.options.get("from", "MOTCUA")
        # With this the gateway signs its reports.
        self.secret = address.options.get("secret", "")
        self.receipts = bool(self.secret)
        self._lock = threading.Lock()
        self._open: httpx.Client | None = None

    def send(self, batch: Sequence[Outgoing], until: float, answer: Give) -> None:
        """Several at once, each on a connection that is kept."""
        with ThreadPoolExecutor(min(AT_ONCE, len(batch)), thread_name_prefix=self.name) as pool:
            for outgoing, given in zip(batch, pool.map(lambda each: self._post(each, until), batch), strict=True):
                answer(outgoing, given)

    def ask(self, outgoing: Outgoing) -> Answer:
        """Whether the gateway has seen our id."""
        watch = Stopwatch()
        try:
            found = self._client().get(f"{self.url}/{outgoing.message}")
            if found.status_code == 404:
                return Answer("absent", seconds=watch.seconds)
            if found.status_code == 200:
                return Answer("accepted", self._reference(found), watch.seconds)
        except (httpx.HTTPError, ValueError):
            pass
        return Answer("doubtful", seconds=watch.seconds, reason="the gateway did not say")

    def _post(self, outgoing: Outgoing, until: float) -> Answer:
        if time.monotonic() > until:
            return Answer("withheld")
        watch = Stopwatch()
        body = {
            "id": str(outgoing.message),
            "to": outgoing.address,
            "from": self.sender,
            "text": outgoing.text,
            "expires": outgoing.expires.isoformat(),
        }
        try:
            found = self._client().post(self.url, json=body, headers={"Idempotency-Key": str(outgoing.message)})
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return Answer("busy", seconds=watch.seconds, reason="not reached")
        except httpx.HTTPError as error:
            return Answer("doubtful", seconds=watch.seconds, reason=type(error).__name__)
        return self._read(found, watch.seconds)

    def _read(self, found: httpx.Response, seconds: float) -> Answer:
        if found.status_code in (200, 201, 202, 409):
            return Answer("accepted", self._reference(found), seconds)
        if found.status_code in FINAL:
            return Answer("refused", seconds=seconds, reason=f"HTTP {found.status_code}")
        if found.status_code in (429, 503):
            return Answer("busy", seconds=seconds, reason=f"HTTP {found.status_code}")
        # An error in the middle of its work: it may have kept the message before it fell.
        return Answer("doubtful", seconds=seconds, reason=f"HTTP {found.status_code}")

    def _reference(self, found: httpx.Response) -> str:
        try:
            said: Any = found.json()
        except ValueError:
            return ""
        return str(said.get("reference", ""))[:80] if isinstance(said, dict) else ""

    def _client(self) -> httpx.Client:
        with self._lock:
            if self._open is None:
                headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
                limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
                self._open = httpx.Client(timeout=self.timeout, headers=headers, limits=limits, trust_env=False)
            return self._open

    def close(self) -> None:
        """Lets go of its connections."""
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None
