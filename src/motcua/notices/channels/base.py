"""What every provider can do, and the words in which it answers. Which one is asked, and when, is `sending`'s.

A provider is never called with a database connection held, and calls nothing of ours but `answer`.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from motcua.notices.configuration import Address

# accepted: it has taken charge. refused: never, for this destination. busy: not now, and it certainly has nothing.
# doubtful: it may have it. absent: asked later, it has never seen it. withheld: we did not ask, our time was up.
Outcome = Literal["accepted", "refused", "busy", "doubtful", "absent", "withheld"]
# What to do when nobody knows whether a message arrived there. repeat: it tells our id again from a new one. ask: it
# can be asked by our id. wait: it reports each message by itself. none: nothing can be found out.
Doubt = Literal["repeat", "ask", "wait", "none"]


class Attached(NamedTuple):
    """A file that goes with a mail."""

    name: str
    media: str
    path: Path


class Outgoing(NamedTuple):
    """A message ready to leave. `message` is our id, the same at every attempt. Only mail carries what is attached."""

    id: int
    message: UUID
    address: str
    title: str
    text: str
    parts: int
    expires: datetime
    link: str = ""
    attached: tuple[Attached, ...] = ()


class Answer(NamedTuple):
    """What came of handing one over; `seconds` is how long the provider took."""

    outcome: Outcome
    reference: str = ""
    seconds: float = 0.0
    reason: str = ""


class Receipt(NamedTuple):
    """What a provider reports later. It names its own reference, our id, or the destination and our mark on it."""

    state: Literal["delivered", "failed", "expired"]
    reference: str = ""
    message: str = ""
    address: str = ""
    mark: int = -1
    reason: str = ""


Give = Callable[[Outgoing, Answer], None]


class Provider:
    """One provider of one channel. Those that are built on it say how to talk to it."""

    doubt: Doubt = "none"
    receipts = False

    def __init__(self, channel: str, name: str, address: "Address") -> None:
        self.channel, self.name = channel, name
        self.weight = max(1, int(address.number("weight", 100)))
        self.price = int(address.number("price", 0))
        self.slow_after = address.number("slow", 3.0)
        self.timeout = address.number("timeout", 10.0)
        # For how long a report is waited for before a message counts as lost on its way there.
        self.window = address.number("window", 900.0)

    def send(self, batch: Sequence[Outgoing], until: float, answer: Give) -> None:
        """Hands the batch over and gives each its answer. Nothing is begun after `until` (monotonic)."""
        raise AssertionError(f"{type(self).__name__} cannot send")

    def ask(self, outgoing: Outgoing) -> Answer:
        """Whether the provider has a message whose fate is unknown. Only where `doubt` is `ask`."""
        return Answer("doubtful")

    def collect(self, keep: Callable[[list[Receipt]], None]) -> int:
        """Takes in reports that came over a connection of ours; they are confirmed once `keep` has kept them."""
        return 0

    def close(self) -> None:
        """Lets go of whatever connection it keeps."""


class Stopwatch:
    """How long something took."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since it was made."""
        return time.monotonic() - self._begun
