"""Which providers this installation has, from its settings; nothing configured means that nothing leaves the house.

Each provider is an address: `smpp://name:secret@host:2775/?price=350`, `https://token@host/send`,
`smtp://host:587/?from=motcua@host`, `sandbox:`. What may be said in one is in the operator's guide. A city of
demonstration has made-up people, whose numbers may be somebody's: it has the sandbox and nothing else.
"""

from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
from django.conf import settings

from motcua.notices.channels.base import Provider
from motcua.notices.models import CHANNELS, EMAIL, PUSH, SMS

Fault = tuple[str, str]


class Address(msgspec.Struct, frozen=True):
    """A provider's address, taken apart. `options` are what stands after the question mark."""

    scheme: str
    host: str
    port: int
    path: str
    user: str
    secret: str
    options: dict[str, str]

    def number(self, name: str, default: float) -> float:
        """An option that is a number. Raises ValueError otherwise."""
        return float(self.options.get(name, default))


def providers(channel: str) -> list[Provider]:
    """The channel's providers that can be used."""
    return [each for each in _built(_fingerprint())[0] if each.channel == channel]


def provider(name: str) -> Provider | None:
    """One provider by its name; None when it is no longer configured."""
    return next((each for each in _built(_fingerprint())[0] if each.name == name), None)


def channels() -> frozenset[str]:
    """The channels on which something can leave the house."""
    return frozenset(each.channel for each in _built(_fingerprint())[0])


def faults() -> list[Fault]:
    """What is wrong with the settings: which one, and why. No address, as it may hold a secret."""
    return list(_built(_fingerprint())[1])


def forget() -> None:
    """Closes the providers' connections and builds them anew the next time."""
    for each in _built(_fingerprint())[0]:
        each.close()
    _built.cache_clear()


def _fingerprint() -> tuple[bool, tuple[tuple[str, str], ...]]:
    named = ((SMS, settings.MOTCUA_SMS), (EMAIL, settings.MOTCUA_EMAIL), (PUSH, settings.MOTCUA_PUSH))
    return settings.MOTCUA_NOTICES_SANDBOX, named


@lru_cache(maxsize=8)
def _built(of: tuple[bool, tuple[tuple[str, str], ...]]) -> tuple[list[Provider], list[Fault]]:
    sandbox, named = of
    found: list[Provider] = []
    wrong: list[Fault] = []
    for channel, text in named:
        addresses = text.split()
        if sandbox:
            addresses = ["sandbox:"] if channel != PUSH else []
        for at, written in enumerate(addresses, 1):
            try:
                found.append(_build(channel, written, at))
            except (ValueError, KeyError) as error:
                wrong.append((f"MOTCUA_{channel.upper()}", f"{at}: {error}"))
    names = [each.name for each in found]
    wrong += [("MOTCUA_SMS, MOTCUA_EMAIL", f"two providers are called “{n}”") for n in set(names) if names.count(n) > 1]
    return found, wrong


def _build(channel: str, written: str, at: int) -> Provider:
    from motcua.notices.channels import gateway, mail, push, sandbox, smpp

    address = taken_apart(written)
    name = address.options.get("name") or f"{channel}-{at}"
    makers = {
        SMS: {"smpp": smpp.Smpp, "smpps": smpp.Smpp, "http": gateway.Gateway, "https": gateway.Gateway},
        EMAIL: {"smtp": mail.Mail, "smtps": mail.Mail},
        PUSH: {"mailto": push.Push, "https": push.Push},
    }
    if address.scheme == "sandbox":
        return sandbox.Sandbox(channel, f"sandbox-{channel}", address)
    if address.scheme not in makers[channel]:
        raise ValueError(f"“{address.scheme}” is none of: {', '.join([*makers[channel], 'sandbox'])}")
    if not address.host and channel != PUSH:
        raise ValueError("names no host")
    made: Provider = makers[channel][address.scheme](channel, name, address)
    return made


def taken_apart(written: str) -> Address:
    """The parts of a provider's address. Raises ValueError where it is none."""
    parts = urlsplit(written)
    return Address(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or 0,
        path=parts.path,
        user=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
        options=dict(parse_qsl(parts.query)),
    )


assert set(CHANNELS) == {SMS, EMAIL, PUSH}
