"""The receipt for fees (`biên lai thu tiền phí, lệ phí`, form 01BLP) as a paper; every value is handed in.

Fields after Decree 123/2020 and Circular 78/2021 (read in summaries only: the layout is a demonstration value). The
amount stands in figures and in words. What was taken, and whether it still holds, is left to whoever asks.
"""

from datetime import datetime
from typing import Any, ClassVar

import msgspec

from motcua.law.directory import Directory
from motcua.papers import spoken
from motcua.papers.forms import Letterhead
from motcua.papers.from_dossier import authority_name, place_name
from motcua.papers.typeset import render

METHODS = {"cash": "Tiền mặt", "transfer": "Chuyển khoản", "online": "Thanh toán trực tuyến"}


class FeeLine(msgspec.Struct, frozen=True):
    """One fee on the receipt, in đồng."""

    name: str
    amount: int


class FeeReceipt(msgspec.Struct, frozen=True):
    """What a receipt prints. `cancelled` is the reason when a later record undid it."""

    template: ClassVar[str] = "fee_receipt.typ"

    head: Letterhead
    form: str
    series: str
    number: str
    payer: str
    lines: tuple[FeeLine, ...]
    total: int
    in_words: str
    method: str
    issued_at: datetime
    issuer: str
    address: str = ""
    code: str = ""
    subject: str = ""
    tax_code: str = ""
    cancelled: str = ""
    is_demo: bool = False


def dong_in_words(amount: int) -> str:
    """`Một triệu không trăm linh năm nghìn không trăm hai mươi mốt đồng`."""
    words = f"{spoken.number(amount)} đồng"
    return words[:1].upper() + words[1:]


def receipt_form(known: Directory, agency: int, **values: Any) -> FeeReceipt:
    """The form for a receipt of `agency`; the sum in words and the head are made here."""
    house = known[known.house(agency)]
    above = known.above(house.number)
    head = Letterhead(
        agency=authority_name(house),
        superior=authority_name(above) if above is not None else "",
        issued_at=values["issued_at"],
        place=place_name(house),
    )
    values["lines"] = tuple(FeeLine(name, amount) for name, amount in values["lines"])
    values["method"] = METHODS.get(values["method"], values["method"])
    return FeeReceipt(head=head, in_words=dong_in_words(values["total"]), **values)


def receipt_pdf(known: Directory, agency: int, **values: Any) -> bytes:
    """The receipt as PDF/A-2b."""
    return render(receipt_form(known, agency, **values))  # type: ignore[arg-type]
