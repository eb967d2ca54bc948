"""What the sandbox was given: read by whoever tries the city out. Nothing of it left the house."""

import msgspec

from motcua.notices import configuration
from motcua.notices.channels.sandbox import Sandbox
from motcua.notices.models import CHANNELS, Letter

PAGE = 30


class Shown(msgspec.Struct, frozen=True):
    """One letter."""

    id: int
    at: object
    channel: str
    address: str
    title: str
    text: str
    parts: int


def in_use() -> bool:
    """True when some channel of this installation is the sandbox."""
    return any(isinstance(each, Sandbox) for channel in CHANNELS for each in configuration.providers(channel))


def newest(before: int = 0, limit: int = PAGE) -> tuple[list[Shown], int]:
    """A page of letters, and the id after which the next begins (0: none)."""
    rows = Letter.objects.order_by("-id")
    found = list((rows.filter(pk__lt=before) if before else rows)[: limit + 1])
    shown = [
        Shown(each.pk, each.at, each.channel, each.address, each.title, each.text, each.segments)
        for each in found[:limit]
    ]
    return shown, found[limit - 1].pk if len(found) > limit else 0
