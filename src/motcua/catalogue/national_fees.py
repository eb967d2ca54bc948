"""Fees as the national catalogue gives them: amounts in đồng are taken over, what stands in words is noted.

One fee of the catalogue appears once for each way to lodge; here it is one fee with an amount for each.
"""

from collections.abc import Callable, Sequence

from motcua.catalogue.national import Method, Money, shown
from motcua.law.fees import Fee, Fixed
from motcua.law.procedure import Channel
from motcua.law.texts import Text

NAMES = {"FEE": ("phi", "Phí"), "SERVICE_FEE": ("le_phi", "Lệ phí"), "PRICE_LEVEL": ("phi", "Giá dịch vụ")}
CHANNELS: dict[str, Channel] = {"DIRECT": "counter", "ONLINE": "online", "POSTAL": "post"}
DONG = ("Việt Nam Đồng", "", None)
DOUBTFUL_BELOW = 1_000
MOST_FEES = 100
MOST_MONEY = 10**12

Note = Callable[[str, object, str], None]


def fees_of(methods: Sequence[Method], note: Note) -> tuple[Fee, ...]:
    """The fees with an amount; each that has none, or none in đồng, is noted."""
    amounts: dict[tuple[str, int], dict[Channel, int]] = {}
    words: dict[tuple[str, int], str] = {}
    told: set[tuple[str, str]] = set()
    for method in methods:
        channel = CHANNELS.get(method.submissionMethod or "")
        counts: dict[str, int] = {}
        for fee in method.fees or ():
            kind = fee.type if fee.type in NAMES else "FEE"
            counts[kind] = counts.get(kind, 0) + 1
            amount = _amount(fee, note, told)
            if amount and channel is not None:
                key = (kind, counts[kind])
                amounts.setdefault(key, {}).setdefault(channel, amount)
                words.setdefault(key, shown(fee.description or ""))
    if len(amounts) > MOST_FEES:
        note("executionMethods.fees", len(amounts), f"more than {MOST_FEES} fees; only the first are taken over")
    return tuple(
        _fee(at, kind, by_channel, words[kind, number])
        for at, ((kind, number), by_channel) in enumerate(list(amounts.items())[:MOST_FEES], start=1)
    )


def _amount(fee: Money, note: Note, told: set[tuple[str, str]]) -> int:
    """Whole đồng, or 0 when nothing is owed or nothing can be read."""

    def tell(given: object, reason: str) -> None:
        # The same words come once for each way to lodge.
        if (shown(given), reason) not in told:
            told.add((shown(given), reason))
            note("executionMethods.fees", given, reason)

    value, description = fee.value, (fee.description or "").strip()
    if not value:
        if description and not description.lower().startswith(("không", "miễn")):
            tell(description, "a fee given in words only")
        return 0
    if fee.currencyName not in DONG:
        tell(f"{value} {fee.currencyName}", "a fee that is not in đồng")
        return 0
    if value != int(value) or not 0 < value <= MOST_MONEY:
        tell(f"{value} {description}", "not an amount in đồng")
        return 0
    if value < DOUBTFUL_BELOW:
        tell(f"{value} {description}", "a doubtful amount, taken over as given")
    return int(value)


def _fee(at: int, kind: str, by_channel: dict[Channel, int], words: str) -> Fee:
    usual = by_channel.get("counter") or next(iter(by_channel.values()))
    rule, name = NAMES[kind]
    return Fee(
        id=f"f{at}",
        name=Text(name),
        kind="phi" if rule == "phi" else "le_phi",
        rule=Fixed(usual),
        by_channel={channel: Fixed(amount) for channel, amount in by_channel.items() if amount != usual},
        source=words,
    )
