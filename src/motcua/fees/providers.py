"""Payment providers behind one small interface, and the list of those that this installation uses.

A provider begins a payment, tells how it stands, gives money back, and hands over what came in. Its calls reach
another machine: they are made by `working` without a transaction and without a connection to the database. Everything
that a provider says is only told here; what it means is decided in `incoming` and `attempts`.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Literal, Protocol

import msgspec
from django.conf import settings
from django.utils.module_loading import import_string

from motcua.fees.signing import Signed
from motcua.law.texts import Text


class ProviderSilentError(Exception):
    """The provider did not answer, or not sensibly: nothing is known of what it did."""


class Order(msgspec.Struct, frozen=True):
    """What a provider is asked to collect; `payment` is our id, under which it may be asked any number of times."""

    payment: str
    amount: int
    reference: str
    purpose: str
    return_url: str
    expires_at: datetime


class Begun(msgspec.Struct, frozen=True):
    """The provider knows the payment: its own name for it, and the page on which the payer pays."""

    theirs: str
    url: str


class Told(msgspec.Struct, frozen=True):
    """How a payment, or money that came in, stands by the provider's word."""

    state: Literal["pending", "succeeded", "failed", "expired", "none"]
    payment: str = ""
    external: str = ""
    amount: int = 0
    at: datetime | None = None
    purpose: str = ""
    account: str = ""


class Provider(Protocol):
    """What each provider can do. Every call may raise ProviderSilentError."""

    name: str
    label: Text
    begins: bool
    returns: bool

    def begin(self, order: Order) -> Begun:
        """Begins the payment; asked again for the same payment it gives the same answer."""

    def ask(self, payment: str) -> Told:
        """How the payment stands; `none` when the provider does not know it."""

    def give_back(self, payment: str, amount: int, key: str) -> bool:
        """Gives money back, once under `key`; True when it has been done, False when it is refused for good."""

    def arrived(self, after: str) -> tuple[list[Told], str]:
        """What came in since the mark `after`, and the mark to go on from."""

    def hear(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[Told, Signed]:
        """What a message says. Raises NotGenuineError for one that is forged or old, ValueError for nonsense."""

    def statement(self, day: date) -> bytes:
        """The provider's own file (CSV) of what came in on `day`."""


# Whether a provider gives money back by itself; where not, the treasury does and a cashier records the document.
_RETURNS = {"sandbox": True}


def provider_returns(name: str) -> bool:
    """True when money can be sent back the way it came, without a person."""
    return _RETURNS.get(name, False)


@cache
def _made(path: str) -> Provider:
    build: Callable[[], Provider] = import_string(path)
    return build()


def available() -> dict[str, Provider]:
    """The providers of this installation by name, from the setting MOTCUA_PAYMENT_PROVIDERS."""
    return {name: _made(path) for name, path in settings.MOTCUA_PAYMENT_PROVIDERS.items()}


def forget_providers() -> None:
    """Forgets what was made of the settings, which a test may have changed."""
    _made.cache_clear()
