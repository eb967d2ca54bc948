"""The sandbox bank over HTTP: its interface for providers, its pages for people, its messages to the system.

A small server of the standard library in a process of its own: it is only for trying things out, on one machine.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec

from motcua.fees import sandbox_pages as pages
from motcua.fees.providers import Order, Told
from motcua.fees.sandbox_bank import Bank
from motcua.fees.signing import HEADER, sign

log = logging.getLogger("motcua.sandbox")

MOST_BYTES = 64 * 1024
PAUSES = (0.0, 0.5, 2.0, 10.0)


class Messenger:
    """Sends what happened to the system, signed; tries again a few times, then leaves it to the system to ask."""

    def __init__(self, notify: str, secret: bytes) -> None:
        self.notify, self.secret = notify.rstrip("/"), secret
        self.bank: Bank | None = None

    def __call__(self, channel: str, told: Told) -> None:
        """Sends in the background, as the bank's temper has it."""
        temper = self.bank.temper if self.bank else None
        if temper is None or temper.silent:
            return
        threading.Thread(target=self._send, args=(channel, told, temper.copies, temper.late), daemon=True).start()

    def _send(self, channel: str, told: Told, copies: int, late: float) -> None:
        time.sleep(late)
        body = msgspec.json.encode(told)
        for _copy in range(copies):
            for pause in PAUSES:
                time.sleep(pause)
                if self._post(channel, body):
                    break

    def _post(self, channel: str, body: bytes) -> bool:
        header = sign(self.secret, body, datetime.now(UTC), secrets.token_hex(12))
        try:
            answer = httpx.post(
                f"{self.notify}/thu-tien/{channel}/",
                content=body,
                headers={HEADER: header, "Content-Type": "application/json"},
                timeout=10,
                trust_env=False,
            )
        except httpx.HTTPError:
            return False
        return answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR


class Handler(BaseHTTPRequestHandler):
    """One request. The routes are few enough to stand in two tables."""

    server: "SandboxServer"
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        """Answers a question."""
        self._route({"payments": self._told, "arrived": self._arrived, "statement": self._statement,
                     "pay": self._page, "": self._counter, "temper": self._temper})  # fmt: skip

    def do_POST(self) -> None:
        """Does something."""
        self._route({"payments": self._payments, "pay": self._paid, "transfers": self._transfer,
                     "temper": self._temper})  # fmt: skip

    def _route(self, routes: dict[str, Callable[..., None]]) -> None:
        address = urlsplit(self.path)
        self.parts = [part for part in address.path.split("/") if part]
        self.query = {name: values[0] for name, values in parse_qs(address.query).items()}
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isdecimal() else 0
        self.body = self.rfile.read(min(size, MOST_BYTES))
        head = self.parts[0] if self.parts else ""
        private = head in ("payments", "arrived", "statement", "temper")
        if private and self.headers.get("Authorization") != f"Bearer {self.server.secret.decode()}":
            self._answer(401, {"error": "not yours"})
            return
        temper = self.server.bank.temper
        if head != "temper":
            time.sleep(temper.slow)
            if temper.down:
                self._answer(503, {"error": "down"})
                return
        route = routes.get(head)
        if route is None:
            self._answer(404, {"error": "no such page"})
            return
        try:
            route()
        except (ValueError, msgspec.ValidationError, msgspec.DecodeError) as error:
            self._answer(400, {"error": str(error)})

    def _payments(self) -> None:
        if len(self.parts) == 3 and self.parts[2] == "refunds":
            asked = msgspec.json.decode(self.body, type=dict[str, Any])
            done = self.server.bank.give_back(self.parts[1], int(asked["amount"]), str(asked["key"]))
            self._answer(404 if done is None else 200, {"done": bool(done)})
            return
        held = self.server.bank.begin(msgspec.json.decode(self.body, type=Order))
        if held is None:
            self._answer(409, {"error": "known with another amount"})
            return
        self._answer(200, {"theirs": held.theirs, "url": f"{self.server.address}/pay/{held.token}"})

    def _told(self) -> None:
        told = self.server.bank.told(self.parts[1] if len(self.parts) > 1 else "")
        if told is None:
            self._answer(404, {"error": "unknown"})
        else:
            self._answer(200, told)

    def _arrived(self) -> None:
        after = self.query.get("after", "0")
        rows, mark = self.server.bank.since(self.query.get("channel", ""), int(after) if after.isdecimal() else 0)
        self._answer(200, {"rows": rows, "mark": str(mark)})

    def _statement(self) -> None:
        text = self.server.bank.statement(self.query.get("channel", ""), date.fromisoformat(self.query["day"]))
        self._answer(200, text.encode(), "text/csv; charset=utf-8")

    def _temper(self) -> None:
        changes = msgspec.json.decode(self.body, type=dict[str, Any]) if self.body else {}
        self._answer(200, self.server.bank.behave(**changes))

    def _page(self) -> None:
        held = self.server.bank.by_token(self.parts[-1])
        if held is None:
            self._answer(404, pages.unknown().encode(), "text/html; charset=utf-8")
        else:
            self._answer(200, pages.paying(held).encode(), "text/html; charset=utf-8")

    def _paid(self) -> None:
        form = {name: values[0] for name, values in parse_qs(self.body.decode("utf-8", "replace")).items()}
        token = self.parts[-1]
        held = self.server.bank.by_token(token)
        if held is None:
            self._answer(404, pages.unknown().encode(), "text/html; charset=utf-8")
            return
        if form.get("what") == "pay":
            self.server.bank.pay(token)
        else:
            self.server.bank.refuse(token)
        self._answer(200, pages.after(held).encode(), "text/html; charset=utf-8")

    def _counter(self) -> None:
        self._answer(200, pages.transferring().encode(), "text/html; charset=utf-8")

    def _transfer(self) -> None:
        form = {name: values[0] for name, values in parse_qs(self.body.decode("utf-8", "replace")).items()}
        amount = "".join(each for each in form.get("amount", "") if each.isdecimal())
        told = self.server.bank.transfer(
            form.get("code", ""), account=form.get("account", ""), amount=int(amount or 0),
            purpose=form.get("purpose", ""),
        )  # fmt: skip
        self._answer(200, pages.transferred(told).encode(), "text/html; charset=utf-8")

    def _answer(self, status: int, content: Any, media: str = "application/json") -> None:
        body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        try:
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            # Whoever asked has hung up: what was done stays done.
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Keeps quiet: what was asked is in the books."""


class SandboxServer(ThreadingHTTPServer):
    """The sandbox bank on one port of this machine."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, notify: str, secret: bytes, books: Path | None = None) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.secret = secret
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        messenger = Messenger(notify, secret)
        self.bank = messenger.bank = Bank(messenger, books)
