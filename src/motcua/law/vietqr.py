"""VietQR: what a bank's app reads from the square on a payment page (EMVCo merchant-presented QR, NAPAS v1.0).

Written and read here, with its checksum, and nothing drawn: the symbol is left to `papers/barcode.py`. Texts in it
are plain ASCII, since banks cut and change everything else.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

AID = "A000000727"
DONG = "704"
COUNTRY = "VN"
LONGEST_PURPOSE = 25
_LONGEST_VALUE = 99
_BIN_DIGITS = 6
_LONGEST_ACCOUNT = 19
_MOST_DIGITS = 13
_CRC_TAG = "6304"
_CRC_DIGITS = 4
_SERVICES: dict[str, Literal["account", "card"]] = {"QRIBFTTA": "account", "QRIBFTTC": "card"}


class VietQR(msgspec.Struct, frozen=True):
    """One transfer that a code asks for: to which account (or card) of the bank `bin`, how much, and for what.

    `amount` is whole đồng, None leaves it to the payer. `once` marks a code for one payment. `bill` and `purpose`
    are at most 25 ASCII characters.
    """

    bin: str
    account: str
    amount: int | None = None
    once: bool = False
    kind: Literal["account", "card"] = "account"
    bill: str = ""
    purpose: str = ""

    def __post_init__(self) -> None:
        if len(self.bin) != _BIN_DIGITS or not _digits(self.bin):
            raise ValueError("a bank's number has six digits")
        if not (0 < len(self.account) <= _LONGEST_ACCOUNT and self.account.isascii() and self.account.isalnum()):
            raise ValueError("an account is 1 to 19 letters and digits")
        if self.amount is not None and not 0 < self.amount < 10**_MOST_DIGITS:
            raise ValueError("an amount is positive and has at most 13 digits")
        for text in (self.bill, self.purpose):
            if len(text) > LONGEST_PURPOSE or not all(" " <= letter <= "~" for letter in text):
                raise ValueError("bill and purpose are at most 25 printable ASCII characters")


class NotVietQRError(ValueError):
    """The text is not a VietQR code: cut short, altered, or of another scheme."""


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, initial value 0xFFFF, nothing reflected, no final change."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


def build(code: VietQR) -> str:
    """The text to be drawn as a QR symbol, with its checksum."""
    service = next(name for name, kind in _SERVICES.items() if kind == code.kind)
    beneficiary = _field("00", code.bin) + _field("01", code.account)
    merchant = _field("00", AID) + _field("01", beneficiary) + _field("02", service)
    more = (_field("01", code.bill) if code.bill else "") + (_field("08", code.purpose) if code.purpose else "")
    text = "".join(
        (
            _field("00", "01"),
            _field("01", "12" if code.once else "11"),
            _field("38", merchant),
            _field("53", DONG),
            _field("54", str(code.amount)) if code.amount is not None else "",
            _field("58", COUNTRY),
            _field("62", more) if more else "",
            _CRC_TAG,
        )
    )
    return f"{text}{crc16(text.encode('ascii')):04X}"


def parse(text: str) -> VietQR:
    """What a code says. Fields it does not know are passed over, as the standard asks.

    Raises NotVietQRError for a wrong checksum, a broken structure, another scheme or another currency.
    """
    if not text.isascii() or len(text) <= len(_CRC_TAG) + _CRC_DIGITS:
        raise NotVietQRError("too short, or not ASCII")
    body, given = text[:-_CRC_DIGITS], text[-_CRC_DIGITS:]
    if not body.endswith(_CRC_TAG) or given != f"{crc16(body.encode('ascii')):04X}":
        raise NotVietQRError("the checksum does not hold")
    fields = _fields(text)
    merchant = _fields(fields.get("38", ""))
    beneficiary = _fields(merchant.get("01", ""))
    if fields.get("00") != "01" or merchant.get("00") != AID or merchant.get("02") not in _SERVICES:
        raise NotVietQRError("not a VietQR transfer")
    if fields.get("53") != DONG or fields.get("58") != COUNTRY or fields.get("01") not in ("11", "12"):
        raise NotVietQRError("not a payment in đồng in Vietnam")
    more = _fields(fields.get("62", ""))
    amount = fields.get("54")
    if amount is not None and not _digits(amount):
        raise NotVietQRError("the amount is not whole đồng")
    try:
        return VietQR(
            bin=beneficiary.get("00", ""),
            account=beneficiary.get("01", ""),
            amount=None if amount is None else int(amount),
            once=fields["01"] == "12",
            kind=_SERVICES[merchant["02"]],
            bill=more.get("01", ""),
            purpose=more.get("08", ""),
        )
    except ValueError as error:
        raise NotVietQRError(str(error)) from None


def _field(tag: str, value: str) -> str:
    if len(value) > _LONGEST_VALUE:
        raise ValueError(f"field {tag} is longer than 99 characters")
    return f"{tag}{len(value):02}{value}"


def _fields(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag, value in _walk(text):
        if tag in found:
            raise NotVietQRError(f"field {tag} stands twice")
        found[tag] = value
    return found


def _walk(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        tag, length = text[at : at + 2], text[at + 2 : at + 4]
        if not (len(tag) == len(length) == 2 and _digits(tag + length)):
            raise NotVietQRError("a field without tag or length")
        value = text[at + 4 : at + 4 + int(length)]
        if len(value) != int(length):
            raise NotVietQRError(f"field {tag} is cut short")
        yield tag, value
        at += 4 + int(length)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()
