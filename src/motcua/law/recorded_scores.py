"""What indices 5, 6 and 8 of Circular 01/2018 are given for, which no journal knows: recorded by people, checked here.

Each index has its own values, its points, and what cannot be true of them. Who records, and that nothing recorded is
ever overwritten, is left to `statutory/`.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec

from motcua.law import scoring
from motcua.law.refusal import Refusal
from motcua.law.scoring import Points
from motcua.law.texts import Text

MOST = 1_000_000
RECORDED = ("5", "6", "8")
_RECEIVED_ALL = Decimal(1)


class AtTheCounter(msgspec.Struct, frozen=True):
    """Index 5: how many of the procedures offered are received, appraised, approved and handed out at the counter."""

    whole: int
    offered: int

    index: ClassVar[str] = "5"

    def points(self, tier: str) -> Points:
        """All that is offered is received at the one-stop counter: only the share done wholly there is asked for."""
        return scoring.at_the_counter(tier, Decimal(self.whole) / self.offered, _RECEIVED_ALL)


class Publication(msgspec.Struct, frozen=True):
    """Index 6: what an inspection of a day found: posted up at the office; correct, complete and in time."""

    posted: bool
    correct: bool
    inspected_on: date

    index: ClassVar[str] = "6"

    def points(self, _tier: str = "") -> Points:
        """Whatever is offered stands on the portal: published electronically it is in any case."""
        return scoring.publication(posted=self.posted, electronic=True, correct=self.correct)


class Feedback(msgspec.Struct, frozen=True):
    """Index 8, from the agency's register: feedback received, answered on time, and dragged out beyond it."""

    received: int
    on_time: int
    prolonged: int

    index: ClassVar[str] = "8"

    def points(self, _tier: str = "") -> Points:
        """None received is full points, as the circular has it."""
        share = Decimal(self.on_time) / self.received if self.received else None
        return scoring.feedback(share, prolonged=self.prolonged > 0)


Recorded = AtTheCounter | Publication | Feedback


def wrong(value: Recorded, first: date, last: date, today: date) -> Refusal | None:
    """The first thing that cannot be true of a value for the period from `first` to `last`."""
    return next(_faults(value, first, last, today), None)


def _faults(value: Recorded, first: date, last: date, today: date) -> Iterator[Refusal]:
    match value:
        case AtTheCounter(whole, offered):
            if offered < 1:
                yield _refused("whole", "Cơ quan không có thủ tục nào trong kỳ.", "The agency offers no procedure.")
            if not 0 <= whole <= offered:
                yield _refused("whole", f"Từ 0 đến {offered} thủ tục.", f"From 0 to {offered} procedures.")
        case Publication(_, _, inspected_on):
            if not first <= inspected_on <= min(last, today):
                yield _refused(
                    "inspected_on",
                    "Ngày kiểm tra phải nằm trong kỳ và không ở phía trước.",
                    "The inspection must lie within the period and not ahead.",
                )
        case Feedback(received, on_time, prolonged):
            if not 0 <= received <= MOST:
                yield _refused("received", f"Từ 0 đến {MOST}.", f"From 0 to {MOST}.")
            if not 0 <= on_time <= received:
                yield _refused("on_time", "Không nhiều hơn số đã tiếp nhận.", "Not more than were received.")
            if not 0 <= prolonged <= received - on_time:
                yield _refused(
                    "prolonged",
                    "Không nhiều hơn số chưa trả lời đúng hạn.",
                    "Not more than were not answered on time.",
                )


def _refused(field: str, vi: str, en: str) -> Refusal:
    return Refusal(f"score_{field}", Text(vi, en), ground="Thông tư 01/2018/TT-VPCP", details={"field": field})
