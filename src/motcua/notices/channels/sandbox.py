"""The provider of a demonstration: messages are laid in a table where a visitor can read them, and go nowhere.

The same id is laid there once, however often it is sent.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import connection

from motcua.notices.channels.base import Answer, Give, Outgoing, Provider, Stopwatch
from motcua.notices.models import Letter

if TYPE_CHECKING:
    from motcua.notices.configuration import Address


class Sandbox(Provider):
    """Keeps instead of sending."""

    doubt = "repeat"

    def __init__(self, channel: str, name: str, address: "Address") -> None:
        super().__init__(channel, name, address)
        self.price = int(address.number("price", 350 if channel == "sms" else 0))

    def send(self, batch: Sequence[Outgoing], until: float, answer: Give) -> None:
        """Lays them down in one statement."""
        watch = Stopwatch()
        Letter.objects.bulk_create(
            [
                Letter(
                    message=each.message,
                    channel=self.channel,
                    address=each.address,
                    title=each.title,
                    text=each.text,
                    segments=each.parts,
                )
                for each in batch
            ],
            ignore_conflicts=True,
        )
        # Providers run in threads of their own, whose connections nobody else would close.
        connection.close()
        for each in batch:
            answer(each, Answer("accepted", each.message.hex[:12], watch.seconds))
