"""A bank for trying things out: payments on its page, transfers by VietQR, signed messages, statements, and tempers.

Its books are in memory and, when it is given a file, in that file too, so that it can be ended and started again.
It can be told to be slow, silent, doubled, wrong, contrary, late or down (`Temper`): what real ones are without being
told. HTTP is left to `sandbox_server`. It knows nothing of the system but an address and a secret.
"""

import csv
import io
import json
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import structs

from motcua.fees.providers import Order, Told
from motcua.law.vietqr import parse

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
COLUMNS = ("external", "at", "amount", "purpose", "payment", "account")


class Temper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How it behaves: seconds before each answer, no messages, how often each, đồng off the amount, a message that
    says the contrary after each success, seconds before each message, and not answering at all."""

    slow: float = 0.0
    silent: bool = False
    copies: int = 1
    off: int = 0
    contrary: bool = False
    late: float = 0.0
    down: bool = False


class Held(msgspec.Struct):
    """One payment as the bank keeps it."""

    order: Order
    theirs: str
    token: str
    state: str = "pending"
    external: str = ""
    returned: dict[str, int] = {}


class Bank:
    """The books. `tell` is called with the channel and what happened, outside the lock."""

    def __init__(self, tell: Callable[[str, Told], None], books: Path | None = None) -> None:
        self._tell, self._books = tell, books
        self._lock = threading.RLock()
        self.payments: dict[str, Held] = {}
        self.arrived: dict[str, list[Told]] = {"sandbox": [], "transfer": []}
        self.temper = Temper()
        if books is not None and books.exists():
            self._read(books)

    def begin(self, order: Order) -> Held | None:
        """The payment, made once per id; None when it is known with another amount."""
        with self._lock:
            held = self.payments.get(order.payment)
            if held is None:
                held = Held(order=order, theirs=f"SB{secrets.token_hex(6).upper()}", token=secrets.token_urlsafe(12))
                self.payments[order.payment] = held
                self._write("payment", held)
            return held if held.order.amount == order.amount else None

    def by_token(self, token: str) -> Held | None:
        """The payment whose page has this token."""
        with self._lock:
            return next((each for each in self.payments.values() if each.token == token), None)

    def told(self, payment: str) -> Told | None:
        """How a payment stands."""
        with self._lock:
            held = self.payments.get(payment)
            if held is None:
                return None
            if held.state == "pending" and held.order.expires_at <= datetime.now(UTC):
                held.state = "expired"
                self._write("payment", held)
            found = next((each for each in self.arrived["sandbox"] if each.payment == payment), None)
            return found or Told(state=held.state, payment=payment)  # type: ignore[arg-type]

    def pay(self, token: str) -> Told | None:
        """The payer pays on the page; a second press changes nothing. Too late is still money."""
        with self._lock:
            held = self.by_token(token)
            if held is None or held.external:
                return None
            held.state, held.external = "succeeded", f"FT{secrets.token_hex(7).upper()}"
            told = Told(
                "succeeded",
                payment=held.order.payment,
                external=held.external,
                amount=max(1, held.order.amount + self.temper.off),
                at=datetime.now(UTC),
                purpose=held.order.purpose,
            )
            self.arrived["sandbox"].append(told)
            self._write("payment", held)
            self._write("sandbox", told)
        self._tell("sandbox", told)
        if self.temper.contrary:
            self._tell("sandbox", Told("failed", payment=told.payment))
        return told

    def refuse(self, token: str) -> None:
        """The payer goes away without paying."""
        with self._lock:
            held = self.by_token(token)
            if held is None or held.state != "pending":
                return
            held.state = "failed"
            self._write("payment", held)
        self._tell("sandbox", Told("failed", payment=held.order.payment))

    def transfer(self, code: str = "", *, account: str = "", amount: int = 0, purpose: str = "") -> Told:
        """A payer's bank sends money, by a VietQR code or as typed. Raises ValueError for what it cannot send."""
        if code:
            read = parse(code.strip())
            account, amount, purpose = read.account, read.amount or amount, read.purpose
        if not account or amount <= 0:
            raise ValueError("an account and an amount are needed")
        told = Told(
            "succeeded",
            external=f"TT{secrets.token_hex(7).upper()}",
            amount=max(1, amount + self.temper.off),
            at=datetime.now(UTC),
            purpose=f"MBVCB.{secrets.randbelow(10**8):08}.{purpose}.CT",
            account=account,
        )
        with self._lock:
            self.arrived["transfer"].append(told)
            self._write("transfer", told)
        self._tell("transfer", told)
        return told

    def give_back(self, payment: str, amount: int, key: str) -> bool | None:
        """Sends money back, once per key; False when it is more than came in, None for an unknown payment."""
        with self._lock:
            held = self.payments.get(payment)
            if held is None:
                return None
            came = sum(each.amount for each in self.arrived["sandbox"] if each.payment == payment)
            if key not in held.returned:
                if amount <= 0 or sum(held.returned.values()) + amount > came:
                    return False
                held.returned = held.returned | {key: amount}
                self._write("payment", held)
            return True

    def since(self, channel: str, after: int) -> tuple[list[Told], int]:
        """What came in after the mark, and the new mark."""
        with self._lock:
            rows = self.arrived.get(channel, [])[after : after + 200]
            return rows, after + len(rows)

    def statement(self, channel: str, day: date) -> str:
        """The day's file as CSV."""
        out = io.StringIO()
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        with self._lock:
            for told in self.arrived.get(channel, []):
                if told.at is not None and told.at.astimezone(CITY).date() == day:
                    rows.writerow(
                        (told.external, told.at.isoformat(), told.amount, told.purpose, told.payment, told.account)
                    )
        return out.getvalue()

    def behave(self, **changes: Any) -> Temper:
        """Changes its temper."""
        with self._lock:
            self.temper = msgspec.convert(structs.asdict(self.temper) | changes, Temper)
            return self.temper

    def _write(self, kind: str, value: Any) -> None:
        if self._books is not None:
            with self._books.open("a", encoding="utf-8") as out:
                out.write(json.dumps([kind, msgspec.to_builtins(value)]) + "\n")

    def _read(self, books: Path) -> None:
        for line in books.read_text(encoding="utf-8").splitlines():
            kind, value = json.loads(line)
            if kind == "payment":
                held = msgspec.convert(value, Held)
                self.payments[held.order.payment] = held
            else:
                self.arrived[kind].append(msgspec.convert(value, Told))
