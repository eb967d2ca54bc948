"""Fees as data: what an act costs, who is exempt, when it is paid, and how a sum was reached.

Rules stand in the procedure's file and are charged here; owing, paying and receipts are left to the dossier.
All money is whole đồng.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from motcua.law.texts import Text

if TYPE_CHECKING:
    from motcua.law.procedure import Procedure

Channel = Literal["counter", "online", "post"]


class Fixed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="fixed"):
    """One amount per case."""

    amount: int

    def __post_init__(self) -> None:
        _not_negative(amount=self.amount)


class PageTier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From page `from_page` of the original on, `amount` a page."""

    from_page: int
    amount: int

    def __post_init__(self) -> None:
        _not_negative(amount=self.amount)


class PerPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="per_page"):
    """Per page of the original, in tiers, for each copy, at most `cap_per_copy`."""

    tiers: tuple[PageTier, ...]
    cap_per_copy: int | None = None

    def __post_init__(self) -> None:
        starts = [tier.from_page for tier in self.tiers]
        if not starts or starts[0] != 1 or starts != sorted(set(starts)):
            raise ValueError("tiers begin at page 1 and rise")
        _not_negative(cap_per_copy=self.cap_per_copy or 0)


class PerCopy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="per_copy"):
    """`base` once, and `amount` for each copy beyond the first `free_copies`."""

    amount: int
    free_copies: int = 0
    base: int = 0

    def __post_init__(self) -> None:
        _not_negative(amount=self.amount, free_copies=self.free_copies, base=self.base)


class Percentage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="percentage"):
    """`percent` of the money in form field `basis`, to the nearest đồng (half a đồng up), within bounds."""

    basis: str
    percent: Decimal
    minimum: int | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        if not self.percent.is_finite() or not 0 <= self.percent <= 100:
            raise ValueError("percent lies between 0 and 100")
        _not_negative(minimum=self.minimum or 0, maximum=self.maximum or 0)
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("minimum is above maximum")


FeeRule = Fixed | PerPage | PerCopy | Percentage


class Exemption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who pays less (`miễn, giảm`) and the paper that proves it; no `proof` means that none is asked for.

    With a `rule` that rule holds instead of the fee's own, otherwise `percent_off` of it is remitted (100: free).
    """

    id: str
    name: Text
    proof: Text | None = None
    percent_off: int = 100
    rule: FeeRule | None = None

    def __post_init__(self) -> None:
        if not 0 < self.percent_off <= 100:
            raise ValueError("percent_off lies between 1 and 100")


class Fee(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fee of a procedure: `phi` (for a service) or `le_phi` (a charge), Law on Fees and Charges 2015.

    `cases` limits it to some cases of the procedure, `by_channel` gives other rules for online or postal filing.
    `demonstration` marks an amount whose source was not seen.
    """

    id: str
    name: Text
    kind: Literal["phi", "le_phi"]
    rule: FeeRule
    exemptions: tuple[Exemption, ...] = ()
    timing: Literal["before", "after", "on_notice"] = "before"
    by_channel: dict[Channel, FeeRule] = {}
    cases: tuple[str, ...] = ()
    source: str = ""
    demonstration: bool = False

    def __post_init__(self) -> None:
        ids = [exemption.id for exemption in self.exemptions]
        if len(ids) != len(set(ids)):
            raise ValueError("two exemptions have one id")

    def is_due(self, case: str) -> bool:
        """True when the fee belongs to this case of the procedure."""
        return not self.cases or case in self.cases


class FeeInputs(msgspec.Struct, frozen=True):
    """What a fee is reckoned from.

    `pages` are those of one original, `values` the money fields of the form in đồng, `exemptions` the ids
    claimed and `proven` those whose proof was seen.
    """

    pages: int = 1
    copies: int = 1
    values: dict[str, int] = {}
    channel: Channel = "counter"
    case: str = ""
    exemptions: tuple[str, ...] = ()
    proven: tuple[str, ...] = ()


class ChargeLine(msgspec.Struct, frozen=True):
    """One line of the account; the lines add up to the charge."""

    text: Text
    amount: int


class Charge(msgspec.Struct, frozen=True):
    """What is to be paid and how it was reached. `unproven` names exemptions that still lack their proof."""

    fee: str
    amount: int
    lines: tuple[ChargeLine, ...]
    exemption: str = ""
    unproven: tuple[str, ...] = ()


