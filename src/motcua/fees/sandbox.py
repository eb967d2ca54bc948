"""The sandbox bank as this system's provider: `SandboxGateway` (pay on its page) and `SandboxTransfer` (VietQR).

Both speak HTTP to the process of `motcua sandbox_provider` and nowhere else. A production installation puts its own
providers into the setting MOTCUA_PAYMENT_PROVIDERS; no more than the interface in `providers` is asked of them.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import httpx
import msgspec
from django.conf import settings

from motcua.fees.providers import Begun, Order, ProviderSilentError, Told
from motcua.fees.signing import HEADER, Signed, check
from motcua.law.texts import Text

MOST_BYTES = 64 * 1024
LARGEST_STATEMENT = 20 * 1024 * 1024
_FINAL = 400


def sandbox_secret() -> bytes:
    """The secret shared with the sandbox of the same home."""
    given: str = settings.MOTCUA_SANDBOX_SECRET
    return given.encode() if given else hmac.new(
        settings.SECRET_KEY.encode(), b"motcua sandbox bank", hashlib.sha256
    ).hexdigest().encode()  # fmt: skip


class _Sandbox:
    """The way to the sandbox's HTTP interface."""

    channel = ""

    def _call(self, method: str, path: str, **values: Any) -> Any:
        try:
            with httpx.Client(
                base_url=settings.MOTCUA_SANDBOX_URL,
                timeout=settings.MOTCUA_PROVIDER_TIMEOUT,
                headers={"Authorization": f"Bearer {sandbox_secret().decode()}"},
                trust_env=False,
            ) as client:
                answer = client.request(method, path, **values)
        except httpx.HTTPError as error:
            raise ProviderSilentError(type(error).__name__) from error
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if answer.status_code >= _FINAL:
            raise ProviderSilentError(f"HTTP {answer.status_code}")
        return answer.content if values.get("params", {}).get("as") == "csv" else _decoded(answer.content)

    def hear(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[Told, Signed]:
        """What a message of the sandbox says."""
        if len(body) > MOST_BYTES:
            raise ValueError("the message is too long")
        signed = check(sandbox_secret(), headers.get(HEADER, ""), body, now)
        try:
            return msgspec.json.decode(body, type=Told), signed
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from error

    def arrived(self, after: str) -> tuple[list[Told], str]:
        """What came in on this channel since the mark."""
        found = self._call("GET", "/arrived", params={"channel": self.channel, "after": after or "0"}) or {}
        try:
            return msgspec.convert(found.get("rows", []), list[Told]), str(found.get("mark", after))
        except (msgspec.ValidationError, AttributeError) as error:
            raise ProviderSilentError(str(error)) from error

    def statement(self, day: date) -> bytes:
        """The sandbox's file of the day."""
        found = self._call("GET", "/statement", params={"channel": self.channel, "day": day.isoformat(), "as": "csv"})
        if not isinstance(found, bytes) or len(found) > LARGEST_STATEMENT:
            raise ProviderSilentError("no statement")
        return found


def _decoded(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        raise ProviderSilentError("not JSON") from error


class SandboxGateway(_Sandbox):
    """A gateway: the payer is sent to the sandbox's page."""

    name = channel = "sandbox"
    label = Text("Cổng thanh toán thử nghiệm", "Sandbox payment gateway")
    begins = returns = True

    def begin(self, order: Order) -> Begun:
        """Begins the payment at the sandbox."""
        answer = self._call("POST", "/payments", content=msgspec.json.encode(order))
        if (
            not isinstance(answer, dict)
            or not answer.get("theirs")
            or not str(answer.get("url", "")).startswith("http")
        ):
            raise ProviderSilentError("no sensible answer")
        return Begun(theirs=str(answer["theirs"])[:100], url=str(answer["url"])[:500])

    def ask(self, payment: str) -> Told:
        """How the payment stands there."""
        answer = self._call("GET", f"/payments/{payment}")
        if answer is None:
            return Told("none", payment=payment)
        try:
            return msgspec.convert(answer, Told)
        except msgspec.ValidationError as error:
            raise ProviderSilentError(str(error)) from error

    def give_back(self, payment: str, amount: int, key: str) -> bool:
        """Asks the sandbox to send money back."""
        answer = self._call(
            "POST", f"/payments/{payment}/refunds", content=msgspec.json.encode({"amount": amount, "key": key})
        )
        return isinstance(answer, dict) and bool(answer.get("done"))


class SandboxTransfer(_Sandbox):
    """The bank behind the agencies' account: it only tells of transfers that arrived."""

    name = channel = "transfer"
    label = Text("Chuyển khoản VietQR", "Bank transfer (VietQR)")
    begins = returns = False

    def begin(self, order: Order) -> Begun:
        """A transfer is begun by the payer."""
        raise ProviderSilentError("a transfer is begun by the payer")

    def ask(self, payment: str) -> Told:
        """The bank knows no attempts, only money."""
        return Told("none", payment=payment)

    def give_back(self, payment: str, amount: int, key: str) -> bool:
        """Sent back by the treasury."""
        del payment, amount, key
        return False