def charge(fee: Fee, inputs: FeeInputs) -> Charge:
    """Charges one fee. Of several proven exemptions the one best for the payer holds.

    Raises ValueError for negative counts and KeyError when the basis of a percentage is not among the values.
    """
    if inputs.pages < 0 or inputs.copies < 0 or any(value < 0 for value in inputs.values.values()):
        raise ValueError("pages, copies and values cannot be negative")
    if not fee.is_due(inputs.case):
        return Charge(fee.id, 0, ())
    claimed = [each for each in fee.exemptions if each.id in inputs.exemptions]
    proven = [each for each in claimed if each.proof is None or each.id in inputs.proven]
    unproven = tuple(each.id for each in claimed if each not in proven)
    rule = fee.by_channel.get(inputs.channel, fee.rule)
    full = _lines(rule, inputs)
    ways = [("", full), *((each.id, _exempted(each, full, inputs)) for each in proven)]
    exemption, lines = min(ways, key=lambda way: _total(way[1]))
    return Charge(fee.id, _total(lines), lines, exemption, unproven)


def counted(rule: FeeRule) -> tuple[str, ...]:
    """What a rule counts: `pages`, `copies`."""
    if isinstance(rule, PerPage):
        return ("pages", "copies")
    return ("copies",) if isinstance(rule, PerCopy) else ()


def counts_needed(procedure: "Procedure", case: str, channel: Channel) -> tuple[str, ...]:
    """Which numbers the fees of a case need that its form does not ask for."""
    rules = [fee.by_channel.get(channel, fee.rule) for fee in procedure.fees if fee.is_due(case)]
    needed = dict.fromkeys(name for rule in rules for name in counted(rule))
    asked = _asked(procedure, case)
    return tuple(name for name in needed if name not in asked)


def owed(
    procedure: "Procedure",
    case: str,
    channel: Channel,
    form: Mapping[str, Any],
    exemptions: Mapping[str, Sequence[str]] | None = None,
    proven: Mapping[str, Sequence[str]] | None = None,
    counts: Mapping[str, int] | None = None,
) -> tuple[Charge, ...]:
    """What each fee of a case comes to; a fee that still lacks an answer it is reckoned from is left out.

    `exemptions` and `proven` give, by fee, the ids claimed and those whose proof was seen. `counts` are the numbers
    that the form does not ask for, one when they are not given.
    """
    claimed, seen, said = exemptions or {}, proven or {}, counts or {}
    found = []
    for fee in procedure.fees:
        rule = fee.by_channel.get(channel, fee.rule)
        if not fee.is_due(case) or _asked(procedure, case) & set(counted(rule)) - set(form):
            continue
        inputs = FeeInputs(
            pages=_count("pages", form, said),
            copies=_count("copies", form, said),
            values={name: value for name, value in form.items() if isinstance(value, int) and value >= 0},
            channel=channel,
            case=case,
            exemptions=tuple(claimed.get(fee.id, ())),
            proven=tuple(seen.get(fee.id, ())),
        )
        try:
            found.append(charge(fee, inputs))
        except (KeyError, ValueError):
            continue
    return tuple(found)


def from_acceptance(procedure: "Procedure", charges: Sequence[Charge]) -> dict[str, int]:
    """What is to be paid from acceptance on, in đồng, by fee; what a later notice will set is not yet known."""
    later = {fee.id for fee in procedure.fees if fee.timing == "on_notice"}
    return {each.fee: each.amount for each in charges if each.amount and each.fee not in later}


MOST_TRIED = 40


def reached(fee: Fee, amount: int, case: str, channel: Channel, form: Mapping[str, Any]) -> Charge | None:
    """The account that leads to `amount`: the plain one, else the one exemption or the few copies that explain it.

    None when nothing simple does: then only the amount is known, and it is better to say no more.
    """
    rule = fee.by_channel.get(channel, fee.rule)
    values = {name: value for name, value in form.items() if isinstance(value, int) and value >= 0}
    ways: list[tuple[str, ...]] = [(), *((each.id,) for each in fee.exemptions)]
    tries = {
        name: [form[name]] if isinstance(form.get(name), int) else list(range(1, MOST_TRIED + 1))
        for name in counted(rule)
    }
    for exempt, numbers in product(ways, product(*tries.values())):
        counts = dict(zip(tries, numbers, strict=True))
        inputs = FeeInputs(values=values, channel=channel, case=case, exemptions=exempt, proven=exempt, **counts)
        try:
            told = charge(fee, inputs)
        except (KeyError, ValueError):
            return None
        if told.amount == amount:
            return told
    return None


def money(amount: int, language: str = "vi") -> str:
    """An amount of đồng as accounts write it: `1.250.000`, or `1,250,000` in English."""
    return f"{amount:,}" if language == "en" else f"{amount:,}".replace(",", ".")


def _asked(procedure: "Procedure", case: str) -> set[str]:
    return {field.id for field in procedure.fields() if not field.cases or case in field.cases}


def _count(name: str, form: Mapping[str, Any], said: Mapping[str, int]) -> int:
    answered = form.get(name)
    return max(answered if isinstance(answered, int) else said.get(name, 1), 0)


def _vnd(amount: int) -> str:
    return f"{money(amount, 'en')} VND"


def _several(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _not_negative(**amounts: int) -> None:
    for name, amount in amounts.items():
        if amount < 0:
            raise ValueError(f"{name} cannot be negative")


def _total(lines: tuple[ChargeLine, ...]) -> int:
    return sum(line.amount for line in lines)


def _exempted(exemption: Exemption, full: tuple[ChargeLine, ...], inputs: FeeInputs) -> tuple[ChargeLine, ...]:
    if exemption.rule is not None:
        return _lines(exemption.rule, inputs)
    off = _rounded(Decimal(_total(full)) * exemption.percent_off / 100)
    reason = Text(
        f"Miễn, giảm {exemption.percent_off}%: {exemption.name.vi}",
        f"Remission {exemption.percent_off}%: {exemption.name.within('en')}",
    )
    return (*full, ChargeLine(reason, -off))


def _lines(rule: FeeRule, inputs: FeeInputs) -> tuple[ChargeLine, ...]:
    match rule:
        case Fixed():
            return (ChargeLine(Text("Mức thu cố định", "Fixed amount"), rule.amount),)
        case PerPage():
            return _page_lines(rule, inputs)
        case PerCopy():
            return _copy_lines(rule, inputs)
        case Percentage():
            return (_percentage_line(rule, inputs.values[rule.basis]),)


def _page_lines(rule: PerPage, inputs: FeeInputs) -> tuple[ChargeLine, ...]:
    copies, lines = inputs.copies, []
    ends = [tier.from_page - 1 for tier in rule.tiers[1:]] + [inputs.pages]
    for tier, end in zip(rule.tiers, ends, strict=True):
        pages = min(end, inputs.pages) - tier.from_page + 1
        if pages > 0:
            text = Text(
                f"{pages} trang từ trang {tier.from_page} × {money(tier.amount)} đ × {copies} bản",
                f"{_several(pages, 'page', 'pages')} from page {tier.from_page} × {_vnd(tier.amount)} × "
                f"{_several(copies, 'copy', 'copies')}",
            )
            lines.append(ChargeLine(text, pages * tier.amount * copies))
    over = 0 if rule.cap_per_copy is None else _total(tuple(lines)) - rule.cap_per_copy * copies
    if over > 0:
        capped = rule.cap_per_copy or 0
        lines.append(ChargeLine(Text(f"Tối đa {money(capped)} đ mỗi bản", f"At most {_vnd(capped)} a copy"), -over))
    return tuple(lines)


def _copy_lines(rule: PerCopy, inputs: FeeInputs) -> tuple[ChargeLine, ...]:
    charged = max(0, inputs.copies - rule.free_copies)
    lines = [ChargeLine(Text("Mức thu cố định", "Fixed amount"), rule.base)] if rule.base else []
    if charged:
        beyond_vi = f" từ bản thứ {rule.free_copies + 1}" if rule.free_copies else ""
        beyond_en = f" beyond the first {rule.free_copies}" if rule.free_copies else ""
        text = Text(
            f"{charged} bản{beyond_vi} × {money(rule.amount)} đ",
            f"{_several(charged, 'copy', 'copies')}{beyond_en} × {_vnd(rule.amount)}",
        )
        lines.append(ChargeLine(text, charged * rule.amount))
    return tuple(lines)


def _percentage_line(rule: Percentage, basis: int) -> ChargeLine:
    percent = format(rule.percent.normalize(), "f")
    exact = Decimal(basis) * rule.percent / 100
    amount = _rounded(exact)
    vi = f"{percent.replace('.', ',')}% của {money(basis)} đ"
    en = f"{percent}% of {_vnd(basis)}"
    if amount != exact:
        vi, en = f"{vi}, làm tròn đến đồng", f"{en}, rounded to the dong"
    if rule.minimum is not None and amount < rule.minimum:
        amount, vi, en = (
            rule.minimum,
            f"{vi}, tối thiểu {money(rule.minimum)} đ",
            f"{en}, at least {_vnd(rule.minimum)}",
        )
    if rule.maximum is not None and amount > rule.maximum:
        amount, vi, en = rule.maximum, f"{vi}, tối đa {money(rule.maximum)} đ", f"{en}, at most {_vnd(rule.maximum)}"
    return ChargeLine(Text(vi, en), amount)


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))
